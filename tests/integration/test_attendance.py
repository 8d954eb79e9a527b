"""What whoever records attendance says of those who spoke and reviewed arrives where giving and taking are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.integration.stage import WHY

from interpares.console.story import acts, hosting
from interpares.console.story.scene import heard

if TYPE_CHECKING:
    from tests.integration.stage import Stage

    from interpares.console.client import Json

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
