"""People over HTTP: personal data come back from one route, to those who may see them, and from nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from psycopg.sql import SQL, Identifier

from interpares.common.auth import actor_id
from interpares.common.testing.edge import ISSUER
from interpares.registration.domain.membership import PLATFORM

if TYPE_CHECKING:
    from services.registration.tests.conftest import Registration

CANARY = {"given_name": "Canarina", "family_name": "Vogelsang", "email": "canarina@example.org"}
pytestmark = pytest.mark.integration


async def test_a_person_is_registered_by_an_office(registration: Registration) -> None:
    office, subject = await registration.member("office"), f"canary-{uuid4()}"

    answer = await registration.post(office, "/people", {**CANARY, "subject": subject})

    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert made.keys() == {"id", "actor", "position"}
    assert made["actor"] == str(actor_id(ISSUER, subject))
    read = await registration.get(office, f"/people/{made['id']}")
    assert (read.status_code, read.json()) == (200, {"id": made["id"], "actor": made["actor"], **CANARY})


async def test_an_account_is_one_person(registration: Registration) -> None:
    subject = f"canary-{uuid4()}"
    await registration.person(subject)

    answer = await registration.post("root", "/people", {**CANARY, "subject": subject})

    assert (answer.status_code, answer.json()["code"]) == (409, "person-known")
    assert "anar" not in answer.text


async def test_who_sees_a_person(registration: Registration) -> None:
    town, subject = await registration.organisation(), f"clerk-{uuid4()}"
    person = await registration.person(subject)
    await registration.grant(person, "facilitator", town)
    seen = {
        "operator": (await registration.get("root", f"/people/{person}")).status_code,
        "oneself": (await registration.get(subject, f"/people/{person}")).status_code,
    }
    for who, organisation in (
        ("office", None),
        ("coordinator", town),
        ("coordinator", None),
        ("facilitator", town),
        ("auditor", None),
        ("auditor", town),
        ("partner", town),
    ):
        reader = await registration.member(who, organisation)
        label = f"{who} {'of the town' if organisation else 'elsewhere'}"
        seen[label] = (await registration.get(reader, f"/people/{person}")).status_code

    assert seen == {
        "operator": 200,
        "oneself": 200,
        "office elsewhere": 200,
        "coordinator of the town": 200,
        "coordinator elsewhere": 404,
        "facilitator of the town": 404,
        "auditor elsewhere": 404,
        "auditor of the town": 404,
        "partner of the town": 404,
    }


async def test_somebody_elses_person_looks_like_nobody(registration: Registration) -> None:
    person = await registration.person(f"clerk-{uuid4()}")
    reader = await registration.member("coordinator")

    there, nowhere = [await registration.get(reader, f"/people/{each}") for each in (person, uuid4())]

    assert there.status_code == nowhere.status_code == 404
    assert {**there.json(), "trace_id": ""} == {**nowhere.json(), "trace_id": ""}


async def test_a_coordinator_sees_colleagues_no_longer_when_they_have_left(registration: Registration) -> None:
    town = await registration.organisation()
    person = await registration.person(f"clerk-{uuid4()}")
    membership = await registration.grant(person, "facilitator", town)
    coordinator = await registration.member("coordinator", town)
    assert (await registration.get(coordinator, f"/people/{person}")).status_code == 200

    why = {"reason_code": "left-the-town", "reason": "Moved away."}
    assert (await registration.post("root", f"/memberships/{membership}/end", why)).status_code == 200

    assert (await registration.get(coordinator, f"/people/{person}")).status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "canarina"}, "email"),
        ({"email": "canarina@example.org\r\nBcc: all@example.org"}, "email"),
        ({"given_name": ""}, "given_name"),
        ({"family_name": "Vogel\u202esang"}, "family_name"),
        ({"subject": "a\tb"}, "subject"),
        ({"role": "operator"}, "role"),
    ],
)
async def test_what_cannot_be_right_is_refused_with_its_field(
    changes: dict[str, str], field: str, registration: Registration
) -> None:
    answer = await registration.post("root", "/people", {**CANARY, "subject": "s", **changes})

    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert "anarina" not in answer.text


async def test_whoever_asks_learns_who_they_are_without_a_name(registration: Registration) -> None:
    town, subject = await registration.organisation(), f"clerk-{uuid4()}"
    person = await registration.person(subject, **CANARY)
    membership = await registration.grant(person, "coordinator", town)

    stranger = await registration.get("stranger", "/me")
    clerk = await registration.get(subject, "/me")
    root = await registration.get("root", "/me")

    assert stranger.json() == {"actor": str(actor_id(ISSUER, "stranger")), "person_id": None, "memberships": []}
    assert clerk.json() == {
        "actor": str(actor_id(ISSUER, subject)),
        "person_id": person,
        "memberships": [{"id": membership, "organisation_id": town, "capacity": "coordinator"}],
    }
    assert [(each["capacity"], each["organisation_id"]) for each in root.json()["memberships"]] == [
        ("operator", str(PLATFORM))
    ]


async def test_personal_data_and_reasons_lie_in_their_tables_and_nowhere_else(registration: Registration) -> None:
    mark = uuid4().hex
    planted = {name: f"{value.split('@')[0]}{mark}" for name, value in CANARY.items()} | {
        "email": f"{mark}@example.org",
        "subject": f"sub-{mark}",
    }
    person = await registration.person(**planted)
    wish = {"person_id": person, "organisation_id": await registration.organisation(), "capacity": "coordinator"}
    why = {"reason_code": "new-in-office", "reason": f"Because of {mark}.", "about": [person]}
    assert (await registration.post("root", "/memberships", {**wish, **why})).status_code == 201
    # Views are brought up to date before they are read, so that they are searched as well.
    assert (await registration.get("root", "/organisations")).status_code == 200

    database = registration.parts.database
    tables = await database.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    holding = set()
    for name in {row["tablename"] for row in tables}:
        query = SQL("SELECT row_to_json(t)::text AS line FROM {} AS t").format(Identifier(name))
        lines = [row["line"] for row in await database.fetch(query)]
        if any(each in line for line in lines for each in (mark, mark.encode().hex())):
            holding.add(name)
    assert holding == {"people", "sealed_texts"}
