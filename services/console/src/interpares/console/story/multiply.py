"""The story of MULTIPLY: six national exchanges and one European conference, told from the draft to the last yes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from interpares.console.explanation import explained
from interpares.console.story import gathering, hosting
from interpares.console.story.scene import Scene, expect
from interpares.console.story.subscriber import Subscriber

TEMPLATE = "multiply.yaml"


async def multiply(scene: Scene, templates: Path, subscriber: Subscriber) -> dict[str, Any]:
    """Tell the story and return its figures. Raises Unexpected where it does not go as it must."""
    await gathering.open_office(scene)
    await gathering.draft(scene, templates / TEMPLATE)
    await gathering.call(scene)
    await gathering.register(scene)
    await gathering.apply(scene)
    await gathering.admit(scene)
    await hosting.derive(scene)
    await hosting.offer(scene)
    await hosting.accept_own(scene)
    await hosting.contest(scene)
    await hosting.give_back(scene)
    chosen = await hosting.confer(scene)
    await gathering.admissions_arrive(scene)
    accepted = await hosting.settled(scene)
    await explain(scene, chosen)
    decisions, lost = await arrived(scene, subscriber)
    return {
        "organisations": len(scene.organisations),
        "duties": len(await hosting.ledger(scene)),
        "accepted": accepted,
        "conflicts": scene.conflicts,
        "decisions": decisions,
        "events_published": subscriber.messages,
        "lost": lost,
    }


async def explain(scene: Scene, decision: str) -> None:
    """The auditor asks why that host; one call tells."""
    auditor = scene.clients["auditor"]
    with scene.narrator.step("The auditor asks why") as step:
        whole = await auditor.get("programme", f"{scene.path}/decisions/{decision}", at_least=scene.position)
        expect(whole["reason"] and whole["alternatives"], "The explanation lacks its reason or its alternatives.")
        step.says("The auditor asks why that host; one call explains:")
    scene.narrator.show(explained(whole), explanation=whole)


async def arrived(scene: Scene, subscriber: Subscriber) -> tuple[int, int]:
    """Return how many decisions the log shows, and how many of them a subscriber did not get: none."""
    with scene.narrator.step("Comparing the decision log with what a subscriber got") as step:
        log = scene.clients["auditor"].items("programme", f"{scene.path}/decisions", at_least=scene.position)
        decisions = {each["id"] async for each in log}
        missing = await subscriber.all_of(decisions)
        expect(not missing, f"{len(missing)} of {len(decisions)} decisions did not reach the subscriber.")
        step.says(f"{len(decisions)} decisions in the log, every one of them reached the subscriber, in order")
        return len(decisions), len(missing)
