"""One trial from the first process to the verdict."""

from __future__ import annotations

import asyncio
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from chaos.board import Board
from chaos.faults import Faults
from chaos.history import History
from chaos.installation import Besieged
from chaos.load import Load
from chaos.stage import callers, set_stage, troupe
from chaos.verdict import awaited, compare, false_conflicts
from interpares.common.testing.processes import remove_directory, working_directory
from interpares.console.client import http
from interpares.console.contexts import make_folder
from interpares.console.demo import members
from interpares.console.supervisor import Supervisor

if TYPE_CHECKING:
    from interpares.console.narrator import Narrator

SETTLE_SECONDS = 120.0
LOOK_SECONDS = 0.5


@dataclass(frozen=True)
class Wish:
    """What is asked for.

    seconds: how long faults are made. seed: of everything that is chosen at random. logs: keep them in any case.
    """

    seconds: float
    seed: int
    logs: bool = False


async def besiege(wish: Wish, narrator: Narrator) -> dict[str, Any]:
    """Run a trial and return its figures; ``holds`` among them says whether all promises were kept."""
    above = make_folder(Path.cwd())
    folder = working_directory("chaos-", within=str(above))
    died: list[str] = []
    supervisor = Supervisor(died.append)
    installation = Besieged(folder, supervisor)
    kept = above / f"{folder.name}-logs"
    figures: dict[str, Any] = {"holds": False}
    try:
        trial = asyncio.create_task(_trial(wish, narrator, installation, died))
        hopeless = asyncio.create_task(supervisor.failed())
        await asyncio.wait({trial, hopeless}, return_when=asyncio.FIRST_COMPLETED)
        figures = await (trial if trial.done() else hopeless)
    finally:
        for task in (trial, hopeless):
            task.cancel()
        await asyncio.gather(trial, hopeless, return_exceptions=True)
        if (wish.logs or not figures["holds"]) and installation.logs.is_dir():
            shutil.move(installation.logs, kept)
            narrator.note(f"The logs are kept in {kept}")
        with narrator.step("Stopping") as step:
            await supervisor.stop()
            await installation.close()
            remove_directory(folder)
            step.says("All processes stopped, all temporary files removed")
    return figures


async def _trial(wish: Wish, narrator: Narrator, installation: Besieged, died: list[str]) -> dict[str, Any]:
    narrator.note(f"Seed {wish.seed}: the same one makes the same choices, though not the same timing.")
    with narrator.step("Starting PostgreSQL, NATS, the issuer, two services with two workers each") as step:
        everybody = troupe()
        await installation.start(members(everybody), everybody.operator)
        step.says("PostgreSQL, NATS, the issuer and two services are up, each with an API and two workers")
    history = History()
    async with http() as connection:
        clients = callers(installation, connection, history, wish.seed)
        load = Load(await set_stage(clients, narrator), clients, history, wish.seed)
        faults = await _siege(wish, narrator, installation, load)
        quiet = await _quiet(narrator, installation, load)
    with narrator.step("Comparing histories, stores, streams and views") as step:
        comparison = await compare(installation, history)
        step.says(f"{history.total} answers compared with stores, streams, the other service and views")
    for line in comparison.told():
        narrator.note(line)
    figures = {
        "kills": faults.kills.total(),
        "acknowledged": history.total,
        **comparison.as_json(),
        "answers_changed": len(history.changed),
        "false_conflicts": false_conflicts(installation, history),
        "stale_reads": len(load.stale),
        "surprises": dict(history.surprises),
        "settled": quiet,
        "crashed": len(died) - faults.kills.total(),
        "repeated": history.repeated,
        "killed": dict(faults.kills),
        "hitches": dict(faults.hitches),
        "seconds": wish.seconds,
        "seed": wish.seed,
    }
    wrong = any(figures[name] for name in ("answers_changed", "false_conflicts", "stale_reads", "surprises", "crashed"))
    return {**figures, "holds": comparison.holds and quiet and not wrong}


async def _siege(wish: Wish, narrator: Narrator, installation: Besieged, load: Load) -> Faults:
    history = load.history
    board = Board(narrator, wish.seconds, lambda: f"{history.total} acknowledged, {faults.kills.total()} kills")
    faults = Faults(installation, Random(wish.seed), board.fault)
    await load.start()
    with board.shown():
        deadline = time.monotonic() + wish.seconds
        making = asyncio.create_task(faults.run())
        while time.monotonic() < deadline and not making.done():
            await asyncio.sleep(LOOK_SECONDS)
            board.look()
        making.cancel()
        with suppress(asyncio.CancelledError):
            await making
    killed = ", ".join(f"{name} {times}" for name, times in sorted(faults.kills.items()))
    narrator.note(f"{faults.kills.total()} kills ({killed}), {faults.hitches.total()} further faults")
    return faults


async def _quiet(narrator: Narrator, installation: Besieged, load: Load) -> bool:
    """Wait until every client is answered and everything has arrived; tell whether that came true."""
    await installation.calm()
    with narrator.step("Waiting until every client is answered and everything has arrived") as step:
        await load.finish(time.monotonic() + SETTLE_SECONDS)
        until = time.monotonic() + SETTLE_SECONDS
        while late := await awaited(installation):
            if time.monotonic() > until:
                step.says(f"In {SETTLE_SECONDS:g} s not everything arrived: {'; '.join(late)}")
                return False
            await asyncio.sleep(LOOK_SECONDS)
        step.says(f"Every client is answered, everything has arrived; {load.history.repeated} commands were repeated")
    return True
