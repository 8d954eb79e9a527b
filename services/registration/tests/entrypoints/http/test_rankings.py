"""Rankings over HTTP: a visible rule, a waiting list that moves, places that applicants read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
from services.registration.tests.conftest import created, summary

from interpares.common.contracts.programme import ApplicationDeclined, CallConditions, ParticipationAdmitted
from interpares.registration.domain.ranking import Ranked

if TYPE_CHECKING:
    import httpx2
    from services.registration.tests.conftest import Registration

    from interpares.common.contracts.programme import CallOpened

pytestmark = pytest.mark.integration
WHY = {"reason_code": "published-criteria", "reason": "As the jury found on Friday."}
SELECTION = {
    "places": {
        "roles": ["follower"],
        "criteria": {"quality": {"label": {"en": "Quality"}, "weight": 2}, "reach": {"label": {"en": "Reach"}}},
        "tie_break": ["reach"],
    }
}


class Field:
    """Three towns that applied for one role, the office that ranks them, and their coordinators."""

    def __init__(self, registration: Registration, call: CallOpened, office: str) -> None:
        self.registration, self.call, self.office = registration, call, office
        self.applications: list[str] = []
        self.coordinators: list[str] = []

    async def rank(self, **changes: Any) -> httpx2.Response:
        body = {"call_id": str(self.call.call_id), "role": "follower", "strand": "AT", **WHY, **changes}
        return await self.registration.post(self.office, "/rankings", body)

    async def points(self, number: int, **points: str) -> httpx2.Response:
        path = f"/applications/{self.applications[number]}/points"
        return await self.registration.post(self.office, path, {"points": points, **WHY})

    async def place(self, number: int) -> dict[str, Any]:
        path = f"/applications/{self.applications[number]}/place"
        answer = await self.registration.get(self.coordinators[number], path)
        assert answer.status_code == 200, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    async def places(self) -> list[tuple[int, int | None, int]]:
        shown = [await self.place(number) for number in range(len(self.applications))]
        return [(each["entries"][0]["place"], each["entries"][0]["waiting_place"], each["waiting"]) for each in shown]


@pytest.fixture
async def field(registration: Registration) -> Field:
    office = await registration.organisation("Office")
    conditions = CallConditions.model_validate(
        {"roles": {"follower": {"label": {"en": "F"}, "obtained": "selection"}}, "selection": SELECTION}
    )
    call = await registration.open_call(office, roles=("follower",), conditions=conditions)
    made = Field(registration, call, await registration.member("office", office))
    for name in ("Aa", "Bb", "Cc"):
        town = await registration.organisation(name)
        made.coordinators.append(await registration.member("coordinator", town))
        body = {
            "programme_id": str(call.programme_id),
            "organisation_id": town,
            "role": "follower",
            "motivation": "We want to learn.",
        }
        made.applications.append(created(await registration.post(made.coordinators[-1], "/applications", body)))
    return made


async def test_applicants_rank_by_the_published_rule_and_read_their_place(field: Field) -> None:
    for number, quality, reach in ((0, "50", "50"), (1, "80", "20.5"), (2, "60", "60.50")):
        assert (await field.points(number, quality=quality, reach=reach)).status_code == 200

    answer = await field.rank()

    assert answer.status_code == 200, answer.text
    assert await field.places() == [(3, 3, 3), (2, 2, 3), (1, 1, 3)]
    shown = await field.place(0)
    assert shown["rule"] == {
        "order": ["priority", "points", "reach", "received"],
        "weights": {"quality": 2, "reach": 1},
    }
    assert len(shown["rule_hash"]) == 64
    assert [each["total"] for each in shown["entries"]] == ["50.00"]
    ranking = answer.json()["decision"]["subject"].removeprefix("ranking:")
    whole = (await field.registration.get(field.office, f"/rankings/{ranking}")).json()
    own = (await field.registration.get(field.coordinators[1], f"/rankings/{ranking}")).json()
    assert [each["application_id"] for each in whole["entries"]] == [field.applications[each] for each in (2, 1, 0)]
    assert [each["application_id"] for each in own["entries"]] == [field.applications[1]]
    foreign = await field.registration.get(await field.registration.member("coordinator"), f"/rankings/{ranking}")
    assert foreign.status_code == 404
    params = {"programme_id": str(field.call.programme_id)}
    listed = await field.registration.get(await field.registration.member("auditor"), "/rankings", params=params)
    assert [each["id"] for each in listed.json()["items"]] == [ranking]

    recorded = await field.registration.parts.store.read(0, 100_000)
    (event,) = [
        each.event for each in recorded if str(each.event.originator_id) == ranking and isinstance(each.event, Ranked)
    ]
    assert event.recomputed() == event.entries


async def test_priority_moves_only_with_a_reason_and_the_next_ranking(field: Field) -> None:
    assert (await field.rank()).status_code == 200
    assert await field.places() == [(1, 1, 3), (2, 2, 3), (3, 3, 3)]
    path = f"/applications/{field.applications[2]}/priority"

    bare = await field.registration.post(field.office, path, {"priority": 1, "reason_code": "regional-balance"})
    moved = await field.registration.post(field.office, path, {"priority": 1, **WHY})
    same = await field.registration.post(field.office, path, {"priority": 1, **WHY})
    own = await field.registration.post(field.coordinators[2], path, {"priority": 9, **WHY})

    assert (bare.status_code, moved.json()["decision"]["outcome"]) == (422, "raised")
    assert (same.status_code, own.status_code) == (422, 403)
    assert await field.places() == [(1, 1, 3), (2, 2, 3), (3, 3, 3)]
    assert (await field.rank()).status_code == 200
    assert await field.places() == [(2, 2, 3), (3, 3, 3), (1, 1, 3)]


async def test_the_waiting_list_moves_as_the_programme_decides(field: Field) -> None:
    assert (await field.rank()).status_code == 200
    first, second, third = field.applications
    decision = summary("no-places")

    await field.registration.hear(
        ParticipationAdmitted(
            programme_id=field.call.programme_id,
            decision=summary("best-fit"),
            participation_id=uuid4(),
            application_id=UUID(first),
            organisation_id=uuid4(),
            role="follower",
            strand="AT",
        )
    )
    assert await field.places() == [(1, None, 2), (2, 1, 2), (3, 2, 2)]
    await field.registration.hear(
        ApplicationDeclined(
            programme_id=field.call.programme_id,
            decision=decision,
            application_id=UUID(second),
            organisation_id=uuid4(),
        )
    )

    assert await field.places() == [(1, None, 1), (2, None, 1), (3, 1, 1)]
    declined = (await field.registration.get(field.coordinators[1], f"/applications/{second}")).json()
    address = f"/api/v1/programmes/{field.call.programme_id}/decisions/{decision.decision_id}"
    assert declined["outcome"] == {
        "reason_code": "no-places",
        "decision_id": str(decision.decision_id),
        "explanation": address,
        "letter": f"{address}/letter",
    }
    waiting = (await field.registration.get(field.coordinators[2], f"/applications/{third}")).json()
    assert waiting["outcome"] is None
    settled = await field.points(1, quality="1")
    assert (settled.status_code, settled.json()["code"]) == (409, "application-settled")


async def test_what_cannot_be_ranked_is_told(field: Field) -> None:
    nobody = await field.rank(strand="DE")
    role = await field.rank(role="host")
    strand = await field.rank(strand="FR")
    call = await field.rank(call_id=str(uuid4()))
    criterion = await field.points(0, beauty="5")
    beyond = await field.points(0, quality="100.5")
    unranked = await field.registration.get(field.coordinators[0], f"/applications/{field.applications[0]}/place")
    unknown = await field.registration.post(
        field.office, f"/applications/{uuid4()}/points", {"points": {"a": "1"}, **WHY}
    )

    assert (nobody.status_code, nobody.json()["code"]) == (409, "nobody-to-rank")
    assert [each.json()["errors"][0]["field"] for each in (role, strand, criterion, beyond)] == [
        "role",
        "strand",
        "points",
        "points.quality",
    ]
    assert (call.status_code, unranked.status_code, unknown.status_code) == (404, 404, 404)
