"""A whole service in the test's own process, on a real database: its API behind the gate, its views at work.

Only the issuer of tokens is a fake, and NATS is not needed: nothing of the API may wait for it.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from interpares.common.auth import actor_id
from interpares.common.health import Health
from interpares.common.runtime import build_api
from interpares.common.schema import migrate
from interpares.common.service import Parts, Service, parts_of
from interpares.common.testing.edge import ISSUER, TokenIssuer, client_of, edge_settings
from interpares.common.views import Views
from interpares.common.wakeups import Wakeups
from interpares.common.worker import work

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx2
    from fastapi import FastAPI

    from interpares.common.policy import Capacity
    from interpares.common.testing.databases import Database

READER = "feed-reader"


@dataclass(frozen=True)
class Served:
    """A service that answers. ``client``: talks to it without a network."""

    parts: Parts
    app: FastAPI
    client: httpx2.AsyncClient
    issuer: TokenIssuer

    async def hold(self, subject: str, capacity: Capacity, organisation_id: UUID) -> None:
        """Let somebody hold a capacity, as if registration had told of it."""
        async with self.parts.database.connection() as connection:
            await connection.execute(
                "INSERT INTO memberships VALUES (%s, %s, %s, %s)",
                (uuid4(), actor_id(ISSUER, subject), organisation_id, capacity.value),
            )

    async def confirm_memberships(self) -> None:
        """Note that everything registration decided is known."""
        async with self.parts.database.connection() as connection:
            await connection.execute(
                "INSERT INTO inbox_positions (feed, position, confirmed_at) VALUES ('registration', 0, now())"
                " ON CONFLICT (feed) DO UPDATE SET confirmed_at = now()"
            )

    async def post(self, subject: str, path: str, body: Any, key: str | None = None) -> httpx2.Response:
        """Send a command."""
        headers = self.issuer.bearer(subject) | ({"Idempotency-Key": key} if key else {})
        return await self.client.post(f"/api/v1{path}", json=body, headers=headers)

    async def get(self, subject: str, path: str, at_least: int | None = None) -> httpx2.Response:
        """Read, from views that have reached a position if one is given."""
        headers = self.issuer.bearer(subject)
        if at_least is not None:
            headers["X-At-Least-Position"] = str(at_least)
        return await self.client.get(f"/api/v1{path}", headers=headers)


@asynccontextmanager
async def serving(service: Service, database: Database, **settings: Any) -> AsyncIterator[Served]:
    """Migrate the database and serve. settings: of the service, where they matter."""
    await asyncio.to_thread(migrate, database.owner_url, database.service_url, service.migrations)
    issuer = TokenIssuer()
    feeds = dict.fromkeys(service.subscriptions, "http://nowhere.test")
    given = {"feed_urls": feeds, "service_subjects": frozenset({READER}), "log_level": "WARNING", **settings}
    async with parts_of(service, edge_settings(service.settings, database_url=database.service_url, **given)) as real:
        parts = replace(real, verifier=issuer.verifier())
        wakeups = Wakeups(parts.database)
        views = Views(parts.database, wakeups, service.projectors)
        following = asyncio.create_task(work({"wakeups": wakeups.run, "views": views.run}))
        health = Health()
        app = build_api(service, parts, health)
        async with client_of(app) as client:
            served = Served(parts, app, client, issuer)
            await served.confirm_memberships()
            try:
                yield served
            finally:
                following.cancel()
                await asyncio.gather(following, return_exceptions=True)
