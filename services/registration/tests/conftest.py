"""The occasion under which tests decide, and the service on real PostgreSQL.

``registration`` is a whole service but for its worker: a migrated database, commands, the API, and views that are
brought up to date before every read. Tests speak to it as its clients do; the first operator is named as
``migrate --operator`` does it.
"""

from __future__ import annotations

import json
from argparse import Namespace
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import httpx2
import pytest
from uuid_utils.compat import uuid7

from interpares.common.append import GroupAppender
from interpares.common.commands import Commands, UnitOfWork
from interpares.common.context import Occasion, acting
from interpares.common.contracts.programme import (
    CallClosed,
    CallOpened,
    DecisionSummary,
    Meeting,
    MeetingPlanned,
    ProgrammeDrafted,
)
from interpares.common.database import Database
from interpares.common.envelope import Message, opened
from interpares.common.eventstore import EventStore
from interpares.common.health import Health
from interpares.common.runtime import build_api
from interpares.common.schema import migrate
from interpares.common.service import Parts
from interpares.common.testing.edge import TokenIssuer, client_of, edge_settings
from interpares.common.views import Views
from interpares.common.wakeups import Wakeups
from interpares.common.writes import CommandRecord
from interpares.registration.main import SERVICE, after_migration
from interpares.registration.settings import RegistrationSettings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from interpares.common.contracts.contract import Contract
    from interpares.common.testing.databases import Database as Made
    from interpares.common.testing.databases import PostgresServer

ROOT = "root"
AUDIENCES = {
    "mayors": {"de": "Bürgermeister*innen", "en": "Mayors"},
    "planners": {"de": "Stadtplanung", "en": "Planning staff"},
}
WHY = {"reason_code": "new-in-office", "reason": "She took over the climate desk."}


@pytest.fixture
def now_acting() -> Iterator[Occasion]:
    """The occasion in force during the test: noon on the first of March 2026."""
    occasion = Occasion(
        actor=UUID(int=1),
        command_id=UUID(int=2),
        correlation_id=UUID(int=3),
        causation_id=None,
        now=datetime(2026, 3, 1, 12, tzinfo=UTC),
    )
    with acting(occasion):
        yield occasion


@dataclass(frozen=True)
class Registration:
    """A running registration service and those who speak to it, each named by the subject of their tokens."""

    parts: Parts
    views: Views
    issuer: TokenIssuer
    client: httpx2.AsyncClient

    async def get(self, subject: str, path: str, **options: Any) -> httpx2.Response:
        """Read as somebody, from views that know all that happened."""
        for projector in SERVICE.projectors:
            while await self.views.advance(projector):
                pass
        return await self._send("GET", subject, path, options)

    async def post(self, subject: str, path: str, body: Any = None, **options: Any) -> httpx2.Response:
        """Command as somebody."""
        return await self._send("POST", subject, path, {"json": body, **options})

    async def send_file(
        self,
        subject: str,
        organisation_id: str,
        content: Any,
        kind: str = "text/plain",
        name: str = "note.txt",
        **headers: str,
    ) -> httpx2.Response:
        """Send a file as somebody."""
        path = f"/api/v1/organisations/{organisation_id}/files"
        whole = self.issuer.bearer(subject) | {"Content-Type": kind} | headers
        return await self.client.post(path, params={"name": name}, content=content, headers=whole)

    async def _send(self, method: str, subject: str, path: str, options: dict[str, Any]) -> httpx2.Response:
        headers = self.issuer.bearer(subject) | options.pop("headers", {})
        return await self.client.request(method, f"/api/v1{path}", headers=headers, **options)

    async def organisation(self, name: str = "Gmunden", country: str = "AT", **changes: Any) -> str:
        """Register a municipality and return its id."""
        keys = [{"scheme": "TEST", "value": uuid4().hex}]
        body = {"kind": "municipality", "country": country, "keys": keys, "names": {"de": name}, **changes}
        return created(await self.post(ROOT, "/organisations", body))

    async def person(self, subject: str, **changes: Any) -> str:
        """Register a person and return their id."""
        body = {"given_name": "Erika", "family_name": "Muster", "email": "erika@example.org", "subject": subject}
        return created(await self.post(ROOT, "/people", body | changes))

    async def grant(self, person_id: str, capacity: str, organisation_id: str) -> str:
        """Grant a membership as the operator and return its id."""
        body = {"person_id": person_id, "organisation_id": organisation_id, "capacity": capacity, **WHY}
        return created(await self.post(ROOT, "/memberships", body))

    async def member(self, capacity: str, organisation_id: str | None = None) -> str:
        """Let somebody new hold a capacity, in an organisation of its own unless one is given; return the subject."""
        subject = f"{capacity}-{uuid4().hex}"
        await self.grant(await self.person(subject), capacity, organisation_id or await self.organisation())
        return subject

    async def open_call(self, office_id: str | None = None, **changes: Any) -> CallOpened:
        """Let a programme open a call for nine days, heard of here."""
        facts: dict[str, Any] = {
            "programme_id": uuid7(),
            "decision": summary(),
            "call_id": uuid7(),
            "office_id": UUID(office_id) if office_id else uuid4(),
            "title": {"de": "MULTIPLY"},
            "roles": ("front-runner", "follower"),
            "strands": ("AT", "DE"),
            "deadline_local": (datetime.now(UTC) + timedelta(days=9)).strftime("%Y-%m-%dT12:00"),
            "deadline_zone": "Europe/Brussels",
        }
        opened = CallOpened(**facts | changes)
        await self.hear(opened)
        return opened

    async def close_call(self, call: CallOpened) -> None:
        """Let a programme close its call, heard of here."""
        await self.hear(CallClosed(programme_id=call.programme_id, decision=summary(), call_id=call.call_id))

    async def meeting(self, host_id: str | None = None, **changes: Any) -> Meeting:
        """Let a programme plan a meeting, heard of here; office_id: whose programme it is."""
        office_id, kind = changes.pop("office_id", None), changes.pop("kind", MeetingPlanned)
        programme_id = changes.pop("programme_id", None) or uuid7()
        facts: dict[str, Any] = {
            "meeting_id": uuid7(),
            "revision": 1,
            "status": "planned",
            "title": {"de": "Energie im Quartier", "en": "Energy in the district"},
            "format": "workshop",
            "mode": "on-site",
            "strand": "AT",
            "duty": None,
            "host_id": UUID(host_id) if host_id else None,
            "organiser_id": None,
            "venue": {"place": "Weiz", "country": "AT"},
            "starts_local": "2099-05-01T09:00",
            "ends_local": "2099-05-02T16:00",
            "zone": "Europe/Vienna",
            "audiences": (),
            "themes": (),
            "languages": (),
            "invited": (),
            "seats": None,
        }
        meeting = Meeting.model_validate(facts | changes)
        if office_id:
            drafted = ProgrammeDrafted(
                programme_id=programme_id,
                decision=summary(),
                office_id=UUID(office_id),
                title={"de": "MULTIPLY"},
                template="multiply",
                template_version=1,
                template_hash="0" * 64,
                strands=("AT",),
                audiences=AUDIENCES,
            )
            await self.hear(drafted)
        await self.hear(kind(programme_id=programme_id, decision=summary(), meeting=meeting))
        return meeting

    async def hear(self, contract: Contract) -> None:
        """Take in an event of the programme service as its inbox does."""
        body = {
            "specversion": "1.0",
            "id": str(uuid4()),
            "type": contract.TYPE,
            "source": "/services/programme",
            "subject": f"programme/{uuid4()}",
            "time": datetime.now(UTC).isoformat(),
            "data": contract.model_dump(mode="json"),
        }
        event = opened(Message("evt.programme", {"digest": ""}, json.dumps(body).encode(), position=1, previous=0))
        unit, command_id = UnitOfWork(self.parts.store), uuid4()
        with acting(Occasion(uuid4(), command_id, event.correlation_id, event.id, datetime.now(UTC))):
            await SERVICE.subscriptions["programme"][contract.TYPE](event, unit)
            await self.parts.appender.append(unit.as_append(CommandRecord(command_id, b"", {})))


