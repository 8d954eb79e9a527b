"""The composition root: the one module that knows every part of the service."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from uuid_utils.compat import uuid7

from interpares.common.auth import actor_id
from interpares.common.context import Occasion, acting
from interpares.common.sealed import seal
from interpares.common.service import Parts, Service
from interpares.registration.application.decided import OperatorNamed
from interpares.registration.application.name_operator import NameOperator, name_operator
from interpares.registration.domain.errors import CapacityHeld
from interpares.registration.entrypoints.http.applications import application_routes
from interpares.registration.entrypoints.http.files import file_routes, sending_routes
from interpares.registration.entrypoints.http.memberships import membership_routes
from interpares.registration.entrypoints.http.organisations import organisation_routes
from interpares.registration.entrypoints.http.people import people_routes
from interpares.registration.entrypoints.http.policy import POLICY
from interpares.registration.entrypoints.publications import publish
from interpares.registration.entrypoints.subscriptions import PRODUCER, handlers
from interpares.registration.infrastructure.calls import CallRows, CallTable
from interpares.registration.infrastructure.contents import FileContents
from interpares.registration.infrastructure.dealings import DealingsTable
from interpares.registration.infrastructure.files import FileRoom, FileTable
from interpares.registration.infrastructure.keys import KeyTable
from interpares.registration.infrastructure.own_memberships import OwnMemberships
from interpares.registration.infrastructure.pending_applications import PendingApplicationTable
from interpares.registration.infrastructure.people import PeopleTable
from interpares.registration.infrastructure.sealed_texts import SealedTextTable
from interpares.registration.projections.applications import ApplicationsProjector
from interpares.registration.projections.memberships import MembershipsProjector
from interpares.registration.projections.organisations import OrganisationsProjector
from interpares.registration.settings import RegistrationSettings

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from fastapi import APIRouter

# Whoever runs ``migrate`` acts under this id: no account has it.
SETUP = UUID("0192f0c0-0000-7000-8000-000000000002")
MIGRATIONS = Path(__file__).parent / "infrastructure" / "migrations" / "versions"


def routers(parts: Parts) -> list[APIRouter]:
    """Return the routes of the API."""
    memberships = OwnMemberships(parts.database)
    people = PeopleTable(parts.database)
    files, room, dealings = FileTable(parts.database), FileRoom(parts.settings.files_url), DealingsTable(parts.database)
    return [
        organisation_routes(parts.commands, parts.database, KeyTable()),
        people_routes(parts.commands, people, parts.settings.oidc_issuer),
        membership_routes(parts.commands, memberships),
        application_routes(
            parts.commands,
            parts.store,
            parts.database,
            calls=CallTable(parts.database),
            pending=PendingApplicationTable(),
            texts=SealedTextTable(parts.database),
        ),
        sending_routes(parts.commands, files, room, FileContents(), dealings, size=parts.settings.files_max_bytes),
        file_routes(parts.commands, files, room, dealings),
    ]


def arguments(parser: ArgumentParser) -> None:
    """Add what ``migrate`` takes here."""
    parser.add_argument(
        "--operator", metavar="SUBJECT", help="with migrate: make this account (sub of its tokens) an operator"
    )


async def after_migration(parts: Parts, given: Namespace) -> None:
    """Name the operator, if one is given and is none yet."""
    if given.operator is None:
        return
    memberships = OwnMemberships(parts.database)
    command_id = uuid7()
    command = NameOperator(
        membership_id=uuid7(),
        actor=actor_id(parts.settings.oidc_issuer, given.operator),
        reason=seal("Named when the platform was set up.", SETUP),
    )
    now = datetime.now(UTC)
    with acting(Occasion(SETUP, command_id, correlation_id=command_id, causation_id=None, now=now)):
        use_case = partial(name_operator, memberships=memberships)
        try:
            await parts.commands.run(use_case, command, lane=command_id, returns=OperatorNamed)
        except CapacityHeld:
            # Another process named the same operator at the same moment.
            return


SERVICE = Service(
    name="registration",
    settings=RegistrationSettings,
    migrations=MIGRATIONS,
    memberships=OwnMemberships,
    routers=routers,
    policy=POLICY,
    projectors=(OrganisationsProjector(), MembershipsProjector(), ApplicationsProjector()),
    publish=publish,
    subscriptions={PRODUCER: handlers(CallRows(), PendingApplicationTable())},
    arguments=arguments,
    after_migration=after_migration,
)
