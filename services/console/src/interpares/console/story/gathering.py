"""First half of the story: the office is set up, drafts the programme, calls, and 42 municipalities come in."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import yaml

from interpares.console.client import Client
from interpares.console.story.cast import ROLES, Person, Town
from interpares.console.story.scene import Scene, expect, heard

T = TypeVar("T")

BRUSSELS = "Europe/Brussels"
CALL_DAYS = 60
TITLE = {"de": "MULTIPLY Erfahrungsaustausch", "en": "MULTIPLY peer exchange"}

# Why they apply and why they are admitted, by role; towns of one role take turns.
MOTIVATIONS = {
    "front-runner": (
        "We plan districts as a whole and want to show what worked, and what did not.",
        "Our district plan is in its third year; hosting others makes us look at it again.",
    ),
    "award-winner": ("Our citizens plan with us. We would like to show how we talk about energy.",),
    "follower": (
        "We are writing our first energy action plan and need somebody to ask.",
        "Our council has decided on climate neutrality; now the building office needs practice.",
        "We want to put our action plan before colleagues who know the same constraints.",
        "Heating networks are new to us, and neighbours with experience would spare us detours.",
    ),
}
ADMISSIONS = {
    "front-runner": (
        ("experience", "The district plan covers buildings, mobility and energy together and is being carried out."),
        ("transferable", "What was reached can be taken over by towns of other sizes, costs are documented."),
    ),
    "award-winner": (("best-communication", "The jury found this the most convincing communication of its country."),),
    "follower": (
        ("clear-need", "The questions are concrete and fit what the front-runners of the country can show."),
        ("political-backing", "The council stands behind the application and names who is responsible."),
        ("plan-under-way", "An action plan is being written, so the mutual review comes at the right time."),
        ("balance", "Adds a town of a size and region the country did not have yet."),
    ),
}


async def open_office(scene: Scene) -> None:
    """The operator registers the programme office with its clerk and its auditor."""
    operator, office = scene.clients["operator"], scene.cast.office
    with scene.narrator.step("Setting up the programme office") as step:
        organisation = {
            "kind": "agency",
            "country": office.country,
            "keys": [{"scheme": "demo", "value": "peer-exchange-office"}],
            "names": office.names,
            "languages": list(office.names),
        }
        scene.office_id = (await operator.post("registration", "/organisations", organisation))["id"]
        for person, capacity in ((office.clerk, "office"), (office.auditor, "auditor")):
            why = f"Set up for the demo: somebody has to be {capacity}."
            await _join(operator, person, scene.office_id, capacity, why)
        await heard("The office's membership", lambda: scene.office.get("programme", "/programmes"))
        step.says("Programme office set up by the operator, with a clerk and an auditor")


async def draft(scene: Scene, template: Path) -> None:
    """The office drafts the programme from its template."""
    with scene.narrator.step("Drafting the programme") as step:
        document = yaml.safe_load(await asyncio.to_thread(template.read_text, encoding="utf-8"))
        body = {
            "title": TITLE,
            "office_id": scene.office_id,
            "template": document,
            "strands": list(scene.cast.countries),
            "reason_code": "project-start",
            "reason": "The project plan foresees one exchange per partner country and one conference.",
        }
        scene.programme = (await scene.office.post("programme", "/programmes", body))["id"]
        step.says(f"Programme drafted from {template.name}, {len(scene.cast.countries)} countries")


async def call(scene: Scene) -> None:
    """The office opens the call, and registration hears of it."""
    with scene.narrator.step("Opening the call") as step:
        last_day = datetime.now(UTC) + timedelta(days=CALL_DAYS)
        deadline = {"local": last_day.strftime("%Y-%m-%dT12:00"), "zone": BRUSSELS}
        await scene.decide("/call", "ready", "Template and jury are settled; the call can open.", deadline=deadline)

        async def known() -> bool:
            calls = scene.office.items("registration", "/calls")
            return scene.programme in [each["programme_id"] async for each in calls]

        await heard("The call", known)
        step.says(f"Call opened until {deadline['local'].replace('T', ' ')} {BRUSSELS}; registration heard of it")


async def register(scene: Scene) -> None:
    """The office registers the municipalities and their coordinators."""
    towns = scene.cast.towns

    async def one(town: Town) -> None:
        body = {
            "kind": "municipality",
            "country": town.country,
            "keys": list(town.keys),
            "names": town.names,
            "languages": list(town.languages),
        }
        scene.organisations[town.slug] = (await scene.office.post("registration", "/organisations", body))["id"]
        why = f"Named by the town hall of {town.name} as its coordinator."
        await _join(scene.office, town.coordinator, scene.organisations[town.slug], "coordinator", why)

    with scene.narrator.step("Registering municipalities and their coordinators", len(towns)) as step:
        await scene.each(towns, one, step)
        step.says(f"{len(towns)} municipalities registered by their official keys, each with a coordinator")


async def apply(scene: Scene) -> None:
    """The coordinators apply, each for the own municipality; the applications reach the programme."""
    towns = scene.cast.towns

    async def one(town: Town) -> None:
        body = {
            "programme_id": scene.programme,
            "organisation_id": scene.organisations[town.slug],
            "role": town.role,
            "strand": town.country,
            "motivation": _turn(MOTIVATIONS[town.role], scene, town),
            "reason_code": "learning-from-peers",
        }
        answer = await scene.coordinator(town).post("registration", "/applications", body)
        scene.applications[town.slug] = answer["id"]

    async def arrived() -> bool:
        applications = scene.office.items("programme", f"{scene.path}/applications")
        return len([each async for each in applications]) == len(towns)

    with scene.narrator.step("Municipalities apply", len(towns)) as step:
        await scene.each(towns, one, step)
        await heard("All applications", arrived)
        step.says(f"{len(towns)} applications handed in by the coordinators, all of them arrived at the programme")


async def admit(scene: Scene) -> None:
    """The office admits all, each in the role applied for and with a reason of its own."""
    towns = scene.cast.towns

    async def one(town: Town) -> None:
        code, reason = _turn(ADMISSIONS[town.role], scene, town)
        application = scene.applications[town.slug]
        await scene.decide("/participations", code, reason, application_id=application, role=town.role)

    with scene.narrator.step("Admitting municipalities", len(towns)) as step:
        await scene.each(towns, one, step)
        shown = scene.office.items("programme", f"{scene.path}/participations", at_least=scene.position)
        admitted = [each async for each in shown]
        expect(len(admitted) == len(towns), f"{len(admitted)} of {len(towns)} participations are shown.")
        roles = ", ".join(f"{sum(town.role == role for town in towns)} {role}s" for role in ROLES)
        step.says(f"{len(admitted)} municipalities admitted with reasons: {roles}")


async def admissions_arrive(scene: Scene) -> None:
    """What the programme decided shows in registration."""
    towns = scene.cast.towns

    async def admitted() -> bool:
        applications = scene.office.items("registration", "/applications", programme_id=scene.programme)
        return [each["status"] async for each in applications].count("admitted") == len(towns)

    with scene.narrator.step("Waiting for the admissions in registration") as step:
        await heard("Every admission in registration", admitted)
        step.says(f"{len(towns)} applications show as admitted in registration")


async def _join(client: Client, person: Person, organisation: str, capacity: str, reason: str) -> None:
    """Register a person and let them act for an organisation."""
    body = {
        "given_name": person.given_name,
        "family_name": person.family_name,
        "email": person.email,
        "subject": person.subject,
    }
    registered = await client.post("registration", "/people", body)
    membership = {
        "person_id": registered["id"],
        "organisation_id": organisation,
        "capacity": capacity,
        "reason_code": "named",
        "reason": reason,
        "about": [registered["id"]],
    }
    await client.post("registration", "/memberships", membership)


def _turn(texts: tuple[T, ...], scene: Scene, town: Town) -> T:
    return texts[scene.cast.of(town.country, town.role).index(town) % len(texts)]
