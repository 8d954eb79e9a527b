"""Templates tried out by the rules as they are: the five that come along, and others nobody has seen."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from libs.common.tests.contracts.test_template import whole

from interpares.programme.entrypoints.dry_run import tried

TEMPLATES = Path(__file__).parents[4] / "templates"
NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
LABEL = {"en": "x"}


def loaded(name: str) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((TEMPLATES / f"{name}.yaml").read_text(encoding="utf-8"))
    return document


def follows(template: dict[str, Any], **more: Any) -> dict[str, Any]:
    told, code = tried({"template": template, **more}, NOW)
    assert code == 0, told
    assert json.loads(json.dumps(told)) == told
    return told


def role(obtained: str = "declaration", **more: Any) -> dict[str, Any]:
    return {"label": LABEL, "obtained": obtained, "holding": "concurrent"} | more


def rule(quantifier: str, holder: str, *formats: str, **more: Any) -> dict[str, Any]:
    split = [{"format": form} for form in formats]
    return {
        "label": LABEL,
        "quantifier": quantifier,
        "role": holder,
        "formats": split,
        "on_host_loss": "reassign",
    } | more


def template(**more: Any) -> dict[str, Any]:
    return {
        "id": "invented",
        "version": 1,
        "title": LABEL,
        "lifecycle": "standing",
        "strands": {"by": "one"},
        "formats": {"camp": {"label": LABEL}, "talk": {"label": LABEL}},
    } | more


@pytest.mark.parametrize("name", sorted(path.stem for path in TEMPLATES.glob("*.yaml")))
def test_each_template_that_comes_along_runs_without_a_refusal(name: str) -> None:
    told = follows(loaded(name))
    assert told["template"] == name
    assert told["refused"] == []
    assert {role["role"] for each in told["participants"] for role in each["roles"]} == set(loaded(name)["roles"])


def test_all_the_language_can_say_runs_without_a_refusal() -> None:
    told = follows(whole())
    assert told["refused"] == []
    assert told["stage"] == "running"
    assert all(told[part] for part in ("duties", "pairs", "milestones", "deadlines", "meetings", "prerequisites"))


def test_multiply_has_37_duties_and_36_if_the_conference_counts() -> None:
    multiply = loaded("multiply")
    assert len(follows(multiply)["duties"]) == 37
    multiply["hosting"]["conference"]["counts_towards"] = "front-runner-meetings"
    assert len(follows(multiply)["duties"]) == 36


def test_climate_partnership_leaves_17000_unallocated_and_asks_for_five_conferences() -> None:
    told = follows(loaded("climate-partnership"))
    assert told["money"]["unallocated"] == "17000"
    assert [duty["format"] for duty in told["duties"]] == [
        "conference-efficiency",
        "conference-supply",
        "conference-transport",
        "conference-renewables",
        "conference-planning",
    ]
    assert {len(duty["pool"]) for duty in told["duties"]} == {5}
    assert told["term"] == {"starts": "2012-07-01", "ends": "2014-06-30"}
    assert [each["due"] for each in told["milestones"]] == ["2014-06-30", "2012-07-01"]


def test_start_smart_takes_nobody_that_is_funded_as_a_model_project() -> None:
    funded = {"name": "Lübeck", "role": "peer", "funding": [{"programme": "smart-city-model-project"}]}
    over = {
        "name": "Werdohl",
        "role": "peer",
        "funding": [{"programme": "smart-city-model-project", "ends": "2026-02-28"}],
    }
    told = follows(loaded("start-smart"), organisations=[funded, over])
    assert [each["organisation"] for each in told["participants"]] == ["Werdohl"]
    [refused] = told["refused"]
    assert (refused["organisation"], refused["code"]) == ("Lübeck", "not-eligible")
    assert "not funded by smart-city-model-project at application, found funded:2026-03-01" in refused["fact"]


def test_twin_towns_by_pair_owe_each_other_a_camp_each() -> None:
    told = follows(
        template(
            lifecycle="call",
            strands={"by": "pair"},
            roles={"town": role("selection"), "trainer": role("contract")},
            pairs={"twins": {"label": LABEL, "between": ["town", "town"]}},
            hosting={"camps": rule("each", "town", "camp", organiser={"role": "trainer"})},
            term={"months": 12},
            documents={
                "map": {"label": LABEL, "owners": "several"},
                "plan": {"label": LABEL, "owner_roles": ["town"], "reviewers_at_least": 99},
            },
            accompaniment={"training": {"label": LABEL, "by": "facilitator", "role": "town", "expert_days": "2.5"}},
        ),
        organisations=[
            {"name": name, "role": "town", "country": country}
            for name, country in (("Graz", "AT"), ("Lund", "SE"), ("Brno", "CZ"), ("Kiel", "DE"), ("Bern", "CH"))
        ],
        starts="2026-04-01",
    )
    assert [each["members"] for each in told["pairs"]] == [["Graz", "Lund"], ["Brno", "Kiel"]]
    assert [(each["duty"], each["owner"], each["invited"]) for each in told["duties"]] == [
        ("twins-1.camps.1", "Graz", ["Lund"]),
        ("twins-1.camps.2", "Lund", ["Graz"]),
        ("twins-2.camps.1", "Brno", ["Kiel"]),
        ("twins-2.camps.2", "Kiel", ["Brno"]),
    ]
    assert told["term"] == {"starts": "2026-04-01", "ends": "2027-03-31"}
    assert told["accompaniment"][0]["expert_days_each"] == "2.5"
    assert [(each["document"], each["owned_by"], len(each["few"])) for each in told["documents"]] == [
        ("map", "several", 0),
        ("plan", "one", len(told["documents"][1]["owners"])),
    ]


def test_what_is_due_before_the_admission_lets_samples_in_who_bring_it() -> None:
    told = follows(
        template(
            lifecycle="call",
            roles={"town": role("selection")},
            prerequisites={"head": {"label": LABEL, "proof": "named-head", "due_before": "admission"}},
        )
    )
    assert told["refused"] == []
    assert told["prerequisites"][0]["from"] == ["town 1", "town 2"]


def test_places_are_those_of_all_roles_of_a_selection_together() -> None:
    both = {
        "roles": ["host", "guest"],
        "criteria": {"need": {"label": LABEL, "weight": 2}, "reach": {"label": LABEL}},
        "jury": {"assessments": 2},
        "tie_break": ["need", "lot"],
        "places": 3,
    }
    told = follows(
        template(
            lifecycle="call", roles={"host": role("selection"), "guest": role("selection")}, selection={"both": both}
        )
    )
    assert [each["organisation"] for each in told["participants"]] == ["host 1", "host 2", "guest 1"]
    assert told["selection"] == [
        {
            "selection": "both",
            "roles": ["host", "guest"],
            "places": 3,
            "criteria": {"need": 2, "reach": 1},
            "assessments": 2,
            "tie_break": ["need", "lot"],
        }
    ]


def test_what_nothing_follows_from_is_told_with_why() -> None:
    chosen = {"roles": ["town"], "criteria": {"need": {"label": LABEL}}}
    told = follows(
        template(
            roles={"town": role()},
            selection={"towns": chosen},
            application={"questions": {"why": {"label": LABEL}}},
            consortia={"lead": "none"},
        )
    )
    assert [each["path"] for each in told["without_effect"]] == [
        "application",
        "selection",
        "consortia.lead",
    ]
    assert follows(template(roles={"town": role()}, consortia={}))["without_effect"] == []


def test_clusters_of_consortia_sum_up_their_population() -> None:
    clusters = {"coast": LABEL, "hills": LABEL}
    big = [
        {"predicate": "population", "at_least": 30000, "summed": True},
        {"predicate": "applicants", "apply": "consortium"},
    ]
    document = template(
        lifecycle="constituted",
        strands={"by": "cluster", "clusters": clusters},
        consortia={"members_at_most": 3},
        roles={"cluster-town": role("selection", eligibility=big)},
        hosting={"talks": rule("one_of", "cluster-town", "talk", "camp")},
    )
    told = follows(
        document,
        organisations=[
            {"name": "A", "role": "cluster-town", "strand": "coast", "population": 20000, "members": ["B"]},
            {"name": "C", "role": "cluster-town", "strand": "hills", "population": 20000, "members": ["D"]},
            {"name": "E", "role": "cluster-town", "strand": "coast", "population": 40000},
            {"name": "F", "role": "cluster-town", "strand": "dunes", "population": 40000, "members": ["G"]},
            {"name": "H", "role": "cluster-town", "strand": "hills", "population": 40000, "members": ["I", "J", "K"]},
        ],
    )
    assert [(each["organisation"], each["code"]) for each in told["refused"]] == [
        ("A", "not-eligible"),
        ("C", "not-eligible"),
        ("E", "not-eligible"),
        ("F", "unknown-strand"),
        ("H", "consortium-not-fitting"),
        ("", "agreement-incomplete"),
        ("", "programme-not-running"),
    ]
    assert told["stage"] == "initiation"

    fitting = follows(
        document,
        organisations=[
            {"name": "A", "role": "cluster-town", "strand": "coast", "population": 20000, "members": ["B"]},
            {"name": "B", "role": "king", "population": 20000},
            {"name": "C", "role": "cluster-town", "strand": "hills", "population": 30000, "members": ["D"]},
            {"name": "D", "role": "king", "population": 1},
        ],
    )
    assert [each["organisation"] for each in fitting["participants"]] == ["A", "C"]
    assert [each["duty"] for each in fitting["duties"]] == [
        "coast.talks.1",
        "coast.talks.2",
        "hills.talks.1",
        "hills.talks.2",
    ]


def test_a_standing_platform_has_open_hosting_and_joiners_by_declaration() -> None:
    past = [{"predicate": "history", "has": "attended", "formats": ["talk"], "times": 2}]
    told = follows(
        template(
            roles={"member": role(), "mentor": role(eligibility=past, per_theme=True)},
            themes={"water": {"label": LABEL}},
            hosting={"talks": rule("open", "member", "talk", scope="programme")},
            meetings={"ask": {"label": LABEL, "opened_by": "request", "formats": ["camp"], "roles": ["mentor"]}},
            prerequisites={
                "vote": {
                    "label": LABEL,
                    "proof": "political-resolution",
                    "kinds": ["municipality"],
                    "roles": ["member"],
                    "due_before": "acceptance",
                }
            },
            deadlines={"agenda": {"label": LABEL, "days": -10, "owed_by": "host"}},
            manual={
                "weather": {"label": LABEL, "applies_to": "meeting"},
                "welcome": {"label": LABEL, "applies_to": "admission"},
            },
        )
    )
    assert [each["named_by"] for each in told["manual"]] == [
        ["meeting-planning", "meeting-refusal/declined", "meeting-confirmation"],
        ["admission", "application-refusal", "joining", "selection-result"],
    ]
    assert told["stage"] == "running"
    assert [(each["duty"], each["pool"]) for each in told["duties"]] == [("all.talks.1", ["member 1", "member 2"])]
    assert told["meetings"][0]["by"] == ["mentor 1", "mentor 2"]
    assert told["prerequisites"][0]["from"] == ["member 1", "member 2"]
    assert told["participants"][2]["roles"] == [{"role": "mentor", "themes": ["water"], "until": None}]
    assert told["refused"] == []


def test_pairs_without_a_rule_of_their_own_and_those_the_office_makes() -> None:
    anybody = template(
        strands={"by": "pair"}, roles={"town": role()}, hosting={"camps": rule("one_of", "town", "camp")}
    )
    assert [each["duty"] for each in follows(anybody)["duties"]] == ["pair-1.camps.1"]
    made = template(
        roles={"old": role(), "new": role()},
        pairs={"buddies": {"label": LABEL, "between": ["old", "new"], "consent": "office"}},
    )
    assert [each["members"] for each in follows(made)["pairs"]] == [["old 1", "new 1"], ["old 2", "new 2"]]


@pytest.mark.parametrize(
    ("predicate", "fact"),
    [
        ({"predicate": "country", "one_of": ["FR", "DE"]}, {"country": "DE"}),
        ({"predicate": "country", "one_of": ["FR"]}, {"country": "FR"}),
        ({"predicate": "population", "at_most": 5000}, {}),
        ({"predicate": "membership", "of": "network"}, {}),
        ({"predicate": "membership", "of": "network", "member": False}, {}),
        ({"predicate": "funding", "programme": "life"}, {}),
        ({"predicate": "any", "of": [{"predicate": "funding", "programme": "life"}]}, {}),
        ({"predicate": "none", "of": [{"predicate": "funding", "programme": "life"}]}, {}),
        ({"predicate": "history", "has": "attended", "times": 3}, {}),
        ({"predicate": "applicants", "apply": "consortium"}, {}),
    ],
)
def test_samples_are_eligible(predicate: dict[str, Any], fact: dict[str, Any]) -> None:
    told = follows(template(roles={"town": role(eligibility=[predicate])}, consortia={}))
    assert told["refused"] == []
    assert len(told["participants"]) == 2
    assert not fact or told["participants"]


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({"template": {"id": "x"}}, "template.version"),
        ({"template": template(roles={"town": role()}), "strands": ["AT"]}, "strands"),
        ({"template": template(roles={"town": role()}), "wrong": 1}, "wrong"),
    ],
)
def test_what_cannot_be_tried_is_told_by_its_path(document: dict[str, Any], path: str) -> None:
    told, code = tried(document, NOW)
    assert code == 1
    assert path in {each["path"] for each in told["refused"]}


def test_the_process_reads_and_answers_json() -> None:
    def ask(text: str) -> tuple[int, dict[str, Any]]:
        asked = [sys.executable, "-m", "interpares.programme", "dry-run"]
        done = subprocess.run(asked, input=text, capture_output=True, text=True, check=False, timeout=60)
        return done.returncode, json.loads(done.stdout)

    code, told = ask(json.dumps({"template": loaded("start-smart")}, default=str))
    assert (code, told["template"]) == (0, "start-smart")
    code, told = ask("no json")
    assert code == 1
    assert told["refused"][0]["fact"].startswith("is no JSON")
