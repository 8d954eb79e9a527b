"""The story of Connective Cities: a standing platform where requests and offers open meetings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from interpares.console.failures import Problem
from interpares.console.story import acts, gathering, multiply
from interpares.console.story.scene import Scene, expect
from interpares.console.story.subscriber import Subscriber

TEMPLATE = "connective-cities.yaml"
TITLE = {"de": "Connective Cities", "en": "Connective Cities"}
UNPROCESSABLE = 422


async def connective(scene: Scene, templates: Path, subscriber: Subscriber) -> dict[str, Any]:
    """Tell the story and return its figures. Raises Unexpected where it does not go as it must."""
    await gathering.open_office(scene)
    await gathering.draft(scene, templates / TEMPLATE, TITLE)
    await gathering.register(scene)
    await _join(scene)
    workshop = await _ask(scene)
    output = await _meet(scene, workshop)
    trace = await scene.office.get("programme", f"{scene.path}/outputs/{output}", at_least=scene.position)
    decisions, lost = await multiply.arrived(scene, subscriber)
    return {
        "organisations": len(scene.cast.towns),
        "meetings": 2,
        "outputs": len(trace["outputs"]),
        "decisions": decisions,
        "lost": lost,
    }


async def _join(scene: Scene) -> None:
    """The platform opens without a call and without a term; whoever fits joins."""
    with scene.narrator.step("The platform opens, organisations join") as step:
        await scene.decide("/opening", "mandate", "The ministry has given the mandate; there is no fixed term.")
        for town in scene.cast.towns:
            await acts.join(scene, town, "own-topics", f"{town.name} brings questions and experience of its own.")
        step.says(
            f"{len(scene.cast.towns)} organisations joined: towns, a municipal and a private company, three countries"
        )


async def _ask(scene: Scene) -> str:
    """A town asks for a project workshop; the office takes it up, shows the added value, and it takes place."""
    leipzig, durban = scene.cast.named("Leipzig"), scene.cast.named("eThekwini")
    with scene.narrator.step("A request opens a local project workshop") as step:
        asked = await scene.decide(
            "/meetings/proposals",
            "concrete-question",
            "We are planning to separate rain and waste water in an old quarter.",
            scene.coordinator(durban),
            organisation_id=scene.of(durban),
            occasion="project",
            format="local-project-workshop",
            title={"en": "Separating rain and waste water in an existing quarter"},
            languages=["en"],
            themes=["waste-water", "urban-development"],
            venue={"place": "eThekwini", "country": "ZA"},
        )
        await scene.decide(
            f"/meetings/{asked['id']}/adoption",
            "added-value-shown",
            "Both sides win: Leipzig has done it, eThekwini knows heavy rain.",
            host_id=scene.of(durban),
            guests=[scene.of(leipzig)],
            manual_rules=["added-value"],
            dates=acts.days("2026-05-12T09:00", "2026-05-14T16:00", "Africa/Johannesburg"),
            **acts.looking_back("2025-11-20", "minutes of the platform"),
        )
        held = acts.looking_back("2026-05-14", "minutes of the workshop")
        attended = [scene.of(durban), scene.of(leipzig), scene.of(scene.cast.named("Stadtwerke Musterstrom"))]
        why = ("held", "Knowledge went both ways; the minutes name what each side takes home.")
        await scene.decide(f"/meetings/{asked['id']}/holding", *why, attended=attended, **held)
        step.says("eThekwini asked, Leipzig came: the workshop was taken up with its added value shown, and held")
        return str(asked["id"])


async def _meet(scene: Scene, workshop: str) -> str:
    """A network meeting of those who have been active; the venue is no participant. Its outputs feed planned events."""
    with scene.narrator.step("A network meeting of those who have been active") as step:
        mannheim = scene.cast.named("Mannheim")
        try:
            await scene.decide(
                f"/participations/{scene.of(mannheim)}/roles",
                "wants-to-come",
                "Mannheim would like to come to the network meeting.",
                scene.coordinator(mannheim),
                role="active-member",
            )
        except Problem as problem:
            refused = problem.detail
        else:
            refused = ""
        expect(refused, "A member that has not been active was let in among those who have.")
        active = [scene.of(scene.cast.named(name)) for name in ("eThekwini", "Leipzig", "Stadtwerke Musterstrom")]
        meeting = await acts.record(
            scene,
            "Network meeting",
            "2026-09-17",
            ("held", "Working groups on waste, mobility, waste water, urban development and climate."),
            occasion="network",
            format="network-meeting",
            follows=f"meeting:{workshop}",
            host_id=scene.office_id,
            attended=active,
            languages=["de", "en"],
        )
        text = "Offer expert missions on rain water to towns that have not been active yet."
        owner = scene.of(scene.cast.named("Leipzig"))
        output = await acts.recommend(scene, f"meeting:{meeting}", text, owner, acts.day_in(20))
        step.says("Mannheim has not been active yet and was told so; a recommendation feeds the next events")
        return output
