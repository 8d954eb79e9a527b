"""Who gave and who took equals a recount from the events themselves."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.programme.tests.entrypoints import test_meetings_over_http
from services.programme.tests.entrypoints.test_meetings_over_http import AWARD, DETAILS, Gathering
from services.programme.tests.entrypoints.test_subscriptions import hear

from interpares.common.contracts.registration import AttendanceRecorded
from interpares.programme.domain import events
from interpares.programme.domain.meetings.events import MeetingHeld
from interpares.programme.projections.history import StoredHistory

if TYPE_CHECKING:
    from collections.abc import Sequence

# The fixture of the meetings serves here too.
gathering = test_meetings_over_http.gathering
PAST = {"dates": {"starts": "2026-01-10T09:00:00", "ends": "2026-01-10T16:00:00", "zone": "Europe/Vienna"}}
LATER = {"retrospective": {}, "decided_at": "2026-01-11T09:00:00Z"}


def attendance(gathering: Gathering, meeting: str, member: int, version: int, **attended: int) -> AttendanceRecorded:
    return AttendanceRecorded(
        programme_id=UUID(gathering.office.programme_id),
        meeting_id=UUID(meeting),
        organisation_id=gathering.office.members[member],
        version=version,
        attended=attended,
    )


async def recount(gathering: Gathering, told: Sequence[AttendanceRecorded]) -> dict[str, dict[str, int]]:
    """Count once more, from stored events and from what was told; a later version replaces an earlier one."""
    stored = await StoredHistory(gathering.served.parts.database).whole(UUID(gathering.office.programme_id))
    happened = [each.event for each in stored]
    hosted: Counter[UUID | None] = Counter()
    attended: Counter[UUID] = Counter()
    for event in happened:
        if isinstance(event, MeetingHeld):
            hosted[event.meeting.host] += 1
            attended.update(who for who in event.attended if who != event.meeting.host)
    accepted = Counter(event.host for event in happened if isinstance(event, events.DutyAccepted))
    latest: dict[tuple[UUID, UUID], AttendanceRecorded] = {}
    for each in sorted(told, key=lambda each: each.version):
        latest[each.meeting_id, each.organisation_id] = each
    people: dict[UUID, Counter[str]] = {}
    for each in latest.values():
        people.setdefault(each.organisation_id, Counter()).update(each.attended)
    return {
        str(member): {
            "hosted": hosted[member],
            "attended": attended[member],
            "duties_accepted": accepted[member],
            "spoke": people.get(member, Counter())["speakers"],
            "mayors": people.get(member, Counter())["mayors"],
            "communicators": people.get(member, Counter())["communicators"],
        }
        for member in gathering.office.members
    }


async def test_the_view_equals_a_recount_from_the_events(gathering: Gathering) -> None:
    office = gathering.office
    there = [str(office.members[member]) for member in (3, 4)]
    meetings = [
        (await gathering.post("office", "/records", attended=there, duty=AWARD, **DETAILS | PAST | LATER)).json()["id"]
    ]
    follows = {"occasion": "sequel", "format": "communication", "follows": f"meeting:{meetings[0]}"}
    second = await gathering.post(
        "office",
        "/records",
        attended=[str(office.members[5])],
        host_id=str(office.members[3]),
        **follows | DETAILS | PAST | LATER,
    )
    assert second.status_code == 201, second.text
    meetings.append(second.json()["id"])
    told = [
        attendance(gathering, meetings[0], 3, 1, communicators=9),
        attendance(gathering, meetings[0], 3, 2, communicators=2, mayors=1, speakers=1),
        attendance(gathering, meetings[1], 5, 1, communicators=4),
    ]
    await hear(gathering.served, *told)

    shown: list[Any] = (await gathering.read("reciprocity?limit=200"))["items"]
    coverage = {each["audience"]: each for each in (await gathering.read("coverage"))["audiences"]}

    counted = {
        each["organisation_id"]: {
            **{name: each[name] for name in ("hosted", "attended", "duties_accepted", "spoke")},
            **{audience: each["people"].get(audience, 0) for audience in ("mayors", "communicators")},
        }
        for each in shown
    }
    assert counted == await recount(gathering, told)
    by_id = {each["organisation_id"]: each for each in shown}
    assert by_id[str(office.members[3])]["balance"] == 0
    assert by_id[str(gathering.host)]["duties_fulfilled"] == 1
    reached = {audience: (each["meetings"], each["people"]) for audience, each in coverage.items()}
    assert reached["communicators"] == (2, 6)
    assert reached["mayors"] == (0, 1)
    assert (coverage["mayors"]["reached"], coverage["planners"]["reached"]) == (True, False)
    # Of the host and of member 4 nobody told numbers: they were at a meeting meant for communicators.
    assert set(coverage["communicators"]["organisations"]) >= {str(gathering.host), there[1]}
