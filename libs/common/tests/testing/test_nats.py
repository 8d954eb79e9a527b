from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import nats
import psutil
import pytest
from nats.js.api import StreamConfig

from interpares.common.testing import nats as module
from interpares.common.testing.nats import EmbeddedNats, GivenNats, chosen_nats
from interpares.common.testing.processes import LOOPBACK, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def own() -> Iterator[EmbeddedNats]:
    with EmbeddedNats(sync_interval="always") as server:
        yield server


def test_leaves_no_process_or_file() -> None:
    server = EmbeddedNats()
    server.start()
    directory, process = server.directory, psutil.Process(server.pid)
    server.stop()
    assert not process.is_running()
    assert not directory.exists()


def test_listens_on_loopback_only_and_keeps_its_passwords(own: EmbeddedNats) -> None:
    listening = {each.laddr.ip for each in psutil.Process(own.pid).net_connections() if each.status == "LISTEN"}
    assert listening == {LOOPBACK}
    assert (own.directory / "nats.json").stat().st_mode & 0o777 == 0o600


def test_refuses_a_client_without_password(own: EmbeddedNats) -> None:
    place = urlsplit(own.url)
    with socket.create_connection((LOOPBACK, place.port or 0), timeout=5) as connection:
        connection.sendall(b"CONNECT {}\r\nPING\r\n")
        lines = connection.makefile("rb").readlines()
    assert lines[-1] == b"-ERR 'Authorization Violation'\r\n"


@pytest.mark.parametrize("interruption", ["restart", "kill"])
async def test_acknowledged_messages_outlive(own: EmbeddedNats, interruption: str) -> None:
    connection = await nats.connect(own.url)
    stream = f"OUTLIVES_{interruption}"
    await connection.jetstream().add_stream(StreamConfig(name=stream, subjects=[f"{stream}.>"]))
    acknowledged = await connection.jetstream().publish(f"{stream}.a", b"kept")
    await connection.close()
    if interruption == "kill":
        own.kill()
        own.start()
    else:
        own.restart()
    connection = await nats.connect(own.url)
    assert (await connection.jetstream().get_msg(stream, acknowledged.seq)).data == b"kept"
    await connection.close()


async def test_the_system_account_sees_the_server(own: EmbeddedNats) -> None:
    connection = await nats.connect(own.system_url)
    assert b"interpares-" in (await connection.request("$SYS.REQ.SERVER.PING", b"", timeout=5)).data
    await connection.close()


def test_finds_another_port_when_one_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        free = free_port()
        ports = iter((taken.getsockname()[1], free))
        monkeypatch.setattr(module, "free_port", lambda: next(ports))
        with EmbeddedNats() as server:
            assert urlsplit(server.url).port == free


@pytest.mark.parametrize("turn", ["first", "second"])
async def test_streams_of_a_test_go_with_it(nats_url: str, turn: str) -> None:
    connection = await nats.connect(nats_url)
    assert await connection.jetstream().streams_info() == []
    await connection.jetstream().add_stream(StreamConfig(name="SAMPLE", subjects=["sample"], description=turn))
    await connection.close()


def test_a_server_given_by_url(own: EmbeddedNats, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERPARES_TEST_NATS_URL", own.url)
    with chosen_nats() as given:
        assert isinstance(given, GivenNats)
        assert given.url == own.url
    os.kill(own.pid, 0)


def test_a_server_given_by_url_must_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERPARES_TEST_NATS_URL", f"nats://{LOOPBACK}:{free_port()}")
    with pytest.raises(RuntimeError, match="INTERPARES_TEST_NATS_URL"):
        chosen_nats().start()
