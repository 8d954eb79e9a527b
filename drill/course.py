"""The course of the drill, step by step, as the operations guide has it."""

from __future__ import annotations

import asyncio
import shutil
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from chaos.evidence import Store
from chaos.verdict import awaited
from drill.backup import Backups
from drill.installation import Drilled
from drill.record import (
    CANARY,
    SERVICES,
    Acknowledged,
    Witness,
    broken_streams,
    keep_deciding,
    lost,
    reappeared,
    stored,
    unanswered_for,
)
from interpares.common.streams import stream_name
from interpares.common.testing.processes import NotInTime, eventually, remove_directory, working_directory
from interpares.console.client import http
from interpares.console.contexts import make_folder
from interpares.console.demo import members, templates_folder
from interpares.console.story import gathering
from interpares.console.story.cast import cast
from interpares.console.story.multiply import TEMPLATE
from interpares.console.story.scene import Scene, Unexpected, expect
from interpares.console.subscription import connected
from interpares.console.supervisor import Supervisor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from interpares.console.narrator import Narrator

SETTLE_SECONDS = 120.0
LOAD_SECONDS = 2.0
WRITES_WITHIN_SECONDS = 10.0
WHY = {"reason_code": "for-the-drill", "reason": "Somebody has to try."}


class Findings:
    """What the drill found. seconds: of what is measured, by step. wrong: everything that is not as it must be."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.wrong: list[str] = []

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Measure a step."""
        began = time.monotonic()
        yield
        self.seconds[name] = round(time.monotonic() - began, 1)


async def run(narrator: Narrator) -> dict[str, Any]:
    """Run the drill and return its figures; ``holds`` among them says whether nothing was lost and nobody came back."""
    above = make_folder(Path.cwd())
    folder = working_directory("drill-", within=str(above))
    supervisor = Supervisor(lambda _: None)
    installation = Drilled(folder, supervisor)
    findings, acknowledged = Findings(), Acknowledged()
    Witness.acknowledged = acknowledged
    backups: Backups | None = None
    kept = above / f"{folder.name}-logs"
    try:
        scene = await _set_up(installation, narrator)
        backups = Backups(installation.postgres)
        async with http() as connection:
            scene.clients.update({name: Witness(c, connection) for name, c in installation.contexts.items()})
            await _decide(scene, installation, narrator)
            await _back_up(backups, scene, findings, narrator)
            await _lose_everything(backups, scene, installation, findings, narrator)
            await _one_earlier(backups, scene, installation, findings, narrator)
            await _restart(scene, installation, findings, narrator)
    finally:
        if (findings.wrong or "writes_again" not in findings.seconds) and installation.logs.is_dir():
            shutil.move(installation.logs, kept)
            narrator.note(f"The logs are kept in {kept}")
        with narrator.step("Stopping") as step:
            if backups is not None:
                backups.close()
            await supervisor.stop()
            if backups is not None:
                remove_directory(backups.folder)
            remove_directory(folder)
            step.says("All processes stopped, all temporary files removed")
    for line in findings.wrong:
        narrator.note(line)
    return {
        "acknowledged": acknowledged.total,
        "lost": len(findings.wrong),
        "what": findings.wrong[:10],
        "seconds": findings.seconds,
        "holds": not findings.wrong,
    }


async def _set_up(installation: Drilled, narrator: Narrator) -> Scene:
    everybody = cast()
    troupe = replace(everybody, towns=tuple(town for town in everybody.towns if town.country == "AT"))
    with narrator.step("Starting PostgreSQL, NATS, the issuer and two services") as step:
        await installation.start(members(troupe), troupe.operator)
        step.says("PostgreSQL, NATS, the issuer and two services are up")
    return Scene(troupe, {}, narrator)


