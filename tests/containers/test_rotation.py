"""Secrets of a running installation are changed, as docs/operations.md says, and the old ones open nothing any more."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING

import httpx2
import pytest
from nats.js.errors import ServiceUnavailableError
from tests.containers.conftest import docker
from tests.integration.rolling import organisation

from interpares.common.streams import stream_name
from interpares.common.testing.processes import LOOPBACK, eventually
from interpares.console.client import Client
from interpares.console.contexts import Context
from interpares.console.failures import Failure
from interpares.console.subscription import connected

if TYPE_CHECKING:
    from tests.containers.conftest import Compose

PATIENCE_SECONDS = 300
RECREATED = ("up", "--detach", "--no-deps", "--force-recreate", "--pull", "never", "--no-build", "--wait")


def rewritten(compose: Compose, name: str, change: str) -> str:
    """Put another password into the address in a file of secrets; return the address as it was."""
    path = compose.home / "secrets" / name
    old = path.read_text(encoding="utf-8").strip()
    user, _, host = old.partition("@")
    # In place: a container sees the file, not the folder.
    path.write_text(f"{user.rpartition(':')[0]}:{change}@{host}", encoding="utf-8")
    return old


def password_of(url: str) -> str:
    return url.partition("@")[0].rpartition(":")[2]


def opens(compose: Compose, url: str) -> bool:
    """Tell whether PostgreSQL takes an address; its image may trust whoever comes over loopback, so not from there."""
    told = compose.run("exec", "--no-TTY", "postgres", "psql", url, "--command", "SELECT 1", check=False)
    return "1 row" in told


async def position(nats_url: str) -> int:
    """Return how many messages registration's relay has published, -1 while JetStream does not answer: on a reload."""
    async with connected(nats_url) as connection:
        try:
            return int((await connection.jetstream().stream_info(stream_name("registration"))).state.last_seq)
        except ServiceUnavailableError:
            return -1


async def decides_and_publishes(compose: Compose) -> None:
    """Let somebody decide, and wait until the relay has published it."""
    context = Context.model_validate_json((compose.home / "contexts/operator.json").read_text(encoding="utf-8"))

    async def told() -> int | None:
        found = await position(context.nats_url)
        return found if found >= 0 else None

    before = await eventually(told, timeout=PATIENCE_SECONDS, what="JetStream answers")
    async with httpx2.AsyncClient(timeout=30, trust_env=False) as http:
        await Client(context, http).post("registration", "/organisations", organisation())

    async def published() -> bool:
        return await position(context.nats_url) > before

    await eventually(published, timeout=PATIENCE_SECONDS, what="the decision is published")


@pytest.mark.slow
async def test_passwords_of_the_database_are_what_the_addresses_say_after_a_migration(compose: Compose) -> None:
    old = [rewritten(compose, f"registration-database{role}-url", secrets.token_urlsafe(24)) for role in ("", "-owner")]
    assert all(opens(compose, url) for url in old)

    compose.run("run", "--rm", "--no-deps", "registration-migrate")
    compose.run(*RECREATED, "registration-api", "registration-worker")

    assert not any(opens(compose, url) for url in old)
    await decides_and_publishes(compose)


@pytest.mark.slow
async def test_a_user_of_nats_is_replaced_by_another_one_with_the_same_rights(compose: Compose) -> None:
    users = compose.home / "secrets" / "nats-users"
    known = json.loads(users.read_text(encoding="utf-8"))
    everybody = known["accounts"]["PLATFORM"]["users"]
    [first] = [each for each in everybody if each["user"] == "registration"]
    second = first | {"user": "registration-2", "password": secrets.token_urlsafe(24)}

    def reload() -> None:
        users.write_text(json.dumps(known), encoding="utf-8")
        compose.run("kill", "--signal", "SIGHUP", "nats")

    everybody.append(second)
    reload()
    address = compose.home / "secrets" / "registration-nats-url"
    old = address.read_text(encoding="utf-8")
    new = f"//{second['user']}:{second['password']}@"
    address.write_text(old.replace(f"//registration:{password_of(old)}@", new), encoding="utf-8")
    compose.run(*RECREATED, "registration-api", "registration-worker")
    everybody.remove(first)
    reload()

    from_here = old.replace("@nats:4222", f"@{LOOPBACK}:{compose.ports['nats']}")
    await eventually(lambda: refused(from_here), timeout=PATIENCE_SECONDS, what="the first user is refused")
    await decides_and_publishes(compose)
    assert "Violation" not in docker("logs", compose.run("ps", "--quiet", "nats").strip())


async def refused(url: str) -> bool:
    try:
        await position(url)
    except Failure:
        return True
    return False
