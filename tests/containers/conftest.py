"""Tests that need a container engine: make test-containers. make test does not collect them.

Some eight minutes on two cores, five of them for the suite on servers in containers; twice that beside others.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from interpares.common.testing.processes import free_port
from interpares.console.composing import PORTS, prepare
from interpares.console.contexts import make_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
WANTED = "INTERPARES_TEST_CONTAINERS"
MISSING = "make test-containers needs a running container engine: docker info fails. make test goes without."
TAG = "0.1.0"
DOCKER = shutil.which("docker") or "docker"
# Rootless and remote engines reach containers by their own means; testcontainers' reaper is one image more to pull.
os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave this folder out unless it is asked for."""
    return None if os.environ.get(WANTED) else True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what needs the whole installation last: its seven containers need not look after their health before."""
    items.sort(key=lambda item: "compose" in getattr(item, "fixturenames", ()))


def pytest_sessionstart(session: pytest.Session) -> None:
    """End with one message where it is asked for and there is no engine."""
    if os.environ.get(WANTED) and not engine():
        pytest.exit(MISSING, returncode=1)


def engine() -> bool:
    """Tell whether an engine answers."""
    if shutil.which(DOCKER) is None:
        return False
    return subprocess.run([DOCKER, "info"], capture_output=True, check=False, timeout=60).returncode == 0


def docker(*arguments: str, check: bool = True, timeout: float = 120) -> str:
    """Run docker and return what it printed, stderr included."""
    done = subprocess.run(
        [DOCKER, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=timeout,
    )
    if check and done.returncode:
        message = f"docker {arguments[0]} ended with {done.returncode}\n{done.stdout}"
        raise AssertionError(message)
    return done.stdout


def inspected(name: str) -> dict[str, Any]:
    """Return what the engine knows of an image or a container."""
    [found] = json.loads(docker("inspect", name))
    return dict(found)


@dataclass(frozen=True)
class Compose:
    """An installation of docker-compose.yml, under a name of its own. home: its folder. ports: on loopback."""

    project: str
    home: Path
    ports: dict[str, int] = field(default_factory=dict)

    def run(self, *arguments: str, check: bool = True, timeout: float = 600) -> str:
        given = ("compose", "--project-name", self.project, "--env-file", str(self.home / "env"))
        return docker(*given, *arguments, check=check, timeout=timeout)


@pytest.fixture(scope="session")
def compose(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compose]:
    """The whole installation with a development issuer, from the images that are there."""
    folder = make_folder(tmp_path_factory.mktemp("compose")) / "compose"
    ports = {name: free_port() for name in PORTS}
    assert prepare(folder, demo=True, ports=ports)
    made = Compose(f"interpares-test-{os.getpid()}", folder, ports)
    try:
        made.run("up", "--pull", "never", "--no-build", "--wait")
        yield made
    finally:
        made.run("down", "--volumes", "--remove-orphans")
