"""The directory of organisations: how pages bear growth, and how fast a document is imported."""

from __future__ import annotations

import asyncio
import io
import time
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from statistics import quantiles
from typing import TYPE_CHECKING
from uuid import UUID, uuid4, uuid5

import httpx2
import nats
import psycopg

from bench.figures import Figure
from bench.rig import CALLER, Rig, address, rigged
from interpares.common.auth import actor_id
from interpares.common.http import API
from interpares.common.policy import Capacity
from interpares.common.streams import event_stream
from interpares.registration.main import SERVICE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bench.plan import Plan
    from bench.servers import Servers
    from interpares.common.testing.databases import Database as Made

SUITE = "registration"
MODULE = "interpares.registration"
NAMES = uuid5(UUID(int=0), "bench")
SYLLABLES = ("wald", "burg", "hau", "stein", "bach", "dorf", "feld", "heim", "lingen", "rode", "weiler", "kirch")
TABLE = "text/csv"
PAGES = {
    "page": f"{API}/organisations?limit=50",
    "filtered page": f"{API}/organisations?limit=50&country=DE&kind=municipality",
    "search": f"{API}/organisations/search?text=Bachfeldburg",
}
# What programmes decide is of no concern here; nobody listens there.
NOWHERE = {"programme": "http://127.0.0.1:9"}
LOOK_SECONDS = 0.25
PATIENCE_SECONDS = 300


def parts(plan: Plan) -> int:
    """Return how often ``measure`` advances."""
    return 2 * plan.rounds + 1


@dataclass(frozen=True)
class Directory:
    """A registration service with so many organisations. imported: rows a second, from upload to the last one."""

    client: httpx2.AsyncClient
    imported: float


async def measure(servers: Servers, plan: Plan, advance: Callable[[], None]) -> list[Figure]:
    """Measure answers of a small and of a large directory in turns, and the import that made the large one."""
    async with rigged(servers.nats.url) as rig:
        await rig.start(SERVICE.name)
        async with (
            _directory(servers, rig, "small", plan.small_directory, plan.small_directory) as small,
            _directory(servers, rig, "large", plan.directory, plan.people) as large,
        ):
            advance()
            slow: dict[str, list[float]] = {}
            for _ in range(plan.rounds):
                token = await rig.token()
                for name, one in (("small", small), ("large", large)):
                    one.client.headers["Authorization"] = f"Bearer {token}"
                    for page, path in PAGES.items():
                        slow.setdefault(f"{page} of a {name} directory", []).append(
                            await _p95(one.client, path, plan.answers)
                        )
                    advance()
    figures = [Figure(SUITE, name, "ms, p95", tuple(samples)) for name, samples in slow.items()]
    sizes = {"organisations": float(plan.directory), "people": float(plan.people)}
    return [*figures, Figure(SUITE, "import", "rows/s", (large.imported,), beside=sizes)]


@asynccontextmanager
async def _directory(
    servers: Servers, rig: Rig, name: str, organisations: int, people: int
) -> AsyncIterator[Directory]:
    """Run a service in processes of its own and import a directory into it; then its worker makes way for the pages.

    The stream goes with the worker: the next directory is another service of the same name.
    """
    async with AsyncExitStack() as stack:
        made = await stack.enter_async_context(servers.database(f"registration_{name}", SERVICE.migrations))
        await asyncio.to_thread(_people, made, people)
        await asyncio.to_thread(_admit, made, rig)
        api = rig.service(MODULE, SERVICE, "api", made, NOWHERE, name=name)
        worker = rig.service(MODULE, SERVICE, "worker", made, NOWHERE, name=name)
        await rig.run(api, worker)
        host, port = address(api)
        headers = {"Authorization": f"Bearer {await rig.token()}"}
        client = await stack.enter_async_context(
            httpx2.AsyncClient(base_url=f"http://{host}:{port}", headers=headers, trust_env=False, timeout=60)
        )
        imported = await _imported(client, made, organisations)
        await stack.enter_async_context(rig.supervisor.away(worker.name))
        await _forget_stream(servers.nats.url)
        yield Directory(client, imported)


