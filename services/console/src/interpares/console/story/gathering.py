"""First half of the story: the office is set up, drafts the programme, calls, and 42 municipalities come in."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import yaml

from interpares.console.client import Client
from interpares.console.story.cast import Person, Town
from interpares.console.story.scene import Scene, expect, heard

T = TypeVar("T")

BRUSSELS = "Europe/Brussels"
CALL_DAYS = 60
TITLE = {"de": "MULTIPLY Erfahrungsaustausch", "en": "MULTIPLY peer exchange"}

# Why they apply and why they are admitted, by role, like followers where nothing else is said; they take turns.
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
    "accompanied": (
        ("clear-need", "The questions are concrete; the advisory council of the town is there and will be built on."),
        ("starting-point", "A round table of clubs and council meets already, and the accompaniment takes it up."),
    ),
}


async def open_office(scene: Scene) -> None:
    """The operator registers the programme office with its clerk and its auditor, unless an earlier story did."""
    if scene.office_id:
        return
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


async def draft(
    scene: Scene, template: Path, title: dict[str, str] = TITLE, strands: tuple[str, ...] = (), **more: Any
) -> None:
    """The office drafts the programme from its template. more: of the decision."""
    with scene.narrator.step("Drafting the programme") as step:
        written = yaml.safe_load(await asyncio.to_thread(template.read_text, encoding="utf-8"))
        document = json.loads(json.dumps(written, default=str))  # YAML knows days, JSON does not
        body = {
            "title": title,
            "office_id": scene.office_id,
            "template": document,
            "strands": list(strands),
            "reason_code": "project-start",
            "reason": "The project plan says what is to be exchanged, and between whom.",
            **more,
        }
        scene.strands = strands
        scene.programme = (await scene.office.post("programme", "/programmes", body))["id"]
        step.says(f"Programme drafted from {template.name}" + (f", {len(strands)} countries" if strands else ""))


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
    """The office registers the organisations and their coordinators."""
    # The others an earlier story registered, or an import.
    towns = [town for town in scene.cast.towns if town.slug not in scene.organisations]

    async def one(town: Town) -> None:
        body = {
            "kind": town.kind,
            "country": town.country,
            "keys": list(town.keys),
            "names": town.names,
            "languages": list(town.languages),
            **({"funding": list(town.funding)} if town.funding else {}),
        }
        scene.organisations[town.slug] = (await scene.office.post("registration", "/organisations", body))["id"]
        await name_coordinator(scene, town)

    with scene.narrator.step("Registering organisations and their coordinators", len(towns)) as step:
        await scene.each(towns, one, step)
        step.says(f"{len(towns)} organisations registered by their official keys, each with a coordinator")


async def apply(
    scene: Scene, some: tuple[Town, ...] = (), answers: Callable[[Town], dict[str, str]] = lambda _: {}
) -> None:
    """The coordinators apply, each for the own municipality; the applications reach the programme.

    answers: to the questions of the template.
    """
    towns = some or scene.cast.towns

    async def one(town: Town) -> None:
        scene.applications[town.slug] = await hand_in(scene, town, answers(town))

    async def arrived() -> bool:
        applications = scene.office.items("programme", f"{scene.path}/applications")
        return len([each async for each in applications]) == len(towns)

    with scene.narrator.step("Municipalities apply", len(towns)) as step:
        await scene.each(towns, one, step)
        await heard("All applications", arrived)
        step.says(f"{len(towns)} applications handed in by the coordinators, all of them arrived at the programme")


async def hand_in(scene: Scene, town: Town, answers: dict[str, str]) -> str:
    """Hand in the application of a town, by its coordinator; return its id."""
    body = {
        "programme_id": scene.programme,
        "organisation_id": scene.of(town),
        "role": town.role,
        **({"strand": town.country} if scene.strands else {}),
        "motivation": _turn(MOTIVATIONS, scene, town),
        "answers": answers,
        "reason_code": "learning-from-peers",
    }
    return str((await scene.coordinator(town).post("registration", "/applications", body))["id"])


async def admit(scene: Scene, some: tuple[Town, ...] = (), **more: Any) -> None:
    """The office admits them, each in the role applied for and with a reason of its own. more: of each decision."""
    towns = some or scene.cast.admitted

    async def one(town: Town) -> None:
        code, reason = _turn(ADMISSIONS, scene, town)
        application = scene.applications[town.slug]
        await scene.decide("/participations", code, reason, application_id=application, role=town.role, **more)

    # Duties are numbered as those who owe them came in, and should be the same ones whenever the story is told.
    owing = [town for town in towns if town.role == "front-runner"]
    with scene.narrator.step("Admitting municipalities", len(towns)) as step:
        for town in owing:
            await one(town)
            step.advance()
        await scene.each([town for town in towns if town not in owing], one, step)
        shown = scene.office.items("programme", f"{scene.path}/participations", at_least=scene.position)
        admitted = [each async for each in shown]
        expect(len(admitted) == len(towns), f"{len(admitted)} of {len(towns)} participations are shown.")
        roles = ", ".join(f"{count} × {role}" for role, count in Counter(town.role for town in towns).items())
        step.says(f"{len(admitted)} municipalities admitted with reasons: {roles}")


async def decline(scene: Scene) -> None:
    """Who does not get a place is told why, in a letter of its own."""
    for town in scene.cast.declined:
        with scene.narrator.step("An application is declined") as step:
            path = f"/applications/{scene.applications[town.slug]}/refusal"
            reason = "The country has four places, and by the rule of the call it was the fifth."
            declined = await scene.decide(path, "no-place-left", reason)
            decision = declined["decision"]["id"]
            letter = f"{scene.path}/decisions/{decision}/letter"
            await scene.office.get("programme", f"{scene.path}/decisions/{decision}", at_least=scene.position)
            text = (await scene.office.file("programme", letter, language="de", format="text")).decode()
            expect("Begründung" in text, "The letter does not give the reason.")
            why = ("as-decided", "Sent on the day it was decided.")
            told: dict[str, Any] = {"to": [scene.of(town)], "channel": "letter"}
            await scene.decide(f"/decisions/{decision}/communications", *why, **told)
            step.says(f"{town.name} was declined; its letter says why and was sent")


async def admissions_arrive(scene: Scene) -> None:
    """What the programme decided shows in registration."""
    towns = scene.cast.admitted

    async def admitted() -> bool:
        applications = scene.office.items("registration", "/applications", programme_id=scene.programme)
        return [each["status"] async for each in applications].count("admitted") == len(towns)

    with scene.narrator.step("Waiting for the admissions in registration") as step:
        await heard("Every admission in registration", admitted)
        step.says(f"{len(towns)} applications show as admitted in registration")


async def name_coordinator(scene: Scene, town: Town) -> None:
    """Register the coordinator of a town that is registered."""
    why = f"Named by the town hall of {town.name} as its coordinator."
    await _join(scene.office, town.coordinator, scene.of(town), "coordinator", why)


async def register_person(client: Client, person: Person) -> str:
    """Register a person and return their id."""
    body = {
        "given_name": person.given_name,
        "family_name": person.family_name,
        "email": person.email,
        "subject": person.subject,
    }
    return str((await client.post("registration", "/people", body))["id"])


async def _join(client: Client, person: Person, organisation: str, capacity: str, reason: str) -> None:
    """Register a person and let them act for an organisation."""
    registered = await register_person(client, person)
    membership = {
        "person_id": registered,
        "organisation_id": organisation,
        "capacity": capacity,
        "reason_code": "named",
        "reason": reason,
        "about": [registered],
    }
    await client.post("registration", "/memberships", membership)


def _turn(texts: Mapping[str, tuple[T, ...]], scene: Scene, town: Town) -> T:
    own = texts.get(town.role, texts["follower"])
    return own[[each for each in scene.cast.towns if each.role == town.role].index(town) % len(own)]
