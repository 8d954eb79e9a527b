"""Every process is killed in turn while people go on deciding: nothing they were told is lost or happens twice."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from tests.integration.evidence import drained, events, query
from tests.integration.stage import WHY

from interpares.common.testing.counting import until
from interpares.programme.domain.events import CallClosed, CallOpened
from interpares.registration.domain.organisation import Organisation

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from uuid import UUID

    from tests.integration.stage import Stage

    from interpares.console.client import Json

pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

DEADLINE = {"local": "2099-12-01T12:00", "zone": "Europe/Vienna"}
EVERYTHING = {
    "PostgreSQL",
    "NATS",
    "issuer",
    "registration api",
    "registration worker",
    "programme api",
    "programme worker",
}


@dataclass
class Decider:
    """Somebody who decides one thing after the other, each under a key of its own, repeated until it is answered."""

    decide: Callable[[int], Awaitable[Json]]
    acknowledged: list[Json] = field(default_factory=list)

    async def go_on(self, enough: asyncio.Event) -> None:
        while not enough.is_set():
            self.acknowledged.append(await self.decide(len(self.acknowledged)))


@asynccontextmanager
async def deciding(*deciders: Decider) -> AsyncIterator[None]:
    """Let them decide during the block, and to the end of what they have begun."""
    enough = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        for decider in deciders:
            tasks.create_task(decider.go_on(enough))
        yield
        enough.set()


async def ids(stage: Stage, service: str, statement: str) -> set[Any]:
    return {tuple(row.values()) for row in await asyncio.to_thread(query, stage.installation, service, statement)}


async def test_nothing_is_lost_or_doubled(fragile: Stage) -> None:
    scene = await fragile.drafted("AT")
    office = fragile.clients["office"]

    async def call(number: int) -> Json:
        what, more = ("/call/closure", {}) if number % 2 else ("/call", {"deadline": DEADLINE})
        key = f"{scene.programme}-{number}"
        return await office.post("programme", f"{scene.path}{what}", WHY | more, key=key)

    async def register(number: int) -> Json:
        value = f"{scene.programme}-{number}"
        names = {"de": f"Neustadt {number}"}
        body = {"kind": "municipality", "country": "AT", "keys": [{"scheme": "TEST", "value": value}], "names": names}
        return await office.post("registration", "/organisations", body, key=value)

    callers, registrars = Decider(call), Decider(register)
    assert set(fragile.supervisor.names) == EVERYTHING

    async with deciding(callers, registrars):
        for victim in fragile.supervisor.names:
            await fragile.supervisor.kill(victim)
            before = len(callers.acknowledged), len(registrars.acknowledged)

            async def went_on(before: tuple[int, int] = before) -> bool:
                now = len(callers.acknowledged), len(registrars.acknowledged)
                return all(new >= old + 5 for new, old in zip(now, before, strict=True))

            await until(went_on, f"decisions go on after {victim} was killed", seconds=60)

    await until(lambda: drained(fragile.installation, "programme"), "the programme's stream is whole")
    await until(lambda: drained(fragile.installation, "registration"), "registration's stream is whole")
    await the_log_holds_what_was_acknowledged(fragile, callers, registrars)
    await the_other_service_has_heard_all(fragile)


async def the_log_holds_what_was_acknowledged(stage: Stage, callers: Decider, registrars: Decider) -> None:
    """Compare the answers with the event logs: each once, in the order they were given."""
    told = [answer["decision"]["id"] for answer in callers.acknowledged]
    calls = _happened(stage, "programme", CallOpened, CallClosed)
    own = {event.originator_id for event in calls if str(event.event_id) in told}
    assert [str(event.event_id) for event in calls if event.originator_id in own] == told

    registered = [answer["id"] for answer in registrars.acknowledged]
    new = [
        str(event.originator_id)
        for event in _happened(stage, "registration", Organisation.Created)
        if event.names["de"].startswith("Neustadt")
    ]
    assert new == registered
    assert len(told) + len(registered) == len(set(told)) + len(set(registered))


def _happened(stage: Stage, service: str, *kinds: type) -> list[Any]:
    return [each.event for each in events(stage.installation, service) if isinstance(each.event, kinds)]


async def the_other_service_has_heard_all(stage: Stage) -> None:
    """Compare what each service heard with what the other decided."""
    called: dict[UUID, bool] = {each.event_id: False for each in _happened(stage, "programme", CallOpened)}
    called |= {each.call: True for each in _happened(stage, "programme", CallClosed)}
    organisations = {(each.originator_id,) for each in _happened(stage, "registration", Organisation.Created)}

    async def equal() -> bool:
        calls = await ids(stage, "registration", "SELECT call_id, closed FROM calls")
        heard = await ids(stage, "programme", "SELECT organisation_id FROM heard_organisations")
        return calls == set(called.items()) and heard == organisations

    await until(equal, "each service knows what the other decided")
    for service in ("programme", "registration"):
        assert await ids(stage, service, "SELECT count(*) FROM parked") == {(0,)}
