from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from pydantic import ValidationError

from interpares.common.contracts.template import Template, template_schema

TEMPLATES = Path(__file__).parents[4] / "templates"
LABEL = {"de": "etwas", "en": "something"}


def written(name: str) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((TEMPLATES / name).read_text(encoding="utf-8"))
    return document


def whole() -> dict[str, Any]:
    """Return a template that says everything the language can say."""

    def invitees() -> list[dict[str, Any]]:
        return [{"roles": ["peer"], "scope": "programme", "attended": ["dialogue"]}]

    return {
        "vocabulary": 1,
        "id": "whole",
        "version": 2,
        "title": LABEL,
        "summary": LABEL,
        "lifecycle": "constituted",
        "term": {"starts": "2012-07-01", "ends": "2014-06-30"},
        "phases": [
            {
                "key": "initiation",
                "label": LABEL,
                "starts": "2012-01-01",
                "milestones": {
                    "workshop": {
                        "label": LABEL,
                        "due": "2012-03-01",
                        "deliverables": {"plan": {"label": LABEL, "roles": ["peer"]}},
                    }
                },
            }
        ],
        "strands": {"by": "cluster", "clusters": {"north": LABEL}},
        "roles": {
            "peer": {
                "label": LABEL,
                "obtained": "selection",
                "eligibility": [
                    {"predicate": "kind", "one_of": ["municipality", "municipal-company"]},
                    {"predicate": "country", "one_of": ["DE"]},
                    {"predicate": "population", "at_least": 20000, "summed": True},
                    {"predicate": "funding", "programme": "model-projects", "funded": False, "at": "2022-01-01"},
                    {"predicate": "membership", "of": "covenant"},
                    {"predicate": "history", "has": "attended-or-hosted", "formats": ["dialogue"]},
                    {"predicate": "applicants", "apply": "consortium"},
                    {
                        "predicate": "any",
                        "of": [
                            {"predicate": "membership", "of": "league"},
                            {"predicate": "history", "has": "hosted", "formats": ["dialogue"], "times": 2},
                        ],
                    },
                    {"predicate": "none", "of": [{"predicate": "country", "one_of": ["XK"]}]},
                ],
            },
            "experienced": {
                "label": LABEL,
                "obtained": "contract",
                "holding": "concurrent",
                "per_theme": True,
                "held": {"starts": "2012-07-01"},
            },
        },
        "audiences": {"mayors": {"label": LABEL}},
        "themes": {
            "energy": {"label": LABEL, "topics": {"grid": {"label": LABEL}}, "links": ["mobility"]},
            "mobility": {"label": LABEL},
        },
        "methods": {"excursion": {"label": LABEL}},
        "formats": {
            "dialogue": {
                "label": LABEL,
                "audiences": ["mayors"],
                "theme": "energy",
                "topics": ["grid"],
                "methods": ["excursion"],
                "modes": ["on-site", "hybrid"],
            }
        },
        "hosting": {
            "each": {
                "label": LABEL,
                "quantifier": "each",
                "role": "peer",
                "formats": [{"format": "dialogue", "duties": 2}],
                "on_host_loss": "lapse",
            },
            "final": {
                "label": LABEL,
                "quantifier": "one_of",
                "role": "peer",
                "scope": "programme",
                "formats": [{"format": "dialogue"}],
                "organiser": {"role": "experienced"},
                "invitees": invitees(),
                "on_host_loss": "decide",
                "counts_towards": "each",
            },
            "offers": {
                "label": LABEL,
                "quantifier": "open",
                "role": "peer",
                "formats": [{"format": "dialogue"}],
                "organiser": "office",
                "on_host_loss": "reassign",
            },
        },
        "meetings": {
            "mission": {
                "label": LABEL,
                "opened_by": "request",
                "formats": ["dialogue"],
                "roles": ["peer"],
                "invitees": invitees(),
            }
        },
        "deadlines": {
            "agenda": {
                "label": LABEL,
                "formats": ["dialogue"],
                "days": -28,
                "counted_from": "start",
                "owed_by": {"role": "experienced"},
            }
        },
        "documents": {
            "plan": {"label": LABEL, "owners": "several", "owner_roles": ["peer"], "reviewer_roles": ["peer"]}
        },
        "pairs": {"twins": {"label": LABEL, "between": ["peer", "experienced"]}},
        "consortia": {"members_at_most": 4},
        "selection": {
            "peers": {
                "roles": ["peer"],
                "criteria": {"need": {"label": LABEL, "weight": 3}},
                "jury": {"assessments": 2, "members": [LABEL]},
                "tie_break": ["need", "lot"],
                "places": 4,
            }
        },
        "prerequisites": {
            "resolution": {
                "label": LABEL,
                "proof": "political-resolution",
                "kinds": ["municipality"],
                "roles": ["peer"],
                "due_before": "meeting-confirmed",
            }
        },
        "accompaniment": {
            "process": {
                "label": LABEL,
                "by": "facilitator",
                "role": "peer",
                "expert_days": "12.5",
                "themes": ["energy"],
            }
        },
        "goals": {
            "climate": {
                "label": LABEL,
                "indicators": {"co2": {"label": LABEL, "unit": LABEL, "target": "-20", "by": "2020-12-31"}},
            },
            "learn": {"label": LABEL},
        },
        "funding": {
            "funder": LABEL,
            "carrier": LABEL,
            "currency": "EUR",
            "total": "142000",
            "categories": {"travel": {"label": LABEL, "amount": "40000.50"}},
            "shares": [{"role": "peer", "amount": "25000", "approximate": True}],
            "own_contributions": [{"role": "peer", "money": "5000", "hours": "120"}],
        },
        "manual": {"weather": {"label": LABEL, "applies_to": "meeting"}},
    }


