"""What templates can say, over HTTP on a real database: partners and grant, pairs, themes, companions, amendments."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import yaml
from services.programme.tests.entrypoints.test_subscriptions import REGISTERED, hear

from interpares.common.contracts import registration
from interpares.common.contracts.programme import accompanying, course, joining, pairing
from interpares.common.contracts.template import FundedBy
from interpares.common.envelope import to_message
from interpares.programme.entrypoints.publications import publish
from interpares.programme.entrypoints.tending import Expiry
from interpares.programme.projections.heard import HeardOrganisations

if TYPE_CHECKING:
    from services.programme.tests.entrypoints.conftest import Office

TEMPLATES = Path(__file__).parents[4] / "templates"
LABEL = {"en": "x"}
HASH = "cd" * 32
BY_HAND = {"manual_rules": ["existing-structures"]}
LETTER = {"on_behalf": {"channel": "letter", "received_on": "2026-03-01T09:00:00Z"}}


def loaded(name: str) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((TEMPLATES / f"{name}.yaml").read_text(encoding="utf-8"))
    return document


async def drafted(office: Office, template: dict[str, Any]) -> str:
    """Draft a programme from another template and return its path."""
    body = {"title": {"en": "Another"}, "office_id": str(office.office_id), "template": json_of(template)}
    office.programme_id = str((await office.does("/programmes", body, 201))["id"])
    return f"/programmes/{office.programme_id}"


def json_of(template: dict[str, Any]) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(json.dumps(template, default=str))
    return value


async def heard(office: Office, **facts: Any) -> str:
    """Let registration tell of a town and return its id."""
    town = uuid4()
    told = REGISTERED.model_copy(update={"organisation_id": town, **facts})
    await hear(office.served, told)
    return str(town)


async def get(office: Office, path: str) -> Any:
    answer = await office.served.get("office", path, office.position)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def published(office: Office) -> set[str]:
    told = set()
    for recorded in await office.served.parts.store.read(0, 1000):
        publication = publish(recorded)
        assert publication is not None, type(recorded.event).__name__
        told.add(to_message("programme", recorded, publication, 0).headers["ce-type"])
    return told


async def test_climate_partnership_runs_from_its_initiation_to_its_goal(office: Office) -> None:
    here = await drafted(office, loaded("climate-partnership"))
    await office.does(f"{here}/initiation")
    cities = [await heard(office) for _ in range(5)]
    for city in cities:
        await office.does(f"{here}/joinings", {"organisation_id": city, "role": "partner-city"}, 201)
    committee = await heard(office, kind="committee")
    refused = await office.does(f"{here}/joinings", {"organisation_id": committee, "role": "partner-city"}, 409)
    assert refused["code"] == "not-eligible"
    agreed = {
        "goals": ["climate"],
        "themes": ["efficiency"],
        "activities": ["conference-efficiency"],
        "costs": "142000",
        "currency": "EUR",
        "starts": "2012-07-01",
        "ends": "2014-06-30",
        "responsibilities": [{"organisation_id": cities[0], "task": "conference-one"}],
        "participants": cities,
    }
    await office.does(f"{here}/workshop", agreed)
    applied = {"amount": "142000", "currency": "EUR", "submitted_on": "2012-01-31", "document_hash": HASH}
    await office.does(f"{here}/grant-applications", applied, 201)
    await office.does(f"{here}/grant-applications/refusal")
    await office.does(f"{here}/grant-applications", applied, 201)
    await office.does(f"{here}/grant-applications/grant")
    await office.does(f"{here}/duties")
    await office.does(f"{here}/duties/all.conferences.1/acceptance", {"organisation_id": cities[0], **LETTER})
    await office.does(f"{here}/phases/term")
    plan = f"{here}/deliverables/term.start.work-plan"
    await office.does(plan, {"organisation_id": cities[0], "document_hash": HASH, **LETTER}, 201)
    await office.does(f"{plan}/return", {"organisation_id": cities[0]})
    await office.does(plan, {"organisation_id": cities[0], "document_hash": HASH, **LETTER}, 201)
    await office.does(f"{plan}/acceptance", {"organisation_id": cities[0]})
    measured = {"value": "-12.5", "measured_on": "2020-12-31"}
    await office.does(f"{here}/goals/climate/indicators/co2", measured, 201)

    programme = await get(office, here)
    assert (programme["stage"], programme["term_starts"], programme["term_ends"], programme["phase"]) == (
        "running",
        "2012-07-01",
        "2014-06-30",
        "term",
    )
    start, end = sorted(await get(office, f"{here}/milestones"), key=lambda each: each["due"])
    assert (start["due"], end["due"]) == ("2012-07-01", "2014-06-30")
    handed = {each["organisation_id"]: each["status"] for each in start["deliverables"][0]["handed"]}
    assert [handed[city] for city in cities] == ["accepted", *["missing"] * 4]
    goals = await get(office, f"{here}/goals")
    [indicator] = goals[0]["indicators"]
    assert (indicator["target"], indicator["reached"], indicator["measured"][0]["value"]) == ("-20", False, "-12.5")
    assert {
        each.TYPE
        for each in (
            *(course.InitiationBegun, course.WorkshopAgreed, course.GrantApplied, course.GrantRefused),
            *(course.GrantGranted, course.PhaseBegun, course.DeliverableHandedIn, course.DeliverableReturned),
            *(course.DeliverableAccepted, course.IndicatorRecorded, joining.OrganisationJoined),
        )
    } <= await published(office)


async def test_start_smart_refuses_who_is_funded_as_a_model_project_at_the_date(office: Office) -> None:
    here = await drafted(office, loaded("start-smart"))
    await office.open_call()
    organisation, application = await office.applies("peer", "DE")
    model = FundedBy(programme="smart-city-model-project", ends=None)
    await hear(
        office.served,
        registration.OrganisationUpdated(
            **REGISTERED.model_copy(
                update={"organisation_id": organisation, "version": 2, "funding": (model,), "country": "DE"}
            ).model_dump()
        ),
    )
    body = {"application_id": str(application), "role": "peer"}
    refused = await office.does(f"{here}/participations", body, 409)
    assert refused["code"] == "not-eligible"
    assert "not funded by smart-city-model-project at application, found funded:20" in refused["detail"]
    await office.does(f"{here}/participations", body | {"exception": True}, 409)

    declined = await office.does(f"{here}/applications/{application}/refusal")
    explained = await get(office, f"{here}/decisions/{declined['decision']['id']}")
    assert {each["code"]: each["finding"].split(":")[0] for each in explained["criteria"]} == {
        "eligibility-0-kind": "holds",
        "eligibility-1-funding": "fails",
    }
    known = await HeardOrganisations(office.served.parts.database).told(organisation)
    assert known is not None
    assert (known.version, known.funding[0]["programme"]) == (2, "smart-city-model-project")
    await office.does(f"{here}/term", {"starts": "2026-04-01"})
    assert (await get(office, here))["term_ends"] == "2026-09-30"


async def test_towns_pair_by_the_consent_of_both_and_part(office: Office) -> None:
    town = {"label": LABEL, "obtained": "declaration", "holding": "concurrent"}
    camps = {"label": LABEL, "quantifier": "each", "role": "town", "formats": [{"format": "camp"}]}
    here = await drafted(
        office,
        {
            "id": "twins",
            "version": 1,
            "title": LABEL,
            "lifecycle": "standing",
            "strands": {"by": "pair"},
            "roles": {"town": town},
            "formats": {"camp": {"label": LABEL}},
            "pairs": {"twins": {"label": LABEL, "between": ["town", "town"]}},
            "hosting": {"camps": camps | {"on_host_loss": "reassign"}},
            "consortia": {},
        },
    )
    await office.does(f"{here}/opening")
    one, other, third = [await heard(office) for _ in range(3)]
    for name in (one, other):
        await office.does(f"{here}/joinings", {"organisation_id": name, "role": "town"}, 201)
    await office.does(f"{here}/participations/{one}/consortium", {"members": [third]})
    pair = ""
    for answer in ("refusal", "consent"):
        proposed = await office.does(f"{here}/pairs", {"kind": "twins", "members": [one, other]}, 201)
        pair = proposed["decision"]["subject"].removeprefix("pair:")
        await office.does(f"{here}/pairs/{pair}/{answer}", {"organisation_id": one}, 422)
        await office.does(f"{here}/pairs/{pair}/{answer}", {"organisation_id": one, **LETTER})
    await office.does(f"{here}/pairs/{pair}/consent", {"organisation_id": other, **LETTER})
    await office.does(f"{here}/duties")
    duties = (await get(office, f"{here}/duties"))["items"]
    assert [(each["duty"], each["owner_id"]) for each in duties] == [
        ("twins-2.camps.1", one),
        ("twins-2.camps.2", other),
    ]
    first = {each["organisation_id"]: each for each in (await get(office, f"{here}/participations"))["items"]}[one]
    assert (first["pairs"], first["members"], first["application_id"]) == (["twins-2"], [third], None)
    await office.does(f"{here}/pairs/{pair}/end")
    page = await get(office, f"{here}/pairs?limit=1")
    rest = await get(office, f"{here}/pairs?after={page['next']}")
    assert [each["status"] for each in (*page["items"], *rest["items"])] == ["declined", "ended"]
    assert {each["status"] for each in (await get(office, f"{here}/duties"))["items"]} == {"lapsed"}
    assert {
        each.TYPE
        for each in (
            *(pairing.PairProposed, pairing.PairConsented, pairing.PairDeclined, pairing.PairConcluded),
            *(pairing.PairEnded, joining.ConsortiumChanged, course.ProgrammeOpened),
        )
    } <= await published(office)


async def test_accompanied_towns_hold_roles_by_theme_and_use_their_days(office: Office) -> None:
    template = loaded("accompanied-municipalities")
    template["accompaniment"]["process"]["expert_days"] = 3
    here = await drafted(office, template)
    await office.open_call()
    organisation, application = await office.applies("accompanied", "DE")
    admission = {"application_id": str(application), "role": "accompanied"} | BY_HAND
    await office.does(f"{here}/participations", admission, 201)
    town = f"{here}/participations/{organisation}/roles"
    for themes in (["energy"], ["mobility"]):
        await office.does(town, {"role": "learning", "themes": themes} | BY_HAND)
    until = {"role": "experienced", "themes": ["centres"], "held": {"ends": "2099-12-31"}}
    unnamed = await office.does(town, until, 422)
    assert unnamed["code"] == "manual-rule-not-named"
    assert "Structures that exist are used" in unnamed["detail"]
    granted = await office.does(town, until | BY_HAND)
    await office.does(town, until | {"themes": ["fire"]} | BY_HAND, 422)
    await office.does(f"{town}/learning/end", {"themes": ["energy"]})
    explained = await get(office, f"{here}/decisions/{granted['decision']['id']}")
    assert [each["id"] for each in explained["manual"]] == ["manual.existing-structures"]
    assert explained["manual"][0]["text"]["applies_to"] == "role"
    for rule in ("manual", "manual.existing-structures"):
        named = (await get(office, f"{here}/decisions?rule={rule}"))["items"]
        assert {each["type"] for each in named} == {"admission", "role-grant"}
    letters = [
        (await office.served.get("office", f"{here}/decisions/{explained['id']}/letter?language={language}")).text
        for language in ("de", "en")
    ]
    assert "Von Hand angewandt wurde: „Vorhandene Strukturen werden genutzt“; wie, sagt die Begründung." in letters[0]
    assert "What was applied by hand: “Structures that exist are used”; the reason says how." in letters[1]
    [shown] = (await get(office, f"{here}/participations"))["items"]
    assert sorted((each["role"], each["themes"], each["ends"]) for each in shown["holdings"]) == [
        ("experienced", ["centres"], "2099-12-31"),
        ("learning", ["mobility"], None),
    ]

    wanted = {"rule": "process", "organisation_id": str(organisation), "companion_id": str(UUID(int=9)), "days": "2"}
    agreed = await office.does(f"{here}/accompaniments", wanted, 201)
    process = f"{here}/{agreed['decision']['subject'].replace('accompaniment:', 'accompaniments/')}"
    await office.does(f"{process}/expert-days", {"day": "2026-05-01", "days": "1.5"})
    too_many = await office.does(f"{process}/expert-days", {"day": "2026-05-02", "days": "1"}, 409)
    assert "0.5 expert days left" in too_many["detail"]
    await office.does(f"{process}/end")
    [each] = (await get(office, f"{here}/accompaniments"))["items"]
    assert (each["days"], each["booked"], each["ended"]) == ("2", "1.5", True)
    assert {each.TYPE for each in (accompanying.AccompanimentAgreed, accompanying.ExpertDaysBooked)} | {
        accompanying.AccompanimentEnded.TYPE
    } <= await published(office)


async def test_a_role_held_for_a_time_ends_by_itself(office: Office) -> None:
    here = await drafted(office, loaded("accompanied-municipalities"))
    await office.open_call()
    organisation, application = await office.applies("accompanied", "DE")
    admission = {"application_id": str(application), "role": "accompanied"} | BY_HAND
    await office.does(f"{here}/participations", admission, 201)
    until = {"role": "experienced", "themes": ["centres"], "held": {"ends": "2098-12-31"}}
    await office.does(f"{here}/participations/{organisation}/roles", until | BY_HAND)
    [shown] = (await get(office, f"{here}/participations"))["items"]
    assert "experienced" in shown["roles"]

    def expiry(year: int, month: int, day: int) -> Expiry:
        parts = office.served.parts
        return Expiry(parts.database, parts.commands, lambda: datetime(year, month, day, 9, tzinfo=UTC))

    ended = [await expiry(*day).once() for day in ((2098, 12, 31), (2099, 1, 1))]
    async with asyncio.timeout(10):
        while "experienced" in shown["roles"]:
            [shown] = (await get(office, f"{here}/participations"))["items"]
    again = await expiry(2099, 1, 2).once()

    assert (ended, again) == ([0, 1], 0)
    [decision] = (await get(office, f"{here}/decisions?type=role-end"))["items"]
    explained = await get(office, f"{here}/decisions/{decision['id']}")
    assert (explained["source"]["kind"], explained["capacity"]) == ("time_out", "system")
    assert explained["reason"] == "The time for which the role was held is over."


async def test_amended_rules_name_the_decisions_they_touch_and_both_versions_stay_readable(
    running: Office, multiply: dict[str, Any]
) -> None:
    here = f"/programmes/{running.programme_id}"
    decisions = (await get(running, f"{here}/decisions?type=admission&limit=100"))["items"]
    multiply["version"] = 2
    multiply["roles"]["award-winner"]["label"]["en"] = "Winner of the award"
    body = {"template": multiply}
    amended = await running.does(f"{here}/templates", body, 201)

    explained = await get(running, f"{here}/decisions/{amended['decision']['id']}")
    touched = explained["details"]["touched"]
    assert explained["details"]["changed"] == ["roles.award-winner"]
    admitted = {each["id"]: each for each in decisions}
    assert [admitted[each]["concerns"] for each in touched] == [[str(running.members[2])]]
    earlier = await get(running, f"{here}/decisions/{touched[0]}")
    assert earlier["rule"]["version"] == 1
    assert earlier["rule"]["text"]["label"]["en"] == "Special award winner for public relations and communication"

    versions = (await get(running, f"{here}/templates"))["items"]
    assert [(each["version"], each["decision_id"] == amended["decision"]["id"]) for each in versions] == [
        (1, False),
        (2, True),
    ]
    assert (await get(running, f"{here}/templates/2"))["roles"]["award-winner"]["label"]["en"] == "Winner of the award"
    missing = await running.served.get("office", f"{here}/templates/3")
    assert missing.status_code == 404
    again = await running.does(f"{here}/templates", body, 409)
    assert again["code"] == "nothing-amended"
    assert (await get(running, here))["template_version"] == 2
    assert course.RulesAmended.TYPE in await published(running)


async def test_a_call_tells_its_conditions(office: Office) -> None:
    await drafted(office, loaded("start-smart"))
    await office.open_call()
    messages = [
        to_message("programme", recorded, publication, 0)
        for recorded in await office.served.parts.store.read(0, 100)
        if (publication := publish(recorded)) is not None
    ]
    opened = json.loads(messages[-1].body)["data"]
    assert opened["roles"] == ["peer"]
    assert set(opened["conditions"]["roles"]) == {"peer"}
    assert opened["conditions"]["application"]["questions"]["own-question"]["roles"] == ["peer"]
