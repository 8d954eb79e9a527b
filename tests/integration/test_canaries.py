"""What people are called and what they type lies in two tables and nowhere else: canaries, planted and searched for."""

from __future__ import annotations

import asyncio
import secrets
from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from tests.integration.evidence import cells, drained, stream
from tests.integration.receiver import traceparent
from tests.integration.stage import SUBJECT, WHY, letter

from interpares.common.eventstore import SNAPSHOT_EVERY
from interpares.common.testing.counting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.receiver import Receiver
    from tests.integration.stage import Stage

    from interpares.console.story.scene import Scene

pytestmark = [pytest.mark.integration, pytest.mark.asyncio(loop_scope="session")]

HOMES = {"people", "sealed_texts"}
SERVICES = ("programme", "registration")


class Aviary:
    """Makes canaries and remembers them. ``kept``: those that a service takes; the others are refused."""

    def __init__(self) -> None:
        self.kept: set[str] = set()
        self.refused: set[str] = set()

    def bird(self) -> str:
        """Return a word that a service will keep, one that occurs nowhere else in the world."""
        return self._fledged(self.kept)

    def stray(self) -> str:
        """Return one that a service will refuse."""
        return self._fledged(self.refused)

    @staticmethod
    def _fledged(cage: set[str]) -> str:
        made = f"kanari{secrets.token_hex(8)}"
        cage.add(made)
        return made