@pytest.mark.parametrize("document", [written("multiply.yaml"), whole()], ids=["multiply", "whole"])
def test_a_template_says_the_same_after_writing_it_out(document: dict[str, Any]) -> None:
    template = Template.model_validate(document)
    spelled_out = template.as_document()
    assert json.loads(json.dumps(spelled_out)) == spelled_out
    assert Template.model_validate(spelled_out) == template


@pytest.mark.parametrize("document", [written("multiply.yaml"), whole()], ids=["multiply", "whole"])
def test_the_schema_takes_what_the_models_take(document: dict[str, Any]) -> None:
    schema = template_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(document)


def test_the_schema_beside_the_templates_is_the_one_of_the_models() -> None:
    assert json.loads((TEMPLATES / "programme-template.schema.json").read_text(encoding="utf-8")) == template_schema()


def test_a_template_nobody_has_seen_is_fine() -> None:
    swimming = {
        "id": "swimming-pools",
        "version": 1,
        "title": {"fr": "Piscines"},
        "lifecycle": "call",
        "strands": {"by": "one"},
        "roles": {"pool": {"label": {"fr": "Piscine"}, "obtained": "declaration", "holding": "concurrent"}},
        "formats": {"dip": {"label": {"fr": "Bain"}}},
        "hosting": {
            "dips": {
                "label": {"fr": "Bains"},
                "quantifier": "each",
                "role": "pool",
                "formats": [{"format": "dip", "duties": 3}],
                "on_host_loss": "lapse",
            }
        },
    }
    assert Template.model_validate(swimming).as_document()["hosting"]["dips"]["formats"][0]["duties"] == 3


def changed(path: str, value: object) -> dict[str, Any]:
    """Return the whole template with one thing changed."""
    document: Any = whole()
    part = document
    *way, last = path.split(".")
    for step in way:
        part = part[int(step)] if isinstance(part, list) else part[step]
    part[int(last) if isinstance(part, list) else last] = value
    return document  # type: ignore[no-any-return] # it is what whole() returned


