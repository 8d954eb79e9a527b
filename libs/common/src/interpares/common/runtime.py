"""Running a service: roles of a process, the parts they share, and the order in which they come and go.

``python -m interpares.<service> api worker`` runs both roles in one process; ``migrate`` brings the schema up to date,
provisions the stream, and ends. Every service describes itself by one ``Service``.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import socket
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

import structlog

from interpares.common import logging, privacy, telemetry
from interpares.common.auth import trusted
from interpares.common.cancelling import heed_cancellation
from interpares.common.effects import Effects
from interpares.common.feed import HttpFeed, ServiceToken, feed_router
from interpares.common.health import Health, Pace, Progress, health_app, server
from interpares.common.http import API, create_app
from interpares.common.inbox import Inbox
from interpares.common.operations import POLICY, operations_router
from interpares.common.policy import SERVICE_OR_OPERATOR, Policy
from interpares.common.relay import Relay
from interpares.common.service import Parts, Service, parts_of
from interpares.common.settings import ServiceSettings, load, refuse, variable
from interpares.common.streams import event_stream, provision
from interpares.common.telemetry import STORE_POSITION
from interpares.common.views import Views
from interpares.common.wakeups import Wakeups
from interpares.common.worker import PASSING, work

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence

    from fastapi import FastAPI
    from nats.js import JetStreamContext
    from nats.js.api import StreamConfig
    from starlette.types import ASGIApp

    from interpares.common.health import Check

    Tasks = dict[str, Callable[[], Coroutine[Any, Any, None]]]

VERSION = "0.1.0"
ROLES = ("api", "worker", "migrate")
# Who may call what every service serves. Operators read the same events from the stream.
SHARED: Policy = {("GET", f"{API}/feed"): SERVICE_OR_OPERATOR, **POLICY, **privacy.POLICY}
STALL_SECONDS = 30.0
PROVISION_ATTEMPTS = 50
PROVISION_PAUSE = 0.1
# What shells report of a process that a signal ended, plus the number of the signal.
SIGNALLED = 128
log = structlog.get_logger(__name__)


def build_api(service: Service, parts: Parts, health: Health) -> FastAPI:
    """Return the API of a service, with what all services serve."""
    return create_app(
        title=f"Interpares {service.name}",
        version=VERSION,
        routers=[
            *service.routers(parts),
            feed_router(service.name, parts.store, service.publish),
            operations_router(service, parts),
            privacy.privacy_router(service, parts),
        ],
        policy={**service.policy, **SHARED},
        verifier=parts.verifier,
        memberships=parts.memberships,
        health=health,
        settings=parts.settings,
    )


@dataclass(frozen=True)
class Working:
    """A worker. tasks: what it does, by name. checks: what its readiness rests on."""

    tasks: Tasks
    checks: Mapping[str, Check]


@asynccontextmanager
async def worker_of(service: Service, parts: Parts) -> AsyncIterator[Working]:
    """Lend the worker: wake-ups, views, relay, an inbox per producer, and the beat its readiness listens for."""
    # FastStream takes some MB of memory, and who is only an API connects to no NATS.
    from interpares.common.messaging import connected  # noqa: PLC0415

    settings: ServiceSettings = parts.settings
    database, store = parts.database, parts.store
    wakeups = Wakeups(database)
    progress, pace = Progress(stall=STALL_SECONDS), Pace(stall=STALL_SECONDS)
    token = ServiceToken(settings.token_url, settings.client_id, settings.client_secret.get_secret_value(), parts.http)
    async with connected(
        settings.nats_url.get_secret_value(), f"interpares-{service.name}", trust=trusted(settings.ca_file)
    ) as jetstream:
        stream = stream_of(service, settings)
        views = [projector.VIEW for projector in service.projectors]
        relay = Relay(service.name, database, store, wakeups, jetstream, stream, service.publish)
        inboxes = {
            f"inbox-{producer}": Inbox(
                service.name,
                producer,
                database,
                Effects(service.name, producer, database, store, parts.appender, handlers),
                jetstream,
                HttpFeed(settings.feed_urls[producer], token, parts.http),
                ask_every=settings.revocation_lag_seconds / 2,
            ).run
            for producer, handlers in service.subscriptions.items()
        }
        tasks: Tasks = {
            "wakeups": wakeups.run,
            "views": Views(database, wakeups, service.projectors).run,
            "relay": relay.run,
            "beat": partial(_beat, parts, views, relay, progress, pace),
            **inboxes,
            **service.tasks(parts, jetstream),
        }
        yield Working(tasks, {"worker": progress, "nats": jetstream.answers, "pace": pace})


def stream_of(service: Service, settings: ServiceSettings) -> StreamConfig:
    """Return the declaration of a service's event stream, as large and as safe as the settings want it."""
    return event_stream(service.name, max_bytes=settings.stream_max_bytes, replicas=settings.stream_replicas)


