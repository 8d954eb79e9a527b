"""Acts that several stories have in common: organisations join, meetings are held, outputs are checked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from interpares.console.client import Client, Json
from interpares.console.story.cast import Town
from interpares.console.story.scene import Scene, expect, heard

BERLIN = "Europe/Berlin"


def paper(name: str) -> str:
    """Return the hash of a paper that is told of."""
    return hashlib.sha256(name.encode()).hexdigest()


def looking_back(day: str, name: str) -> Json:
    """Return what a decision says of itself that was taken on a day and is entered now, from a paper."""
    return {"decided_at": f"{day}T10:00:00Z", "retrospective": {"document_hash": paper(name)}}


def days(starts: str, ends: str, zone: str = BERLIN) -> Json:
    """Return the dates of a meeting."""
    return {"starts": starts, "ends": ends, "zone": zone}


def day_in(weeks: int) -> str:
    """Return a day so many weeks from now."""
    return (datetime.now(UTC) + timedelta(weeks=weeks)).date().isoformat()


def ahead(weeks: int, zone: str = BERLIN) -> Json:
    """Return the dates of a meeting of one day, so many weeks from now."""
    day = day_in(weeks)
    return days(f"{day}T09:30", f"{day}T16:00", zone)


async def join(scene: Scene, town: Town, reason_code: str, reason: str, **more: Any) -> Json:
    """Have an organisation join without an application; the programme may have to hear of it first."""
    by = scene.coordinator(town) if "contract" not in more and "retrospective" not in more else None
    body: Json = {"organisation_id": scene.of(town), "role": town.role, **more}

    async def joined() -> Json:
        return await scene.decide("/joinings", reason_code, reason, by, **body)

    return await heard(f"{town.name}'s registration", joined)


async def participants(scene: Scene) -> list[Json]:
    """Return who takes part, as of the latest decision."""
    shown = scene.office.items("programme", f"{scene.path}/participations", at_least=scene.position)
    return [each async for each in shown]


async def record(scene: Scene, title: str, day: str, why: tuple[str, str], **meeting: Any) -> str:
    """Enter a meeting that took place and was planned elsewhere; return its id."""
    body: Json = {
        "title": {"de": title, "en": title},
        "dates": days(f"{day}T09:30", f"{day}T16:00"),
        **looking_back(day, f"minutes of {title}"),
        **meeting,
    }
    return str((await scene.decide("/meetings/records", *why, **body))["id"])


async def agree(scene: Scene, meeting: str, sides: Iterable[tuple[str, Client]], terms: Json) -> None:
    """Lay an agreement before both sides and have them approve the very same content."""
    why = ("prepared", "What each side does and pays, as talked over by telephone.")
    await scene.decide(f"/meetings/{meeting}/agreement", *why, terms=terms)
    shown = await scene.office.get("programme", f"{scene.path}/meetings/{meeting}", at_least=scene.position)
    approval: Json = {"hash": shown["agreement_hash"]}
    signed = ("as-agreed", "The paper says what we agreed on.")
    for side, by in sides:
        if side in shown["agreement_sides"]:
            await scene.decide(f"/meetings/{meeting}/agreement/approval", *signed, by, organisation_id=side, **approval)


async def recommend(scene: Scene, source: str, text: str, owner: str, due: str, **more: Any) -> str:
    """Record a recommendation that has somebody to see to it until a day; return its id."""
    body: Json = {"kind": "recommendation", "source": source, "text": text, "owner_id": owner, "due": due, **more}
    answer = await scene.decide("/outputs", "agreed-at-meeting", "Everybody at the meeting agreed on it.", **body)
    return str(answer["id"])


async def close(scene: Scene, reason: str, **more: Any) -> None:
    """The office closes the programme."""
    with scene.narrator.step("Closing the programme") as step:
        await scene.decide("/closure", "at-its-end", reason, **more)
        step.says("Programme closed; checks of its outputs go on")


async def answer_check(scene: Scene, owner: Town, output: str, months: int, found: tuple[str, str]) -> None:
    """After the closure somebody still asks what became of it, and is told. found: code and note."""
    finding, note = found
    why = ("asked-again", "Asked by the office, as the follow-up foresees.")
    path = f"/outputs/{output}/checks/{months}/answer"
    # Who may answer is read from a view that may not have seen the latest decision yet.
    await scene.office.get("programme", f"{scene.path}/outputs/{output}", at_least=scene.position)
    await scene.decide(path, *why, scene.coordinator(owner), finding=finding, note=note)
    chain = await scene.office.get("programme", f"{scene.path}/outputs/{output}", at_least=scene.position)
    expect(chain["outputs"], "The output cannot be traced.")
