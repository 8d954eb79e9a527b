"""Meetings over HTTP on a real database: from the duty to the gate, and what is read on the way."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
from services.programme.tests.entrypoints.test_subscriptions import hear

from interpares.common.contracts.registration import AttendanceRecorded, PrerequisiteConfirmed, PrerequisiteRevoked
from interpares.common.policy import Capacity
from interpares.common.rebuilding import Rebuild
from interpares.programme.projections.exceptions import ExceptionsProjector
from interpares.programme.projections.meetings import MeetingsProjector
from interpares.programme.projections.past import PastMeetings

if TYPE_CHECKING:
    import httpx2
    from services.programme.tests.entrypoints.conftest import Office

LABEL = {"en": "Label"}
WHY = {"reason_code": "as-agreed", "reason": "We talked it over."}
PHONE = {"on_behalf": {"channel": "phone", "received_on": "2026-03-01T09:00:00Z"}}
AWARD = "AT.award-meeting.1"
RULES = {
    "meetings": {
        "visit": {"label": LABEL, "opened_by": "request", "formats": ["planning"], "invitees": [{"scope": "strand"}]},
        "sequel": {"label": LABEL, "opened_by": "follow-up", "formats": ["communication"], "invitees": []},
    },
    "deadlines": {
        "agenda": {"label": LABEL, "days": -30, "owed_by": "host"},
        "names": {"label": LABEL, "days": -14, "owed_by": "participants"},
        "minutes": {"label": LABEL, "days": 7, "counted_from": "end", "owed_by": "organiser"},
    },
    "prerequisites": {
        "resolution": {"label": LABEL, "proof": "political-resolution", "due_before": "meeting-confirmed"},
    },
}
DETAILS: dict[str, Any] = {
    "title": {"de": "Austausch", "en": "Exchange"},
    "venue": {"place": "Wels", "country": "AT", "address": "Stadtplatz 1"},
    "dates": {"starts": "2099-06-10T09:00:00", "ends": "2099-06-11T16:00:00", "zone": "Europe/Vienna"},
    "languages": ["de", "en"],
    "seats": 30,
}
TERMS: dict[str, Any] = {
    "host_tasks": ["room", "catering"],
    "other_tasks": ["invitations"],
    "costs": [{"code": "catering", "borne_by": "host", "amount": {"value": "1200.50", "currency": "EUR"}}],
    "interpretation": ["de-en"],
    "text": "The host opens the town hall on the evening before.",
}


class Gathering:
    """An office whose award winner hosts a meeting."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.served = office.served

    @property
    def meetings(self) -> str:
        """The path of all meetings."""
        return f"/programmes/{self.office.programme_id}/meetings"

    @property
    def host(self) -> UUID:
        """The award winner."""
        return self.office.members[2]

    @property
    def coordinator(self) -> str:
        """Who speaks for it."""
        return f"coordinator-{self.host}"

    async def post(self, who: str, path: str, **body: Any) -> httpx2.Response:
        """Send a command about meetings."""
        answer = await self.served.post(who, f"{self.meetings}{path}", WHY | body)
        self.office.position = answer.json().get("position", self.office.position)
        return answer

    async def get(self, path: str = "", who: str = "office") -> Any:
        """Read what the last command led to."""
        answer = await self.served.get(who, f"{self.meetings}{path}", self.office.position)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def read(self, path: str) -> Any:
        """Read something else of the programme."""
        here = f"/programmes/{self.office.programme_id}/{path}"
        answer = await self.served.get("office", here, self.office.position)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def plan(self, **changes: Any) -> str:
        """Plan the meeting of the award winner, as its coordinator."""
        answer = await self.post(self.coordinator, "", duty=AWARD, **DETAILS | changes)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def agree(self, meeting: str) -> None:
        """Let both sides approve."""
        assert (await self.post(self.coordinator, f"/{meeting}/agreement", terms=TERMS)).status_code == 200
        current = (await self.get(f"/{meeting}"))["agreement_hash"]
        for who, side in ((self.coordinator, self.host), ("office", self.office.office_id)):
            answer = await self.post(who, f"/{meeting}/agreement/approval", organisation_id=str(side), hash=current)
            assert answer.status_code == 200, answer.text

    async def shows(self, **more: Any) -> PrerequisiteConfirmed:
        """Let registration tell that the host has its resolution."""
        told = PrerequisiteConfirmed(
            **{
                "fact_id": uuid4(),
                "organisation_id": self.host,
                "programme_id": UUID(self.office.programme_id),
                "prerequisite": "resolution",
                "kind": "political-resolution",
                "version": 3,
                "valid_from": date(2020, 1, 1),
                "valid_until": None,
                "evidence_hash": "ab" * 32,
                "capacity": "coordinator",
            }
            | more
        )
        await hear(self.served, told)
        return told