def stop_softly() -> None:
    """Let SIGTERM and SIGINT end the process by way of its own order.

    The server takes both while it serves and raises them again when it has drained; without a handler of ours that
    would end the process before the writer has written and the spans are out.
    """
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, lambda: None)


async def _beat(parts: Parts, views: Sequence[str], relay: Relay, progress: Progress, pace: Pace) -> None:
    while True:
        heed_cancellation()
        head = await parts.store.head()
        STORE_POSITION.set(head)
        # Rows of views that an earlier release had stay where they are.
        for row in await parts.database.fetch(
            "SELECT view, position FROM view_positions WHERE view = ANY(%s)", (list(views),)
        ):
            pace.look(f"view {row['view']}", row["position"], head)
        if relay.leading:
            pace.look("relay", relay.read, head)
        else:
            pace.forget("relay")
        progress.beat()
        await asyncio.sleep(1)


async def run(service: Service, settings: ServiceSettings, roles: frozenset[str]) -> None:
    """Run the roles until the process is told to end."""
    async with AsyncExitStack() as stack:
        parts = await stack.enter_async_context(parts_of(service, settings))

        async def database_answers() -> str | None:
            [found] = await parts.database.fetch("SELECT to_regclass('public.view_positions') IS NOT NULL AS migrated")
            return None if found["migrated"] else "not migrated yet"

        working = Working({}, {})
        if "worker" in roles:
            working = await stack.enter_async_context(worker_of(service, parts))
        checks: Mapping[str, Check] = {"database": database_answers}
        # An API needs no NATS: what its own process's worker lacks must not keep commands away.
        health = Health(checks, remarks=working.checks) if "api" in roles else Health({**checks, **working.checks})
        app: ASGIApp = build_api(service, parts, health) if "api" in roles else health_app(health)
        health.started()
        stop_softly()
        http = server(
            app,
            settings.http_host,
            settings.http_port,
            health,
            settings.drain_seconds,
            trusted=[str(network) for network in settings.trusted_proxies],
        )
        serving = asyncio.create_task(http.serve(), name="serve")
        at_work = asyncio.create_task(work(working.tasks), name="work") if working.tasks else serving
        log.info("running", roles=sorted(roles), port=settings.http_port)
        done, _ = await asyncio.wait({serving, at_work}, return_when=asyncio.FIRST_COMPLETED)
        for task in {serving, at_work} - done:
            task.cancel()
        await asyncio.gather(serving, at_work, return_exceptions=True)
        for task in done:
            task.result()


async def _migrate(service: Service, settings: ServiceSettings, arguments: argparse.Namespace) -> None:
    assert settings.database_owner_url is not None  # noqa: S101 -- main has looked
    # Alembic and SQLAlchemy are migrate's alone: API and worker start sooner and stay smaller without them.
    from interpares.common import schema  # noqa: PLC0415
    from interpares.common.messaging import connected  # noqa: PLC0415
    from interpares.common.provisioning import provision_database  # noqa: PLC0415

    owner, own = settings.database_owner_url.get_secret_value(), settings.database_url.get_secret_value()
    if settings.database_admin_url is not None:
        admin = settings.database_admin_url.get_secret_value()
        await asyncio.to_thread(provision_database, admin, owner, own)
    await asyncio.to_thread(schema.migrate, owner, own, service.migrations, beyond=arguments.beyond)
    async with connected(
        settings.nats_url.get_secret_value(), f"interpares-{service.name}-migrate", trust=trusted(settings.ca_file)
    ) as jetstream:
        await _provisioned(stream_of(service, settings), jetstream)
    if service.after_migration is not None:
        async with parts_of(service, settings) as parts:
            await service.after_migration(parts, arguments)
    log.info("migrated")


