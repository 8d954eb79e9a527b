"""The installation of docker compose: the demo story on it, what it shows, and a rolling restart nobody notices."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx2
import pytest
from tests.containers.conftest import docker, inspected

from interpares.common.testing.processes import LOOPBACK, eventually, free_port
from interpares.console.contexts import Context
from interpares.console.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.containers.conftest import Compose

SUMMARY = {"organisations": 42, "duties": 37, "accepted": 37, "lost": 0}
LEAST, CALLERS = 1000, 8
DRAIN_SECONDS = 3
LOOK_SECONDS = 0.2


def test_the_story_is_told_on_it(compose: Compose) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "interpares.console", "demo", "--at", "compose", "--once"],
        cwd=compose.home.parent.parent, capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stdout + told.stderr
    summary = json.loads(told.stdout.splitlines()[-1])
    assert {name: summary[name] for name in SUMMARY} == SUMMARY
    assert summary["decisions"] >= summary["duties"] + summary["accepted"]


def test_nobody_was_denied_anything_by_nats(compose: Compose) -> None:
    assert "Violation" not in compose.run("logs", "nats")


def test_no_secret_shows_in_logs_in_what_the_engine_tells_or_in_process_lists(compose: Compose) -> None:
    secrets = secrets_of(compose.home)
    containers = compose.run("ps", "--all", "--quiet").split()
    assert len(containers) >= 9
    seen = compose.run("logs", "--no-color")
    for container in containers:
        seen += json.dumps(inspected(container))
        seen += docker("top", container, "-eo", "pid,args", check=False)
    assert [name for name, secret in secrets.items() if secret in seen] == []


def secrets_of(home: Path) -> dict[str, str]:
    """Return the random part of each secret, by name of its file."""
    found = {}
    for path in (home / "secrets").iterdir():
        text = path.read_text(encoding="utf-8").strip()
        if "://" in text:
            text = text.partition("@")[0].rpartition(":")[2]
        if text and not text.startswith("{"):
            found[path.name] = text
    return found


class Proxy:
    """Hands each connection to a replica that says it is ready, in turn; looks at readiness a few times a second."""

    def __init__(self) -> None:
        self.replicas: list[int] = []
        self.ready: list[int] = []
        self._turn = 0

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        listener = await asyncio.start_server(self._hand_on, LOOPBACK, 0)
        looking = asyncio.create_task(self._look())
        try:
            yield f"http://{LOOPBACK}:{listener.sockets[0].getsockname()[1]}"
        finally:
            looking.cancel()
            listener.close()
            await asyncio.gather(looking, return_exceptions=True)

    async def _look(self) -> None:
        async with httpx2.AsyncClient(timeout=2, trust_env=False) as http:
            while True:
                self.ready = [port for port in self.replicas if await _is_ready(http, port)]
                await asyncio.sleep(LOOK_SECONDS)

    async def _hand_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._turn += 1
        if not self.ready:
            writer.close()
            return
        port = self.ready[self._turn % len(self.ready)]
        with suppress(OSError):
            there, back = await asyncio.open_connection(LOOPBACK, port)
            await asyncio.gather(_pour(reader, back), _pour(there, writer))
        writer.close()


async def _is_ready(http: httpx2.AsyncClient, port: int) -> bool:
    try:
        return (await http.get(f"http://{LOOPBACK}:{port}/readyz")).status_code == 200
    except httpx2.TransportError:
        return False


async def _pour(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
        target.close()


class Load:
    """Callers who register organisations and read them, each request on a connection of its own."""

    def __init__(self, url: str, tokens: Tokens, http: httpx2.AsyncClient) -> None:
        self._url = f"{url}/api/v1/organisations"
        self._tokens = tokens
        self._http = http
        self.answered = 0
        self.failed: list[str] = []
        self.enough = asyncio.Event()

    async def call(self, caller: int) -> None:
        while not self.enough.is_set():
            headers = {"Authorization": f"Bearer {await self._tokens.value()}", "Connection": "close"}
            try:
                if self.answered % 4 == caller % 4:
                    answer = await self._http.post(
                        self._url, json=organisation(), headers=headers | {"Idempotency-Key": str(uuid4())}
                    )
                else:
                    answer = await self._http.get(self._url, params={"limit": 5}, headers=headers)
            except httpx2.TransportError as error:
                self.failed.append(type(error).__name__)
            else:
                self.answered += 1
                if not answer.is_success:
                    self.failed.append(f"{answer.status_code} {answer.text[:200]}")


def organisation() -> dict[str, Any]:
    return {
        "kind": "municipality",
        "country": "DE",
        "keys": [{"scheme": "test", "value": uuid4().hex}],
        "names": {"de": "Musterstadt"},
        "languages": ["de"],
    }


def replica(compose: Compose, port: int) -> str:
    """Start another container of registration's API and return its id."""
    name = f"{compose.project}-rolling-{port}"
    compose.run(
        "run", "--detach", "--no-deps", "--name", name, "--publish", f"{LOOPBACK}:{port}:8000",
        "--env", f"INTERPARES_DRAIN_SECONDS={DRAIN_SECONDS}", "registration-api",
    )  # fmt: skip
    return name


@pytest.mark.slow
async def test_a_rolling_restart_of_two_replicas_fails_no_request(compose: Compose) -> None:
    context = Context.model_validate_json((compose.home / "contexts/operator.json").read_text(encoding="utf-8"))
    proxy = Proxy()
    running: dict[int, str] = {}

    async def start() -> None:
        port = free_port()
        running[port] = await asyncio.to_thread(replica, compose, port)
        proxy.replicas.append(port)
        await eventually(lambda: _among(proxy, port), timeout=90, what=f"replica {running[port]} is ready")

    async def stop(port: int) -> None:
        began = time.monotonic()
        await asyncio.to_thread(docker, "stop", "--time", "30", running[port])
        assert time.monotonic() - began < DRAIN_SECONDS + 15
        assert inspected(running[port])["State"]["ExitCode"] in {0, 143}
        proxy.replicas.remove(port)

    try:
        async with proxy.serving() as url, httpx2.AsyncClient(timeout=30, trust_env=False) as http:
            await start()
            await start()
            load = Load(url, Tokens(context, http), http)
            calling = [asyncio.create_task(load.call(caller)) for caller in range(CALLERS)]
            for port in list(running):
                await start()
                await stop(port)
            await eventually(lambda: _enough(load), timeout=180, what=f"{LEAST} answers")
            load.enough.set()
            await asyncio.gather(*calling)
        sys.stdout.write(f"{load.answered} answered, {len(load.failed)} failed\n")
        assert load.failed == []
        assert load.answered >= LEAST
    finally:
        for name in running.values():
            docker("rm", "--force", name)


async def _among(proxy: Proxy, port: int) -> bool:
    return port in proxy.ready


async def _enough(load: Load) -> bool:
    return load.answered >= LEAST
