"""The demo: sets up an installation of its own, tells a story on it, stays until it is stopped, leaves nothing."""

from __future__ import annotations

import asyncio
import shutil
import signal
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from interpares.common.testing.processes import NotInTime, ProcessEnded, remove_directory, working_directory
from interpares.console.client import Client, http
from interpares.console.contexts import Context, found, make_folder
from interpares.console.failures import Failure, Refused, Usage
from interpares.console.installation import Installation, Member
from interpares.console.narrator import Narrator
from interpares.console.story.accompanied import accompanied
from interpares.console.story.cast import Cast, cast
from interpares.console.story.climate import climate
from interpares.console.story.connective import connective
from interpares.console.story.multiply import TEMPLATE, multiply
from interpares.console.story.scene import Scene, Unexpected
from interpares.console.story.start_smart import start_smart
from interpares.console.story.subscriber import Subscriber
from interpares.console.subscription import Gap
from interpares.console.supervisor import Supervisor

T = TypeVar("T")
Tell = Callable[[Scene, Path, Subscriber], Awaitable[dict[str, Any]]]
STORIES: Mapping[str, Tell] = {
    "multiply": multiply,
    "climate": climate,
    "connective": connective,
    "accompanied": accompanied,
    "start-smart": start_smart,
}
SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stopped(Failure):
    """Somebody stopped the demo before its story was told."""

    exit_code = 130


@dataclass(frozen=True)
class Wish:
    """What the demo was asked for. once: end after the story; else stay up. templates: folder with the templates."""

    stories: tuple[str, ...]
    once: bool
    templates: Path


def templates_folder() -> Path:
    """Return the folder with the templates of this checkout."""
    here = Path(__file__).resolve()
    for above in here.parents:
        if (above / "templates" / TEMPLATE).is_file():
            return above / "templates"
    raise Refused(
        title="No templates",
        detail="The templates/ folder of the repository is missing.",
        way_out="Use a whole checkout.",
    )


async def run(wish: Wish, narrator: Narrator) -> dict[str, Any]:
    """Run the demo to its end and return the summary of its story.

    Raises Unexpected where the story does not go as it must, Refused where the installation does not come up, Stopped.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in SIGNALS:
        loop.add_signal_handler(each, stop.set)
    above = make_folder(Path.cwd())
    folder = working_directory("demo-", within=str(above))
    supervisor = Supervisor(narrator.note)
    installation = Installation(folder, supervisor)
    try:
        summary = await _race(_play(wish, narrator, installation), _stopped(stop), supervisor.failed())
        if not wish.once:
            narrator.welcome(installation.contexts)
            await _race(stop.wait(), supervisor.failed())
    except BaseException as error:
        if not isinstance(error, Stopped) and installation.logs.is_dir():
            kept = shutil.move(installation.logs, above / f"{folder.name}-logs")
            narrator.note(f"The logs are kept in {kept}")
        raise _told(error) from error
    finally:
        with narrator.step("Stopping") as step:
            await supervisor.stop()
            remove_directory(folder)
            step.says("All processes stopped, all temporary files removed")
    return summary


async def run_at(run: str, wish: Wish, narrator: Narrator) -> dict[str, Any]:
    """Tell the story on an installation that runs already, to whoever its contexts say; return the summary.

    run: name of the folder of its contexts. A story can be told once on an installation: its towns register but once.
    Raises Unexpected where the story does not go as it must, Usage where there are no such contexts.
    """
    contexts = {each.context.name: each.context for each in found() if each.run == run}
    if lacking := members(*map(cast, wish.stories)).keys() - contexts.keys():
        raise Usage(
            title="Not an installation for the story",
            detail=f"{len(lacking)} contexts of its cast are not in .interpares/{run}/contexts.",
            way_out="Make them with the installation: interpares compose --demo",
        )
    return await _tell(wish, narrator, contexts)


async def _race(*racers: Coroutine[Any, Any, T]) -> T:
    """Return what the first to end returns, or raise what it raises; the others are broken off."""
    tasks = [asyncio.create_task(racer) for racer in racers]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return next(task for task in tasks if task in done).result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _stopped(stop: asyncio.Event) -> NoReturn:
    await stop.wait()
    raise Stopped(title="Stopped", detail="The demo was stopped before its story was told.")


def _told(error: BaseException) -> BaseException:
    """Return an error in words for whoever runs the demo."""
    if isinstance(error, Gap):
        return Unexpected(f"The subscriber missed a message: {error}.")
    if isinstance(error, (ProcessEnded, NotInTime, OSError)):
        return Refused(
            title="The installation does not run", detail=str(error), way_out="interpares doctor looks for the cause."
        )
    return error


async def _play(wish: Wish, narrator: Narrator, installation: Installation) -> dict[str, Any]:
    everybody = members(*map(cast, wish.stories))
    narrator.note("Interpares demo. Everything here is for trying out, nothing for production.")
    with narrator.step("Starting PostgreSQL, NATS, the issuer and two services") as step:
        await installation.start(everybody, everybody["operator"].subject)
        step.says("PostgreSQL, NATS, the issuer and two services are up, API and worker each")
    return await _tell(wish, narrator, installation.contexts)


async def _tell(wish: Wish, narrator: Narrator, contexts: Mapping[str, Context]) -> dict[str, Any]:
    summaries = {}
    office_id, known = "", dict[str, str]()
    nats_url = contexts["operator"].nats_url
    async with http() as connection, Subscriber.listening(nats_url) as subscriber:
        clients = {name: Client(context, connection) for name, context in contexts.items()}
        for story in wish.stories:
            scene = Scene(cast(story), clients, narrator, office_id, organisations=known)
            if len(wish.stories) > 1:
                narrator.note(f"\n{scene.cast.title}")
            began, told = narrator.seconds, await STORIES[story](scene, wish.templates, subscriber)
            office_id = scene.office_id
            summaries[story] = {**told, "seconds": round(narrator.seconds - began, 1)}
    whole = {"seconds": round(narrator.seconds, 1)}
    return {**summaries[wish.stories[0]], **whole} if len(summaries) == 1 else {"stories": summaries, **whole}


def members(*troupes: Cast) -> dict[str, Member]:
    """Return everybody of some casts who can log in, by the name of their context."""
    office = troupes[0].office
    everybody = {
        "operator": Member("Operator of the platform", "operator", troupes[0].operator, streams=True),
        office.clerk.client: Member(f"Clerk at the {office.names['en']}", "office", office.clerk.subject, streams=True),
        office.auditor.client: Member(
            f"Auditor at the {office.names['en']}", "auditor", office.auditor.subject, streams=True
        ),
    }
    for town in (town for troupe in troupes for town in troupe.towns):
        title = f"Coordinator of {town.name}, {town.country} ({town.role})"
        everybody[town.coordinator.client] = Member(title, f"coordinator, {town.role}", town.coordinator.subject)
    return everybody