def flaws(document: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(ValidationError) as refused:
        Template.model_validate(document)
    return {".".join(map(str, error["loc"])): error["msg"] for error in refused.value.errors()}


@pytest.mark.parametrize(
    "path",
    [
        "phases.0.milestones.workshop.deliverables.plan.roles.0",
        "roles.peer.eligibility.5.formats.0",
        "roles.peer.eligibility.7.of.1.formats.0",
        "themes.energy.links.0",
        "formats.dialogue.audiences.0",
        "formats.dialogue.methods.0",
        "formats.dialogue.topics.0",
        "hosting.each.role",
        "hosting.final.organiser.role",
        "hosting.final.invitees.0.roles.0",
        "hosting.final.invitees.0.attended.0",
        "hosting.final.counts_towards",
        "hosting.offers.formats.0.format",
        "meetings.mission.formats.0",
        "meetings.mission.roles.0",
        "meetings.mission.invitees.0.attended.0",
        "deadlines.agenda.formats.0",
        "deadlines.agenda.owed_by.role",
        "documents.plan.owner_roles.0",
        "documents.plan.reviewer_roles.0",
        "pairs.twins.between.1",
        "selection.peers.roles.0",
        "selection.peers.tie_break.0",
        "prerequisites.resolution.roles.0",
        "accompaniment.process.role",
        "accompaniment.process.themes.0",
        "funding.shares.0.role",
        "funding.own_contributions.0.role",
    ],
)
def test_a_reference_that_leads_nowhere_is_told_with_its_path(path: str) -> None:
    found = flaws(changed(path, "nowhere"))
    assert "'nowhere', which the template does not define" in found.pop(path)
    # Changing the role of one rule also breaks what counts towards that rule.
    assert set(found) <= {"hosting.final.counts_towards"}


def test_a_theme_that_does_not_exist_takes_its_topics_along() -> None:
    assert set(flaws(changed("formats.dialogue.theme", "nowhere"))) == {
        "formats.dialogue.theme",
        "formats.dialogue.topics.0",
    }


@pytest.mark.parametrize(
    ("path", "value", "flaw", "says"),
    [
        ("lifecycle", "sometimes", "lifecycle", "Input should be 'call'"),
        ("roles.peer.colour", "red", "roles.peer.colour", "Extra inputs are not permitted"),
        ("roles", {}, "roles", "at least 1 item"),
        ("title", {"english": "x"}, "title.english.[key]", "should match pattern"),
        ("title", {"en": " "}, "title.en", "at least 1 character"),
        ("title", {"en": "a\u202eb"}, "title.en", "should match pattern"),
        ("title", {}, "title", "at least 1 item"),
        ("funding.total", "-1", "funding.total", "greater than or equal to 0"),
        ("hosting.each.formats", [], "hosting.each.formats", "at least 1 item"),
        ("hosting.final.counts_towards", "offers", "hosting.final.counts_towards", "not owed by each holder"),
        ("audiences.speakers", {"label": {"en": "Speakers"}}, "audiences.speakers", "who spoke or reviewed"),
        ("hosting.final.role", "experienced", "hosting.final.counts_towards", "not owed by each holder"),
        ("hosting.each.counts_towards", "each", "hosting.each.counts_towards", "itself counts towards another"),
        (
            "hosting.each.formats",
            [{"format": "dialogue"}, {"format": "dialogue"}],
            "hosting.each.formats.1.format",
            "names the format 'dialogue' twice",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_path(path: str, value: object, flaw: str, says: str) -> None:
    assert says in flaws(changed(path, value))[flaw]


@pytest.mark.parametrize(
    ("path", "value", "flaw"),
    [
        ("term", {"starts": "2026-02-01", "ends": "2026-01-31"}, "term.ends"),
        ("phases", [{"key": "one", "label": {"en": "1"}}, {"key": "one", "label": {"en": "2"}}], "phases.1.key"),
        (
            "phases",
            [{"key": "one", "label": {"en": "1"}, "starts": "2026-02-01", "ends": "2026-01-31"}],
            "phases.0.ends",
        ),
        ("consortia", {"members_at_least": 4, "members_at_most": 3}, "consortia.members_at_most"),
    ],
)
def test_what_contradicts_itself_is_told_with_its_path(path: str, value: object, flaw: str) -> None:
    assert set(flaws(changed(path, value))) == {flaw}


def test_a_standing_programme_has_no_end() -> None:
    document = changed("lifecycle", "standing") | {"term": {"months": 6}}
    assert set(flaws(document)) == {"term"}
    assert Template.model_validate(document | {"term": {"starts": "2026-01-01"}}).lifecycle == "standing"
