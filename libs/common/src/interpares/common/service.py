"""What a service is made of: its description, and the parts its roles share."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from interpares.common.append import GroupAppender
from interpares.common.auth import Verifier, issuer_client, verifier
from interpares.common.commands import Commands
from interpares.common.database import Database
from interpares.common.eventstore import EventStore

if TYPE_CHECKING:
    import argparse
    from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
    from pathlib import Path

    import httpx2
    from fastapi import APIRouter

    from interpares.common.commands import UnitOfWork
    from interpares.common.envelope import Arrived
    from interpares.common.leftovers import Leftover
    from interpares.common.messaging import Connection
    from interpares.common.policy import Memberships, Policy
    from interpares.common.projecting import Projector
    from interpares.common.relay import Publish
    from interpares.common.settings import ServiceSettings

    Handlers = Mapping[str, Callable[[Arrived, UnitOfWork], Awaitable[None]]]
    Tasks = Mapping[str, Callable[[], Coroutine[Any, Any, None]]]


@dataclass(frozen=True)
class Parts:
    """What the roles of a process share."""

    settings: Any
    database: Database
    store: EventStore
    appender: GroupAppender
    commands: Commands
    memberships: Memberships
    verifier: Verifier
    http: httpx2.AsyncClient


@dataclass(frozen=True)
class Service:
    """What makes one service differ from another.

    routers: made from the parts, for the API. policy: a rule for each of their routes, with the whole path.
    subscriptions: handlers by producing service and event type. after_migration: runs with the arguments of
    ``migrate`` once the schema is there. tasks: what its worker does besides, by name; given the parts and the
    connection to NATS, which may be away. A task whose work only one replica shall
    do waits with ``leadership.leading``. trial: looks, before api or worker start, at what they could not do without
    and what their operator can mend; returns what is wrong, in one line that names the setting. remains: what should be
    gone and is not, beside what lies in tables; told to whoever verifies an erasure.
    """

    name: str
    settings: type[ServiceSettings]
    migrations: Path
    memberships: Callable[[Database], Memberships]
    routers: Callable[[Parts], Sequence[APIRouter]]
    policy: Policy
    projectors: Sequence[Projector]
    publish: Publish
    subscriptions: Mapping[str, Handlers]
    arguments: Callable[[argparse.ArgumentParser], None] = field(default=lambda _parser: None)
    after_migration: Callable[[Parts, argparse.Namespace], Awaitable[None]] | None = None
    tasks: Callable[[Parts, Connection], Tasks] = field(default=lambda _parts, _nats: {})
    trial: Callable[[Any], Coroutine[Any, Any, str | None]] | None = None
    remains: Callable[[Parts], Awaitable[Sequence[Leftover]]] | None = None


@asynccontextmanager
async def parts_of(service: Service, settings: ServiceSettings) -> AsyncIterator[Parts]:
    """Open what the roles share, close it in reverse: first what writes, then what it writes to."""
    async with AsyncExitStack() as stack:
        direct = settings.database_direct_url
        database = Database(
            settings.database_url.get_secret_value(),
            direct=direct.get_secret_value() if direct else None,
            application=f"interpares-{service.name}",
        )
        await database.open()
        stack.push_async_callback(database.close)
        store, appender = EventStore(database), GroupAppender(database)
        await appender.start()
        stack.push_async_callback(appender.stop)
        http = await stack.enter_async_context(issuer_client(settings))
        yield Parts(
            settings=settings,
            database=database,
            store=store,
            appender=appender,
            commands=Commands(database, store, appender),
            memberships=service.memberships(database),
            verifier=verifier(settings, http),
            http=http,
        )
