"""Drafts over HTTP: answers held against questions, nothing lost, several signatories, entered on behalf."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
from services.registration.tests.conftest import ROOT, created, summary

from interpares.common.contracts.programme import CallConditions
from interpares.common.contracts.programme.meetings import AttendanceCorrected, Meeting, MeetingHeld

if TYPE_CHECKING:
    import httpx2
    from services.registration.tests.conftest import Registration

    from interpares.common.contracts.programme import CallOpened

pytestmark = pytest.mark.integration
ROLE = {"label": {"en": "Follower"}, "obtained": "selection"}
CONDITIONS = {
    "roles": {"follower": ROLE},
    "application": {
        "questions": {
            "why-now": {"label": {"en": "Why now?"}, "characters_at_most": 40},
            "budget": {"label": {"en": "Budget?"}, "answer": "number", "required": False},
            "resolution": {"label": {"en": "Resolution"}, "answer": "file", "required": False},
        },
        "signatories_at_least": 2,
    },
    "consortia": {"members_at_least": 2, "members_at_most": 3},
}


def conditions(**changes: Any) -> CallConditions:
    return CallConditions.model_validate({**CONDITIONS, **changes})


def draft(call: CallOpened, organisation: str, **changes: Any) -> dict[str, Any]:
    return {
        "programme_id": str(call.programme_id),
        "organisation_id": organisation,
        "role": "follower",
        "motivation": "We want to learn.",
        **changes,
    }


async def put(registration: Registration, who: str, one: str, version: int, **changes: Any) -> httpx2.Response:
    options = {"json": {"motivation": "We want to learn.", **changes}, "headers": {"If-Match": f'"{version}"'}}
    return await registration._send("PUT", who, f"/drafts/{one}", options)


async def sign(registration: Registration, who: str, one: str, version: int) -> httpx2.Response:
    return await registration.post(who, f"/drafts/{one}/signature", {}, headers={"If-Match": f'"{version}"'})


async def test_two_sign_what_they_read_and_the_second_signature_submits(registration: Registration) -> None:
    town = await registration.organisation()
    call = await registration.open_call(roles=("follower",), conditions=conditions())
    mayor, clerk = await registration.member("coordinator", town), await registration.member("coordinator", town)
    one = created(await registration.post(clerk, "/drafts", draft(call, town)))

    wrong = await put(registration, clerk, one, 1, answers={"why-now": "x" * 41})
    unknown = await put(registration, clerk, one, 1, answers={"why-not": "x"})
    assert [wrong.json()["errors"][0]["field"], unknown.json()["errors"][0]["field"]] == [
        "answers.why-now",
        "answers.why-not",
    ]
    assert (await put(registration, clerk, one, 1, answers={"why-now": "A new mayor.", "budget": 7})).status_code == 200
    late = await put(registration, mayor, one, 1, answers={})
    assert (late.status_code, late.json()["code"]) == (412, "stale")
    missing = await registration._send("PUT", mayor, f"/drafts/{one}", {"json": {"motivation": "x"}})
    assert missing.status_code == 422
    read = await registration.get(mayor, f"/drafts/{one}")
    assert read.headers["ETag"] == '"2"'
    assert read.json()["answers"] == {"why-now": "A new mayor.", "budget": 7}
    assert (read.json()["signatures_needed"], read.json()["signatures"]) == (2, [])

    first = await sign(registration, clerk, one, 2)
    twice = await sign(registration, clerk, one, 3)
    unread = await sign(registration, mayor, one, 2)
    assert (first.json()["decision"]["outcome"], twice.json()["code"]) == ("signed", "signed-already")
    assert unread.status_code == 412
    changed = await put(registration, mayor, one, 3, answers={"why-now": "Because."})
    assert changed.status_code == 200
    assert (await registration.get(mayor, f"/drafts/{one}")).json()["signatures"] == []
    assert (await sign(registration, clerk, one, 4)).status_code == 200
    last = await sign(registration, mayor, one, 5)

    assert (last.status_code, last.json()["decision"]["outcome"]) == (200, "submitted")
    application = last.json()["decision"]["subject"].removeprefix("application:")
    shown = (await registration.get(mayor, f"/applications/{application}")).json()
    assert shown["answers"] == {"why-now": "Because."}
    assert len(shown["signatures"]) == 2
    assert shown["draft_id"] == one
    settled = await put(registration, mayor, one, 7)
    assert (settled.status_code, settled.json()["code"]) == (409, "draft-settled")
    assert (await registration.get(mayor, f"/drafts/{one}")).json()["application_id"] == application
    listed = await registration.get(mayor, "/drafts", params={"organisation_id": town})
    assert [each["id"] for each in listed.json()["items"]] == [one]


async def test_foreign_drafts_look_as_if_they_did_not_exist(registration: Registration) -> None:
    town = await registration.organisation()
    call = await registration.open_call(roles=("follower",), conditions=conditions())
    one = created(await registration.post(await registration.member("coordinator", town), "/drafts", draft(call, town)))
    stranger = await registration.member("coordinator")
    assert (await registration.get(stranger, f"/drafts/{one}")).status_code == 404
    assert (await put(registration, stranger, one, 1)).status_code == 404
    assert (await sign(registration, stranger, one, 1)).status_code == 404
    assert (await sign(registration, stranger, str(uuid4()), 1)).status_code == 404
    assert (await registration.get(stranger, "/drafts")).json()["items"] == []


async def test_the_office_enters_what_came_by_letter(registration: Registration) -> None:
    office = await registration.organisation("Office")
    town = await registration.organisation()
    call = await registration.open_call(office, roles=("follower",), conditions=conditions())
    clerk, coordinator = await registration.member("office", office), await registration.member("coordinator", town)
    body = draft(call, town, answers={"why-now": "By letter."})
    letter = {"channel": "letter", "received_on": "2026-11-02", "document": "e" * 64, "signatories": 2}

    alone = await registration.post(coordinator, "/applications", body)
    faked = await registration.post(coordinator, "/applications", body | {"on_behalf": letter})
    unheld = await registration.post(clerk, "/applications", body | {"on_behalf": {**letter, "document": None}})
    later = await registration.post(
        clerk, "/applications", body | {"on_behalf": {**letter, "received_on": "2199-01-01"}}
    )
    entered = await registration.post(clerk, "/applications", body | {"on_behalf": letter})

    assert (alone.status_code, alone.json()["code"]) == (409, "signatures-missing")
    assert [(each.status_code, each.json()["errors"][0]["field"]) for each in (faked, unheld, later)] == [
        (422, "on_behalf"),
        (422, "on_behalf.document"),
        (422, "on_behalf.received_on"),
    ]
    shown = (await registration.get(coordinator, f"/applications/{created(entered)}")).json()
    assert shown["source"] == letter
    assert shown["entered_by"] == (await registration.get(clerk, "/me")).json()["actor"]
    assert shown["submitted_as"] == "office"


async def test_evidence_is_a_file_of_the_organisation(registration: Registration) -> None:
    town = await registration.organisation()
    coordinator = await registration.member("coordinator", town)
    once = CONDITIONS["application"] | {"signatories_at_least": 1}  # type: ignore[operator]
    call = await registration.open_call(roles=("follower",), conditions=conditions(application=once))
    sent = await registration._send(
        "POST",
        coordinator,
        f"/organisations/{town}/files",
        {"content": b"Resolved.", "headers": {"Content-Type": "text/plain"}, "params": {"name": "resolution.txt"}},
    )
    file_id = created(sent)
    answers = {"why-now": "Now.", "resolution": file_id}

    foreign = await registration.post(
        coordinator, "/applications", draft(call, town, answers=answers | {"resolution": str(uuid4())})
    )
    more = await registration.post(
        coordinator, "/applications", draft(call, town, answers=answers, evidence=[str(uuid4())])
    )
    fits = await registration.post(coordinator, "/applications", draft(call, town, answers=answers))

    assert [each.json()["errors"][0]["field"] for each in (foreign, more)] == ["answers.resolution", "evidence.0"]
    shown = (await registration.get(coordinator, f"/applications/{created(fits)}")).json()
    (evidence,) = shown["evidence"]
    assert (evidence["file_id"], evidence["question"], len(evidence["sha256"])) == (file_id, "resolution", 64)
    assert shown["answers"]["resolution"] == file_id


async def test_whether_one_may_apply_is_explained_before(registration: Registration) -> None:
    town = await registration.organisation("Small", "DE", funding=[{"programme": "smart-city"}])
    other = await registration.organisation("Other", "DE", population=9_000)
    coordinator = await registration.member("coordinator", town)
    eligibility = [
        {"predicate": "kind", "one_of": ["municipality"]},
        {"predicate": "funding", "programme": "smart-city", "funded": False, "at": "deadline"},
        {"predicate": "population", "at_least": 5000},
        {"predicate": "history", "has": "attended", "times": 1},
    ]
    call = await registration.open_call(
        roles=("follower",), conditions=conditions(roles={"follower": {**ROLE, "eligibility": eligibility}})
    )
    await registration.hear(held(call, town))
    asked = {"organisation_id": town, "role": "follower"}

    answer = await registration.get(coordinator, f"/calls/{call.call_id}/eligibility", params=asked)
    together = await registration.get(
        coordinator, f"/calls/{call.call_id}/eligibility", params={**asked, "members": [other]}
    )
    refused = await registration.post(
        coordinator, "/applications", draft(call, town, answers={"why-now": "x"}) | {"members": [other]}
    )

    assert answer.status_code == 200, answer.text
    shown = answer.json()
    assert (shown["eligible"], shown["certain"]) == (False, False)
    assert [(each["predicate"], each["outcome"], each["found"]) for each in shown["findings"]] == [
        ("kind", "holds", "municipality"),
        ("funding", "fails", f"funded:{call.deadline_local[:10]}"),
        ("population", "unknown", "unknown"),
        ("history", "holds", "1"),
    ]
    assert [bool(each["way_out"]) for each in shown["findings"]] == [False, True, True, False]
    assert together.status_code == 200
    assert refused.json()["code"] == "signatures-missing"
    foreign = await registration.get(
        await registration.member("coordinator"), f"/calls/{call.call_id}/eligibility", params=asked
    )
    assert foreign.status_code == 404
    nowhere = await registration.get(coordinator, f"/calls/{uuid4()}/eligibility", params=asked)
    assert nowhere.status_code == 404


async def test_history_follows_when_it_is_put_right_who_was_there(registration: Registration) -> None:
    town, other = [await registration.organisation(name, "DE") for name in ("There", "Elsewhere")]
    coordinator = await registration.member("coordinator", town)
    history = {**ROLE, "eligibility": [{"predicate": "history", "has": "attended", "times": 1}]}
    call = await registration.open_call(roles=("follower",), conditions=conditions(roles={"follower": history}))
    told = held(call, other)
    await registration.hear(told)
    path, asked = f"/calls/{call.call_id}/eligibility", {"organisation_id": town, "role": "follower"}
    before = (await registration.get(coordinator, path, params=asked)).json()["findings"]
    corrected = AttendanceCorrected(
        programme_id=call.programme_id,
        decision=summary(),
        meeting_id=told.meeting.meeting_id,
        format=told.meeting.format,
        host_id=told.meeting.host_id,
        attended=(UUID(town),),
    )

    await registration.hear(corrected)

    after = (await registration.get(coordinator, path, params=asked)).json()["findings"]
    assert [(each["outcome"], each["found"]) for each in (*before, *after)] == [("fails", "0"), ("holds", "1")]


async def test_who_fails_a_condition_is_told_which(registration: Registration) -> None:
    town = await registration.organisation("Abroad", "CH")
    role = {**ROLE, "eligibility": [{"predicate": "country", "one_of": ["DE", "AT"]}]}
    call = await registration.open_call(
        roles=("follower",), conditions=conditions(roles={"follower": role}, application=None)
    )
    coordinator = await registration.member("coordinator", town)
    answer = await registration.post(coordinator, "/applications", draft(call, town, strand="AT"))
    assert (answer.status_code, answer.json()["code"]) == (409, "not-eligible")
    assert "country" in answer.json()["detail"]


async def test_a_call_shows_what_it_asks(registration: Registration) -> None:
    call = await registration.open_call(roles=("follower",), conditions=conditions())
    plain = await registration.open_call()
    shown = (await registration.get(ROOT, f"/calls/{call.call_id}")).json()
    assert shown["conditions"]["application"]["questions"]["why-now"]["label"] == {"en": "Why now?"}
    assert (await registration.get(ROOT, f"/calls/{plain.call_id}")).json()["conditions"]["roles"] == {}
    assert (await registration.get(ROOT, f"/calls/{uuid4()}")).status_code == 404


def held(call: CallOpened, organisation: str) -> MeetingHeld:
    meeting = Meeting.model_validate(
        {
            "meeting_id": uuid4(),
            "revision": 3,
            "status": "held",
            "title": {"en": "Exchange"},
            "format": "mayors",
            "mode": "on-site",
            "strand": "DE",
            "duty": None,
            "host_id": uuid4(),
            "organiser_id": None,
            "venue": None,
            "starts_local": None,
            "ends_local": None,
            "zone": None,
            "audiences": (),
            "themes": (),
            "languages": (),
            "invited": (),
            "seats": None,
        }
    )
    return MeetingHeld.model_validate(
        {"programme_id": call.programme_id, "decision": summary(), "meeting": meeting, "attended": (organisation,)}
    )