async def _decide(scene: Scene, installation: Drilled, narrator: Narrator) -> None:
    await gathering.open_office(scene)
    await gathering.draft(scene, templates_folder() / TEMPLATE, strands=scene.cast.countries)
    await gathering.call(scene)
    await gathering.register(scene)
    await gathering.apply(scene)
    with narrator.step("Waiting until everything has arrived everywhere") as step:
        await _at_rest(installation)
        step.says("A programme with its call, organisations, people and applications, all of it heard of elsewhere")


async def _at_rest(installation: Drilled) -> None:
    late: list[str] = []

    async def rests() -> bool:
        late[:] = await awaited(installation)
        return not late

    try:
        await eventually(rests, timeout=SETTLE_SECONDS, what="rest")
    except NotInTime as error:
        message = f"In {SETTLE_SECONDS:g} s not everything arrived: {'; '.join(late)}."
        raise Unexpected(message) from error


async def _back_up(backups: Backups, scene: Scene, findings: Findings, narrator: Narrator) -> None:
    with narrator.step("Backing up") as step, findings.timed("backup"):
        await asyncio.to_thread(backups.receive)
        await asyncio.to_thread(backups.base)
        await asyncio.to_thread(backups.commits_wait)
        step.says("Base backup taken; WAL goes to a receiver that commits wait for")
    await gathering.admit(scene)


async def _canary(scene: Scene, name: str) -> str:
    """Register somebody who is to be erased; return their id."""
    person = {"given_name": CANARY, "family_name": name, "email": f"{name}@example.org", "subject": f"drill-{name}"}
    return str((await scene.clients["operator"].post("registration", "/people", person))["id"])


async def _erase(scene: Scene, installation: Drilled, person_id: str) -> None:
    """Erase somebody and wait until the ledger has it."""
    operator = scene.clients["operator"]
    request = await operator.post("registration", f"/people/{person_id}/erasure-requests", WHY)
    await operator.post("registration", f"/erasure-requests/{request['id']}/decision", {"outcome": "erased", **WHY})

    async def noted() -> bool:
        return installation.ledger.exists() and person_id in installation.ledger.read_text(encoding="utf-8")

    await eventually(noted, timeout=SETTLE_SECONDS, what="the ledger of erasures")


async def _lose_everything(
    backups: Backups, scene: Scene, installation: Drilled, findings: Findings, narrator: Narrator
) -> None:
    with narrator.step("Erasing somebody, and deciding on until the servers are gone") as step:
        await _erase(scene, installation, await _canary(scene, "before-the-loss"))
        one_try = Witness(scene.clients["operator"].context, scene.clients["operator"]._http, patience=0)  # noqa: SLF001
        deciding = asyncio.create_task(keep_deciding(one_try))
        await asyncio.sleep(LOAD_SECONDS)
        supervisor = installation.supervisor
        async with supervisor.away("PostgreSQL"), supervisor.away("NATS"):
            await deciding
            began = time.monotonic()
            step.says(f"PostgreSQL and NATS killed amid decisions; {Witness.acknowledged.total} were acknowledged")
            await asyncio.to_thread(_destroy, installation)
            await asyncio.to_thread(backups.put_back)
    with narrator.step("Restoring PostgreSQL to its last moment; NATS starts empty") as step:
        await _answering(installation)
        await asyncio.to_thread(backups.recovered)
        for name in SERVICES:
            await installation.migrate_again(name)
        await installation.ready()
        findings.seconds["restored"] = round(time.monotonic() - began, 1)
        await _at_rest(installation)
        findings.seconds["streams_rebuilt"] = round(time.monotonic() - began, 1)
        step.says("Restored, the streams made again from the stores")
    await _verify(installation, findings, narrator)


def _destroy(installation: Drilled) -> None:
    shutil.rmtree(installation.postgres.directory / "data")
    shutil.rmtree(installation.nats.directory / "store", ignore_errors=True)