async def _forget_stream(url: str) -> None:
    connection = await nats.connect(url)
    try:
        await connection.jetstream().delete_stream(event_stream(SERVICE.name).name or "")
    finally:
        await connection.close()


async def _imported(client: httpx2.AsyncClient, made: Made, organisations: int) -> float:
    """Upload a table, confirm it, and wait until it is registered; return rows a second over all of it."""
    table = _table(organisations)
    began = time.perf_counter()
    sent = await client.post(f"{API}/organisation-imports", content=table, headers={"Content-Type": TABLE})
    one = sent.raise_for_status().json()["id"]
    why = {"reason_code": "measured", "reason": "Measured how fast a directory is imported.", "keep": []}
    (await client.post(f"{API}/organisation-imports/{one}/confirmation", json=why)).raise_for_status()
    deadline = began + PATIENCE_SECONDS
    while True:
        shown = (await client.get(f"{API}/organisation-imports/{one}")).raise_for_status().json()
        if shown["rows"].get("registered", 0) == organisations:
            break
        if time.perf_counter() > deadline:
            message = f"the import came to {shown['rows']} only"
            raise RuntimeError(message)
        await asyncio.sleep(LOOK_SECONDS)
    seconds = time.perf_counter() - began
    await asyncio.to_thread(_settled, made, organisations)
    return organisations / seconds


def _settled(made: Made, organisations: int) -> None:
    """Wait until the view has all, and let PostgreSQL look at its tables as it does by itself after a while."""
    with psycopg.connect(made.owner_url, autocommit=True) as connection:
        deadline = time.perf_counter() + PATIENCE_SECONDS
        while (connection.execute("SELECT count(*) FROM organisations").fetchone() or (0,))[0] < organisations:
            if time.perf_counter() > deadline:
                message = "the view did not catch up with the import"
                raise RuntimeError(message)
            time.sleep(LOOK_SECONDS)
        connection.execute("ANALYZE")


async def _p95(client: httpx2.AsyncClient, path: str, answers: int) -> float:
    """Return the 95th percentile of so many answers, one after the other, in milliseconds."""
    taken = []
    for _ in range(answers):
        began = time.perf_counter()
        answer = await client.get(path)
        taken.append((time.perf_counter() - began) * 1000)
        answer.raise_for_status()
    return quantiles(taken, n=20)[-1]


def _table(organisations: int) -> bytes:
    """Return a table of invented municipalities in which no two have one name."""
    text = io.StringIO()
    text.write("kind,country,key:BENCH,name:de,population,latitude,longitude\r\n")
    for number in range(organisations):
        name = "".join(SYLLABLES[number // len(SYLLABLES) ** digit % len(SYLLABLES)] for digit in range(3)).capitalize()
        text.write(f"municipality,DE,{number:08},{name} {number},{number + 1000},50.1,8.{number % 1000}\r\n")
    return text.getvalue().encode()


def _people(made: Made, people: int) -> None:
    """Put people into their table: they take room, and no page of organisations may suffer from it."""
    with psycopg.connect(made.owner_url) as connection, connection.cursor() as cursor:
        columns = "(person_id, actor, given_name, family_name, email, subject)"
        with cursor.copy(f"COPY people {columns} FROM STDIN".encode()) as copy:
            for number in range(people):
                mail = f"person{number}@example.org"
                copy.write_row((uuid4(), uuid5(NAMES, mail), "Kim", f"Muster{number}", mail, f"subject-{number}"))


def _admit(made: Made, rig: Rig) -> None:
    """Let the caller be an operator, as the service's own authorisation reads it."""
    with psycopg.connect(made.owner_url) as connection:
        connection.execute(
            "INSERT INTO memberships VALUES (%s, %s, %s, %s)",
            (uuid4(), actor_id(rig.issuer_url, CALLER), uuid4(), Capacity.OPERATOR.value),
        )