@pytest.fixture
async def gathering(office: Office) -> Gathering:
    """The award winner accepted its duty."""
    await office.draft(**RULES)
    await office.open_call()
    await office.admit_all()
    await office.derive()
    host = str(office.members[2])
    duty = f"/programmes/{office.programme_id}/duties/{AWARD}"
    await office.does(f"{duty}/offer", {"to": [host]})
    await office.does(f"{duty}/acceptance", {"organisation_id": host, **PHONE})
    return Gathering(office)


async def test_a_meeting_goes_from_its_duty_through_the_gate(gathering: Gathering) -> None:
    meeting = await gathering.plan()
    shut = await gathering.post("office", f"/{meeting}/confirmation")
    await gathering.agree(meeting)
    gate = await gathering.get(f"/{meeting}/gate")
    fact = await gathering.shows()
    confirmed = await gathering.post("office", f"/{meeting}/confirmation")

    assert (shut.status_code, shut.json()["code"]) == (409, "gate-closed")
    assert [error["field"] for error in shut.json()["errors"]] == ["agreement", "prerequisites.resolution"]
    assert str(gathering.host) in shut.json()["errors"][1]["message"]
    assert not gate["open"]
    assert [each["ground"] for each in gate["missing"]] == ["never-shown"]
    assert confirmed.status_code == 200, confirmed.text
    explained = await gathering.read(f"decisions/{confirmed.json()['decision']['id']}")
    assert explained["evidence"][1] == {
        "ref": f"prerequisite:{fact.fact_id}",
        "version": 3,
        "hash": "ab" * 32,
        "position": 1,
    }
    shown = await gathering.get(f"/{meeting}")
    assert shown["status"] == "confirmed"
    assert len(shown["invited"]) == len(gathering.office.members) - 1
    duty = await gathering.read(f"duties/{AWARD}")
    assert (duty["status"], duty["meeting_id"]) == ("scheduled", meeting)
    history = (await gathering.get(f"/{meeting}/history"))["items"]
    assert [each["type"] for each in history] == [
        "meeting-planning",
        "agreement-draft",
        "agreement-approval",
        "agreement-approval",
        "meeting-confirmation",
    ]


