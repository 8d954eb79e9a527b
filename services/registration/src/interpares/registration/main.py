"""The composition root: the one module that knows every part of the service."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from uuid_utils.compat import uuid7

from interpares.common.auth import actor_id
from interpares.common.context import Occasion, acting
from interpares.common.feed import ServiceToken
from interpares.common.leftovers import Leftover
from interpares.common.sealed import seal
from interpares.common.service import Parts, Service
from interpares.common.settings import variable
from interpares.registration.application.decided import OperatorNamed
from interpares.registration.application.name_operator import NameOperator, name_operator
from interpares.registration.domain.errors import CapacityHeld
from interpares.registration.domain.privacy.register import Periods
from interpares.registration.entrypoints.asked.contacts import Contacts
from interpares.registration.entrypoints.heard import meetings as heard_meetings
from interpares.registration.entrypoints.heard import privacy as heard_privacy
from interpares.registration.entrypoints.heard.requirements import requirement_handlers
from interpares.registration.entrypoints.heard.seats import meeting_handlers
from interpares.registration.entrypoints.http.applications import application_routes, call_routes
from interpares.registration.entrypoints.http.directory import directory_routes
from interpares.registration.entrypoints.http.drafts import draft_routes
from interpares.registration.entrypoints.http.erasure_requests import asking_routes, erasure_routes
from interpares.registration.entrypoints.http.exports import Exports, guest_routes, person_export_routes
from interpares.registration.entrypoints.http.facilitators import facilitator_routes
from interpares.registration.entrypoints.http.files import file_routes, sending_routes
from interpares.registration.entrypoints.http.imports import CSV, XLSX, export_routes, import_routes, upload_routes
from interpares.registration.entrypoints.http.invitations import invitation_routes, invited_routes
from interpares.registration.entrypoints.http.ledger import ledger_routes
from interpares.registration.entrypoints.http.mandates import mandate_routes
from interpares.registration.entrypoints.http.memberships import membership_routes
from interpares.registration.entrypoints.http.organisations import organisation_routes
from interpares.registration.entrypoints.http.participants import attendance_routes, participant_routes
from interpares.registration.entrypoints.http.people import people_routes
from interpares.registration.entrypoints.http.personal_data import personal_data_routes
from interpares.registration.entrypoints.http.plans import plan_routes
from interpares.registration.entrypoints.http.policy import POLICY
from interpares.registration.entrypoints.http.prerequisites import prerequisite_routes
from interpares.registration.entrypoints.http.rankings import measuring_routes, ranking_routes
from interpares.registration.entrypoints.http.registrars import Registrars
from interpares.registration.entrypoints.http.seat_links import SeatPage, seat_link_routes
from interpares.registration.entrypoints.http.seats import seat_routes
from interpares.registration.entrypoints.publications import publish
from interpares.registration.entrypoints.subscriptions import PRODUCER, handlers, merged
from interpares.registration.entrypoints.timed.retention import Eraser
from interpares.registration.entrypoints.timed.seats import SeatClock
from interpares.registration.entrypoints.timed.terms import Terms
from interpares.registration.infrastructure import ledger_file
from interpares.registration.infrastructure.attendance import AttendanceRows, AttendanceTable
from interpares.registration.infrastructure.calls import CallRows, CallTable
from interpares.registration.infrastructure.contents import FileContents
from interpares.registration.infrastructure.dealings import DealingsTable, ReachTable
from interpares.registration.infrastructure.eligibility import RoleConditions
from interpares.registration.infrastructure.files import FileRoom, FileTable
from interpares.registration.infrastructure.importing import Importer
from interpares.registration.infrastructure.imports import ImportTable, ListedImports
from interpares.registration.infrastructure.joining import InviteeTable, QualificationTable
from interpares.registration.infrastructure.keys import KeyTable
from interpares.registration.infrastructure.ledger_file import LedgerFile
from interpares.registration.infrastructure.meetings import MeetingTable, ParticipantTable
from interpares.registration.infrastructure.names import NameTable
from interpares.registration.infrastructure.own_memberships import OwnMemberships
from interpares.registration.infrastructure.pending_applications import PendingApplicationTable, WaitingApplicationTable
from interpares.registration.infrastructure.people import PeopleTable
from interpares.registration.infrastructure.personal_data import PersonalDataTables
from interpares.registration.infrastructure.personal_links import PersonalLinkTable
from interpares.registration.infrastructure.privacy_tables import Due, ErasureLedger, GuestTable, ReadLog, confirming
from interpares.registration.infrastructure.requirements import RequirementRows, RequirementTable
from interpares.registration.infrastructure.rooms import fault_of
from interpares.registration.infrastructure.sealed_texts import SealedTextTable
from interpares.registration.infrastructure.spreadsheets.reading import read_rows
from interpares.registration.infrastructure.spreadsheets.writing import as_csv, as_xlsx
from interpares.registration.infrastructure.texts_elsewhere import TextsOfAllServices
from interpares.registration.infrastructure.twinnings import TwinningTable
from interpares.registration.projections.applications import ApplicationsProjector
from interpares.registration.projections.drafts import DraftsProjector
from interpares.registration.projections.joining import Joining, JoiningProjector
from interpares.registration.projections.memberships import MembershipsProjector
from interpares.registration.projections.organisations import OrganisationsProjector
from interpares.registration.projections.prerequisites import PrerequisitesProjector
from interpares.registration.projections.privacy import PrivacyProjector
from interpares.registration.projections.rankings import RankingsProjector
from interpares.registration.projections.seats import Seats, SeatsProjector
from interpares.registration.projections.twinnings import TwinningsProjector
from interpares.registration.settings import RegistrationSettings

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from fastapi import APIRouter

    from interpares.common.messaging import Connection
    from interpares.common.service import Tasks

# Whoever runs ``migrate`` acts under this id: no account has it.
SETUP = UUID("0192f0c0-0000-7000-8000-000000000002")
MIGRATIONS = Path(__file__).parent / "infrastructure" / "migrations" / "versions"


def routers(parts: Parts) -> list[APIRouter]:
    """Return the routes of the API."""
    memberships = OwnMemberships(parts.database)
    people = PeopleTable(parts.database)
    files, room, dealings = FileTable(parts.database), FileRoom(parts.settings.files_url), DealingsTable(parts.database)
    return [
        *directory_routers(parts),
        people_routes(
            parts.commands, people, ReadLog(parts.database), registrars_of(parts), issuer=parts.settings.oidc_issuer
        ),
        membership_routes(parts.commands, parts.store, memberships, registrars_of(parts)),
        *applying_routers(parts),
        sending_routes(parts.commands, files, room, FileContents(), dealings, size=parts.settings.files_max_bytes),
        file_routes(parts.commands, files, room, dealings),
        *joining_routers(parts, people, memberships),
        *privacy_routers(parts, people, memberships),
        *seat_routers(parts),
        prerequisite_routes(
            parts.commands,
            parts.store,
            parts.database,
            files=files,
            dealings=dealings,
            requirements=RequirementTable(parts.database),
            texts=SealedTextTable(parts.database),
        ),
        plan_routes(
            parts.database,
            dealings=dealings,
            people=people,
            texts=SealedTextTable(parts.database),
            registrars=registrars_of(parts),
        ),
    ]


def registrars_of(parts: Parts) -> Registrars:
    """Return what tells whom a registrar sees to."""
    return Registrars(ReachTable(parts.database))


def directory_routers(parts: Parts) -> list[APIRouter]:
    """Return the routes of the directory."""
    keys, imports = KeyTable(parts.database), ImportTable(parts.database)
    return [
        export_routes(parts.database, {CSV: as_csv, XLSX: as_xlsx}),
        organisation_routes(parts.commands, parts.database, keys, registrars_of(parts)),
        directory_routes(parts.commands, parts.database, keys, TwinningTable(), registrars_of(parts)),
        upload_routes(parts.commands, read=read_rows, keys=keys, names=NameTable(parts.database), imports=imports),
        import_routes(parts.commands, imports, ListedImports(parts.database)),
    ]


def applying_routers(parts: Parts) -> list[APIRouter]:
    """Return the routes of calls, drafts, applications and rankings."""
    commands, store, database = parts.commands, parts.store, parts.database
    calls, pending, texts = CallTable(database), PendingApplicationTable(), SealedTextTable(database)
    eligibility = RoleConditions(calls, AttendanceTable(database))
    return [
        call_routes(store, calls=calls, eligibility=eligibility),
        application_routes(
            commands, store, database, calls=calls, pending=pending, eligibility=eligibility, texts=texts
        ),
        draft_routes(commands, store, database, calls=calls, pending=pending, eligibility=eligibility, texts=texts),
        measuring_routes(commands, store, calls=calls),
        ranking_routes(commands, database, calls=calls, waiting=WaitingApplicationTable(database)),
    ]


def joining_routers(parts: Parts, people: PeopleTable, memberships: OwnMemberships) -> list[APIRouter]:
    """Return the routes about who joins, goes, stands in and accompanies."""
    commands, database, reads = parts.commands, parts.database, ReadLog(parts.database)
    invitees, links = InviteeTable(database), PersonalLinkTable(database)
    return [
        invitation_routes(
            commands, database, invitees=invitees, links=links, reads=reads, registrars=registrars_of(parts)
        ),
        invited_routes(commands, database, invitees=invitees, links=links, people=people, memberships=memberships),
        mandate_routes(
            commands, parts.store, database, people=people, memberships=memberships, registrars=registrars_of(parts)
        ),
        facilitator_routes(
            commands,
            database,
            people=people,
            qualifications=QualificationTable(database),
            reads=reads,
            registrars=registrars_of(parts),
        ),
    ]


def seat_routers(parts: Parts) -> list[APIRouter]:
    """Return the routes about seats at meetings, and the page behind a personal link."""
    meetings, participants = MeetingTable(parts.database), ParticipantTable()
    links, reads = PersonalLinkTable(parts.database), ReadLog(parts.database)
    return [
        seat_routes(parts.commands, parts.store, meetings=meetings, participants=participants, links=links),
        participant_routes(parts.commands, parts.database, meetings=meetings, participants=participants, reads=reads),
        attendance_routes(parts.commands, parts.database, meetings=meetings),
        *seat_link_routes(
            SeatPage(parts.commands, Seats(parts.database), meetings=meetings, participants=participants, links=links)
        ),
    ]


def privacy_routers(parts: Parts, people: PeopleTable, memberships: OwnMemberships) -> list[APIRouter]:
    """Return the routes about personal data."""
    settings, database = parts.settings, parts.database
    store, ledger = PersonalDataTables(database), ErasureLedger(database)
    token = ServiceToken(settings.token_url, settings.client_id, settings.client_secret.get_secret_value(), parts.http)
    elsewhere = TextsOfAllServices(database, settings.feed_urls, token, parts.http)
    guests, reads = GuestTable(database), ReadLog(database)
    exports = Exports(store, elsewhere, reads)
    return [
        personal_data_routes(
            parts.commands, database, people=people, store=store, reads=reads, registrars=registrars_of(parts)
        ),
        person_export_routes(exports, people, guests, registrars_of(parts)),
        guest_routes(exports, people=people, guests=guests, links=PersonalLinkTable(database)),
        asking_routes(parts.commands, people, guests, registrars_of(parts)),
        erasure_routes(
            parts.commands,
            parts.store,
            database,
            store=store,
            memberships=memberships,
            files=FileTable(database),
            room=FileRoom(settings.files_url),
            texts=SealedTextTable(database),
            confirmations=ledger,
            registrars=registrars_of(parts),
        ),
        ledger_routes(ledger, eraser(parts).again),
    ]


def periods_of(settings: RegistrationSettings) -> Periods:
    """Return for how long personal data are kept."""
    days = {each.name: getattr(settings, f"keep_{each.name}_days") for each in fields(Periods)}
    return Periods(**{name: timedelta(days=number) for name, number in days.items()})


def eraser(parts: Parts) -> Eraser:
    """Return what erases without being asked."""
    database, periods = parts.database, periods_of(parts.settings)
    return Eraser(
        parts.commands,
        Due(database),
        store=PersonalDataTables(database, periods),
        memberships=OwnMemberships(database),
        files=FileTable(database),
        tidy=partial(FileRoom(parts.settings.files_url).tidied, database),
        keep=periods.people,
    )


async def trial(settings: RegistrationSettings) -> str | None:
    """Return why files cannot be kept where the settings want them, if so."""
    fault = await fault_of(settings.files_url)
    return None if fault is None else f"{variable(RegistrationSettings, 'files_url')}: {fault}"


async def remains(parts: Parts) -> list[Leftover]:
    """Return how many contents still lie where files are kept that nobody is to find any more."""
    left = await FileRoom(parts.settings.files_url).left(parts.database)
    return [Leftover("contents nobody is to find", left)] if left else []


def terms(parts: Parts) -> Terms:
    """Return what lets terms begin and end."""
    database = parts.database
    return Terms(
        parts.commands,
        Joining(database),
        memberships=OwnMemberships(database),
        invitees=InviteeTable(database),
        links=PersonalLinkTable(database),
    )


def contacts(parts: Parts) -> Contacts:
    """Return what tells other services whom to write to."""
    people, reads = PeopleTable(parts.database), ReadLog(parts.database)
    return Contacts(parts.verifier, parts.settings.service_subjects, people, reads)


def tasks(parts: Parts, nats: Connection) -> Tasks:
    """Return what the worker does besides: what is due by the clock, and imports that were confirmed."""
    importer = Importer(parts.commands, ImportTable(parts.database), KeyTable(parts.database))
    clock = SeatClock(parts.commands, Seats(parts.database), ParticipantTable())
    by_clock: Tasks = {
        "retention": partial(eraser(parts).run, parts.database),
        "terms": partial(terms(parts).run, parts.database),
        "contacts": partial(contacts(parts).run, nats.core),
        "imports": importer.run,
        "seats": partial(clock.run, parts.database),
    }
    path = parts.settings.erasure_ledger
    if path is None:
        return by_clock
    return {**by_clock, "ledger": partial(LedgerFile(path, ErasureLedger(parts.database)).run, parts.database)}


def arguments(parser: ArgumentParser) -> None:
    """Add what ``migrate`` takes here."""
    parser.add_argument(
        "--operator", metavar="SUBJECT", help="with migrate: make this account (sub of its tokens) an operator"
    )


async def after_migration(parts: Parts, given: Namespace) -> None:
    """Erase again whoever a restore brought back, and name the operator, if one is given and is none yet."""
    if parts.settings.erasure_ledger is not None:
        again = eraser(parts).again
        for person_id in ledger_file.read(parts.settings.erasure_ledger):
            await again(person_id)
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
    projectors=(
        OrganisationsProjector(),
        TwinningsProjector(),
        MembershipsProjector(),
        ApplicationsProjector(),
        DraftsProjector(),
        RankingsProjector(),
        PrivacyProjector(),
        JoiningProjector(),
        PrerequisitesProjector(),
        SeatsProjector(),
    ),
    publish=publish,
    subscriptions={
        PRODUCER: merged(
            handlers(CallRows(), PendingApplicationTable()),
            heard_privacy.handlers(PRODUCER, confirming),
            heard_meetings.handlers(AttendanceRows()),
            requirement_handlers(RequirementRows()),
            meeting_handlers(MeetingTable(), ParticipantTable()),
        )
    },
    tasks=tasks,
    arguments=arguments,
    after_migration=after_migration,
    trial=trial,
    remains=remains,
)
