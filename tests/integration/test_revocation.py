"""A membership that has ended stops counting elsewhere within the stated lag, whatever is broken in between."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest
from tests.integration.stage import WHY

from interpares.common.settings import ServiceSettings
from interpares.common.testing.counting import until

if TYPE_CHECKING:
    import httpx2
    from tests.integration.stage import Stage

pytestmark = [pytest.mark.integration, pytest.mark.asyncio(loop_scope="session")]

# As installed: nothing here sets it.
LAG_SECONDS: float = ServiceSettings.model_fields["revocation_lag_seconds"].default
LOOK_SECONDS = 0.05
DUTY = "AT.front-runner-meetings.1"


async def acceptance(stage: Stage, path: str, name: str, organisation: str) -> httpx2.Response:
    body = WHY | {"organisation_id": organisation}
    return await stage.post(name, "programme", f"{path}/duties/{DUTY}/acceptance", body)


async def test_an_ended_membership_is_refused_within_the_lag_without_nats(fragile: Stage) -> None:
    scene = await fragile.exchange("AT")
    organisation = scene.organisations[scene.cast.towns[0].slug]
    membership = await fragile.join("leaver", "coordinator", organisation)
    seen = [(await acceptance(fragile, scene.path, "leaver", organisation)).status_code]

    async with fragile.supervisor.away("NATS"):
        ended = await fragile.post("office", "registration", f"/memberships/{membership}/end", WHY)
        acknowledged = time.monotonic()
        assert ended.status_code == 200
        while seen[-1] != 403:
            answer = await acceptance(fragile, scene.path, "leaver", organisation)
            seen.append(answer.status_code)
            assert time.monotonic() - acknowledged < LAG_SECONDS, f"{LAG_SECONDS} s later: {answer.text}"
            await asyncio.sleep(LOOK_SECONDS)
        # What they can still do meanwhile is what they could before: the duty is not offered to them.
        assert set(seen) == {409, 403}


async def test_nothing_is_allowed_once_memberships_cannot_be_confirmed(fragile: Stage) -> None:
    scene = await fragile.exchange("AT")
    town = scene.cast.towns[1]
    everybody = ("office", "auditor", town.coordinator.client)

    async def read(name: str) -> httpx2.Response:
        return await fragile.send(name, "GET", "programme", scene.path)

    async def answers() -> set[int]:
        return {(await read(name)).status_code for name in everybody}

    async def closed() -> bool:
        return await answers() == {503}

    async def open_again() -> bool:
        return await answers() == {200}

    assert await answers() == {200}
    async with fragile.supervisor.away("NATS"):
        async with fragile.supervisor.away("registration api"):
            await until(closed, "everything is refused")
            refused = await read("office")
            command = await acceptance(fragile, scene.path, town.coordinator.client, scene.organisations[town.slug])
            assert (refused.json()["code"], int(refused.headers["Retry-After"]) > 0) == ("busy", True)
            assert command.status_code == 503
        await until(open_again, "everything is allowed again, NATS still being away")
