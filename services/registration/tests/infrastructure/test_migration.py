"""``migrate --operator`` on real PostgreSQL, and what the service role may not do."""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

import psycopg
import pytest

from interpares.common.auth import actor_id
from interpares.common.policy import Capacity
from interpares.common.schema import migrate
from interpares.common.testing.edge import ISSUER
from interpares.registration.domain.membership import PLATFORM
from interpares.registration.main import SERVICE, SETUP, after_migration, arguments

if TYPE_CHECKING:
    from services.registration.tests.conftest import Registration

    from interpares.common.testing.databases import Database as Made

pytestmark = pytest.mark.integration


async def operators(registration: Registration, subject: str) -> list[tuple[Capacity, object]]:
    held = await registration.parts.memberships.of(actor_id(ISSUER, subject))
    return [(membership.capacity, membership.organisation_id) for membership in held]


async def test_an_operator_is_named_once_however_often_it_is_said(registration: Registration) -> None:
    for _ in range(2):
        await asyncio.gather(
            *(after_migration(registration.parts, Namespace(operator="first-operator")) for _ in range(5))
        )

    assert await operators(registration, "first-operator") == [(Capacity.OPERATOR, PLATFORM)]
    (event,) = [
        recorded.event
        for recorded in await registration.parts.store.read(0, 10_000)
        if getattr(recorded.event, "actor", None) == actor_id(ISSUER, "first-operator")
    ]
    assert (event.metadata.actor, event.person_id, event.acting_as) == (SETUP, None, "operator")


async def test_without_an_operator_nobody_is_named(registration: Registration) -> None:
    head = await registration.parts.store.head()

    await after_migration(registration.parts, arguments_of("migrate"))

    assert await registration.parts.store.head() == head


async def test_an_operator_whose_membership_ended_can_be_named_again(registration: Registration) -> None:
    await after_migration(registration.parts, arguments_of("migrate", "--operator", "came-back"))
    mine = (await registration.get("came-back", "/me")).json()["memberships"]
    why = {"reason_code": "left-the-platform", "reason": "A new post."}
    assert (await registration.post("came-back", f"/memberships/{mine[0]['id']}/end", why)).status_code == 200
    assert await operators(registration, "came-back") == []

    await after_migration(registration.parts, arguments_of("migrate", "--operator", "came-back"))

    assert await operators(registration, "came-back") == [(Capacity.OPERATOR, PLATFORM)]


def arguments_of(*line: str) -> Namespace:
    parser = ArgumentParser()
    parser.add_argument("roles", nargs="+")
    arguments(parser)
    return parser.parse_args(line)


def test_migrating_again_changes_nothing_and_history_is_out_of_reach(registration_database: Made) -> None:
    migrate(registration_database.owner_url, registration_database.service_url, SERVICE.migrations)

    with psycopg.connect(registration_database.service_url, autocommit=True) as connection:
        for statement in (
            "UPDATE stored_events SET topic = ''",
            "DELETE FROM stored_events",
            "TRUNCATE stored_events",
            "DELETE FROM commands",
            "DROP TABLE people",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
