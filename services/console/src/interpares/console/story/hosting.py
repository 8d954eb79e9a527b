"""Second half of the story: who hosts what. Duties follow from the rules, are offered, taken, declined, given back."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from interpares.console.client import Json
from interpares.console.failures import Problem
from interpares.console.story.cast import Town
from interpares.console.story.scene import Scene, expect

DUTIES = 37
CONFERENCE = "all.conference.1"
CONFLICT = 409
# Where something out of the ordinary happens.
CONTESTED = "DE"
DECLINES = "BE"
GIVES_BACK = "NL"
WEEKS_TO_ANSWER = 3


async def derive(scene: Scene) -> None:
    """The duties follow from the template's rules and who holds which role."""
    with scene.narrator.step("Deriving hosting duties") as step:
        reason = "All municipalities are admitted, so the template says who owes what."
        await scene.decide("/duties", "roles-settled", reason)
        duties = await ledger(scene)
        expect(len(duties) == DUTIES, f"{len(duties)} duties were derived, not {DUTIES}.")
        step.says(f"{len(duties)} hosting duties derived: 6 per country and the conference")


async def offer(scene: Scene) -> None:
    """Whoever owes a duty is asked; where one of several has to host, all of them are."""

    async def one(duty: Json) -> None:
        await ask(scene, duty["duty"], "rule", "The template names you for this meeting.", *pool(scene, duty))

    duties = await ledger(scene)
    with scene.narrator.step("Offering duties", len(duties)) as step:
        await scene.each(duties, one, step)
        step.says(f"{len(duties)} duties offered, those with a choice to everybody who may host")


async def accept_own(scene: Scene) -> None:
    """Front-runners and award winners take on what they owe, but for one that declines and is asked again."""
    owed = [duty for duty in await ledger(scene) if duty["owner_id"]]

    async def one(duty: Json) -> None:
        town = scene.town(duty["owner_id"])
        if (town.country, town.role) == (DECLINES, "award-winner"):
            reason = "Our town hall is being rebuilt until spring; we cannot receive anybody before."
            await answer(scene, duty["duty"], "refusal", town, ("no-venue", reason))
            await ask(scene, duty["duty"], "later-date", "Agreed by telephone: from May on it is possible.", town)
        await accept(scene, duty["duty"], town)

    with scene.narrator.step("Front-runners and award winners answer", len(owed)) as step:
        await scene.each(owed, one, step)
        step.says(f"{len(owed)} duties accepted by those who owe them; one declined first and was asked again")


async def contest(scene: Scene) -> None:
    """One follower per country hosts; in one country two say yes at the very same moment."""
    with scene.narrator.step("Followers answer", len(scene.cast.countries)) as step:

        async def one(country: str) -> None:
            duty = f"{country}.follower-meeting.1"
            first, second, *_ = scene.cast.of(country, "follower")
            await accept(scene, duty, first, *((second,) if country == CONTESTED else ()))

        await scene.each(scene.cast.countries, one, step)
        expect(scene.conflicts == 1, f"{scene.conflicts} acceptances were refused, not 1.")
        step.says(f"{len(scene.cast.countries)} follower duties accepted; two said yes at once, one was told 409")


async def give_back(scene: Scene) -> None:
    """A host drops out; its duty, and only it, opens again and another takes it up."""
    with scene.narrator.step("A host gives its duty back") as step:
        duty = f"{GIVES_BACK}.follower-meeting.1"
        first, second, *_ = scene.cast.of(GIVES_BACK, "follower")
        before = {each["duty"]: each["status"] for each in await ledger(scene)}
        await scene.decide(
            f"/duties/{duty}/release",
            "staff-shortage",
            "Our only engineer has left; we cannot prepare the review.",
            by=scene.coordinator(first),
        )
        after = {each["duty"]: each["status"] for each in await ledger(scene)}
        changed = {each for each in after if after[each] != before[each]}
        expect(changed == {duty}, f"Releasing {duty} changed {', '.join(sorted(changed)) or 'nothing'}.")
        await ask(scene, duty, "replacement", f"{first.name} had to give it back. Could you?", second)
        await accept(scene, duty, second)
        step.says(f"{first.name} gave its duty back, {second.name} took it up; no other duty was touched")


async def confer(scene: Scene) -> str:
    """One front-runner of all countries takes the conference. Returns the id of that decision."""
    with scene.narrator.step("Looking for a host of the conference") as step:
        host = scene.cast.of("AT", "front-runner")[0]
        reason = "The congress hall is free in the second week of October, and the council has agreed."
        taken = await answer(scene, CONFERENCE, "acceptance", host, ("capacity", reason))
        step.says(f"{host.name} hosts the European Exchange Conference")
        return str(taken["decision"]["id"])


async def settled(scene: Scene) -> int:
    """Return how many duties are accepted: all of them."""
    accepted = [duty["status"] for duty in await ledger(scene)].count("accepted")
    expect(accepted == DUTIES, f"{accepted} of {DUTIES} duties are accepted.")
    return accepted


async def ledger(scene: Scene) -> list[Json]:
    """Return all duties, as of the latest decision."""
    duties = scene.office.items("programme", f"{scene.path}/duties", at_least=scene.position)
    return [duty async for duty in duties]


def pool(scene: Scene, duty: Json) -> tuple[Town, ...]:
    """Return whom a duty can be offered to: who owes it, or everybody with the right role."""
    if duty["owner_id"]:
        return (scene.town(duty["owner_id"]),)
    if duty["duty"] == CONFERENCE:
        return tuple(town for town in scene.cast.towns if town.role == "front-runner")
    return scene.cast.of(duty["strand"], "follower")


async def ask(scene: Scene, duty: str, reason_code: str, reason: str, *towns: Town) -> None:
    """Offer a duty."""
    to = [scene.organisations[town.slug] for town in towns]
    respond_by = (datetime.now(UTC) + timedelta(weeks=WEEKS_TO_ANSWER)).isoformat()
    await scene.decide(f"/duties/{duty}/offer", reason_code, reason, to=to, respond_by=respond_by)


async def answer(scene: Scene, duty: str, what: str, town: Town, why: tuple[str, str]) -> Json:
    """Have a town's coordinator answer an offer; what: ``acceptance`` or ``refusal``; why: code and text."""
    organisation = scene.organisations[town.slug]
    by = scene.coordinator(town)
    return await scene.decide(f"/duties/{duty}/{what}", *why, by, organisation_id=organisation)


async def accept(scene: Scene, duty: str, *towns: Town) -> None:
    """Have towns accept a duty, all at the same moment: one gets it, the others are told that it is taken."""
    yes = (
        answer(scene, duty, "acceptance", town, ("gladly", f"{town.name} is looking forward to it.")) for town in towns
    )
    results = await asyncio.gather(*yes, return_exceptions=True)
    for result in results:
        if isinstance(result, Problem) and result.status == CONFLICT:
            scene.conflicts += 1
        elif isinstance(result, BaseException):
            raise result
    winners = sum(isinstance(result, dict) for result in results)
    expect(winners == 1, f"{winners} of {len(towns)} acceptances of {duty} went through.")
