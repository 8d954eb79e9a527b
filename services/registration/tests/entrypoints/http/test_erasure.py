"""Erasing over HTTP, on a real database: what is decided, what is gone, what remains, and the letter about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from psycopg.sql import SQL, Identifier
from pydantic import ValidationError
from pypdf import PdfReader

from interpares.common.leftovers import left_over
from interpares.common.testing.edge import edge_settings
from interpares.registration.domain.privacy.register import PLAIN, USUAL
from interpares.registration.main import SERVICE, eraser
from interpares.registration.settings import RegistrationSettings

if TYPE_CHECKING:
    from services.registration.tests.conftest import Registration

    from interpares.common.testing.databases import Database as Made

pytestmark = pytest.mark.integration


def canary() -> str:
    return f"kanari{uuid4().hex}"


class Planted:
    """A person whose every datum occurs nowhere else."""

    def __init__(self) -> None:
        self.given, self.family, self.subject = canary(), f"Öz{canary()}", canary()
        self.email = f"{canary()}@example.org"
        self.about, self.wish, self.own, self.why = canary(), canary(), canary(), canary()
        self.words = [value for value in vars(self).values() if isinstance(value, str)]
        self.id = ""


async def planted(registration: Registration, capacity: str = "coordinator") -> Planted:
    """Register somebody, with a text about them, one by them, and a membership."""
    made = Planted()
    made.id = await registration.person(made.subject, given_name=made.given, family_name=made.family, email=made.email)
    wish = {"reason": f"Please: {made.wish}"}
    assert (await registration.post(made.subject, f"/people/{made.id}/erasure-requests", wish)).status_code == 201
    member = {"person_id": made.id, "organisation_id": await registration.organisation(), "capacity": capacity}
    why = {"reason_code": "new-in-office", "reason": f"{made.given} is {made.about}.", "about": [made.id]}
    assert (await registration.post("root", "/memberships", member | why)).status_code == 201
    changes = {"given_name": made.given, "reason_code": "typing-error", "reason": f"I am {made.own}."}
    assert (await registration.post(made.subject, f"/people/{made.id}/rectification", changes)).status_code == 200
    return made


async def requested(registration: Registration, person: Planted) -> str:
    answer = await registration.post(
        "root",
        f"/people/{person.id}/erasure-requests",
        {"reason": "She rang.", "channel": "phone", "received_on": "2026-11-02"},
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def decide(registration: Registration, request: str, outcome: str, **changes: Any) -> Any:
    body = {"outcome": outcome, "reason_code": "as-asked", "reason": "As she wished.", **changes}
    return await registration.post("root", f"/erasure-requests/{request}/decision", body)


async def in_a_year(registration: Registration) -> int:
    return await eraser(registration.parts).once(datetime.now(UTC) + timedelta(days=400))


async def test_after_an_erasure_nothing_is_left_and_the_letter_still_tells_what_was_decided(
    registration: Registration,
) -> None:
    person = await planted(registration)
    request = await requested(registration, person)
    assert (await left_over(registration.parts.database, person.words)) != []

    answer = await decide(registration, request, "erased", reason=f"She is {person.why}.")

    assert answer.status_code == 200, answer.text
    assert (answer.json()["decision"]["type"], answer.json()["decision"]["outcome"]) == ("erasure-decision", "erased")
    position = {"X-At-Least-Position": str(answer.json()["position"])}
    shown = (await registration.get("root", f"/erasure-requests/{request}", headers=position)).json()
    assert (shown["status"], shown["reason"], shown["wish"], shown["received_on"]) == (
        "erased",
        None,
        None,
        "2026-11-02",
    )
    for projector in SERVICE.projectors:
        await registration.views.rebuild(projector)
    assert await left_over(registration.parts.database, person.words) == []
    for language, word in (("de", "gelöscht"), ("en", "erased")):
        path = f"/erasure-requests/{request}/letter"
        text = await registration.get("root", path, params={"language": language})
        printed = await registration.get("root", f"{path}.pdf", params={"language": language})
        assert text.headers["content-type"].startswith("text/plain")
        assert word in text.text
        assert "as-asked" in text.text
        read = PdfReader(BytesIO(printed.content)).pages[0].extract_text()
        assert word in read
    # Whoever was erased acts for nobody any more, and their id leads nowhere.
    assert (await registration.get(person.subject, "/organisations")).status_code == 403
    assert (await registration.get("root", f"/people/{person.id}")).status_code == 404


async def test_events_of_somebody_erased_still_load_and_nothing_more_is_decided(registration: Registration) -> None:
    person = await planted(registration)
    request = await requested(registration, person)
    assert (await decide(registration, request, "erased")).status_code == 200

    again = await decide(registration, request, "erased")
    hold = {"until": "2099-01-01", "ground": "duty", "reason_code": "duty", "reason": "Too late."}
    held = await registration.post("root", f"/people/{person.id}/holds", hold)

    assert (again.status_code, again.json()["code"]) == (409, "erasure-request-decided")
    assert (held.status_code, held.json()["code"]) == (409, "person-erased")


async def test_a_hold_stands_against_it_until_it_is_lifted(registration: Registration) -> None:
    person = await planted(registration)
    request = await requested(registration, person)
    until = (datetime.now(UTC) + timedelta(days=100)).date().isoformat()
    why = {"reason_code": "proof-of-use", "reason": "The funder may ask for five years."}
    held = await registration.post(
        "root", f"/people/{person.id}/holds", {**why, "until": until, "ground": "proof-of-use"}
    )
    assert held.status_code == 201, held.text
    hold = held.json()["id"]

    refused = await decide(registration, request, "erased")
    listed = (await registration.get("root", f"/people/{person.id}/holds")).json()
    lifted = await registration.post("root", f"/people/{person.id}/holds/{hold}/end", why)

    assert (refused.status_code, refused.json()["code"]) == (409, "hold-in-force")
    assert until in refused.json()["way_out"]
    assert [(each["id"], each["until"], each["ground"]) for each in listed] == [(hold, until, "proof-of-use")]
    assert lifted.status_code == 200
    assert (await decide(registration, request, "erased")).status_code == 200


async def test_restricted_data_are_shown_no_more_and_go_on_their_day(registration: Registration) -> None:
    person = await planted(registration)
    request = await requested(registration, person)
    until = (datetime.now(UTC) + timedelta(days=100)).date().isoformat()
    office = await registration.member("office")

    answer = await decide(registration, request, "restricted", until=until, ground="legal-duty")

    assert answer.status_code == 200, answer.text
    seen = [(await registration.get(who, f"/people/{person.id}")).status_code for who in (office, "root")]
    assert seen == [404, 200]
    letter = (await registration.get("root", f"/erasure-requests/{request}/letter", params={"language": "en"})).text
    assert "obliges us to keep them" in letter
    assert "As she wished." in letter
    assert await eraser(registration.parts).once(datetime.now(UTC)) == 0
    assert await in_a_year(registration) >= 1
    shown = (await registration.get("root", f"/erasure-requests/{request}")).json()
    assert (shown["status"], shown["decided_as"], shown["reason_code"]) == ("erased", "time-out", "restriction-over")
    assert await left_over(registration.parts.database, person.words) == []


async def test_a_refusal_names_its_ground(registration: Registration) -> None:
    person = await planted(registration)
    request = await requested(registration, person)

    without = await decide(registration, request, "refused")
    refused = await decide(registration, request, "refused", ground="legal-claims")

    assert (without.status_code, [each["field"] for each in without.json()["errors"]]) == (422, ["ground"])
    assert refused.status_code == 200
    letter = (await registration.get(person.subject, f"/erasure-requests/{request}/letter")).text
    assert "Rechtsansprüche" in letter
    assert (await registration.get("root", f"/people/{person.id}")).status_code == 200


async def test_retention_erases_by_itself_who_has_held_nothing_for_two_years(registration: Registration) -> None:
    gone, staying = await planted(registration), await planted(registration)
    (held,) = (await registration.get(gone.subject, "/me")).json()["memberships"]
    why = {"reason_code": "left-the-town", "reason": "Moved."}
    assert (await registration.post("root", f"/memberships/{held['id']}/end", why)).status_code == 200
    await registration.get("root", "/organisations")

    await eraser(registration.parts).once(datetime.now(UTC) + timedelta(days=700))
    assert (await registration.get("root", f"/people/{gone.id}")).status_code == 200
    await eraser(registration.parts).once(datetime.now(UTC) + timedelta(days=740))

    assert (await registration.get("root", f"/people/{gone.id}")).status_code == 404
    assert await left_over(registration.parts.database, gone.words) == []
    assert (await registration.get("root", f"/people/{staying.id}")).status_code == 200


async def test_for_how_long_people_are_kept_is_a_setting(registration: Registration) -> None:
    gone = await planted(registration)
    (held,) = (await registration.get(gone.subject, "/me")).json()["memberships"]
    why = {"reason_code": "left-the-town", "reason": "Moved."}
    assert (await registration.post("root", f"/memberships/{held['id']}/end", why)).status_code == 200
    await registration.get("root", "/organisations")
    shorter = registration.parts.settings.model_copy(update={"keep_people_days": 10})
    parts = replace(registration.parts, settings=shorter)

    await eraser(parts).once(datetime.now(UTC) + timedelta(days=9))
    assert (await registration.get("root", f"/people/{gone.id}")).status_code == 200
    await eraser(parts).once(datetime.now(UTC) + timedelta(days=11))

    assert (await registration.get("root", f"/people/{gone.id}")).status_code == 404


def test_what_is_kept_where_nothing_is_set_is_what_the_register_says() -> None:
    unset = {name: each.default for name, each in RegistrationSettings.model_fields.items() if name.startswith("keep_")}
    assert unset == {f"keep_{name}_days": period.days for name, period in vars(USUAL).items()}


def test_what_people_need_goes_no_later_than_their_names(registration_database: Made) -> None:
    edge = edge_settings(database_url=registration_database.service_url).model_dump()
    with pytest.raises(ValidationError, match="needs go first"):
        RegistrationSettings(**edge, keep_needs_days=31, keep_participants_days=30)


async def test_the_ledger_is_replayed_and_only_who_came_back_goes(registration: Registration) -> None:
    person, other = await planted(registration), await planted(registration)
    assert (await decide(registration, await requested(registration, person), "erased")).status_code == 200
    listed = (await registration.get("root", "/privacy/ledger", params={"limit": 500})).json()["items"]
    assert person.id in [each["person_id"] for each in listed]

    # As a restore to an earlier moment would: the ledger knows of an erasure, the store does not.
    people = {"people": [person.id, other.id, str(uuid4())]}
    replayed = await registration.post("root", "/privacy/ledger/replay", people)
    again = await registration.post("root", "/privacy/ledger/replay", people)

    assert replayed.json() == {"erased": [other.id]}
    assert again.json() == {"erased": []}
    assert await left_over(registration.parts.database, [*person.words, *other.words]) == []


async def test_a_guest_of_a_meeting_is_erased_as_well(registration: Registration) -> None:
    guest, name = str(uuid4()), canary()
    async with registration.parts.database.connection() as connection:
        await connection.execute(
            "INSERT INTO participants (meeting_id, participant_id, organisation_id, given_name, family_name, email)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            (uuid4(), guest, uuid4(), name, name, f"{name}@example.org"),
        )
    wish = {"reason": f"{name} wrote to us.", "channel": "letter"}
    colleague = await registration.member("coordinator")
    assert (await registration.post(colleague, f"/people/{guest}/erasure-requests", wish)).status_code == 404
    filed = await registration.post("root", f"/people/{guest}/erasure-requests", wish)

    assert (await decide(registration, filed.json()["id"], "erased")).status_code == 200
    assert await left_over(registration.parts.database, [name]) == []


async def test_who_may_ask_and_decide(registration: Registration) -> None:
    person = await planted(registration)
    colleague = await registration.member("coordinator")
    wish = {"reason": "Why not?"}

    asked = {
        who: (await registration.post(subject, f"/people/{person.id}/erasure-requests", wish)).status_code
        for who, subject in (
            ("oneself", person.subject),
            ("registrar", "root"),
            ("colleague", colleague),
            ("nobody known", "stranger"),
        )
    }
    request = await requested(registration, person)
    read = {
        who: (await registration.get(subject, f"/erasure-requests/{request}")).status_code
        for who, subject in (("oneself", person.subject), ("registrar", "root"), ("colleague", colleague))
    }

    assert asked == {"oneself": 201, "registrar": 201, "colleague": 404, "nobody known": 404}
    assert read == {"oneself": 200, "registrar": 200, "colleague": 404}


async def test_nobody_decides_about_themselves(registration: Registration) -> None:
    office = await planted(registration, "office")
    request = await requested(registration, office)

    answer = await registration.post(
        office.subject,
        f"/erasure-requests/{request}/decision",
        {"outcome": "refused", "ground": "public-task", "reason_code": "needed", "reason": "I stay."},
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "own-erasure-request")


async def test_an_export_is_the_same_as_a_walk_through_the_store(registration: Registration) -> None:
    """The walk knows nothing of the register: every row that holds an id of the person, every cell of it."""
    person = await planted(registration)
    await requested(registration, person)
    await registration.get("root", f"/people/{person.id}", params={"why": "wrote-a-letter"})
    await registration.get("root", "/organisations")

    export = (await registration.get(person.subject, f"/people/{person.id}/export")).json()

    shown = str(export)
    assert all(word in shown for word in (*person.words[:4], person.about, person.wish, person.own))
    walked = await cells_about(registration, {export["person_id"], export["actor"]})
    told = {
        (table, value) for table, rows in export["data"].items() for row in rows for value in map(str, row.values())
    }
    texts = {str(text["text"]) for each in export["texts"].values() for text in each}
    missing = {
        (table, column, value)
        for table, column, value in walked
        if (table, value) not in told and not (table == "sealed_texts" and (column != "text" or value in texts))
    }
    # What is left over says nothing about anybody: ids, codes, hashes, and what the register calls plain.
    assert {
        (t, c) for t, c, _ in missing if c not in PLAIN.get(t, ()) and not c.endswith(("_id", "actor", "holder"))
    } == set()
    assert {table for table, _, _ in walked} >= {"people", "sealed_texts", "personal_data_reads", "erasure_requests"}


async def cells_about(registration: Registration, ids: set[str]) -> set[tuple[str, str, str]]:
    """Return table, column and value of every cell in a row that holds one of the ids, past all code of the service."""
    found = set()
    tables = await registration.parts.database.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for name in {row["tablename"] for row in tables} - {"stored_events", "snapshots", "commands"}:
        query = SQL("SELECT row_to_json(t) AS row FROM {} AS t").format(Identifier(name))
        for line in await registration.parts.database.fetch(query):
            if any(each in str(line["row"]) for each in ids):
                found |= {(name, column, str(value)) for column, value in line["row"].items() if value is not None}
    return found


async def test_an_export_on_paper_shows_the_same(registration: Registration) -> None:
    person = await planted(registration)

    printed = await registration.get(person.subject, f"/people/{person.id}/export.pdf")

    assert printed.headers["content-type"] == "application/pdf"
    pages = PdfReader(BytesIO(printed.content)).pages
    read = "".join("".join(page.extract_text() for page in pages).split())
    assert all(word in read for word in (person.given, person.email, person.about))


async def test_reads_are_noted_and_the_person_learns_of_them(registration: Registration) -> None:
    person = await planted(registration)
    office, auditor = await registration.member("office"), await registration.member("auditor")
    await registration.get(office, f"/people/{person.id}", params={"why": "invites-to-a-meeting"})
    await registration.get(auditor, f"/people/{person.id}")

    listed = (await registration.get(person.subject, f"/people/{person.id}/reads")).json()["items"]

    assert [(each["why"], each["route"]) for each in listed] == [("invites-to-a-meeting", "person")]
    assert (await registration.get(auditor, f"/people/{person.id}/reads")).status_code == 200
    assert (await registration.get("stranger", f"/people/{person.id}/reads")).status_code == 404


async def test_what_is_wrong_is_corrected_by_oneself_or_a_registrar(registration: Registration) -> None:
    person = await planted(registration)
    why = {"reason_code": "typing-error", "reason": "It was misspelt."}
    new = f"{canary()}@example.org"

    answer = await registration.post("root", f"/people/{person.id}/rectification", {**why, "email": new})
    nothing = await registration.post("root", f"/people/{person.id}/rectification", why)
    wrong = await registration.post("root", f"/people/{person.id}/rectification", {**why, "email": "x"})

    assert answer.status_code == 200
    assert (await registration.get("root", f"/people/{person.id}")).json()["email"] == new
    assert await left_over(registration.parts.database, [person.email]) == []
    assert (nothing.status_code, nothing.json()["code"]) == (422, "nothing-to-rectify")
    assert wrong.status_code == 422


async def test_verifying_tells_what_is_left_and_quotes_nothing(registration: Registration) -> None:
    person = await planted(registration)
    actor = (await registration.get(person.subject, "/me")).json()["actor"]
    sought = {"person_id": person.id, "actor": actor, "words": person.words[:4]}

    before = (await registration.post("root", "/privacy/verification", sought)).json()
    assert (await decide(registration, await requested(registration, person), "erased")).status_code == 200
    after = (await registration.post("root", "/privacy/verification", sought)).json()

    assert {each["place"] for each in before["left"]} >= {"people.given_name", "people.email", "people.subject"}
    assert person.given not in str(before)
    assert after == {"service": "registration", "searched": 4, "left": []}