def summary(reason_code: str = "as-planned") -> DecisionSummary:
    """Return what a decision of a programme says about itself."""
    now = datetime.now(UTC)
    return DecisionSummary(
        decision_id=uuid4(),
        type="x",
        subject="x:y",
        outcome="z",
        reason_code=reason_code,
        decided_at=now,
        effective_at=now,
        follows=None,
    )


def created(answer: httpx2.Response) -> str:
    """Return the id of what an answer says was created."""
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


@pytest.fixture(scope="session")
def registration_database(postgres: PostgresServer) -> Iterator[Made]:
    """One migrated database for all tests of a session: they tell their things apart by ids."""
    made = postgres.create_service("registration")
    migrate(made.owner_url, made.service_url, SERVICE.migrations)
    yield made
    postgres.drop_service(made)


@pytest.fixture
async def registration(registration_database: Made) -> AsyncIterator[Registration]:
    """The service, with an operator whose subject is ``root``."""
    async with serving(registration_database) as running:
        await after_migration(running.parts, Namespace(operator=ROOT))
        yield running


@asynccontextmanager
async def serving(made: Made, files_url: str | None = None) -> AsyncIterator[Registration]:
    """Run the service on a database. files_url: where it keeps files, in a folder that goes with it if not given."""
    edge = edge_settings(database_url=made.service_url, service_subjects={"service-programme"})
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory())
        room = files_url or f"file://{folder}"
        settings = RegistrationSettings(**edge.model_dump(), files_url=room, files_max_bytes=2**21)
        database = Database(made.service_url, size=5)
        await database.open()
        stack.push_async_callback(database.close)
        store, appender, issuer = EventStore(database), GroupAppender(database), TokenIssuer()
        await appender.start()
        stack.push_async_callback(appender.stop)
        parts = Parts(
            settings=settings,
            database=database,
            store=store,
            appender=appender,
            commands=Commands(database, store, appender),
            memberships=SERVICE.memberships(database),
            verifier=issuer.verifier(),
            http=await stack.enter_async_context(httpx2.AsyncClient()),
        )
        views = Views(database, Wakeups(database), SERVICE.projectors)
        client = await stack.enter_async_context(client_of(build_api(SERVICE, parts, Health())))
        yield Registration(parts, views, issuer, client)
