"""The tests that use PostgreSQL and NATS, against servers in containers instead of the embedded ones.

Those that use neither are left out (``onservers``): make test runs them, and there is nothing new they could show here.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from testcontainers.community.postgres import PostgresContainer
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import LogMessageWaitStrategy
from tests.containers.conftest import ROOT, WANTED

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = 3000
POSTGRES, NATS = "INTERPARES_TEST_POSTGRES_URL", "INTERPARES_TEST_NATS_URL"
# What each suite is given, how many at once, and how many tests there are at least: the streams of two tests would meet
# on one NATS, databases do not. What kills and restarts servers has its own in any case.
SUITES = {
    "libs/common/tests": ((POSTGRES, NATS), "0", 100),
    "services": ((POSTGRES,), "2", 350),
}


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, str]]:
    """PostgreSQL 17 and NATS with JetStream, as the variables by which tests take them."""
    postgres = PostgresContainer(
        "postgres:17", username="postgres", password="in-a-test", dbname="postgres", driver=None
    )
    nats = (
        DockerContainer("nats:2.12-alpine")
        .with_exposed_ports(4222)
        .with_command("nats-server --jetstream --store_dir /tmp/store")
        .waiting_for(LogMessageWaitStrategy("Server is ready"))
    )
    with postgres, nats:
        yield {
            POSTGRES: postgres.get_connection_url(),
            NATS: f"nats://{nats.get_container_host_ip()}:{nats.get_exposed_port(4222)}",
        }


@pytest.mark.parametrize("suite", SUITES)
def test_the_suite_passes_on_servers_in_containers(suite: str, servers: dict[str, str]) -> None:
    given, workers, least = SUITES[suite]
    inherited = {name: value for name, value in os.environ.items() if name not in {WANTED, POSTGRES, NATS}}
    environment = inherited | {name: servers[name] for name in given}
    ran = subprocess.run(
        [
            sys.executable, "-m", "pytest", "-q", "-p", "tests.containers.onservers", "-m", "not slow",
            "--numprocesses", workers, suite,
        ],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout[-6000:]
    passed = re.search(r"(\d+) passed", ran.stdout)
    assert passed, ran.stdout[-6000:]
    sys.stdout.write(f"{suite}: {passed[0]} on {' and '.join(given)}\n")
    assert int(passed[1]) >= least
