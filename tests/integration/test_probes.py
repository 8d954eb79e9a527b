"""What processes say about themselves while their servers come and go, and how they refuse to start or end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx2
import psutil
import pytest

from interpares.common.testing.nats import EmbeddedNats
from interpares.common.testing.postgres import EmbeddedPostgres
from interpares.common.testing.processes import LOOPBACK, free_port, spawn, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from interpares.common.testing.databases import Database
    from interpares.common.testing.processes import Child

pytestmark = [pytest.mark.integration, pytest.mark.slow]
PATIENCE_SECONDS = 60.0
SECRET = "cl1ent-s3cret"


def environment(**settings: str) -> dict[str, str]:
    """Return what programme needs, over which settings count more; an empty one is as good as none."""
    needed = {
        "ENVIRONMENT": "development",
        "DATABASE_URL": f"postgresql://programme_service:{SECRET}@127.0.0.1:1/programme",
        "NATS_URL": f"nats://programme:{SECRET}@127.0.0.1:1",
        "OIDC_ISSUER": "http://127.0.0.1:1",
        "OIDC_AUDIENCE": "interpares",
        "OIDC_JWKS_URL": "http://127.0.0.1:1/jwks.json",
        "TOKEN_URL": "http://127.0.0.1:1/token",
        "CLIENT_ID": "service-programme",
        "CLIENT_SECRET": SECRET,
        "FEED_URLS": '{"registration": "http://127.0.0.1:1"}',
    }
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("INTERPARES_")}
    return inherited | {f"INTERPARES_{name}": value for name, value in (needed | settings).items()}


def programme(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "interpares.programme", *arguments]


@dataclass(frozen=True)
class Process:
    """A process of the service. port: where its probes are."""

    child: Child
    port: int
    log: Path

    def probe(self, path: str) -> tuple[int, dict[str, Any]]:
        answer = httpx2.get(f"http://{LOOPBACK}:{self.port}{path}", timeout=10, trust_env=False)
        return answer.status_code, answer.json()

    def answers(self, status: int) -> bool:
        """Tell whether /readyz answers so."""
        try:
            return self.probe("/readyz")[0] == status
        except httpx2.TransportError:
            return False

    def becomes(self, status: int) -> dict[str, Any]:
        """Wait until /readyz answers so and return what it says."""
        wait_until(lambda: self.answers(status), timeout=PATIENCE_SECONDS, what=f"/readyz with {status}", log=self.log)
        return self.probe("/readyz")[1]

    def alive(self) -> bool:
        return self.child.running and self.probe("/livez")[0] == 200


@pytest.fixture
def servers() -> Iterator[tuple[EmbeddedPostgres, EmbeddedNats]]:
    """Servers of this test's own, to stop and start."""
    with EmbeddedPostgres() as postgres, EmbeddedNats() as nats:
        yield postgres, nats


@contextmanager
def running(roles: tuple[str, ...], tmp_path: Path, database: Database, nats: EmbeddedNats) -> Iterator[Process]:
    port = free_port()
    log = tmp_path / f"{'-'.join(roles)}.log"
    env = environment(DATABASE_URL=database.service_url, NATS_URL=nats.url, HTTP_PORT=str(port))
    child = spawn(programme(*roles), name="-".join(roles), log=log, env=env, cwd=tmp_path)
    try:
        yield Process(child, port, log)
    finally:
        child.kill()


def migrate(tmp_path: Path, database: Database, nats: EmbeddedNats) -> None:
    env = environment(DATABASE_URL=database.service_url, DATABASE_OWNER_URL=database.owner_url, NATS_URL=nats.url)
    subprocess.run(programme("migrate"), env=env, cwd=tmp_path, check=True, timeout=PATIENCE_SECONDS)


def test_liveness_rests_on_nothing_and_readiness_on_what_the_role_uses(
    tmp_path: Path, servers: tuple[EmbeddedPostgres, EmbeddedNats]
) -> None:
    postgres, nats = servers
    database = postgres.create_service("programme")
    migrate(tmp_path, database, nats)
    with (
        running(("api",), tmp_path, database, nats) as api,
        running(("worker",), tmp_path, database, nats) as worker,
        running(("api", "worker"), tmp_path, database, nats) as both,
    ):
        everybody = (api, worker, both)
        for process in everybody:
            assert process.becomes(200)["failing"] == {}

        # Commands go on without NATS, so an API stays in service; a worker has nothing to do then.
        nats.kill()
        assert set(worker.becomes(503)["failing"]) == {"nats"}
        for process in (api, both):
            assert process.probe("/readyz")[0] == 200
        assert set(both.probe("/readyz")[1]["remarks"]) == {"nats"}
        assert all(process.alive() for process in everybody)
        nats.start()
        worker.becomes(200)

        postgres.kill()
        for process in everybody:
            assert "database" in process.becomes(503)["failing"]
        assert all(process.alive() for process in everybody)
        assert all(process.probe("/startupz")[0] == 200 for process in everybody)
        postgres.start()
        for process in everybody:
            process.becomes(200)

        for process in everybody:
            assert SECRET not in " ".join(psutil.Process(process.child.pid).cmdline())
            process.child.stop(signal.SIGTERM)
            said = process.log.read_text(encoding="utf-8")
            assert SECRET not in said
            assert database.service_url.partition("@")[0].rpartition(":")[2] not in said


@pytest.mark.parametrize(
    ("role", "change", "told"),
    [
        ("api", {"DATABASE_URL": ""}, "INTERPARES_DATABASE_URL is missing"),
        ("api", {"NATS_URL": SECRET}, "INTERPARES_NATS_URL: must be an address that begins with nats:// or tls://"),
        ("worker", {"FEED_URLS": "{}"}, "INTERPARES_FEED_URLS names no address of registration"),
        ("migrate", {}, "INTERPARES_DATABASE_OWNER_URL is missing; migrate needs the owner role"),
        ("api", {"ENVIRONMENT": "production"}, "INTERPARES_OIDC_ISSUER must be an https address in production"),
        (
            "worker",
            {"HTTP_HOST": "192.0.2.1"},
            "INTERPARES_HTTP_HOST and INTERPARES_HTTP_PORT: nothing can listen there",
        ),
        ("api", {"CA_FILE": "/nowhere"}, "INTERPARES_CA_FILE: path does not point to a file"),
    ],
)
def test_a_missing_or_wrong_setting_ends_a_process_at_once_with_one_line(
    role: str, change: dict[str, str], told: str, tmp_path: Path
) -> None:
    ended = subprocess.run(
        programme(role),
        env=environment(**change),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.startswith(f"Cannot start: {told}")
    assert ended.stderr.count("\n") == 1
    assert SECRET not in ended.stderr


@pytest.mark.parametrize("role", ["api", "worker"])
def test_a_process_without_servers_ends_in_time(role: str, tmp_path: Path) -> None:
    port = free_port()
    child = spawn(programme(role), name=role, log=tmp_path / "log", env=environment(HTTP_PORT=str(port)), cwd=tmp_path)
    process = Process(child, port, tmp_path / "log")
    try:
        process.becomes(503)
        assert process.alive()
        psutil.Process(child.pid).send_signal(signal.SIGTERM)
        assert child.wait(15) in {0, -signal.SIGTERM, 128 + signal.SIGTERM}
        assert SECRET not in process.log.read_text(encoding="utf-8")
    finally:
        child.kill()
