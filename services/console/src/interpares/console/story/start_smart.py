"""The story of Start Smart: four peers, a model project that cannot be one, a series and what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from interpares.console.client import Json
from interpares.console.failures import Problem
from interpares.console.story import acts, gathering, multiply
from interpares.console.story.cast import Town
from interpares.console.story.scene import Scene, expect
from interpares.console.story.subscriber import Subscriber

TEMPLATE = "start-smart.yaml"
TITLE = {"de": "Start Smart", "en": "Start Smart"}
MODEL_PROJECT = "Lübeck"
SESSIONS = ("2026-04-16", "2026-06-11", "2026-08-20")


async def start_smart(scene: Scene, templates: Path, subscriber: Subscriber) -> dict[str, Any]:
    """Tell the story and return its figures. Raises Unexpected where it does not go as it must."""
    await gathering.open_office(scene)
    await gathering.draft(scene, templates / TEMPLATE, TITLE)
    await gathering.call(scene)
    await gathering.register(scene)
    peers = tuple(town for town in scene.cast.taking("peer") if town.name != MODEL_PROJECT)
    await gathering.apply(scene, peers, _question)
    await gathering.admit(scene, peers)
    refused = await _refuse(scene)
    session = await _series(scene)
    await _outcome(scene, session)
    await acts.close(scene, "Six months are over; what came of them is checked on.")
    decisions, lost = await multiply.arrived(scene, subscriber)
    return {
        "peers": len(peers),
        "refused": refused,
        "meetings": len(SESSIONS) + 1,
        "decisions": decisions,
        "lost": lost,
    }


def _question(town: Town) -> dict[str, str]:
    return {"own-question": f"Who carries the smart city of {town.name}, and in which form?"}


async def _refuse(scene: Scene) -> str:
    """Who is funded as a model project cannot be a peer, and is told why before anything is handed in."""
    lubeck = scene.cast.named(MODEL_PROJECT)
    with scene.narrator.step("A model project wants to be a peer") as step:
        try:
            await gathering.hand_in(scene, lubeck, _question(lubeck))
        except Problem as problem:
            told = f"{problem.detail}"
        else:
            told = ""
        expect(told, "A municipality funded as a model project could apply as a peer.")
        # It gives knowledge instead, under a contract; nobody has to be left out.
        why = ("knows-how", "Its experience is what the peers are looking for.")
        agreement = {"contract": acts.paper("agreement with the model project"), "role": "knowledge-giver"}
        await acts.join(scene, lubeck, *why, **agreement)
        step.says(f"{MODEL_PROJECT} cannot be a peer ({told}) and joined as a knowledge giver")
        return told


async def _series(scene: Scene) -> str:
    """Knowledge givers offer sessions, peers bring their questions."""
    giver = scene.cast.named("Energiecluster Förde")
    with scene.narrator.step("The series", len(SESSIONS)) as step:
        why = ("knows-how", "It has built an association of this kind.")
        await acts.join(scene, giver, *why, contract=acts.paper("agreement with the association"))
        peers = [scene.of(town) for town in scene.cast.taking("peer") if town.name != MODEL_PROJECT]
        for town in scene.cast.taking("peer")[:4]:
            question: Json = {
                "organisation_id": scene.of(town),
                "document_hash": acts.paper(f"question of {town.name}"),
            }
            why = ("own-question", "Our own question, from our town.")
            await scene.decide("/deliverables/series.questions.own-question", *why, scene.coordinator(town), **question)
        meeting = ""
        for number, day in enumerate(SESSIONS, 1):
            meeting = await acts.record(
                scene,
                f"Session {number}",
                day,
                ("held", "A case from practice, and the questions of two peers."),
                occasion="sessions",
                format="session",
                host_id=scene.of(giver),
                attended=peers,
                mode="online",
                languages=["de"],
            )
            step.advance()
        step.says(f"{len(SESSIONS)} sessions held for four peers, each of which brought a question of its own")
        return meeting


async def _outcome(scene: Scene, session: str) -> None:
    """The outcome chain: series, workshop at a peer's, further measures."""
    host, companion = scene.cast.named("Neubrandenburg"), scene.cast.named(MODEL_PROJECT)
    with scene.narrator.step("A workshop comes of the series") as step:
        text = "Bring top administration, municipal companies and the university to one table."
        output = await acts.recommend(scene, f"meeting:{session}", text, scene.of(host), acts.day_in(8))
        await acts.record(
            scene,
            "Workshop in Neubrandenburg",
            "2026-10-22",
            ("held", "Designed and held with experts of the model project's public utilities."),
            occasion="outcomes",
            format="local-workshop",
            follows=f"meeting:{session}",
            host_id=scene.of(host),
            organiser_id=scene.of(host),
            attended=[scene.of(companion)],
            venue={"place": "Neubrandenburg", "country": "DE"},
            languages=["de"],
        )
        measure: Json = {
            "kind": "measure",
            "source": f"output:{output}",
            "text": "A shared roadmap of town hall, companies and university.",
            "owner_id": scene.of(host),
            "due": acts.day_in(40),
        }
        done = await scene.decide("/outputs", "follows", "It follows from the workshop.", **measure)
        chain = await scene.office.get("programme", f"{scene.path}/outputs/{done['id']}", at_least=scene.position)
        expect(len(chain["outputs"]) > 1, "The measure does not trace back to the series.")
        step.says("Series, workshop in Neubrandenburg, measure: each traces back to its source")
