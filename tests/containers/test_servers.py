"""The tests that use PostgreSQL and NATS, against servers in containers instead of the embedded ones."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from testcontainers.community.postgres import PostgresContainer
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import LogMessageWaitStrategy
from tests.containers.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

# All that takes its servers from the fixtures. What kills and restarts servers has its own in any case.
SUITE = ("libs/common/tests", "services/programme/tests", "services/registration/tests", "services/console/tests")
SECONDS = 1200


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
            "INTERPARES_TEST_POSTGRES_URL": postgres.get_connection_url(),
            "INTERPARES_TEST_NATS_URL": f"nats://{nats.get_container_host_ip()}:{nats.get_exposed_port(4222)}",
        }


def test_the_suite_passes_on_servers_in_containers(servers: dict[str, str]) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "INTERPARES_TEST_CONTAINERS"} | servers
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-m", "not slow", *SUITE],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout[-6000:]
