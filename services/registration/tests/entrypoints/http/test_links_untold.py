"""A personal link stands in nobody's log, trace, figure or table: what is opened by one is told by its route alone."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING
from uuid import uuid4

import httpx2
import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from services.registration.tests.entrypoints.http.test_seats import WHY, Scene

from interpares.common import logging, telemetry
from interpares.common.health import Health, server
from interpares.common.leftovers import left_over
from interpares.common.links import key_of
from interpares.common.runtime import build_api
from interpares.common.testing.edge import edge_settings
from interpares.common.testing.processes import eventually
from interpares.registration.main import SERVICE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from services.registration.tests.conftest import Registration

pytestmark = pytest.mark.integration


@pytest.fixture
def told() -> Iterator[io.StringIO]:
    """All that is logged, down to the least."""
    stream = io.StringIO()
    logging.configure("registration", "api", "DEBUG", stream)
    yield stream
    logging.configure("registration", "api")


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    telemetry.configure("registration", "api", edge_settings(), [SimpleSpanProcessor(exporter)])
    yield exporter
    telemetry.shutdown()


@pytest.fixture
async def visitor(registration: Registration) -> AsyncIterator[httpx2.AsyncClient]:
    """Somebody with a browser and no account, on a real socket."""
    listening = server(build_api(SERVICE, registration.parts, Health()), "127.0.0.1", 0)
    serving = asyncio.create_task(listening.serve())

    async def started() -> bool:
        return listening.started

    await eventually(started, timeout=10, what="the server")
    port = listening.servers[0].sockets[0].getsockname()[1]
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        yield client
    listening.should_exit = True
    await serving


async def test_a_link_that_is_opened_answered_or_guessed_is_told_nowhere(
    registration: Registration, visitor: httpx2.AsyncClient, told: io.StringIO, spans: InMemorySpanExporter
) -> None:
    scene = await Scene(registration).set(seats=2)
    assert (await scene.nominate()).status_code == 201
    [seat] = await scene.people()
    page = await scene.link(seat["seat_id"])
    invited = await registration.post(
        scene.coordinator,
        f"/organisations/{scene.town}/invitations",
        {"email": "nova@example.org", "capacity": "coordinator", **WHY},
    )
    assert invited.status_code == 201, invited.text
    opened = {"seat": page.rpartition("/")[2], "invitation": invited.json()["link"], "guess": uuid4().hex}
    guessed = f"/api/v1/seat-links/{opened['guess']}"
    await scene.seats()

    statuses = {
        "page": (await visitor.get(page)).status_code,
        "data": (await visitor.get(f"{page}/data")).status_code,
        "answer": (await visitor.post(page, data={"answer": "accept"})).status_code,
        "unfit": (await visitor.post(page, data={"answer": "substitute"})).status_code,
        "address": (await visitor.get(f"{page}/more")).status_code,
        "guessed": (await visitor.get(guessed)).status_code,
        "guessed answer": (await visitor.post(guessed, data={"answer": "accept"})).status_code,
        "invitation": (
            await visitor.get("/api/v1/invitation", headers={"X-Personal-Link": opened["invitation"]})
        ).status_code,
        "guessed invitation": (
            await visitor.get("/api/v1/invitation", headers={"X-Personal-Link": opened["guess"]})
        ).status_code,
    }

    assert statuses == {
        "page": 200,
        "data": 200,
        "answer": 200,
        "unfit": 400,
        "address": 404,
        "guessed": 404,
        "guessed answer": 404,
        "invitation": 200,
        "guessed invitation": 404,
    }
    metrics = (await visitor.get("/metrics")).text
    traced = "".join(span.to_json() for span in spans.get_finished_spans())
    assert "/api/v1/seat-links/{token}" in told.getvalue()
    assert "/api/v1/seat-links/{token}" in traced
    # Neither a link nor what is kept of it, which is as good as an id of whoever has it.
    words = [word for token in opened.values() for word in (token, key_of(token).hex())]
    for text in (told.getvalue(), traced, metrics):
        assert [word for word in words if word in text] == []
    assert await left_over(registration.parts.database, list(opened.values())) == []
