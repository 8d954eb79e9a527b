"""More apply than there are places: they are ranked by a rule everybody can read, and the list moves."""

from __future__ import annotations

from interpares.console.client import Json
from interpares.console.story import gathering
from interpares.console.story.cast import Town
from interpares.console.story.scene import Scene, expect, heard


async def wait_in_line(scene: Scene) -> None:
    """Two more towns apply where places are short; one is put first, withdraws, and the others move up."""
    withdraws, waits = *scene.cast.withdrawn, *scene.cast.declined
    places = len(scene.cast.of(waits.country, waits.role))
    with scene.narrator.step("More apply than there are places") as step:
        for town in (withdraws, waits):
            scene.applications[town.slug] = await gathering.hand_in(scene, town, {})
        ranking = await _rank(scene, waits, "complete", "All applications are there.")
        (rule,) = {tuple(each["rule"]["order"]) for each in (ranking, await _place(scene, waits))}
        expect(_order(ranking)[places:] == [scene.of(withdraws), scene.of(waits)], "They are not ranked by arrival.")
        total = len(ranking["entries"])
        step.says(
            f"{total} {waits.role}s of {waits.country} ranked for {places} places, by {', then '.join(rule)};"
            f" {waits.name} sees that it is number {await _number(scene, waits)}, and why"
        )
    with scene.narrator.step("The waiting list moves") as step:
        why = {"reason_code": "waited-before", "reason": "It was the first on the waiting list of the last round."}
        path = f"/applications/{scene.applications[withdraws.slug]}"
        await scene.office.post("registration", f"{path}/priority", {"priority": 1, **why})
        ranking = await _rank(scene, waits, "priority-changed", "One priority was changed, with a reason.")
        expect(_order(ranking)[0] == scene.of(withdraws), "The priority made no difference.")
        before = await _number(scene, waits)
        why = {"reason_code": "postponed", "reason": "The council has put off its energy action plan."}
        await scene.coordinator(withdraws).post("registration", f"{path}/withdrawal", why)

        async def moved() -> bool:
            return await _number(scene, waits) == before - 1

        async def arrived() -> bool:
            shown = scene.office.items("programme", f"{scene.path}/applications")
            return scene.applications[waits.slug] in [each["application_id"] async for each in shown]

        await heard("The next place", moved)
        await heard(f"The application of {waits.name}", arrived)
        step.says(
            f"{withdraws.name} was put first with a reason, then withdrew; {waits.name} sees itself move"
            f" from {before} to {before - 1}"
        )


async def _rank(scene: Scene, like: Town, reason_code: str, reason: str) -> Json:
    """Have those ranked who applied for the same as a town; return the ranking as the office sees it."""
    calls = scene.office.items("registration", "/calls")
    (call,) = [each["id"] async for each in calls if each["programme_id"] == scene.programme]
    of = {"call_id": call, "role": like.role, "strand": like.country, "reason_code": reason_code, "reason": reason}
    ranked = await scene.office.post("registration", "/rankings", of)
    ranking = ranked["decision"]["subject"].partition(":")[2]
    return await scene.office.get("registration", f"/rankings/{ranking}", at_least=ranked["position"])


async def _place(scene: Scene, town: Town) -> Json:
    """Return the ranking as a town sees it: the rule, and its own place."""
    path = f"/applications/{scene.applications[town.slug]}/place"
    return await scene.coordinator(town).get("registration", path)


async def _number(scene: Scene, town: Town) -> int:
    (own,) = (await _place(scene, town))["entries"]
    return int(own["waiting_place"])


def _order(ranking: Json) -> list[str]:
    return [entry["organisation_id"] for entry in ranking["entries"]]
