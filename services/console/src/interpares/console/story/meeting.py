"""Third part of the story: duties become meetings; one waits at the gate, one is cancelled, a country looks back."""

from __future__ import annotations

from typing import Any

from interpares.console.client import Json
from interpares.console.failures import Problem
from interpares.console.story import acts, hosting, seating
from interpares.console.story.cast import Town
from interpares.console.story.scene import Scene, expect, heard

# Where something out of the ordinary happens.
EARLIER = "AT"  # met before the office worked like this; its meetings are entered later
WITHOUT_RESOLUTION = "IT.award-meeting.1"
CANCELLED = "BE.front-runner-meetings.2"
MOVED = "ES.follower-meeting.1"
CONFLICT = 409


async def meet(scene: Scene) -> Json:
    """Plan, agree, confirm, move, cancel and hold; return the figures."""
    hosts = {duty["duty"]: scene.town(duty["host_id"]) for duty in await hosting.ledger(scene)}
    await _resolve(scene, hosts)
    meetings = await _plan(scene, hosts)
    await _agree(scene, meetings, hosts)
    await _confirm(scene, meetings, hosts)
    await _move(scene, meetings)
    held = await _look_back(scene, hosts)
    await _conclude(scene, next(iter(held.values())), hosts)
    shown = scene.office.items("programme", f"{scene.path}/meetings", at_least=scene.position)
    status = [each["status"] async for each in shown]
    return {"meetings": {each: status.count(each) for each in sorted(set(status))}}


async def _resolve(scene: Scene, hosts: dict[str, Town]) -> None:
    """Hosts show that their council stands behind them; the office looks at it and confirms."""
    needed = {town.slug: town for duty, town in hosts.items() if duty != WITHOUT_RESOLUTION}

    async def one(town: Town) -> None:
        body = {
            "programme_id": scene.programme,
            "prerequisite": "resolution",
            "kind": "political-resolution",
            "resolution": {
                "organ": "council",
                "sitting_on": "2026-09-24",
                "reference": "2026/118",
                "result": "adopted",
            },
            "evidence": {"link": f"https://rat.{town.slug}.example/2026/118"},
            "valid_from": "2026-09-24",
            "reason_code": "resolved",
            "reason": "The council has resolved to host.",
        }
        path = f"/organisations/{scene.of(town)}/prerequisites"
        fact = (await scene.coordinator(town).post("registration", path, body))["id"]
        why = {"version": 1, "reason_code": "read", "reason": "The minutes of the sitting say so."}
        await scene.office.post("registration", f"/prerequisites/{fact}/confirmation", why)

    with scene.narrator.step("Hosts show the resolutions of their councils", len(needed)) as step:
        await scene.each(needed.values(), one, step)
        step.says(f"{len(needed)} hosts showed a resolution, the office confirmed each; one host has none yet")


async def _plan(scene: Scene, hosts: dict[str, Town]) -> dict[str, str]:
    """Each duty gets its meeting; return their ids by duty. One country met before."""
    duties = [duty for duty in hosts if not duty.startswith(f"{EARLIER}.")]
    meetings: dict[str, str] = {}

    async def one(duty: str) -> None:
        town = hosts[duty]
        why = ("duty-accepted", f"{town.name} hosts, and the date suits those who have to come.")
        answer = await scene.decide(
            "/meetings",
            *why,
            duty=duty,
            title={"de": f"Treffen in {town.name}", "en": f"Meeting in {town.name}"},
            dates=acts.ahead(12 + duties.index(duty) % 20),
            venue={"place": town.name, "country": town.country, "address": "Town hall, council chamber"},
            languages=list(town.languages) if duty != hosting.CONFERENCE else ["en"],
            seats=seating.SEATS if duty == seating.FEW_SEATS else 40,
        )
        meetings[duty] = str(answer["id"])

    with scene.narrator.step("Planning meetings", len(duties)) as step:
        await scene.each(duties, one, step)
        step.says(f"{len(duties)} meetings planned, each with its host, dates, venue and who is invited")
    return meetings


async def _agree(scene: Scene, meetings: dict[str, str], hosts: dict[str, Town]) -> None:
    """Host and office approve the very same content."""

    async def one(duty: str) -> None:
        town = hosts[duty]
        terms: Json = {"host_tasks": ["room", "catering"], "other_tasks": ["invitation", "minutes"]}
        sides = ((scene.of(town), scene.coordinator(town)), (scene.office_id, scene.office))
        await acts.agree(scene, meetings[duty], sides, terms)

    with scene.narrator.step("Hosts and office agree", len(meetings)) as step:
        await scene.each(meetings, one, step)
        step.says(f"{len(meetings)} agreements approved by both sides, each on one content hash")