async def _provisioned(stream: StreamConfig, jetstream: Callable[[], JetStreamContext]) -> None:
    """Provision the stream; if NATS does not come, the relay will do it."""
    for attempt in range(PROVISION_ATTEMPTS):
        try:
            await provision(jetstream(), stream)
        except PASSING as error:
            log.debug("stream-not-provisioned", attempt=attempt, error=type(error).__name__)
            await asyncio.sleep(PROVISION_PAUSE)
        else:
            return
    log.warning("stream-left-to-the-relay")


def _check_roles(service: Service, settings: ServiceSettings, roles: frozenset[str]) -> None:
    """Refuse to start without what these roles need beside what every role does."""
    if "migrate" in roles and settings.database_owner_url is None:
        refuse(f"{variable(service.settings, 'database_owner_url')} is missing; migrate needs the owner role")
    silent = sorted(set(service.subscriptions) - set(settings.feed_urls)) if "worker" in roles else []
    if silent:
        refuse(f"{variable(service.settings, 'feed_urls')} names no address of {' and '.join(silent)}")


def _check_address(service: Service, settings: ServiceSettings) -> None:
    """Refuse to start where nothing can listen: the address is none of this machine's, or somebody listens there."""
    try:
        found = socket.getaddrinfo(settings.http_host, settings.http_port, type=socket.SOCK_STREAM)
        family, _, _, _, address = found[0]
        socket.create_server(address, family=family).close()
    except OSError as error:
        names = variable(service.settings, "http_host"), variable(service.settings, "http_port")
        refuse(f"{' and '.join(names)}: nothing can listen there, {type(error).__name__} {error.errno}")


def _end(number: int, _frame: object) -> NoReturn:
    raise SystemExit(SIGNALLED + number)


def main(service: Service) -> None:
    """Run the roles named on the command line."""
    parser = argparse.ArgumentParser(
        prog=f"python -m interpares.{service.name}", description=f"Run the {service.name} service."
    )
    parser.add_argument("roles", nargs="+", choices=ROLES, help="api and worker may run together, migrate runs alone")
    parser.add_argument(
        "--beyond",
        type=int,
        default=0,
        metavar="POSITION",
        help="with migrate, after a restore to an earlier moment: give no position up to here a second time",
    )
    service.arguments(parser)
    arguments = parser.parse_args()
    roles = frozenset(arguments.roles)
    if "migrate" in roles and len(roles) > 1:
        parser.error("migrate runs alone")
    # As first process of a container nothing else ends us on SIGTERM before ``run`` listens, or during ``migrate``.
    signal.signal(signal.SIGTERM, _end)
    settings = load(service.settings)
    _check_roles(service, settings, roles)
    if "migrate" not in roles:
        _check_address(service, settings)
    role = "+".join(sorted(roles))
    logging.configure(service.name, role, settings.log_level)
    telemetry.configure(service.name, role, settings)
    try:
        if "migrate" in roles:
            asyncio.run(_migrate(service, settings, arguments))
            return
        if service.trial is not None and (fault := asyncio.run(service.trial(settings))) is not None:
            refuse(fault)
        asyncio.run(run(service, settings, roles))
    except KeyboardInterrupt:
        log.info("stopped")
    except Exception:
        # Not re-raised: Python would print the message, which may quote what people typed.
        log.exception("crashed")
        raise SystemExit(1) from None
    finally:
        telemetry.shutdown()
