"""The story of MULTIPLY: six national exchanges and one European conference, told from the draft to what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from interpares.console.explanation import explained
from interpares.console.story import gathering, hosting, meeting, people, reviewing, seating, waiting
from interpares.console.story.scene import Scene, expect
from interpares.console.story.subscriber import Subscriber

TEMPLATE = "multiply.yaml"
# Who gets how much is nobody's business but the office's, the auditors' and the funder's: it leaves on no stream.
ABOUT_MONEY = frozenset(
    {
        "contribution-cancellation",
        "contribution-pledge",
        "contribution-record",
        "grant-award",
        "share-allocation",
        "voucher-cancellation",
        "voucher-record",
    }
)


async def multiply(scene: Scene, templates: Path, subscriber: Subscriber) -> dict[str, Any]:
    """Tell the story and return its figures. Raises Unexpected where it does not go as it must."""
    await gathering.open_office(scene)
    await gathering.draft(scene, templates / TEMPLATE, strands=scene.cast.countries)
    await gathering.call(scene)
    await people.import_towns(scene)
    await gathering.register(scene)
    await gathering.apply(scene, scene.cast.admitted)
    await waiting.wait_in_line(scene)
    await gathering.decline(scene)
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
    held = await meeting.meet(scene)
    await reviewing.review(scene)
    await seating.fill(scene)
    await people.erase(scene)
    decisions, lost = await arrived(scene, subscriber)
    return {
        "organisations": len(scene.cast.admitted),
        "duties": len(await hosting.ledger(scene)),
        "accepted": accepted,
        "conflicts": scene.conflicts,
        **held,
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
        type_of = {each["id"]: each["type"] async for each in log}
        told = {decision for decision, kind in type_of.items() if kind not in ABOUT_MONEY}
        missing = await subscriber.all_of(told)
        expect(not missing, f"{len(missing)} of {len(told)} decisions did not reach the subscriber.")
        inside = f"; {len(type_of) - len(told)} about money stay inside" if len(told) < len(type_of) else ""
        step.says(f"{len(type_of)} decisions in the log, all reached the subscriber, in order{inside}")
        return len(type_of), len(missing)
