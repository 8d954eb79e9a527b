"""The story of the accompanied municipalities: facilitators go along, towns help each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from interpares.console.client import Json
from interpares.console.story import acts, gathering, multiply
from interpares.console.story.scene import Scene, expect
from interpares.console.story.subscriber import Subscriber

TEMPLATE = "accompanied-municipalities.yaml"
TITLE = {"de": "Begleitete Kommunen", "en": "Accompanied municipalities"}
DAYS = ("2026-03-10", "2026-05-05", "2026-06-23")
# The template has people see to it, whenever a role is given, that structures which exist are used.
BY_HAND: Json = {"manual_rules": ["existing-structures"]}


async def accompanied(scene: Scene, templates: Path, subscriber: Subscriber) -> dict[str, Any]:
    """Tell the story and return its figures. Raises Unexpected where it does not go as it must."""
    await gathering.open_office(scene)
    await gathering.draft(scene, templates / TEMPLATE, TITLE)
    await gathering.call(scene)
    await gathering.register(scene)
    needs = scene.cast.taking("accompanied")
    await gathering.apply(
        scene, needs, lambda town: {"need": f"In involving the people of {town.name} from the start."}
    )
    await gathering.admit(scene, scene.cast.taking("accompanied"), **BY_HAND)
    spent = await _accompany(scene)
    await _help(scene)
    await acts.close(scene, "The accompaniment has ended; the network it left goes on by itself.")
    decisions, lost = await multiply.arrived(scene, subscriber)
    return {
        "organisations": len(scene.cast.towns),
        "accompaniments": len(scene.cast.taking("accompanied")),
        "expert_days": spent,
        "decisions": decisions,
        "lost": lost,
    }


async def _accompany(scene: Scene) -> str:
    """A facilitator under contract accompanies each municipality; days are booked as they are spent."""
    (facilitator,) = scene.cast.taking("facilitator")
    towns = scene.cast.taking("accompanied")
    with scene.narrator.step("Facilitators accompany", len(towns)) as step:
        why = ("contract", "The contract names the days, and builds on the neighbourhood forum there is.")
        await acts.join(scene, facilitator, *why, contract=acts.paper("contract"), **BY_HAND)
        for town in towns:
            of: Json = {"rule": "process", "organisation_id": scene.of(town), "companion_id": scene.of(facilitator)}
            why = ("tailored", f"Tailored to what {town.name} wants to look at.")
            begun = await scene.decide("/accompaniments", *why, days="6", **of)
            for day in DAYS:
                spent: Json = {"day": day, "days": "1.5"}
                why = ("workshop-day", "Spent with the administration, on site.")
                await scene.decide(f"/accompaniments/{_id(begun)}/expert-days", *why, **spent)
            step.advance()
        shown = await scene.office.get("programme", f"{scene.path}/accompaniments", at_least=scene.position)
        expect(len(shown["items"]) == len(towns), "Not every municipality is accompanied.")
        step.says(f"{len(towns)} municipalities accompanied, 4.5 of 6 expert days booked for each")
        return str(len(towns) * 4.5)


async def _help(scene: Scene) -> None:
    """Towns say for themselves where they are experienced and where they learn, and ask each other."""
    knows, asks = scene.cast.named("Tuttlingen"), scene.cast.named("Bad Säckingen")
    with scene.narrator.step("A network of experienced and learning towns") as step:
        for town, role, themes in (
            (knows, "experienced", ["participation"]),
            (knows, "learning", ["energy"]),
            (asks, "learning", ["participation"]),
        ):
            why = ("own-view", "How we see ourselves, theme by theme; our advisory council goes on with it.")
            path = f"/participations/{scene.of(town)}/roles"
            await scene.decide(path, *why, scene.coordinator(town), role=role, themes=themes, **BY_HAND)
        asked = await scene.decide(
            "/meetings/proposals",
            "very-concrete",
            "How do you reach those who never come to an evening in the town hall?",
            scene.coordinator(asks),
            organisation_id=scene.of(asks),
            occasion="questions",
            format="concrete-question",
            title={"de": "Wie erreichen wir, wer nie kommt?"},
            themes=["participation"],
            mode="online",
        )
        past = acts.looking_back("2026-07-07", "note of the call")
        await scene.decide(
            f"/meetings/{asked['id']}/adoption",
            "fits",
            "Tuttlingen has done it.",
            host_id=scene.of(knows),
            dates=acts.days("2026-07-07T14:00", "2026-07-07T15:30"),
            **past,
        )
        why = ("held", "Two colleagues talked for an hour and a half.")
        await scene.decide(f"/meetings/{asked['id']}/holding", *why, attended=[scene.of(asks)], **past)
        text = "Walks through the quarter instead of evenings in the town hall."
        await acts.recommend(scene, f"meeting:{asked['id']}", text, scene.of(asks), acts.day_in(12))
        step.says("Tuttlingen is experienced in one theme and learns in another; Bad Säckingen asked it a question")


def _id(answer: Json) -> str:
    """Return the id of what came to be, which its subject names."""
    return str(answer["id"] or answer["decision"]["subject"].partition(":")[2])
