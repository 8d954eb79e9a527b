"""What whoever records attendance says arrives where giving, taking and being there before are counted."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest
from tests.integration.stage import WHY

from interpares.console.story import acts, gathering, hosting
from interpares.console.story.scene import heard

if TYPE_CHECKING:
    from tests.integration.stage import Stage

    from interpares.console.client import Json
    from interpares.console.story.cast import Town
    from interpares.console.story.scene import Scene

pytestmark = [pytest.mark.integration, pytest.mark.asyncio(loop_scope="session")]

DUTY = "AT.follower-meeting.1"


async def test_who_spoke_and_reviewed_is_counted_beside_the_audiences(fragile: Stage) -> None:
    scene = await fragile.exchange("AT")
    host, guest, *_ = scene.cast.of("AT", "follower")
    await hosting.ask(scene, DUTY, "rule", "Would you?", host)
    await hosting.accept(scene, DUTY, host)
    of = {"duty": DUTY, "venue": {"place": host.name, "country": "AT"}, "languages": ["de"]}
    why = ("held", "The minutes are in the file.")
    meeting = await acts.record(scene, "Treffen", "2026-03-17", why, attended=[scene.of(guest)], **of)
    body = WHY | {
        "organisation_id": scene.of(guest),
        "others": {"planners": 3, "mayors": 1},
        "others_spoke": 2,
        "others_reviewed": 1,
    }

    async def recorded() -> Json:
        return await scene.office.post("registration", f"/meetings/{meeting}/attendance", body)

    await heard("The meeting", recorded)

    async def counted() -> Json | None:
        balances = scene.office.items("programme", f"{scene.path}/reciprocity")
        found = {each["organisation_id"]: each async for each in balances}[scene.of(guest)]
        return found if found["people"] else None

    balance = await heard("The attendance", counted)
    assert (balance["people"], balance["spoke"], balance["reviewed"]) == ({"mayors": 1, "planners": 3}, 2, 1)


@pytest.mark.parametrize(
    # Towns keep their past from one programme to the next, so each case has towns that were nowhere yet. The one that
    # both have counts as nowhere afterwards as well, so that either may come first.
    ("who", "towns"),
    [
        ("those recorded with the seats", (("follower", 2), ("front-runner", 0), ("front-runner", 1))),
        ("those the meeting lists", (("follower", 3), ("front-runner", 1), ("award-winner", 0))),
    ],
)
async def test_who_was_there_before_is_answered_alike_by_both_services(
    fragile: Stage, who: str, towns: tuple[tuple[str, int], ...]
) -> None:
    listed = who == "those the meeting lists"
    scene = await fragile.exchange("AT")
    host, guest, other = (scene.cast.of("AT", role)[number] for role, number in towns)
    await hosting.ask(scene, DUTY, "rule", "Would you?", host)
    await hosting.accept(scene, DUTY, host)
    of = {"duty": DUTY, "venue": {"place": host.name, "country": "AT"}, "languages": ["de"]}
    why = ("held", "The minutes are in the file.")
    there = {"attended": [scene.of(other)]} if listed else {}
    meeting = await acts.record(scene, "Treffen", "2026-03-17", why, **there, **of)
    body = WHY | {"organisation_id": scene.of(guest), "others": {"planners": 3}}
    await heard("The meeting", partial(scene.office.post, "registration", f"/meetings/{meeting}/attendance", body))

    next_one = replace(scene, programme=await experienced(scene), strands=(), applications={})
    await gathering.call(next_one)
    [call] = [
        each
        async for each in scene.office.items("registration", "/calls")
        if each["programme_id"] == next_one.programme
    ]
    found = {}
    for town, expected in ((host, "1"), (guest, "0" if listed else "1"), (other, "1" if listed else "0")):

        async def explained(town: Town = town, expected: str = expected) -> Json | None:
            asked: Json = {"organisation_id": scene.of(town), "role": "experienced"}
            path = f"/calls/{call['id']}/eligibility"
            told = await scene.coordinator(town).get("registration", path, **asked)
            return told if told["findings"][0]["found"] == expected else None

        found[town.name] = (await heard(f"What is on record of {town.name}", explained))["eligible"]
    assert found == {host.name: True, guest.name: not listed, other.name: listed}

    eligible = [town for town in (host, guest, other) if found[town.name]]
    for town in eligible:
        wanted: Json = {"programme_id": next_one.programme, "organisation_id": scene.of(town), "role": "experienced"}
        given = await scene.coordinator(town).post(
            "registration", "/applications", wanted | {"motivation": "Once more.", "reason_code": "once-more"}
        )
        application = str(given["id"])

        async def admitted(application: str = application) -> Json:
            body: Json = {"application_id": application, "role": "experienced"}
            return await next_one.decide("/participations", "was-there", "By the record.", **body)

        decision = (await heard(f"The application of {town.name}", admitted))["decision"]["id"]
        path = f"{next_one.path}/decisions/{decision}"
        told = await scene.office.get("programme", path, at_least=next_one.position)
        assert [each["finding"] for each in told["criteria"]] == ["holds:1"]


async def experienced(scene: Scene) -> str:
    """Draft a programme for those who were at a meeting before; return its id."""
    template = {
        "id": "experienced",
        "version": 1,
        "title": {"en": "For those who were there"},
        "lifecycle": "call",
        "strands": {"by": "one"},
        "roles": {
            "experienced": {
                "label": {"en": "Experienced"},
                "obtained": "selection",
                "eligibility": [{"predicate": "history", "has": "attended-or-hosted", "times": 1}],
            }
        },
    }
    body = WHY | {"title": {"en": "Once more"}, "office_id": scene.office_id, "template": template}
    return str((await scene.office.post("programme", "/programmes", body))["id"])