async def _answering(installation: Drilled) -> None:
    async def answers() -> bool:
        try:
            await asyncio.to_thread(Store(installation.postgres.superuser_url).rows, "SELECT 1")
        except OSError:
            return False
        except Exception as error:  # noqa: BLE001 -- psycopg's own, while the server starts
            return type(error).__name__ != "OperationalError"
        return True

    await eventually(answers, timeout=SETTLE_SECONDS, what="PostgreSQL")


async def _verify(installation: Drilled, findings: Findings, narrator: Narrator) -> None:
    with narrator.step("Comparing what was acknowledged with stores, streams and tables") as step:
        after = await stored(installation)
        findings.wrong += [f"acknowledged, and gone: {each}" for each in unanswered_for(Witness.acknowledged, after)]
        findings.wrong += await broken_streams(installation, after)
        findings.wrong += [f"erased, and back: {each}" for each in await asyncio.to_thread(reappeared, installation)]
        count = Witness.acknowledged.total
        step.says(f"{count} acknowledged decisions compared: {len(findings.wrong)} lost, nobody who was erased is back")


async def _one_earlier(
    backups: Backups, scene: Scene, installation: Drilled, findings: Findings, narrator: Narrator
) -> None:
    """Restore registration to a moment before somebody was erased and before the programme service decided more."""
    registration = installation.services["registration"].database
    with narrator.step("Restoring registration to an earlier moment than programme") as step:
        person = await _canary(scene, "before-the-restore")
        await _at_rest(installation)
        dump = await asyncio.to_thread(backups.dump, registration)
        before = await stored(installation)
        await _erase(scene, installation, person)
        await scene.decide("/duties", "roles-settled", "All are admitted.")
        await _at_rest(installation)
        beyond = max((await stored(installation))["registration"])
        heard = await asyncio.to_thread(_heard, installation, "programme", "registration")
        # Of the erasure itself the store knows nothing any more: the ledger does.
        Witness.acknowledged.positions["registration"] &= set(before["registration"])
        with findings.timed("one_service_restored"):
            async with installation.stopped("registration"):
                await asyncio.to_thread(backups.restore, registration, dump)
                await installation.migrate_again("registration", "--beyond", str(beyond))
                async with connected(installation.nats.url) as connection:
                    await connection.jetstream().delete_stream(stream_name("registration"))
            await scene.clients["operator"].post("registration", "/organisations", _organisation())
            await _at_rest(installation)
        after = await stored(installation)
        findings.wrong += [f"in the backup, and gone: {each}" for each in lost(before, after)]
        again = set(after["registration"]) - set(before["registration"])
        findings.wrong += [f"position {each} was given twice" for each in sorted(again) if each <= beyond]
        if await asyncio.to_thread(_heard, installation, "programme", "registration") <= heard:
            findings.wrong.append("programme does not hear what registration decides")
        step.says("Registration restored alone: it heard again what programme decided, and is heard again")
    await _verify(installation, findings, narrator)


def _heard(installation: Drilled, by: str, of: str) -> int:
    store = Store(installation.services[by].database.service_url)
    [row] = store.rows("SELECT position FROM inbox_positions WHERE feed = %s", of)
    return int(row["position"])


def _organisation() -> dict[str, Any]:
    return {
        "kind": "municipality",
        "country": "DE",
        "keys": [{"scheme": "drill", "value": uuid4().hex}],
        "names": {"de": "Nachbarstadt"},
        "languages": ["de"],
    }


async def _restart(scene: Scene, installation: Drilled, findings: Findings, narrator: Narrator) -> None:
    with narrator.step("Restarting PostgreSQL under the services") as step:
        async with installation.supervisor.away("PostgreSQL"):
            pass
        await _answering(installation)
        with findings.timed("writes_again"):
            await scene.clients["operator"].post("registration", "/organisations", _organisation())
        seconds = findings.seconds["writes_again"]
        expect(seconds < WRITES_WITHIN_SECONDS, f"Writes took {seconds} s to go on.")
        step.says(f"PostgreSQL killed and started: writes went on after {seconds} s")
