"""Who goes to a meeting: few seats, a waiting list that moves, and a personal link for somebody without an account."""

from __future__ import annotations

import json
import re

from interpares.console.client import Json
from interpares.console.story.cast import Town, slug
from interpares.console.story.scene import Scene, expect, heard

FEW_SEATS = "DE.award-meeting.1"
SEATS = 4
HELD = "AT.award-meeting.1"
AUDIENCE = "communicators"
SUBSTITUTE = ("Stella", "Vertretungsfreude")
# Who is sent, by sender: those of a line get seats together, or wait together.
SENT = {
    "Freiburg im Breisgau": (("Fiete", "Marktgespräch"), ("Flora", "Bürgerbrief")),
    "Münster": (("Mina", "Domplatzfunk"),),
    "Worms": (("Wanda", "Rheinbote"), ("Wim", "Nibelungenblatt")),
    "Bottrop": (("Bea", "Zechenpost"),),
}


async def fill(scene: Scene) -> None:
    """Organisations nominate, somebody sends a substitute, a group moves up; who came is recorded where it is over."""
    planned = scene.office.items("programme", f"{scene.path}/meetings", at_least=scene.position)
    meetings = {each["duty"]: each async for each in planned}
    here = f"/meetings/{meetings[FEW_SEATS]['id']}"
    seats = await _nominate(scene, here)
    await _substitute(scene, here, scene.cast.named("Münster"), *seats["Münster"])
    await _move(scene, here, seats)
    await _sign(scene, here, f"/meetings/{meetings[HELD]['id']}")


async def _nominate(scene: Scene, here: str) -> dict[str, list[str]]:
    """Nominate until more are sent than there are seats; return the seats by sender."""
    seats: dict[str, list[str]] = {}
    with scene.narrator.step("Organisations send people to a meeting", len(SENT)) as step:

        async def known() -> bool:
            stand = await scene.office.get("registration", f"{here}/seats")
            return bool(stand["status"] == "confirmed")

        await heard("The meeting", known)
        two: Json = {"by": "organisation", "at_most": 2}
        why = {"reason_code": "small-room", "reason": "The council chamber is small; everybody should have a turn."}
        await scene.office.post("registration", f"{here}/seat-rules", {"quotas": [two], "respond_days": 7, **why})
        for name, people in SENT.items():
            town = scene.cast.named(name)
            sent = [_guest(town, *person) for person in people]
            body = {"organisation_id": scene.of(town), "people": sent, "reason": "They do this work at the town hall."}
            answer = await scene.coordinator(town).post("registration", f"{here}/nominations", body)
            seats[name] = answer["seats"]
            step.advance()
        stand = await scene.office.get("registration", f"{here}/seats")
        (waiting,) = stand["waiting"]
        expect((stand["taken"], waiting["people"]) == (SEATS, 2), f"{stand['taken']} seats of {SEATS} are taken.")
        total = sum(map(len, SENT.values()))
        step.says(
            f"{total} people sent for {SEATS} seats; two from {scene.town(waiting['organisation_id']).name} wait"
            f" together: {waiting['obstacle']}"
        )
        return seats


async def _substitute(scene: Scene, here: str, town: Town, seat: str) -> None:
    """Somebody with nothing but a link names a substitute, who accepts by a link of their own."""
    visitor = scene.office.visitor("registration")
    ((given_name, family_name),) = SENT[town.name]

    async def open_for(link: str, name: str) -> bool:
        return name in await visitor.page(link)

    async def seated() -> bool:
        sent = scene.coordinator(town).items("registration", f"{here}/participants")
        return [(each["family_name"], each["status"]) async for each in sent] == [(SUBSTITUTE[1], "accepted")]

    with scene.narrator.step("A substitute by personal link") as step:
        link = (await scene.coordinator(town).post("registration", f"{here}/seats/{seat}/link", {}))["page"]
        await heard(f"The page for {given_name}", lambda: open_for(link, family_name))
        substitute = _guest(town, *SUBSTITUTE)
        form = {field: substitute[field] for field in ("given_name", "family_name", "email")}
        told = await visitor.page(link, {"answer": "substitute", **form})
        theirs, *_ = *re.findall(rf"{link.rpartition('/')[0]}/[\w.~-]+", told), ""
        expect(theirs not in {"", link}, "There is no link for the substitute.")
        await heard("The page for the substitute", lambda: open_for(theirs, SUBSTITUTE[1]))
        await visitor.page(theirs, {"answer": "accept"})
        expect(await visitor.is_dead(link), "The first link still leads somewhere.")
        await heard("The acceptance of the substitute", seated)
        step.says(
            f"Somebody from {town.name} named a substitute by personal link, who accepted; neither has an account"
        )


async def _move(scene: Scene, here: str, seats: dict[str, list[str]]) -> None:
    """Two cannot come after all, so the two who waited together get their seats."""
    first, then = "Freiburg im Breisgau", "Worms"
    with scene.narrator.step("The waiting list moves") as step:
        why = {"reason_code": "ill", "reason": "Both have the flu that goes round the town hall."}
        for number, seat in enumerate(seats[first]):
            stand = await scene.office.get("registration", f"{here}/seats")
            expect((stand["free"], len(stand["waiting"])) == (number, 1), "The group was torn apart.")
            coordinator = scene.coordinator(scene.cast.named(first))
            await coordinator.post("registration", f"{here}/seats/{seat}/release", why)
        stand = await scene.office.get("registration", f"{here}/seats")
        expect((stand["taken"], stand["waiting"]) == (SEATS, []), "Nobody moved up.")
        step.says(f"Two seats were given back one after the other; with the second, both from {then} moved up together")


async def _sign(scene: Scene, here: str, over: str) -> None:
    """The host has the list to be signed; who came is recorded of a meeting that was held."""
    with scene.narrator.step("Signatures and attendance") as step:
        host = scene.coordinator(scene.cast.of("DE", "award-winner")[0])
        paper = await host.file("registration", f"{here}/signature-list", language="de")
        expect(paper.startswith(b"%PDF-"), "The list of signatures is no PDF.")
        guests = scene.cast.of("AT", "follower")
        came: Json = {"reason_code": "signed", "reason": "As the signed list says.", "others": {AUDIENCE: 2}}
        for town in guests:

            async def noted(town: Town = town) -> Json:
                body = {"organisation_id": scene.of(town), **came}
                return await scene.office.post("registration", f"{over}/attendance", body)

            await heard("The meeting that was held", noted)

        async def counted() -> bool:
            shown = json.loads(await scene.office.file("registration", f"{over}/attendance"))
            return bool(sum(each["attended"].get(AUDIENCE, 0) for each in shown) == 2 * len(guests))

        await heard("The attendance", counted)
        size = f"{len(paper) // 1024} KiB PDF"
        step.says(f"List of signatures printed ({size}); {2 * len(guests)} people recorded as having come elsewhere")


def _guest(town: Town, given_name: str, family_name: str) -> Json:
    """Return somebody who has no account."""
    address = f"{slug(given_name)}.{slug(family_name)}@{town.slug}.example"
    names = {"given_name": given_name, "family_name": family_name, "email": address}
    return {**names, "audience": AUDIENCE, "language": "de"}
