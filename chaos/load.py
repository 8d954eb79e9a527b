"""The load: clients that decide without a break, each its own small story over and over.

What one of them changes nobody else touches, so every refusal is a fault: a command that was carried out twice, an
effect that got lost, a conflict that never was.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

from chaos.caller import Caller, GaveUp
from chaos.stage import COUNTRY, draft, duties
from interpares.console.failures import Problem, Unreachable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from chaos.history import History
    from interpares.console.client import Json
    from interpares.console.story.scene import Scene

APPLICANTS = 4
MEMBERS = 2
THINK_SECONDS = 0.1
DRAFT_SECONDS = 1.0
WHY = {"reason_code": "trial", "reason": "Decided while everything around fails."}
OFFICE = "office"
RELEASED = "award-meeting"  # the rule by which a lost duty is not opened again by itself


@dataclass
class Load:
    """All clients. stale: reads that did not show what the reader had been told was done."""

    scene: Scene
    callers: dict[str, Caller]
    history: History
    seed: int
    stale: list[str] = field(default_factory=list)
    going: bool = True
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def start(self) -> None:
        """Let all of them begin."""
        stories = [self._host(*duty) for duty in await duties(self.scene)]
        stories += [self._applicant(number) for number in range(APPLICANTS)]
        stories += [self._member(number) for number in range(MEMBERS)]
        stories += [self._register, self._draft]
        names = [f"client {number}" for number in range(len(stories))]
        self._tasks = [
            asyncio.create_task(self._tell(story, Random(f"{self.seed} {name}")), name=name)
            for story, name in zip(stories, names, strict=True)
        ]

    async def finish(self, deadline: float) -> None:
        """Let every client end what it is at; deadline: in monotonic time."""
        self.going = False
        for caller in self.callers.values():
            caller.deadline = deadline
        await asyncio.gather(*self._tasks)

    async def _tell(self, story: Callable[[Random], Awaitable[None]], random: Random) -> None:
        try:
            while self.going:
                await story(random)
                await asyncio.sleep(random.random() * THINK_SECONDS)
        except Problem as problem:
            self.history.surprises[f"refused: {problem.status} {problem.code}"] += 1
        except GaveUp as error:
            self.history.surprises[str(error)] += 1

    @property
    def _office(self) -> Caller:
        return self.callers[OFFICE]

    async def _decide(self, path: str, by: Caller | None = None, **body: Any) -> Json:
        return await (by or self._office).post("programme", f"{self.scene.path}{path}", WHY | body)

    def _host(self, duty: str, organisation: str) -> Callable[[Random], Awaitable[None]]:
        town = self.scene.town(organisation)
        coordinator = self.callers[town.coordinator.client]
        path = f"/duties/{duty}"

        async def story(random: Random) -> None:
            """A duty is offered, perhaps declined and offered again, accepted, and given back."""
            await self._decide(f"{path}/offer", to=[organisation])
            if random.random() < 0.3:  # noqa: PLR2004 -- some decline
                await self._decide(f"{path}/refusal", coordinator, organisation_id=organisation)
                await self._decide(f"{path}/offer", to=[organisation])
            accepted = await self._decide(f"{path}/acceptance", coordinator, organisation_id=organisation)
            if random.random() < 0.2:  # noqa: PLR2004 -- some look
                await self._look(path, int(accepted["position"]))
            await self._decide(f"{path}/release")
            if RELEASED in duty:
                await self._decide(f"{path}/reopening")

        return story

    async def _look(self, path: str, position: int) -> None:
        try:
            shown = await self._office.get("programme", f"{self.scene.path}{path}", at_least=position)
        except (Unreachable, Problem):
            return  # no answer is not a wrong one
        if shown["status"] != "accepted":
            self.stale.append(f"{path} at {position}: {shown['status']}")

    def _applicant(self, number: int) -> Callable[[Random], Awaitable[None]]:
        organisation = ""

        async def story(random: Random) -> None:
            """An application is handed in, and withdrawn here or declined there; then the next."""
            nonlocal organisation
            organisation = organisation or await self._organisation(f"applicant-{number}")
            body = {
                "programme_id": self.scene.programme,
                "organisation_id": organisation,
                "role": "follower",
                "strand": COUNTRY,
                "motivation": "We go on asking.",
                "reason_code": "trial",
            }
            # The one before is settled here only once the refusal has come over from the programme.
            application = (await self._office.once_heard("registration", "/applications", body))["id"]
            if random.random() < 0.3:  # noqa: PLR2004 -- some withdraw
                await self._office.post("registration", f"/applications/{application}/withdrawal", WHY)
            else:
                path = f"{self.scene.path}/applications/{application}/refusal"
                await self._office.once_heard("programme", path, WHY)

        return story

    def _member(self, number: int) -> Callable[[Random], Awaitable[None]]:
        held: dict[str, str] = {}

        async def story(_random: Random) -> None:
            """A person may act for an organisation, and then no more."""
            if not held:
                name = f"member-{number}-{self.seed}"
                person = {"given_name": "Ida", "family_name": name, "email": f"{name}@town.example", "subject": name}
                held["organisation_id"] = await self._organisation(f"employer-{number}")
                held["person_id"] = (await self._office.post("registration", "/people", person))["id"]
            membership = await self._office.post(
                "registration", "/memberships", {**held, "capacity": "facilitator", **WHY}
            )
            await self._office.post("registration", f"/memberships/{membership['id']}/end", WHY)

        return story

    async def _register(self, random: Random) -> None:
        await self._organisation(f"town-{random.getrandbits(64):016x}")

    async def _draft(self, _random: Random) -> None:
        await self._office.post("programme", "/programmes", draft(self.scene))
        await asyncio.sleep(DRAFT_SECONDS)

    async def _organisation(self, name: str) -> str:
        body = {
            "kind": "municipality",
            "country": COUNTRY,
            "keys": [{"scheme": "trial", "value": name}],
            "names": {"de": name},
            "languages": ["de"],
        }
        return str((await self._office.post("registration", "/organisations", body))["id"])
