"""A service that only the bench runs: counters over HTTP, behind the gate and the middleware every service has."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import ClassVar
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from interpares.common.commands import Commands
from interpares.common.eventstore import Recorded
from interpares.common.http import Body, CurrentAsked, CurrentPrincipal, ReasonCode, ReasonText, Router
from interpares.common.memberships import ProjectedMemberships
from interpares.common.policy import Capacity
from interpares.common.runtime import main
from interpares.common.service import Parts, Service
from interpares.common.settings import ServiceSettings
from interpares.common.testing.counter import (
    SERVICE,
    Counted,
    CounterIncremented,
    CreateCounter,
    Increment,
    create_counter,
    increment,
    publish,
)
from interpares.common.writes import Row

COUNTERS = "CREATE TABLE counters (counter_id uuid PRIMARY KEY, count bigint NOT NULL)"
COUNT = (
    "INSERT INTO counters VALUES (%s, %s)"
    " ON CONFLICT (counter_id) DO UPDATE SET count = counters.count + excluded.count"
)
DECIDERS = frozenset({Capacity.OFFICE})
HELLO, CREATE, INCREMENT = "/hello", "/counters/{counter_id}", "/counters/{counter_id}/increments"


class CountersProjector:
    """The smallest view: one row a counter."""

    VIEW: ClassVar[str] = "counters"
    TABLES: ClassVar[tuple[str, ...]] = ("counters",)

    def project(self, recorded: Recorded) -> Iterable[Row]:
        """Count."""
        if isinstance(recorded.event, CounterIncremented):
            yield Row(COUNT, (recorded.event.originator_id, recorded.event.by))


class Hello(BaseModel):
    """A greeting."""

    hello: str = "world"


class Counting(Body):
    """Count, with the why that every decision has."""

    reason_code: ReasonCode
    reason: ReasonText
    by: int = 1


class Answer(BaseModel):
    """Where the counter stands."""

    count: int
    position: int


def routes(commands: Commands) -> APIRouter:
    """Return the routes."""
    router: APIRouter = Router(tags=["counters"])

    @router.get(HELLO)
    async def hello(principal: CurrentPrincipal) -> Hello:
        """Do nothing: what is left is the server, the middleware, the gate."""
        assert principal.memberships  # noqa: S101 -- looked up all the same
        return Hello()

    @router.post(CREATE, status_code=201)
    async def create(counter_id: UUID, asked: CurrentAsked) -> Answer:
        """Make a counter."""
        handled = await asked.run(commands, create_counter, CreateCounter(counter_id), Counted, lane=counter_id)
        return Answer(count=handled.result.count, position=handled.position)

    @router.post(INCREMENT)
    async def count(counter_id: UUID, body: Counting, asked: CurrentAsked) -> Answer:
        """Count: as much as any decision does, with a sealed reason and an answer kept under its key."""
        command = Increment(counter_id, body.by, (asked.sealed(body.reason),))
        handled = await asked.run(commands, increment, command, Counted, lane=counter_id)
        return Answer(count=handled.result.count, position=handled.position)

    return router


def routers(parts: Parts) -> Sequence[APIRouter]:
    """Return the routes, wired."""
    return [routes(parts.commands)]


COUNTING = Service(
    name=SERVICE,
    settings=ServiceSettings,
    migrations=Path("no-versions"),
    memberships=ProjectedMemberships,
    routers=routers,
    policy={
        ("GET", f"/api/v1{HELLO}"): DECIDERS,
        ("POST", f"/api/v1{CREATE}"): DECIDERS,
        ("POST", f"/api/v1{INCREMENT}"): DECIDERS,
    },
    projectors=(CountersProjector(),),
    publish=publish,
    subscriptions={},
)

if __name__ == "__main__":
    main(COUNTING)
