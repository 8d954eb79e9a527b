"""Every kind of decision leaves the service as its contract says, in one unbroken chain, and tells no secrets."""

from __future__ import annotations

import inspect
import json
from typing import TYPE_CHECKING, Any

from interpares.common.contracts.programme import Decided, hosting, participation, programme
from interpares.common.envelope import to_message
from interpares.programme.entrypoints.publications import publish

if TYPE_CHECKING:
    from services.programme.tests.entrypoints.conftest import Office

    from interpares.common.envelope import Message

LETTER = {"on_behalf": {"channel": "letter", "received_on": "2026-03-01T09:00:00Z"}}
SECRET = "Nobody outside shall read this."
OPEN, CONFERENCE, AWARD = "AT.follower-meeting.1", "all.conference.1", "AT.award-meeting.1"
# Other chapters show in files of their own that they publish what they decide.
CONTRACTS = {
    contract.TYPE
    for chapter in (programme, participation, hosting)
    for _, contract in inspect.getmembers(chapter, inspect.isclass)
    if issubclass(contract, Decided) and contract is not Decided
}


async def messages(office: Office) -> list[Message]:
    """Return what the relay would put on the stream."""
    told: list[Message] = []
    for recorded in await office.served.parts.store.read(0, 1000):
        publication = publish(recorded)
        assert publication is not None, type(recorded.event).__name__
        told.append(to_message("programme", recorded, publication, told[-1].position if told else 0))
    return told


async def decide_everything(office: Office) -> None:
    """Take every kind of decision at least once, each with a reason nobody outside shall read."""
    here = f"/programmes/{office.programme_id}"
    front_runner, _, award_winner, follower, *_ = (str(member) for member in office.members)

    async def does(path: str, **body: Any) -> None:
        await office.does(f"{here}{path}", {"reason": SECRET, **LETTER, **body})

    _, declined = await office.applies("follower")
    await does(f"/applications/{declined}/refusal")
    await does(f"/duties/{OPEN}/offer", to=[follower])
    await does(f"/duties/{OPEN}/refusal", organisation_id=follower)
    await does(f"/duties/{OPEN}/lapse")
    await does(f"/duties/{OPEN}/reopening")
    await does(f"/duties/{CONFERENCE}/offer", to=[front_runner])
    await does(f"/duties/{CONFERENCE}/acceptance", organisation_id=front_runner)
    await does(f"/duties/{CONFERENCE}/release")
    await does(f"/participations/{award_winner}/roles/award-winner/end")
    await does(f"/participations/{award_winner}/roles", role="follower")
    await does(f"/participations/{front_runner}/withdrawal")
    await does("/call/closure")


async def test_every_kind_of_decision_is_published(running: Office) -> None:
    await decide_everything(running)

    told = await messages(running)

    assert {message.headers["ce-type"] for message in told} == CONTRACTS
    assert [message.previous for message in told] == [0, *(message.position for message in told[:-1])]


async def test_audiences_are_told_with_what_they_are_called(running: Office) -> None:
    first = json.loads((await messages(running))[0].body)

    assert first["type"] == programme.ProgrammeDrafted.TYPE
    assert first["data"]["audiences"]["communicators"] == {
        "de": "Personal der Öffentlichkeitsarbeit",
        "en": "Public relations staff",
    }


async def test_a_closed_call_is_named(running: Office) -> None:
    await running.does(f"/programmes/{running.programme_id}/call/closure")

    data = [json.loads(message.body)["data"] for message in await messages(running)]

    opened = next(each for each in data if "deadline_local" in each)
    assert data[-1]["call_id"] == opened["call_id"] == opened["decision"]["decision_id"]


async def test_what_was_typed_stays_inside(running: Office) -> None:
    await decide_everything(running)

    told = b"".join(message.body for message in await messages(running))

    assert SECRET.encode() not in told
    assert b"It fits best." not in told
    assert str(running.office_id).encode() in told
