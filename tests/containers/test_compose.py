"""The installation of docker compose: the demo story on it, what it shows, and a rolling restart nobody notices."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import httpx2
import pytest
from tests.containers.conftest import docker, inspected
from tests.integration.rolling import Load, Proxy

from interpares.common.testing.processes import LOOPBACK, eventually, free_port
from interpares.console.contexts import Context
from interpares.console.tokens import Tokens

if TYPE_CHECKING:
    from pathlib import Path

    from tests.containers.conftest import Compose

SUMMARY = {"organisations": 42, "duties": 37, "accepted": 37, "lost": 0}
LEAST, CALLERS = 1000, 8
DRAIN_SECONDS = 3
PATIENCE_SECONDS = 300


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


def test_the_overlay_for_traces_and_metrics_fits_on_it(compose: Compose) -> None:
    both = ("--file", "docker-compose.yml", "--file", "docker-compose.observability.yml")
    services = compose.run(*both, "config", "--services").split()
    assert {"collector", "tempo", "prometheus", "grafana", "programme-api", "registration-worker"} <= set(services)


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
        await eventually(lambda: proxy.among(port), timeout=PATIENCE_SECONDS, what=f"replica {running[port]} is ready")

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
            async with load.calling(CALLERS):
                for port in list(running):
                    await start()
                    await stop(port)
                await eventually(lambda: load.at_least(LEAST), timeout=PATIENCE_SECONDS, what=f"{LEAST} answers")
        sys.stdout.write(f"{load.answered} answered, {len(load.failed)} failed\n")
        assert load.failed == []
        assert load.answered >= LEAST
    finally:
        for name in running.values():
            docker("rm", "--force", name)
