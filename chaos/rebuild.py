"""A clean rebuild of a service's views: its events in an empty database of their own, its projectors over them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import psycopg

from chaos.evidence import Store
from interpares.common.database import Database
from interpares.common.schema import migrate
from interpares.common.views import Views
from interpares.common.wakeups import Wakeups

if TYPE_CHECKING:
    from chaos.comparison import Comparison
    from interpares.common.service import Service
    from interpares.common.testing.databases import Database as Made
    from interpares.common.testing.databases import PostgresServer


async def compare_views(comparison: Comparison, service: Service, made: Made, server: PostgresServer) -> None:
    """Compare the tables of every view with those of a clean rebuild, which goes afterwards."""
    clean = await asyncio.to_thread(server.create_service, f"{service.name}_again")
    try:
        await asyncio.to_thread(_copy_events, service, made, clean)
        await _rebuild(service, clean)
        live, again = Store(made.service_url), Store(clean.service_url)
        for projector in service.projectors:
            equal = live.tables(projector.TABLES) == again.tables(projector.TABLES)
            comparison.views[f"{service.name}: {projector.VIEW}"] = equal
    finally:
        await asyncio.to_thread(server.drop_service, clean)


def _copy_events(service: Service, made: Made, clean: Made) -> None:
    migrate(clean.owner_url, clean.service_url, service.migrations)
    with (
        psycopg.connect(made.owner_url) as source,
        psycopg.connect(clean.owner_url) as target,
        source.cursor().copy("COPY stored_events TO STDOUT") as reading,
        target.cursor().copy("COPY stored_events FROM STDIN") as writing,
    ):
        for chunk in reading:
            writing.write(chunk)


async def _rebuild(service: Service, clean: Made) -> None:
    database = Database(clean.service_url)
    await database.open()
    try:
        views = Views(database, Wakeups(database), service.projectors)
        for projector in service.projectors:
            while await views.advance(projector):
                pass
    finally:
        await database.close()
