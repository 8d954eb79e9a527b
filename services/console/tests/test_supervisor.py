"""What is kept running comes back when it dies, on the same port with the same data, and goes with its keeper."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx2
import nats
import psycopg
import pytest

from interpares.common.testing.nats import EmbeddedNats
from interpares.common.testing.postgres import EmbeddedPostgres
from interpares.common.testing.processes import LOOPBACK, ProcessEnded, eventually, free_port, wait_until
from interpares.common.testing.reaper import alive
from interpares.console.supervisor import HOPELESS, Program, Server, Supervisor

MakeProgram = Callable[..., Program]
SERVE = (sys.executable, "-m", "http.server", "--bind", LOOPBACK)
SECONDS = 30.0


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
async def supervisor(told: list[str]) -> AsyncIterator[Supervisor]:
    supervisor = Supervisor(told.append)
    yield supervisor
    await supervisor.stop()


@pytest.fixture
def web_server(tmp_path: Path) -> MakeProgram:
    """A program that answers 200, as an API that is ready does."""

    def make(name: str = "web") -> Program:
        port = free_port()
        url = f"http://{LOOPBACK}:{port}/"
        return Program(name, (*SERVE, str(port)), dict(os.environ), tmp_path / f"{name}.log", url)

    return make


def kill(thing: Program | Server) -> int:
    assert thing.pid is not None
    os.kill(thing.pid, signal.SIGKILL)
    return thing.pid


async def another_pid(thing: Program | Server, before: int) -> None:
    async def changed() -> bool:
        return thing.running() and thing.pid != before

    await eventually(changed, timeout=SECONDS, what=f"restart of {thing.name}")


async def test_a_killed_program_comes_back(supervisor: Supervisor, web_server: MakeProgram, told: list[str]) -> None:
    program = web_server()
    await supervisor.keep(program)
    await supervisor.ready(program)
    before = kill(program)
    await another_pid(program, before)
    await supervisor.ready(program)
    async with httpx2.AsyncClient() as client:
        assert (await client.get(program.ready)).status_code == 200
    assert told == ["web died and was started again"]


async def test_it_comes_back_however_often_it_is_killed(supervisor: Supervisor, web_server: MakeProgram) -> None:
    program = web_server()
    await supervisor.keep(program)
    for _ in range(HOPELESS + 2):
        before = kill(program)
        await another_pid(program, before)
    await supervisor.ready(program)


async def test_a_program_that_cannot_run_is_given_up(supervisor: Supervisor, tmp_path: Path) -> None:
    command = (sys.executable, "-c", "import sys; sys.exit('no database')")
    await supervisor.keep(Program("broken", command, dict(os.environ), tmp_path / "log", "http://127.0.0.1:1/"))
    with pytest.raises(ProcessEnded, match=rf"broken ended {HOPELESS} times in a row(.|\n)*no database"):
        await asyncio.wait_for(supervisor.failed(), SECONDS)


@pytest.mark.integration
async def test_postgres_comes_back_with_its_data(supervisor: Supervisor) -> None:
    postgres = EmbeddedPostgres()
    server = Server("PostgreSQL", postgres)
    await supervisor.keep(server)
    url = postgres.superuser_url
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    before = kill(server)
    await another_pid(server, before)

    async def answers() -> bool:
        try:
            with psycopg.connect(url) as connection:
                return connection.execute("SELECT one FROM kept").fetchall() == [(1,)]
        except psycopg.OperationalError:
            return False

    await eventually(answers, timeout=SECONDS, what="answer of PostgreSQL")


@pytest.mark.integration
async def test_nats_comes_back_with_its_data(supervisor: Supervisor) -> None:
    embedded = EmbeddedNats()
    server = Server("NATS", embedded)
    await supervisor.keep(server)
    url = embedded.url
    connection = await nats.connect(url, reconnect_time_wait=0.05, max_reconnect_attempts=-1, error_cb=_ignore)
    js = connection.jetstream()
    await js.add_stream(name="KEPT", subjects=["kept"])
    await js.publish("kept", b"one")
    before = kill(server)
    await another_pid(server, before)

    async def answers() -> bool:
        try:
            return (await js.get_msg("KEPT", 1)).data == b"one"
        except nats.errors.Error:
            return False

    await eventually(answers, timeout=SECONDS, what="answer of NATS")
    await connection.close()


async def test_stopping_leaves_nothing(told: list[str], web_server: MakeProgram) -> None:
    supervisor = Supervisor(told.append)
    programs = [web_server("one"), web_server("two")]
    await supervisor.keep(*programs)
    pids = [program.pid for program in programs]
    await supervisor.stop()
    assert not [pid for pid in pids if pid is None or alive(pid)]
    assert told == []


def test_nothing_outlives_a_killed_keeper(tmp_path: Path) -> None:
    script = f"""
import asyncio, os, sys
from pathlib import Path
from interpares.console.supervisor import Program, Supervisor

async def main():
    supervisor = Supervisor(print)
    sleeper = Program("sleeper", ("sleep", "1000"), dict(os.environ), Path({str(tmp_path / "log")!r}), "")
    await supervisor.keep(sleeper)
    print(sleeper.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""
    keeper = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert keeper.stdout is not None
    pid = int(keeper.stdout.readline())
    assert alive(pid)
    keeper.kill()
    keeper.wait()
    keeper.stdout.close()
    wait_until(lambda: not alive(pid), timeout=SECONDS, what="end of the sleeper")


async def _ignore(_: Exception) -> None:
    pass