async def test_a_hash_can_be_computed_again_and_a_stale_one_is_refused(gathering: Gathering) -> None:
    meeting = await gathering.plan()
    await gathering.agree(meeting)
    first = (await gathering.get(f"/{meeting}"))["agreement_hash"]
    changed = await gathering.post(gathering.coordinator, f"/{meeting}/change", seats=20)
    stale = await gathering.post(
        gathering.coordinator, f"/{meeting}/agreement/approval", organisation_id=str(gathering.host), hash=first
    )
    versions = (await gathering.get(f"/{meeting}/agreements", gathering.coordinator))["items"]

    assert changed.status_code == 200, changed.text
    assert (stale.status_code, stale.json()["code"]) == (409, "agreement-stale")
    assert versions[1]["hash"] in stale.json()["detail"]
    assert [(each["version"], each["current"], len(each["approvals"])) for each in versions] == [
        (1, False, 2),
        (2, True, 0),
    ]
    for each in versions:
        written = json.dumps(each["content"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert hashlib.sha256(written.encode()).hexdigest() == each["hash"]
        assert each["text"] == TERMS["text"]
    assert TERMS["text"] not in json.dumps(versions[0]["content"])


async def test_each_side_speaks_for_itself_and_others_see_nothing(gathering: Gathering) -> None:
    meeting = await gathering.plan()
    assert (await gathering.post("office", f"/{meeting}/agreement", terms=TERMS)).status_code == 200
    current = (await gathering.get(f"/{meeting}"))["agreement_hash"]
    other = f"coordinator-{gathering.office.members[0]}"
    approval = {"organisation_id": str(gathering.host), "hash": current}

    by_another = await gathering.post(other, f"/{meeting}/agreement/approval", **approval)
    silent = await gathering.post("office", f"/{meeting}/agreement/approval", **approval)
    by_phone = await gathering.post("office", f"/{meeting}/agreement/approval", **approval, **PHONE)
    no_side = await gathering.post(
        other, f"/{meeting}/agreement/approval", organisation_id=str(gathering.office.members[0]), hash=current
    )

    assert (by_another.status_code, silent.status_code, by_phone.status_code) == (404, 422, 200)
    assert (no_side.status_code, no_side.json()["code"]) == (403, "not-a-side")
    for path in (f"/{meeting}/agreements", f"/{meeting}/gate"):
        hidden = await gathering.served.get(other, f"{gathering.meetings}{path}", gathering.office.position)
        assert hidden.status_code == 404
    assert (await gathering.get(f"/{meeting}", other))["venue"]["address"] == ""
    assert (await gathering.get(f"/{meeting}", gathering.coordinator))["venue"]["address"] == "Stadtplatz 1"
    change = await gathering.post(other, f"/{meeting}/change", seats=1)
    assert change.status_code == 404


async def test_an_exception_opens_the_gate_and_is_seen_to_end(gathering: Gathering) -> None:
    meeting = await gathering.plan()
    await gathering.agree(meeting)
    fact = await gathering.shows()
    await hear(
        gathering.served,
        PrerequisiteRevoked(**fact.model_dump(exclude={"version"}), version=4, reason_code="found-wrong"),
    )
    revoked = await gathering.get(f"/{meeting}/gate")
    here = f"/programmes/{gathering.office.programme_id}/exceptions"
    named = {"organisation_id": str(gathering.host), "prerequisite": "resolution"}
    past = await gathering.served.post("office", here, WHY | named | {"until": "2020-01-01"})
    await gathering.office.does(here, {**named, "until": "2099-01-01"}, 201)
    await gathering.office.does(here, {**named, "until": "2099-05-31"}, 201)
    excepted = await gathering.get(f"/{meeting}/gate")
    confirmed = await gathering.post("office", f"/{meeting}/confirmation")
    await gathering.office.does(f"{here}/end", named)
    listed = (await gathering.read("exceptions"))["items"]
    in_force = (await gathering.read("exceptions?state=in-force&limit=1"))["items"]

    assert [each["ground"] for each in revoked["missing"]] == ["revoked"]
    assert (past.status_code, past.json()["errors"][0]["field"]) == (422, "until")
    assert excepted["open"]
    assert [each["until"] for each in excepted["exceptions"]] == ["2099-05-31"]
    assert confirmed.status_code == 200, confirmed.text
    assert [(each["until"], each["state"]) for each in listed] == [("2099-01-01", "replaced"), ("2099-05-31", "ended")]
    assert in_force == []


def words(explained: dict[str, Any]) -> list[tuple[Any, ...]]:
    told = ("kind", "names", "label", "code", "title", "day", "until")
    return [tuple(each[name] for name in told) for each in explained["relied_on"]]


async def test_what_a_decision_relied_on_has_words_beside_its_hash(gathering: Gathering) -> None:
    meeting = await gathering.plan()
    await gathering.agree(meeting)
    town, label, title = {"de": "Musterstadt"}, LABEL, DETAILS["title"]
    today = datetime.now(UTC).date().isoformat()
    here = f"/programmes/{gathering.office.programme_id}/exceptions"
    named = {"organisation_id": str(gathering.host), "prerequisite": "resolution", "until": "2099-05-31"}
    await gathering.office.does(here, named, 201)
    excepted = await gathering.post("office", f"/{meeting}/confirmation")
    explained = await gathering.read(f"decisions/{excepted.json()['decision']['id']}")
    agreement, exception = words(explained)
    assert (*agreement[:5], agreement[5][:10]) == ("agreement", {}, {}, "", title, today)
    assert (*exception[:5], exception[6]) == ("exception", town, label, "resolution", {}, "2099-05-31")
    assert explained["evidence"] == [
        {name: each[name] for name in ("ref", "version", "hash", "position")} for each in explained["relied_on"]
    ]
    letter = f"decisions/{explained['id']}/letter?language=de&format=text"
    answer = await gathering.served.get("office", f"/programmes/{gathering.office.programme_id}/{letter}")
    assert "Gastgebervereinbarung zum Austauschtreffen „Austausch“, Fassung 1, vom" in " ".join(answer.text.split())
    assert explained["evidence"][0]["hash"] in answer.text

    fact = await gathering.shows()
    again = await gathering.post("office", f"/{meeting}/change", seats=31)
    assert again.status_code == 200, again.text
    await gathering.agree(meeting)
    confirmed = await gathering.post("office", f"/{meeting}/confirmation")
    path = f"decisions/{confirmed.json()['decision']['id']}"
    assert words(await gathering.read(path))[1] == (
        *("prerequisite", town, label, "resolution", {}),
        *("2020-01-01", None),
    )
    await hear(gathering.served, fact.model_copy(update={"version": 4, "prerequisite": "", "valid_from": date.max}))
    assert words(await gathering.read(path))[1] == (
        *("prerequisite", town, {}, "political-resolution", {}),
        *(None, None),
    )


async def test_papers_of_the_office_and_what_nobody_knows_any_more_keep_their_reference(gathering: Gathering) -> None:
    refs = ("minutes:12", "ranking:of-2019", f"ranking:{UUID(int=9)}", "attendance:x", f"prerequisite:{UUID(int=9)}")
    evidence = [{"ref": ref, "hash": "ab" * 32} for ref in refs]
    planned = await gathering.post("office", "", duty=AWARD, **DETAILS, evidence=evidence)
    assert planned.status_code == 201, planned.text
    explained = await gathering.read(f"decisions/{planned.json()['decision']['id']}")
    assert [(each["ref"], each["code"], each["names"]) for each in explained["relied_on"]] == [
        (refs[0], "12", {}),
        (refs[1], "of-2019", {}),
        (refs[2], "", {}),
        (refs[3], "x", {}),
        (refs[4], "", {}),
    ]


async def test_moving_a_meeting_moves_its_deadlines(gathering: Gathering) -> None:
    meeting = await gathering.plan()
    before = {each["key"]: each["day"] for each in (await gathering.read("deadlines"))["items"]}
    dates = {"starts": "2099-07-10T09:00:00", "ends": "2099-07-10T16:00:00", "zone": "Europe/Vienna"}
    in_passing = await gathering.post("office", f"/{meeting}/change", dates=dates)
    moved = await gathering.post("office", f"/{meeting}/rescheduling", dates=dates)
    after = {each["key"]: each["day"] for each in (await gathering.read("deadlines"))["items"]}
    mine = (await gathering.read(f"deadlines?organisation={gathering.host}&limit=1"))["items"]
    first = await gathering.read("deadlines?limit=1")
    rest = await gathering.read(f"deadlines?limit=2&after={first['next']}")

    assert before == {"agenda": "2099-05-11", "names": "2099-05-27", "minutes": "2099-06-18"}
    assert (in_passing.status_code, in_passing.json()["code"]) == (409, "meeting-has-date")
    assert moved.status_code == 200, moved.text
    assert after == {"agenda": "2099-06-10", "names": "2099-06-26", "minutes": "2099-07-17"}
    assert [each["key"] for each in mine] == ["agenda"]
    assert [each["key"] for each in rest["items"]] == ["names", "minutes"]


async def test_meetings_are_asked_for_and_taken_up_or_not(gathering: Gathering) -> None:
    asker = gathering.office.members[3]
    who = f"coordinator-{asker}"
    wish = DETAILS | {"occasion": "visit", "format": "planning", "organisation_id": str(asker)}
    ids = [(await gathering.post(who, "/proposals", **wish)).json()["id"] for _ in range(3)]
    taken = await gathering.post(
        "office", f"/{ids[0]}/adoption", host_id=str(gathering.office.members[0]), title={"en": "A visit"}
    )
    refused = await gathering.post("office", f"/{ids[1]}/refusal")
    withdrawn = await gathering.post(who, f"/{ids[2]}/withdrawal")
    again = await gathering.post("office", f"/{ids[1]}/adoption")
    listed = (await gathering.get(f"?organisation={asker}"))["items"]

    assert [answer.status_code for answer in (taken, refused, withdrawn, again)] == [200, 200, 200, 409]
    assert [each["status"] for each in listed] == ["planned", "declined", "withdrawn"]
    assert listed[0]["title"] == {"en": "A visit"}
    assert listed[0]["organiser_id"] == str(gathering.office.office_id)


async def test_what_took_place_can_be_recorded_later(gathering: Gathering) -> None:
    dates = {"starts": "2026-01-10T09:00:00", "ends": "2026-01-10T16:00:00", "zone": "Europe/Vienna"}
    there = [str(gathering.office.members[3])]
    looking_back = {"retrospective": {"document_hash": "cd" * 32}, "decided_at": "2026-01-11T09:00:00Z"}
    plain = await gathering.post("office", "/records", duty=AWARD, attended=there, **DETAILS | {"dates": dates})
    recorded = await gathering.post(
        "office", "/records", duty=AWARD, attended=there, **DETAILS | {"dates": dates} | looking_back
    )
    assert recorded.status_code == 201, recorded.text
    meeting = recorded.json()["id"]
    sequel = await gathering.post(
        "office", "", occasion="sequel", format="communication", follows=f"meeting:{meeting}", **DETAILS
    )
    shown = await gathering.get(f"/{meeting}")

    assert (plain.status_code, plain.json()["errors"][0]["field"]) == (422, "source")
    assert shown["status"] == "held"
    assert shown["attended"] == [str(gathering.host), *there]
    assert (await gathering.read(f"duties/{AWARD}"))["status"] == "held"
    assert [each["source"] for each in (await gathering.get(f"/{meeting}/history"))["items"]] == ["retrospective"] * 2
    assert sequel.status_code == 201, sequel.text


async def test_who_was_there_is_put_right_and_what_rests_on_it_follows(gathering: Gathering) -> None:
    office = gathering.office
    wrong, right = (str(office.members[member]) for member in (3, 4))
    dates = {"starts": "2026-01-10T09:00:00", "ends": "2026-01-10T16:00:00", "zone": "Europe/Vienna"}
    looking_back = {"retrospective": {}, "decided_at": "2026-01-11T09:00:00Z", "dates": dates}
    recorded = await gathering.post("office", "/records", duty=AWARD, attended=[wrong], **DETAILS | looking_back)
    path = f"/{recorded.json()['id']}/attendance-correction"
    foreign = await gathering.post(gathering.coordinator, path, attended=[right])
    plain = await gathering.served.post("office", f"{gathering.meetings}{path}", {"attended": [right]})
    corrected = await gathering.post("office", path, attended=[right])
    again = await gathering.post("office", path, attended=[right])

    assert (foreign.status_code, plain.status_code, again.json()["code"]) == (403, 422, "nothing-changes")
    assert corrected.status_code == 200, corrected.text
    shown = await gathering.get(f"/{recorded.json()['id']}")
    assert shown["attended"] == [str(gathering.host), right]
    told = (await gathering.get(f"/{recorded.json()['id']}/history"))["items"][-1]
    assert (told["type"], told["changed"]) == ("attendance-correction", ["attended"])
    explained = await gathering.read(f"decisions/{corrected.json()['decision']['id']}")
    assert explained["corrects"] == recorded.json()["decision"]["id"]
    attended = {each["organisation_id"]: each["attended"] for each in (await gathering.read("reciprocity"))["items"]}
    assert (attended[wrong], attended[right]) == (0, 1)
    reached = {each["audience"]: each for each in (await gathering.read("coverage"))["audiences"]}["communicators"]
    assert wrong not in reached["organisations"]
    assert right in reached["organisations"]
    past = PastMeetings(gathering.served.parts.database)
    assert [await past.of(UUID(each)) for each in (wrong, right)] == [({}, {}), ({"communication": 1}, {})]


async def test_where_a_meeting_names_nobody_those_count_of_whom_registration_recorded_people(
    gathering: Gathering,
) -> None:
    office = gathering.office
    told, named = office.members[3], office.members[4]
    dates = {"starts": "2026-01-10T09:00:00", "ends": "2026-01-10T16:00:00", "zone": "Europe/Vienna"}
    looking_back = {"retrospective": {}, "decided_at": "2026-01-11T09:00:00Z", "dates": dates}
    meeting = (await gathering.post("office", "/records", duty=AWARD, **DETAILS | looking_back)).json()["id"]

    async def hears(version: int, **attended: int) -> None:
        fact = AttendanceRecorded(
            programme_id=UUID(office.programme_id),
            meeting_id=UUID(meeting),
            organisation_id=told,
            version=version,
            attended=attended,
        )
        await hear(gathering.served, fact)

    past = PastMeetings(gathering.served.parts.database)

    async def counted() -> list[tuple[dict[str, int], dict[str, int]]]:
        await gathering.read("reciprocity")
        return [await past.of(each) for each in (gathering.host, told, named)]

    form = "communication"
    none: dict[str, int] = {}
    hosted, there, nothing = (none, {form: 1}), ({form: 1}, none), (none, none)
    assert await counted() == [hosted, nothing, nothing]
    await hears(1, communicators=0, speakers=2)
    assert await counted() == [hosted, nothing, nothing]
    await hears(2, communicators=2)
    assert await counted() == [hosted, there, nothing]
    took = {each["organisation_id"]: each["attended"] for each in (await gathering.read("reciprocity"))["items"]}
    assert (took[str(told)], took[str(named)]) == (1, 0)
    noted = (await gathering.read("decisions?type=attendance-report"))["items"]
    assert [(each["outcome"], each["concerns"]) for each in noted] == [("came", [str(told)])]

    corrected = await gathering.post("office", f"/{meeting}/attendance-correction", attended=[str(named)])
    assert corrected.status_code == 200, corrected.text
    assert await counted() == [hosted, nothing, there]
    took = {each["organisation_id"]: each["attended"] for each in (await gathering.read("reciprocity"))["items"]}
    assert (took[str(told)], took[str(named)]) == (0, 1)


async def test_a_cancelled_meeting_gives_its_duty_back(gathering: Gathering) -> None:
    meeting = await gathering.plan()
    cancelled = await gathering.post("office", f"/{meeting}/cancellation")
    early = await gathering.post("office", f"/{meeting}/holding")

    assert cancelled.status_code == 200, cancelled.text
    duty = await gathering.read(f"duties/{AWARD}")
    assert (duty["status"], duty["meeting_id"]) == ("accepted", None)
    assert (early.status_code, early.json()["code"]) == (409, "meeting-not-ahead")
    assert (await gathering.read("deadlines"))["items"] == []


async def test_lists_are_filtered(gathering: Gathering) -> None:
    meeting = await gathering.plan()
    found = {
        query: [each["id"] for each in (await gathering.get(f"?{query}"))["items"]]
        for query in (
            "status=planned",
            "status=held",
            "strand=AT",
            "strand=DE",
            "from=2099-06-11&to=2099-06-30",
            "to=2099-06-09",
            f"organisation={gathering.office.members[4]}",
            f"organisation={uuid4()}",
        )
    }
    assert list(found.values()) == [[meeting], [], [meeting], [], [meeting], [], [meeting], []]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "duty"),
        ({"duty": AWARD, "occasion": "visit"}, "duty"),
        ({"duty": AWARD, "format": "planning"}, "format"),
        ({"occasion": "visit"}, "format"),
        ({"occasion": "nothing", "format": "planning"}, "occasion"),
        ({"occasion": "visit", "format": "mayors"}, "format"),
        ({"occasion": "sequel", "format": "communication"}, "follows"),
        ({"duty": AWARD, "themes": ["weather"]}, "themes"),
        ({"duty": AWARD, "dates": DETAILS["dates"] | {"starts": "2099-06-12T09:00:00"}}, "ends"),
        ({"duty": AWARD, "dates": DETAILS["dates"] | {"starts": "2020-06-12T09:00:00"}}, "starts"),
        ({"duty": AWARD, "dates": DETAILS["dates"] | {"starts": "2099-06-10T09:00:00Z"}}, "dates.starts"),
    ],
)
async def test_what_cannot_be_planned_is_named(gathering: Gathering, body: dict[str, Any], field: str) -> None:
    answer = await gathering.post("office", "", **DETAILS | body)

    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_strangers_find_nothing(gathering: Gathering) -> None:
    meeting = await gathering.plan()
    await gathering.served.hold("elsewhere", Capacity.OFFICE, uuid4())

    for path in ("", f"/{meeting}", f"/{meeting}/history", f"/{meeting}/gate", f"/{meeting}/agreements"):
        answer = await gathering.served.get("elsewhere", f"{gathering.meetings}{path}", None)
        assert answer.status_code == 404
    for path in (f"/{uuid4()}", f"/{uuid4()}/history", f"/{uuid4()}/gate"):
        answer = await gathering.served.get("office", f"{gathering.meetings}{path}", None)
        assert answer.status_code == 404
    cents = TERMS | {"costs": [{"code": "bus", "borne_by": "grant", "amount": {"value": "1.001", "currency": "EUR"}}]}
    answer = await gathering.post("office", f"/{meeting}/agreement", terms=cents)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "terms.costs.0.amount.value")


async def test_views_made_again_are_the_same(gathering: Gathering) -> None:
    meeting = await gathering.plan()
    await gathering.agree(meeting)
    await gathering.shows()
    await gathering.post("office", f"/{meeting}/confirmation")
    await gathering.post("office", f"/{meeting}/change", seats=5)
    await gathering.get()
    tables = ("meetings", "meeting_history", "meeting_agreements", "meeting_deadlines", "prerequisite_exceptions")

    async def rows() -> list[Any]:
        database = gathering.served.parts.database
        return [await database.fetch(f"SELECT * FROM {table} ORDER BY 1, 2, 3") for table in tables]  # noqa: S608 -- our own names

    before = await rows()
    for projector in (MeetingsProjector(), ExceptionsProjector()):
        await Rebuild(gathering.served.parts.database, projector).run()

    assert await rows() == before
    assert len(before[1]) == 6
