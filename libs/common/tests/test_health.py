from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from interpares.common.health import Health, Pace, Progress, health_app, server
from interpares.common.testing.processes import eventually

if TYPE_CHECKING:
    from starlette.requests import Request


async def fine() -> str | None:
    return None


async def broken() -> str | None:
    return "3 migrations behind"


async def raising() -> str | None:
    message = "password of postgres"
    raise ConnectionError(message)


async def hanging() -> str | None:
    await asyncio.Event().wait()
    return None


def client(health: Health) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(health_app(health)), base_url="http://worker.test")


async def test_liveness_depends_on_nothing() -> None:
    async with client(Health({"database": broken})) as http:
        assert (await http.get("/livez")).status_code == 200


async def test_the_start_is_over_when_it_was_said() -> None:
    health = Health()
    async with client(health) as http:
        assert (await http.get("/startupz")).status_code == 503
        health.started()
        assert (await http.get("/startupz")).status_code == 200


async def test_readiness_names_what_fails_and_why_without_what_exceptions_say() -> None:
    health = Health({"a": fine, "b": broken, "c": raising, "d": hanging}, timeout=0.01)
    health.started()
    async with client(health) as http:
        answer = await http.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "status": "failing",
        "failing": {"b": "3 migrations behind", "c": "ConnectionError", "d": "no answer within 0.01 s"},
    }
    assert answer.headers["cache-control"] == "no-store"


async def test_what_only_deserves_a_remark_takes_no_readiness_away() -> None:
    health = Health({"a": fine}, remarks={"nats": broken, "pace": fine})
    health.started()
    async with client(health) as http:
        answer = await http.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "failing": {}, "remarks": {"nats": "3 migrations behind"}}


async def test_what_follows_may_be_behind_as_long_as_it_gets_nearer() -> None:
    now = 0.0
    pace = Pace(stall=30, clock=lambda: now)
    for step in range(20):
        now += 10
        pace.look("relay", at=min(step, 10), goal=10)
        assert await pace() is None


async def test_what_stays_behind_is_named_until_it_moves_or_another_does_it() -> None:
    now = 0.0
    pace = Pace(stall=30, clock=lambda: now)
    pace.look("relay", at=5, goal=9)
    now = 31
    pace.look("relay", at=5, goal=9)
    assert await pace() == "relay has stayed 4 behind for 31 s"
    pace.look("relay", at=6, goal=9)
    assert await pace() is None
    now = 62
    pace.look("relay", at=6, goal=9)
    assert await pace() is not None
    pace.forget("relay")
    assert await pace() is None


async def test_a_process_is_ready_between_start_and_end_only() -> None:
    health = Health({"a": fine})
    assert await health.failing() == {"start": "not finished"}
    health.started()
    assert await health.failing() == {}
    health.stopping()
    assert await health.failing() == {"stop": "about to end"}


async def test_metrics_are_served() -> None:
    async with client(Health()) as http:
        answer = await http.get("/metrics")
    assert "interpares_http_requests_active" in answer.text


async def test_progress_fails_where_a_task_is_silent_or_falls_behind() -> None:
    now = 0.0
    progress = Progress(stall=10, lag=100, clock=lambda: now)
    assert await progress() == "no progress yet"
    progress.beat()
    assert await progress() is None
    progress.beat(behind=101)
    assert await progress() == "101 behind"
    now = 10.5
    assert await progress() == "no progress for 10 s"


async def test_a_lag_may_be_of_no_matter() -> None:
    progress = Progress(stall=10)
    progress.beat(behind=10**6)
    assert await progress() is None


@pytest.mark.parametrize("path", ["/livez", "/metrics"])
async def test_the_server_answers_on_a_socket_and_names_no_software(path: str) -> None:
    running = server(health_app(Health()), "127.0.0.1", 0)
    task = asyncio.create_task(running.serve())
    while not running.started:  # noqa: ASYNC110 -- uvicorn offers no event
        await asyncio.sleep(0)
    port = running.servers[0].sockets[0].getsockname()[1]
    async with httpx2.AsyncClient(trust_env=False) as http:
        answer = await http.get(f"http://127.0.0.1:{port}{path}")
    running.should_exit = True
    await task
    assert answer.status_code == 200
    assert "server" not in answer.headers


@pytest.mark.parametrize(
    ("trusted", "said", "taken"),
    [
        ([], "203.0.113.9", "127.0.0.1"),
        (["10.0.0.0/8"], "203.0.113.9", "127.0.0.1"),
        (["127.0.0.0/8"], "203.0.113.9", "203.0.113.9"),
        # What the caller wrote stands before what the trusted proxies added, and counts for nothing.
        (["127.0.0.0/8", "10.0.0.0/8"], "198.51.100.1, 203.0.113.9, 10.2.3.4", "203.0.113.9"),
    ],
)
async def test_only_a_proxy_that_is_trusted_says_who_calls(trusted: list[str], said: str, taken: str) -> None:
    async def who(request: Request) -> Response:
        return Response(request.client.host if request.client else "")

    running = server(Starlette(routes=[Route("/", who)]), "127.0.0.1", 0, trusted=trusted)
    task = asyncio.create_task(running.serve())
    await eventually(lambda: holds(running.started), timeout=10, what="the server")
    port = running.servers[0].sockets[0].getsockname()[1]
    async with httpx2.AsyncClient(trust_env=False) as http:
        answer = await http.get(f"http://127.0.0.1:{port}/", headers={"X-Forwarded-For": said})
    running.should_exit = True
    await task
    assert answer.text == taken


async def holds(value: bool) -> bool:  # noqa: FBT001 -- what it says
    return value


async def test_told_to_end_it_serves_on_for_a_while_and_says_it_is_not_ready() -> None:
    health = Health()
    running = server(health_app(health), "127.0.0.1", 0, health, drain=0.5)
    health.started()
    serving = asyncio.create_task(running.serve())
    await eventually(lambda: holds(running.started), timeout=10, what="the server")
    port = running.servers[0].sockets[0].getsockname()[1]
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as http:
        assert (await http.get("/readyz")).status_code == 200
        running.handle_exit(signal.SIGTERM, None)
        running._captured_signals.clear()
        answer = await http.get("/readyz")
        assert (answer.status_code, answer.json()["failing"]) == (503, {"stop": "about to end"})
        assert (await http.get("/livez")).status_code == 200
        assert not running.should_exit
    await eventually(lambda: holds(running.should_exit), timeout=10, what="the end")
    running._captured_signals.clear()
    await serving
