"""What the acts of a story share: who is there, what has been made so far, and how to wait for what others do."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from interpares.console.client import Client, Json
from interpares.console.failures import Problem, Refused
from interpares.console.narrator import Narrator, Step
from interpares.console.story.cast import Cast, Town

T = TypeVar("T")
U = TypeVar("U")

# Enough to keep two cores busy, few enough not to wait in each other's way.
AT_ONCE = 12
LOOK_SECONDS = 0.1
PATIENCE_SECONDS = 20.0
# What a service says until it has heard of a membership, a programme or an organisation from the other one.
NOT_HEARD_OF = frozenset({403, 404, 503})


class Unexpected(Refused):
    """The story did not go as it must."""

    def __init__(self, detail: str) -> None:
        super().__init__(title="The story broke off", detail=detail, way_out="The logs of the services tell more.")


def expect(holds: object, detail: str) -> None:
    """Raise Unexpected unless something holds."""
    if not holds:
        raise Unexpected(detail)


@dataclass
class Scene:
    """The stage of one programme.

    clients: by context name. organisations, applications: ids by town slug. programme: id, once it is drafted.
    office_id: id of the office's organisation. strands: of the programme, if it is divided.
    conflicts: refusals of what another was quicker to take.
    position: of the latest decision in the programme service, for reads that must have seen it.
    """

    cast: Cast
    clients: dict[str, Client]
    narrator: Narrator
    office_id: str = ""
    programme: str = ""
    organisations: dict[str, str] = field(default_factory=dict)  # those of earlier stories among them
    applications: dict[str, str] = field(default_factory=dict)
    strands: tuple[str, ...] = ()
    conflicts: int = 0
    position: int = 0

    @property
    def office(self) -> Client:
        """The programme office."""
        return self.clients["office"]

    @property
    def path(self) -> str:
        """The programme's address in the programme service."""
        return f"/programmes/{self.programme}"

    def coordinator(self, town: Town) -> Client:
        """Return the coordinator of a town."""
        return self.clients[town.coordinator.client]

    def of(self, town: Town) -> str:
        """Return the id a town is registered under."""
        return self.organisations[town.slug]

    def town(self, organisation: str) -> Town:
        """Return the town registered under an id."""
        return next(town for town in self.cast.towns if self.organisations[town.slug] == organisation)

    async def decide(self, path: str, reason_code: str, reason: str, by: Client | None = None, **body: Any) -> Json:
        """Have the office, or somebody else, decide something in the programme; return the answer."""
        given = {"reason_code": reason_code, "reason": reason, **body}
        answer = await (by or self.office).post("programme", f"{self.path}{path}", given)
        self.position = max(self.position, int(answer["position"]))
        return answer

    async def each(self, items: Iterable[T], action: Callable[[T], Awaitable[U]], step: Step) -> list[U]:
        """Do something for all items, some at a time, and return what came of each."""
        places = asyncio.Semaphore(AT_ONCE)

        async def one(item: T) -> U:
            async with places:
                result = await action(item)
            step.advance()
            return result

        return await asyncio.gather(*map(one, items))


async def heard(what: str, look: Callable[[], Awaitable[T | None]]) -> T:
    """Wait until something that another service decided has arrived, and return it. Raises Unexpected in the end."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            if found := await look():
                return found
        except Problem as problem:
            if problem.status not in NOT_HEARD_OF:
                raise
        expect(time.monotonic() < deadline, f"{what} did not arrive within {PATIENCE_SECONDS:g} s.")
        await asyncio.sleep(LOOK_SECONDS)
