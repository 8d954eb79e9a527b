"""Nothing waits for NATS: while it is away decisions are taken and heard of, afterwards the streams catch up."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

import pytest
from tests.integration.evidence import drained, events
from tests.integration.stage import WHY, faults

from interpares.common.testing.counting import until
from interpares.console.story.scene import heard

if TYPE_CHECKING:
    from tests.integration.stage import Stage

pytestmark = [pytest.mark.integration, pytest.mark.asyncio(loop_scope="session")]

DEADLINE = {"local": "2099-12-01T12:00", "zone": "Europe/Vienna"}
# Far below anything that would wait for a broker to time out.
AT_ONCE_SECONDS = 1.5


async def test_decisions_go_on_and_are_heard_of_and_the_streams_catch_up(fragile: Stage) -> None:
    scene = await fragile.drafted("AT")
    taken = []
    async with fragile.supervisor.away("NATS"):
        for what in ("/call", "/call/closure") * 10 + ("/call",):
            began = time.monotonic()
            body = WHY | ({"deadline": DEADLINE} if what == "/call" else {})
            answer = await fragile.post("office", "programme", f"{scene.path}{what}", body)
            taken.append((answer.status_code, time.monotonic() - began < AT_ONCE_SECONDS))
        assert taken == [(200, True)] * 21

        town = scene.cast.towns[0]
        application = {
            "programme_id": scene.programme,
            "organisation_id": scene.organisations[town.slug],
            "role": town.role,
            "strand": town.country,
            "motivation": "NATS is away, we are not.",
        }

        async def applied() -> bool:
            answer = await fragile.post(town.coordinator.client, "registration", "/applications", application)
            # Until registration has heard of the call, there is none to apply under.
            assert answer.status_code in {201, 409}, answer.text
            return answer.status_code == 201

        async def arrived() -> bool:
            return bool([each async for each in scene.office.items("programme", f"{scene.path}/applications")])

        await heard("The call", applied)
        await heard("The application", arrived)

    await until(lambda: drained(fragile.installation, "programme"), "the programme's stream holds its whole log")
    await until(lambda: drained(fragile.installation, "registration"), "registration's stream holds its whole log")
    assert len(events(fragile.installation, "programme")) >= 22


async def test_programmes_go_from_draft_to_duties_without_nats(fragile: Stage) -> None:
    async with fragile.supervisor.away("NATS"):
        scene = await fragile.exchange("AT")
        duties = await scene.office.get("programme", f"{scene.path}/duties", at_least=scene.position)
        assert len(duties["items"]) == 7

    await until(lambda: drained(fragile.installation, "programme"), "the programme's stream holds its whole log")


async def test_a_process_that_is_told_to_end_ends_in_order_without_nats(fragile: Stage) -> None:
    worker = next(program for program in fragile.installation.programs if program.name == "programme worker")
    async with fragile.supervisor.away("NATS"):
        before = worker.pid
        assert before is not None
        os.kill(before, signal.SIGTERM)

        async def another() -> bool:
            return worker.pid != before

        await until(another, "the worker ended and was started again")
    assert list(faults(fragile.installation.logs)) == []