async def planted_where_they_belong(stage: Stage, scene: Scene, aviary: Aviary) -> str:
    """Plant a person, and a typed text in every kind of command; return how the person's membership is ended."""
    town, office = scene.cast.towns[0], stage.clients["office"]
    organisation = scene.organisations[town.slug]
    name, account = aviary.bird(), SUBJECT.format("canary")
    aviary.kept.add(account)
    person = await stage.clients["operator"].post(
        "registration",
        "/people",
        {
            "given_name": name,
            "family_name": aviary.bird(),
            "email": f"{aviary.bird()}@example.org",
            "subject": account,
        },
    )
    member = {"person_id": person["id"], "organisation_id": organisation, "capacity": "facilitator"}
    about = {"reason_code": "canary", "about": [person["id"]]}

    def why() -> dict[str, Any]:
        return about | {"reason": f"{name} says {aviary.bird()}."}

    membership = await office.post("registration", "/memberships", member | why())
    # Whoever has such an account calls, too, and their account may not be noted.
    assert (await stage.send("canary", "GET", "registration", "/me")).status_code == 200
    assert (await stage.send("canary", "GET", "registration", "/erasure-requests")).status_code == 403
    motivated = {"programme_id": scene.programme, "organisation_id": organisation, "role": town.role}
    applied = await stage.post(
        town.coordinator.client, "registration", "/applications", motivated | {"motivation": aviary.bird()}
    )
    assert applied.status_code == 201, applied.text
    await office.post("registration", f"/applications/{applied.json()['id']}/withdrawal", why())
    own = {"organisation_id": organisation}
    duty = f"{scene.path}/duties/{town.country}.front-runner-meetings.1"
    for _ in range(SNAPSHOT_EVERY // 2):
        await office.post("programme", f"{duty}/offer", why() | {"to": [organisation]})
        await stage.clients[town.coordinator.client].post("programme", f"{duty}/refusal", why() | own)
    await office.post("programme", f"{scene.path}/participations/{organisation}/withdrawal", why() | letter())
    return f"/memberships/{membership['id']}/end"


async def ended(stage: Stage, receiver: Receiver, commands: dict[str, str], aviary: Aviary) -> None:
    """Give a last command to each service, and wait until all that came before has reached stream and receiver."""
    for service, path in commands.items():
        trace_id = secrets.token_hex(16)
        body = {"reason_code": "canary", "reason": aviary.bird()}
        answer = await stage.post("office", service, path, body, traceparent=traceparent(trace_id))
        assert answer.status_code == 200, answer.text
        # Every process exports its spans in order: request, append, publish, receive.
        await receiver.trace(trace_id, 4)
        await until(partial(drained, stage.installation, service), f"{service} has told all")


async def planted_where_they_are_refused(stage: Stage, scene: Scene, aviary: Aviary) -> None:
    """Plant names and texts where neither may stand, and in commands that cannot be."""
    # The call is open already, so even what is right here is refused.
    call = f"{scene.path}/call"
    why = WHY | {"deadline": {"local": "2099-12-01T12:00", "zone": "Europe/Vienna"}}
    person = {"given_name": "A", "family_name": "B", "email": "a@example.org", "subject": "c"}
    wrong: list[tuple[str, str, str, Any]] = [
        ("office", "programme", call, why | {"reason_code": aviary.stray().upper()}),
        ("office", "programme", call, why | {aviary.stray(): aviary.stray()}),
        ("office", "programme", call, why | {"reason": [aviary.stray()]}),
        ("office", "programme", call, why | {"about": [aviary.stray()]}),
        ("office", "programme", call, why | {"reason": aviary.stray()}),
        ("office", "programme", call, aviary.stray()),
        ("office", "programme", f"/programmes/{aviary.stray()}/call", why),
        ("office", "programme", f"{call}?{aviary.stray()}={aviary.stray()}", {}),
        ("office", "programme", f"/{aviary.stray()}", why),
        ("stranger", "programme", call, why | {"reason": aviary.stray()}),
        ("office", "registration", "/people", person | {"email": aviary.stray()}),
        ("office", "registration", "/people", person | {"given_name": aviary.stray(), "title": "Dr."}),
        ("stranger", "registration", "/people", person | {"family_name": aviary.stray()}),
        # This account is somebody already.
        ("office", "registration", "/people", person | {"family_name": aviary.stray(), "subject": "demo-office"}),
        ("office", "registration", "/applications", {"motivation": aviary.stray()}),
    ]
    for name, service, path, body in wrong:
        answer = await stage.post(name, service, path, body)
        assert 400 <= answer.status_code < 500, f"{path}: {answer.text}"
    for service in SERVICES:
        url = f"{stage.installation.services[service].url}/api/v1/{aviary.stray()}"
        headers = dict.fromkeys(("Authorization", "Cookie", "User-Agent", "Referer", "X-Name"), aviary.stray())
        answer = await stage.http.post(url, content=aviary.stray(), headers=headers)
        assert answer.status_code == 404
    taken = dict.fromkeys(("traceparent", "baggage", "Idempotency_Key", "X_Request_Id", "User_Agent"), aviary.stray())
    assert (await stage.post("office", "programme", call, why, **taken)).status_code == 409


async def everything(stage: Stage, receiver: Receiver) -> dict[str, list[bytes]]:
    """Return all that was written anywhere, by where it was."""
    found = defaultdict(list)
    installation = stage.installation
    for service in SERVICES:
        for table, cell in await asyncio.to_thread(cells, installation, service):
            found[f"table {service}.{table}"].append(cell)
        for message in await stream(installation, service):
            found[f"stream of {service}"] += [message.subject.encode(), repr(message.headers).encode(), message.body]
    logs = [*installation.logs.iterdir(), installation.postgres.directory / "log", installation.nats.directory / "log"]
    found |= {f"log {log.name} of {log.parent.name}": [log.read_bytes()] for log in logs}
    for program in installation.programs:
        metrics = await stage.http.get(program.ready.replace("/readyz", "/metrics"))
        found[f"metrics of {program.name}"] = [metrics.content]
    found["spans"] = receiver.bodies
    return found


def sightings(found: dict[str, list[bytes]], birds: set[str]) -> Iterator[tuple[str, str]]:
    """Yield which canary was seen where."""
    for where, parts in found.items():
        whole = b"\n".join(parts).lower()
        yield from ((bird, where) for bird in birds if bird.encode() in whole)


async def test_canaries_are_where_they_belong_and_nowhere_else(stage: Stage, receiver: Receiver) -> None:
    scene = await stage.exchange("BE")
    aviary = Aviary()
    leave = await planted_where_they_belong(stage, scene, aviary)
    await planted_where_they_are_refused(stage, scene, aviary)
    await ended(stage, receiver, {"programme": f"{scene.path}/call/closure", "registration": leave}, aviary)

    found = await everything(stage, receiver)
    cast = [scene.cast.office.clerk, *(town.coordinator for town in scene.cast.towns)]
    real = {text.lower() for person in cast for text in (person.family_name, person.email, person.subject)}
    seen = set(sightings(found, aviary.kept | aviary.refused | real))

    homes = {f"table {service}.{table}" for service in SERVICES for table in HOMES}
    assert {(bird, where) for bird, where in seen if where not in homes} == set()
    assert {bird for bird, _ in seen} == aviary.kept | real
    searched = {f"table {service}.{table}" for service in SERVICES for table in ("stored_events", "commands")}
    searched |= {"table programme.snapshots", "stream of programme", "stream of registration", "spans"}
    assert all(any(found[where]) for where in searched)
