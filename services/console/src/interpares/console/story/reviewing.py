"""An energy action plan is put before two peers; what one of them recommends has somebody to see to it."""

from __future__ import annotations

from interpares.console.client import Json
from interpares.console.failures import Problem
from interpares.console.story import acts
from interpares.console.story.cast import Town
from interpares.console.story.scene import Scene, expect

COUNTRY = "ES"
UNFIT = 422
FOUND = (
    "The heat network is planned for a demand that the insulated houses will not have any more.",
    "Who is to talk to the house owners is open; without them the plan stays on paper.",
)


async def review(scene: Scene) -> None:
    """A follower enters its plan, two of its peers review it, and one of their findings becomes an output."""
    owner, *peers = scene.cast.of(COUNTRY, "follower")[:3]
    content = acts.paper(f"energy action plan of {owner.name}, first draft")
    with scene.narrator.step("An energy action plan is reviewed by peers", len(peers)) as step:
        entered = await scene.decide(
            "/documents",
            "first-draft",
            "The council will see it in spring; before that we want to hear from colleagues.",
            by=scene.coordinator(owner),
            kind="energy-action-plan",
            owners=[scene.of(owner)],
            title=f"Plan de acción energética de {owner.name}",
            version=1,
            language="es",
            document_hash=content,
        )
        version = f"/documents/{entered['id']}/versions/1"
        await _choose(scene, version, owner, peers)
        reviews = []
        for peer, text in zip(peers, FOUND, strict=True):
            why = ("read-it", "We have read the plan together, the planners and the energy manager.")
            found: Json = {"document_hash": content, "text": text}
            given = await scene.decide(f"{version}/reviews/{scene.of(peer)}", *why, scene.coordinator(peer), **found)
            reviews.append(f"review:{given['id']}")
            step.advance()
        advice = "Plan the heat network for the demand after insulation, district by district."
        output = await acts.recommend(scene, reviews[0], advice, scene.of(owner), acts.day_in(40))
        chain = await scene.office.get("programme", f"{scene.path}/outputs/{output}", at_least=scene.position)
        read = chain["reviewed"]["document_hash"]
        expect(read == content, "The recommendation cannot be traced to the version that was read.")
        step.says(
            f"{peers[0].name} and {peers[1].name} reviewed the action plan of {owner.name}; a recommendation is traced"
            f" to the very version they read, and checked"
        )


async def _choose(scene: Scene, version: str, owner: Town, peers: list[Town]) -> None:
    """Nobody reviews what is its own; two others are asked, as the rule of the template says."""
    why = ("same-questions", "They write theirs this year and know the national funding.")
    try:
        await scene.decide(f"{version}/reviewers", *why, reviewers=[scene.of(owner), scene.of(peers[0])])
    except Problem as problem:
        expect(problem.status == UNFIT, f"A choice against the rule was answered {problem.status}.")
    else:
        expect(False, "An owner was chosen to review its own plan.")  # noqa: FBT003 -- it must not come to this
    asked = [scene.of(peer) for peer in peers]
    await scene.decide(f"{version}/reviewers", *why, reviewers=asked, due=acts.day_in(6))
