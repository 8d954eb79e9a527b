"""The counting service whole: with an API, a view, and subscriptions to a feed, its own unless told otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from interpares.common.errors import Conflict
from interpares.common.memberships import ProjectedMemberships
from interpares.common.service import Service
from interpares.common.settings import ServiceSettings
from interpares.common.testing.counter import SERVICE, CounterIncremented, Incremented, publish
from interpares.common.writes import Row

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from interpares.common.commands import UnitOfWork
    from interpares.common.envelope import Arrived
    from interpares.common.eventstore import Recorded

MIGRATIONS = Path(__file__).parent / "migrations" / "versions"


class Increments:
    """A view: one row an increment."""

    VIEW: ClassVar[str] = "increments"
    TABLES: ClassVar[tuple[str, ...]] = ("increments",)

    def project(self, recorded: Recorded) -> Iterable[Row]:
        """Return one row for an increment."""
        if isinstance(recorded.event, CounterIncremented):
            yield Row("INSERT INTO increments VALUES (%s)", (recorded.event.event_id,))


def counting_service(name: str = SERVICE, poison: Container[UUID] = ()) -> Service:
    """Return a counting service that listens to itself, which spares a second one.

    poison: counters whose events it can't handle.
    """

    async def hear(event: Arrived, unit: UnitOfWork) -> None:
        if UUID(event.data["counter_id"]) in poison:
            message = "This cannot be."
            raise Conflict(message)
        unit.write(Row("INSERT INTO heard VALUES (%s)", (event.position,)))

    return Service(
        name=name,
        settings=ServiceSettings,
        migrations=MIGRATIONS,
        memberships=ProjectedMemberships,
        routers=lambda _parts: [],
        policy={},
        projectors=(Increments(),),
        publish=publish,
        subscriptions={name: {Incremented.TYPE: hear}},
    )
