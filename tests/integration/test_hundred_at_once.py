"""A hundred acceptances at the same moment: of one duty one wins, of different duties all go through."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from tests.integration.stage import WHY

from interpares.console.story import hosting

if TYPE_CHECKING:
    import httpx2
    from tests.integration.stage import Stage

    from interpares.console.client import Json
    from interpares.console.story.cast import Town
    from interpares.console.story.scene import Scene

pytestmark = [pytest.mark.integration, pytest.mark.asyncio(loop_scope="session")]

AT_ONCE = 100


async def accept(stage: Stage, scene: Scene, duty: str, town: Town, key: str) -> httpx2.Response:
    body = WHY | {"organisation_id": scene.organisations[town.slug]}
    path = f"{scene.path}/duties/{duty}/acceptance"
    return await stage.post(town.coordinator.client, "programme", path, body, Idempotency_Key=key)


async def accepted(scene: Scene, position: int) -> dict[str, str]:
    """Return the host by duty, of those that are accepted, as of a position."""
    ledger = scene.office.items("programme", f"{scene.path}/duties", at_least=position)
    return {duty["duty"]: duty["host_id"] async for duty in ledger if duty["status"] == "accepted"}


async def acceptances(scene: Scene, position: int) -> Counter[str]:
    """Return how often the decision log, as of a position, says that a duty was accepted."""
    auditor, path = scene.clients["auditor"], f"{scene.path}/decisions"
    log = auditor.items("programme", path, at_least=position, type="duty-acceptance")
    return Counter([each["subject"].removeprefix("duty:") async for each in log])


async def signed_in(stage: Stage, scene: Scene) -> None:
    """Let everybody have a token beforehand, so that nobody waits for the issuer."""
    await asyncio.gather(*(stage.bearer(town.coordinator.client) for town in scene.cast.towns))


async def test_of_a_hundred_acceptances_of_one_duty_one_wins(stage: Stage) -> None:
    scene = await stage.exchange("AT")
    duty = "AT.follower-meeting.1"
    followers = scene.cast.of("AT", "follower")
    await hosting.ask(scene, duty, "rule", "Any of you.", *followers)
    await signed_in(stage, scene)

    async def one(number: int) -> tuple[Town, httpx2.Response]:
        town = followers[number % len(followers)]
        return town, await accept(stage, scene, duty, town, f"{scene.programme}-{number}")

    answers = await asyncio.gather(*map(one, range(AT_ONCE)))

    assert Counter(answer.status_code for _, answer in answers) == {200: 1, 409: AT_ONCE - 1}
    assert {answer.json()["code"] for _, answer in answers if answer.status_code == 409} == {"hosting-duty-taken"}
    winner, won = next((town, answer) for town, answer in answers if answer.status_code == 200)
    position = won.json()["position"]
    assert await accepted(scene, position) == {duty: scene.organisations[winner.slug]}
    assert await acceptances(scene, position) == {duty: 1}


async def test_of_a_hundred_acceptances_of_37_duties_none_is_refused(stage: Stage) -> None:
    """More requests than duties: the surplus are repetitions, whose sender did not wait for the answer."""
    scene = await stage.exchange()
    duties = await hosting.ledger(scene)
    assert len(duties) == hosting.DUTIES
    await hosting.offer(scene)
    await signed_in(stage, scene)

    async def one(duty: Json) -> tuple[str, Any]:
        town = hosting.pool(scene, duty)[0]
        answer = await accept(stage, scene, duty["duty"], town, f"{scene.programme}-{duty['duty']}")
        return duty["duty"], (answer.status_code, answer.json())

    answers = await asyncio.gather(*(one(duties[number % len(duties)]) for number in range(AT_ONCE)))

    assert Counter(status for _, (status, _) in answers) == {200: AT_ONCE}
    by_duty = {duty: [answer for each, answer in answers if each == duty] for duty in dict(answers)}
    assert all(first == again for first, *repeated in by_duty.values() for again in repeated)
    position = max(body["position"] for _, (_, body) in answers)
    hosts = {duty["duty"]: scene.organisations[hosting.pool(scene, duty)[0].slug] for duty in duties}
    assert await accepted(scene, position) == hosts
    assert await acceptances(scene, position) == dict.fromkeys(hosts, 1)