async def _confirm(scene: Scene, meetings: dict[str, str], hosts: dict[str, Town]) -> None:
    """Meetings are confirmed at the gate; without a resolution only by an exception that ends by itself."""

    async def one(duty: str) -> None:
        async def confirmed() -> Json | None:
            gate = await scene.office.get("programme", f"{scene.path}/meetings/{meetings[duty]}/gate")
            if not gate["open"]:  # registration's fact is on its way
                return None
            why = ("all-there", "Agreement and resolution are there.")
            return await scene.decide(f"/meetings/{meetings[duty]}/confirmation", *why)

        await heard(f"The resolution of {hosts[duty].name}", confirmed)

    ready = [duty for duty in meetings if duty != WITHOUT_RESOLUTION]
    with scene.narrator.step("Confirming meetings", len(ready)) as step:
        await scene.each(ready, one, step)
        step.says(f"{len(ready)} meetings confirmed at the gate")
    host, path = hosts[WITHOUT_RESOLUTION], f"/meetings/{meetings[WITHOUT_RESOLUTION]}/confirmation"
    with scene.narrator.step("One host has no resolution yet") as step:
        try:
            await scene.decide(path, "all-there", "Everything else is there.")
        except Problem as problem:
            expect(problem.status == CONFLICT, f"The gate answered {problem.status}.")
            missing = problem.detail
        else:
            missing = ""
        expect(missing, "A meeting was confirmed although its host had no resolution.")
        why = ("council-in-recess", "The council meets again after the elections; the mayor vouches for it.")
        until = acts.day_in(30)
        await scene.decide("/exceptions", *why, organisation_id=scene.of(host), prerequisite="resolution", until=until)
        await scene.decide(path, "excepted", "Confirmed on the strength of the exception.")
        step.says(f"{host.name} was held back at the gate, then confirmed by an exception that ends by itself")


async def _move(scene: Scene, meetings: dict[str, str]) -> None:
    """One meeting gets other dates, and those concerned are told; a visit is cancelled, and says so."""
    with scene.narrator.step("A meeting is moved, a visit cancelled") as step:
        moved, dates = meetings[MOVED], acts.ahead(40)
        await scene.decide(
            f"/meetings/{moved}/rescheduling", "clash", "It clashed with the local festival.", dates=dates
        )
        gone = meetings[CANCELLED]
        await scene.decide(f"/meetings/{gone}/cancellation", "too-few", "Too few could come; the host will ask again.")
        ledger = {duty["duty"]: duty["status"] for duty in await hosting.ledger(scene)}
        expect(ledger[CANCELLED] == "accepted", f"The duty of the cancelled visit is {ledger[CANCELLED]}.")
        step.says("One meeting moved, its deadlines with it; one visit cancelled, its host keeps the duty")


async def _look_back(scene: Scene, hosts: dict[str, Town]) -> dict[str, str]:
    """One country had met before; its meetings are entered later and marked so."""
    duties = [duty for duty in hosts if duty.startswith(f"{EARLIER}.")]
    with scene.narrator.step("A country that met before is entered later", len(duties)) as step:
        members = [scene.of(town) for town in scene.cast.admitted if town.country == EARLIER]
        held = {}
        for number, duty in enumerate(duties, 1):
            town = hosts[duty]
            why = ("held", "Minutes and signature list are in the file.")
            place = {"place": town.name, "country": town.country}
            of: dict[str, Any] = {"duty": duty, "venue": place, "languages": ["de"]}
            there = [member for member in members if member != scene.of(town)]
            title, day = f"Treffen in {town.name}", f"2026-{number + 2:02}-17"
            held[duty] = await acts.record(scene, title, day, why, attended=there, **of)
            step.advance()
        step.says(f"{len(held)} meetings of {EARLIER} recorded as held, each marked as looking back")
    return held


async def _conclude(scene: Scene, meeting: str, hosts: dict[str, Town]) -> None:
    """What came out has somebody to see to it, and is checked for years."""
    with scene.narrator.step("A recommendation, and who sees to it") as step:
        owner = next(town for duty, town in hosts.items() if duty.startswith(f"{EARLIER}.follower"))
        text = "Plan heating networks together with the neighbouring town, and share one energy manager."
        output = await acts.recommend(scene, f"meeting:{meeting}", text, scene.of(owner), acts.day_in(26))
        chain = await scene.office.get("programme", f"{scene.path}/outputs/{output}", at_least=scene.position)
        (link,) = chain["outputs"]
        expect(link["checks"], "Nobody would ask what became of it.")
        months = ", ".join(str(check["months"]) for check in link["checks"])
        step.says(f"{owner.name} sees to the recommendation; it is checked after {months} months")
