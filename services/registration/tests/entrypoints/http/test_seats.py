"""Seats over HTTP: one wins the last one, groups wait together, whoever waits moves up, links need no account."""

from __future__ import annotations

import asyncio
import re
from argparse import Namespace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
from pypdf import PdfReader
from services.registration.tests.conftest import AUDIENCES, ROOT, serving, summary

from interpares.common.contracts.programme import (
    MeetingCancelled,
    MeetingChanged,
    MeetingHeld,
    MeetingRescheduled,
)
from interpares.common.contracts.programme.course import RulesAmended
from interpares.registration.domain.privacy.register import USUAL, Periods
from interpares.registration.entrypoints.timed.seats import SeatClock
from interpares.registration.infrastructure.attendance import AttendanceTable
from interpares.registration.infrastructure.meetings import ParticipantTable
from interpares.registration.infrastructure.personal_data import PersonalDataTables
from interpares.registration.main import after_migration
from interpares.registration.projections.seats import Seats

if TYPE_CHECKING:
    import httpx2
    from services.registration.tests.conftest import Registration

    from interpares.common.contracts.programme import Meeting
    from interpares.common.testing.databases import Database as Made

pytestmark = pytest.mark.integration
WHY = {"reason_code": "sent-by-us", "reason": "They know the district."}


class Scene:
    """A meeting with its office, its host, and two towns that are invited."""

    def __init__(self, registration: Registration) -> None:
        self.registration = registration
        self.programme = uuid4()

    async def set(self, **changes: Any) -> Scene:
        registration = self.registration
        self.office = await registration.organisation("Office", kind="agency")
        self.clerk = await registration.member("office", self.office)
        self.host, self.town, self.other = [await registration.organisation(name) for name in ("Weiz", "Graz", "Wels")]
        self.hosting = await registration.member("coordinator", self.host)
        self.coordinator = await registration.member("coordinator", self.town)
        invited = {"invited": (self.town, self.other)} | changes
        self.meeting = await registration.meeting(
            self.host, office_id=self.office, programme_id=self.programme, **invited
        )
        self.path = f"/meetings/{self.meeting.meeting_id}"
        return self

    async def then(self, kind: Any, changed: tuple[str, ...] = (), **changes: Any) -> Meeting:
        self.meeting = self.meeting.model_copy(update={"revision": self.meeting.revision + 1, **changes})
        from services.registration.tests.conftest import summary  # noqa: PLC0415 -- pytest imports it by path

        told = kind(programme_id=self.programme, decision=summary(), meeting=self.meeting, changed=changed)
        await self.registration.hear(told)
        return self.meeting

    async def nominate(self, count: int = 1, who: str | None = None, **changes: Any) -> httpx2.Response:
        people = [person(f"{number}") for number in range(count)]
        body = {"organisation_id": self.town, "people": people, **WHY, **changes}
        return await self.registration.post(who or self.coordinator, f"{self.path}/nominations", body)

    async def seats(self) -> dict[str, Any]:
        answer = await self.registration.get(self.clerk, f"{self.path}/seats")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def people(self, who: str | None = None) -> list[dict[str, Any]]:
        answer = await self.registration.get(who or self.clerk, f"{self.path}/participants")
        assert answer.status_code == 200, answer.text
        return list(answer.json()["items"])

    async def link(self, seat: str) -> str:
        answer = await self.registration.post(self.coordinator, f"{self.path}/seats/{seat}/link")
        assert answer.status_code == 200, answer.text
        return str(answer.json()["page"])

    async def open(self, page: str, language: str = "en") -> httpx2.Response:
        await self.seats()
        return await self.registration.client.get(page, headers={"Accept-Language": language})

    async def answer(self, page: str, **form: str) -> httpx2.Response:
        return await self.registration.client.post(page, data=form, headers={"Accept-Language": "en"})


def person(name: str = "Nova", **changes: Any) -> dict[str, Any]:
    return {"given_name": name, "family_name": "Canari", "email": "nova@example.org", "language": "de", **changes}


@pytest.fixture
async def scene(registration: Registration) -> Scene:
    return await Scene(registration).set(seats=2)


async def test_of_a_hundred_nominations_for_the_last_seat_one_wins(registration: Registration) -> None:
    scene = await Scene(registration).set(seats=1)

    answers = await asyncio.gather(*(scene.nominate() for _ in range(100)))

    assert {answer.status_code for answer in answers} == {201}
    assert sum(answer.json()["seated"] for answer in answers) == 1
    waiting = sorted(answer.json()["waiting_before"] for answer in answers if not answer.json()["seated"])
    assert waiting == list(range(99))
    stand = await scene.seats()
    assert (stand["taken"], len(stand["waiting"])) == (1, 99)
    assert [each["place"] for each in stand["waiting"]] == list(range(1, 100))


async def test_of_two_processes_that_contend_for_the_last_seat_one_gives_it(registration_database: Made) -> None:
    async with serving(registration_database) as one, serving(registration_database) as other:
        await after_migration(one.parts, Namespace(operator=ROOT))
        scene = await Scene(one).set(seats=1)
        body = {"organisation_id": scene.town, "people": [person()], "waits": False, **WHY}

        async def nominate(number: int) -> httpx2.Response:
            at = (one, other)[number % 2]
            headers = at.issuer.bearer(scene.coordinator)
            while True:
                answer = await at.client.post(f"/api/v1{scene.path}/nominations", json=body, headers=headers)
                # As clients do: what could not be decided just now is asked again.
                if answer.status_code != 503:
                    return answer

        answers = await asyncio.gather(*(nominate(number) for number in range(40)))

        assert sorted(answer.status_code for answer in answers) == [201] + [409] * 39
        assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"seats-taken"}
        assert len(await scene.people()) == 1


async def test_of_a_hundred_who_will_not_wait_ninety_nine_are_refused(registration: Registration) -> None:
    scene = await Scene(registration).set(seats=1)

    answers = await asyncio.gather(*(scene.nominate(waits=False) for _ in range(100)))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 99
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"seats-taken"}
    assert len(await scene.people()) == 1


async def test_a_group_waits_and_moves_up_together(scene: Scene) -> None:
    first = (await scene.nominate()).json()
    pair = (await scene.nominate(2)).json()
    assert (first["seated"], pair["seated"], pair["waiting_before"]) == (True, False, 0)
    assert (await scene.seats())["waiting"][0]["obstacle"] == "all seats are taken"

    (seat,) = first["seats"]
    released = await scene.registration.post(scene.coordinator, f"{scene.path}/seats/{seat}/release", WHY)

    assert released.status_code == 200, released.text
    assert [each["status"] for each in await scene.people()] == ["held", "held"]
    gone = await scene.registration.post(scene.coordinator, f"{scene.path}/seats/{seat}/release", WHY)
    assert (gone.status_code, gone.json()["code"]) == (409, "seat-gone")


async def test_seats_are_reserved_limited_and_mixes_reported(registration: Registration) -> None:
    scene = await Scene(registration).set(seats=3, audiences=("mayors", "planners"), languages=("de", "en"))
    quotas = [
        {"by": "audience", "key": "mayors", "at_least": 1, "enforced": True},
        {"by": "organisation", "at_most": 2},
        {"by": "language", "at_least": 1},
    ]
    answer = await registration.post(scene.clerk, f"{scene.path}/seat-rules", {"quotas": quotas, **WHY})
    assert answer.status_code == 200, answer.text

    outcomes = []
    for audience in ("planners", "planners", "planners", "mayors"):
        nominated = await scene.nominate(people=[person(audience=audience)])
        outcomes.append(nominated.json()["seated"])
    other = await registration.member("coordinator", scene.other)
    mayor = await scene.nominate(who=other, organisation_id=scene.other, people=[person(audience="mayors")])
    stand = await scene.seats()

    assert outcomes == [True, True, False, False]
    assert mayor.json()["seated"]
    assert [each["obstacle"] for each in stand["waiting"]] == ["all seats are taken"] * 2
    told = {(each["by"], each["key"]): (each["seated"], each["kept"], each["met"]) for each in stand["quotas"]}
    assert told == {
        ("audience", "mayors"): (1, 0, True),
        ("organisation", scene.town): (2, 0, True),
        ("organisation", scene.other): (1, 0, True),
        ("language", "de"): (3, 0, True),
        ("language", "en"): (0, 0, False),
    }


async def test_a_personal_link_accepts_in_two_steps(scene: Scene) -> None:
    (seat,) = (await scene.nominate()).json()["seats"]
    page = await scene.link(seat)

    opened = await scene.open(page)
    accepted = await scene.answer(page, answer="accept")
    again = await scene.answer(page, answer="accept")

    assert opened.status_code == 200, opened.text
    assert "Energy in the district" in opened.text
    assert "<script" not in opened.text
    assert "default-src 'none'" in opened.headers["content-security-policy"]
    assert opened.headers["referrer-policy"] == "no-referrer"
    for field in re.findall(r'<(?:input|textarea) id="(\w+)"', opened.text):
        assert f'<label for="{field}">' in opened.text
    assert (accepted.status_code, "You are expected" in accepted.text) == (200, True)
    assert (again.status_code, "said so already" in again.text) == (409, True)
    assert [each["status"] for each in await scene.people()] == ["accepted"]
    assert 'lang="de"' in (await scene.open(page, "de-AT,de;q=0.9")).text


async def test_a_link_declines_and_whoever_waits_moves_up(registration: Registration) -> None:
    scene = await Scene(registration).set(seats=1)
    (seat,) = (await scene.nominate(people=[person("Leaver")])).json()["seats"]
    waiting = (await scene.nominate(people=[person("Waiter")])).json()
    page = await scene.link(seat)
    await scene.seats()

    declined = await scene.answer(page, answer="decline", reason="I am ill.\u202e")

    assert "your data are erased" in declined.text
    assert [(each["given_name"], each["status"]) for each in await scene.people()] == [("Waiter", "held")]
    assert waiting["seated"] is False
    assert (await scene.open(page)).status_code == 404
    rows = await registration.parts.database.fetch("SELECT 1 FROM participants WHERE given_name = 'Leaver'")
    assert rows == []


async def test_a_link_names_a_substitute_who_gets_a_link_of_their_own(scene: Scene) -> None:
    (seat,) = (await scene.nominate(people=[person("First")])).json()["seats"]
    page = await scene.link(seat)
    await scene.seats()

    wrong = await scene.answer(page, answer="substitute", given_name="Second", family_name="<b>", email="nowhere")
    right = await scene.answer(
        page, answer="substitute", given_name="Second", family_name="Müller-Öztürk", email="second@example.org"
    )
    (theirs,) = re.findall(r'href="([^"]+)"', right.text)
    old = await scene.open(page)
    new = await scene.open(theirs)
    await scene.answer(theirs, answer="accept")

    assert (wrong.status_code, "Please give a given name" in wrong.text) == (400, True)
    assert "&lt;b&gt;" in wrong.text
    assert (old.status_code, new.status_code) == (404, 200)
    assert "Second" in new.text
    assert [(each["family_name"], each["status"]) for each in await scene.people()] == [("Müller-Öztürk", "accepted")]


async def test_links_that_lead_nowhere_are_all_alike(scene: Scene) -> None:
    (seat,) = (await scene.nominate()).json()["seats"]
    first = await scene.link(seat)
    second = await scene.link(seat)
    never = "/api/v1/seat-links/x"
    await scene.seats()
    await scene.registration.post(scene.coordinator, f"{scene.path}/seats/{seat}/release", WHY)

    pages = [await scene.open(each) for each in (first, second, never, f"{never}%20y")]
    posts = [await scene.answer(each, answer="accept") for each in (first, never)]

    assert {page.status_code for page in (*pages, *posts)} == {404}
    assert len({page.text for page in (*pages, *posts)}) == 1


async def test_a_guest_sees_by_their_link_what_is_held_of_them(scene: Scene) -> None:
    (seat,) = (await scene.nominate()).json()["seats"]
    (listed,) = await scene.people()
    path = f"{scene.path}/participants/{listed['participant_id']}/needs"
    await scene.registration.post(scene.coordinator, path, {"dietary": "vegan"})
    page = await scene.link(seat)

    shown = await scene.open(page)
    export = await scene.open(f"{page}/data")

    assert f'href="{page}/data"' in shown.text
    assert export.status_code == 200, export.text
    held = export.json()
    assert (held["person_id"], held["actor"]) == (listed["participant_id"], listed["participant_id"])
    name = {"given_name": "0", "family_name": "Canari", "email": "nova@example.org"}
    assert held["data"]["participants"] == [name]
    assert held["data"]["participant_needs"] == [{"dietary": "vegan", "access": None}]
    assert len(held["data"]["personal_links"]) == 1
    by_office = await scene.registration.get(scene.clerk, f"/people/{listed['participant_id']}/export")
    assert by_office.json()["data"]["participants"] == [name]
    printed = await scene.registration.get(scene.clerk, f"/people/{listed['participant_id']}/export.pdf")
    assert "Canari" in "".join(each.extract_text() for each in PdfReader(BytesIO(printed.content)).pages)
    for who in (scene.coordinator, scene.hosting):
        refused = await scene.registration.get(who, f"/people/{listed['participant_id']}/export")
        assert refused.status_code == 404
    auditor = await scene.registration.member("auditor")
    reads = (await scene.registration.get(auditor, f"/people/{listed['participant_id']}/reads")).json()["items"]
    assert [(each["why"], each["route"]) for each in reads if "export" in each["route"] or "link" in each["route"]] == [
        ("own-data", "seat-link"),
        ("access-request", "export"),
        ("access-request", "export.pdf"),
    ]


async def test_a_link_shows_no_data_where_it_leads_nowhere_or_to_somebody_with_an_account(scene: Scene) -> None:
    registered = await scene.registration.person(f"p-{uuid4()}")
    (seat,) = (await scene.nominate()).json()["seats"]
    (theirs,) = (await scene.nominate(people=[{"person_id": registered}])).json()["seats"]
    gone, other = await scene.link(seat), await scene.link(theirs)
    await scene.registration.post(scene.coordinator, f"{scene.path}/seats/{seat}/release", WHY)

    answers = [await scene.open(f"{each}/data") for each in (gone, other, "/api/v1/seat-links/x")]

    assert (await scene.open(other)).status_code == 200
    assert {each.status_code for each in answers} == {404}
    assert len({repr({**each.json(), "trace_id": ""}) for each in answers}) == 1
    assert answers[0].json()["code"] == "link-dead"


async def test_a_token_is_shown_once_and_is_nowhere_on_record(scene: Scene) -> None:
    (seat,) = (await scene.nominate()).json()["seats"]
    path, key = f"{scene.path}/seats/{seat}/link", {"Idempotency-Key": uuid4().hex}

    first = await scene.registration.post(scene.coordinator, path, headers=key)
    again = await scene.registration.post(scene.coordinator, path, headers=key)

    assert (again.json()["id"], again.json()["token"]) == (first.json()["id"], None)
    rows = await scene.registration.parts.database.fetch("SELECT result::text AS result FROM commands")
    assert not any(first.json()["token"] in row["result"] for row in rows)


async def test_a_cancelled_meeting_frees_all_and_forgets_its_guests(scene: Scene) -> None:
    (seat,) = (await scene.nominate()).json()["seats"]
    page = await scene.link(seat)
    await scene.nominate(2)

    await scene.then(MeetingCancelled, status="cancelled")

    stand = await scene.seats()
    assert (stand["taken"], stand["waiting"]) == (0, [])
    assert await scene.people() == []
    assert (await scene.open(page)).status_code == 404
    refused = await scene.nominate()
    assert (refused.status_code, refused.json()["code"]) == (409, "meeting-over")


async def test_a_rescheduled_meeting_asks_again(scene: Scene) -> None:
    (seat,) = (await scene.nominate()).json()["seats"]
    await scene.registration.post(scene.coordinator, f"{scene.path}/seats/{seat}/acceptance")
    assert [each["status"] for each in await scene.people()] == ["accepted"]

    await scene.then(MeetingRescheduled, status="confirmed", starts_local="2099-06-01T09:00", ends_local=None)
    asked = [each["status"] for each in await scene.people()]
    await scene.registration.post(scene.coordinator, f"{scene.path}/seats/{seat}/acceptance")
    await scene.then(MeetingChanged, changed=("seats",), seats=1)

    assert asked == ["held"]
    assert [each["status"] for each in await scene.people()] == ["accepted"]


async def test_fewer_seats_send_back_whoever_came_last(scene: Scene) -> None:
    first, second = [(await scene.nominate()).json()["nomination_id"] for _ in range(2)]

    await scene.then(MeetingChanged, changed=("seats",), seats=1)
    fewer = await scene.seats()
    await scene.then(MeetingChanged, changed=("seats",), seats=5)
    more = await scene.seats()

    assert (fewer["taken"], [each["nomination_id"] for each in fewer["waiting"]]) == (1, [second])
    assert (more["taken"], more["waiting"]) == (2, [])
    assert first != second


async def test_a_seat_nobody_answers_for_expires(registration: Registration) -> None:
    scene = await Scene(registration).set(seats=1)
    (seat,) = (await scene.nominate(people=[person("Silent")])).json()["seats"]
    await scene.nominate(people=[person("Eager")])
    await scene.registration.post(scene.coordinator, f"{scene.path}/seats/{seat}/acceptance")
    clock = SeatClock(registration.parts.commands, Seats(registration.parts.database), ParticipantTable())
    await scene.seats()
    kept = await clock.once(datetime.now(UTC) + timedelta(days=15))
    await scene.then(MeetingRescheduled, starts_local="2099-06-01T09:00")
    await scene.seats()

    freed = await clock.once(datetime.now(UTC) + timedelta(days=15))

    assert freed >= 1
    assert kept == 0 or kept < freed + kept
    people = await scene.people()
    assert [(each["given_name"], each["status"]) for each in people] == [("Eager", "held")]


async def test_attendance_is_recorded_by_audience_and_certified(registration: Registration) -> None:
    scene = await Scene(registration).set(seats=5, audiences=("mayors", "planners"))
    people = [person("Anna", audience="mayors"), person("Bo", audience="planners"), person("Cy", audience="planners")]
    await scene.nominate(people=people)
    listed = await scene.people()
    came = [each["participant_id"] for each in listed if each["given_name"] != "Cy"]
    body = {"organisation_id": scene.town, "attended": came, "others": {"planners": 2}, **WHY}
    did = {"spoke": came[:1], "reviewed": came, "others_spoke": 1}
    early = await registration.post(scene.hosting, f"{scene.path}/attendance", body)
    await scene.then(MeetingHeld, status="held")

    recorded = await registration.post(scene.hosting, f"{scene.path}/attendance", body | did)
    first = (await registration.get(scene.coordinator, f"{scene.path}/attendance")).json()
    foreign = await registration.post(scene.coordinator, f"{scene.path}/attendance", body)
    corrected = await registration.post(scene.clerk, f"{scene.path}/attendance", {**body, "others": {}})
    attendance = (await registration.get(scene.coordinator, f"{scene.path}/attendance")).json()
    certificates = (await registration.get(scene.coordinator, f"{scene.path}/certificates")).json()
    idle = await registration.post(scene.clerk, f"{scene.path}/attendance", {**body, "spoke": [str(uuid4())]})
    named = await registration.post(scene.clerk, f"{scene.path}/attendance", {**body, "others": {"speakers": 1}})
    unknown = await registration.post(scene.clerk, f"{scene.path}/attendance", {**body, "attended": [str(uuid4())]})

    assert (early.status_code, early.json()["code"]) == (409, "meeting-not-begun")
    assert (recorded.status_code, foreign.status_code, corrected.status_code) == (200, 404, 200)
    assert [(each["attended"], each["version"]) for each in attendance] == [({"mayors": 1, "planners": 1}, 2)]
    assert [(each["spoke"], each["reviewed"]) for each in (*first, *attendance)] == [(2, 2), (0, 0)]
    assert [(each.status_code, each.json()["errors"][0]["field"]) for each in (idle, named)] == [
        (422, "spoke.0"),
        (422, "others.speakers"),
    ]
    assert {each["given_name"] for each in certificates} == {"Anna", "Bo"}
    assert certificates[0]["organisation"] == {"de": "Graz"}
    assert {each["audience"]: each["audience_label"] for each in certificates} == AUDIENCES
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (422, "attended.0")


async def test_of_two_who_correct_one_record_of_attendance_the_second_is_told(registration: Registration) -> None:
    scene = await Scene(registration).set(audiences=("mayors", "planners"))
    await scene.then(MeetingHeld, status="held")

    async def record(etag: str | None, **others: int) -> tuple[int, str | None]:
        body = {"organisation_id": scene.town, "others": others, **WHY}
        headers = {} if etag is None else {"If-Match": etag}
        answer = await registration.post(scene.clerk, f"{scene.path}/attendance", body, headers=headers)
        return answer.status_code, answer.json().get("code")

    first = await record('"0"', planners=1)
    at_once = await record('"0"', planners=9)
    corrected = await record('"1"', planners=2)
    second = await record('"1"', planners=3)
    assert (first, at_once, corrected, second) == ((200, None), (412, "stale"), (200, None), (412, "stale"))
    assert await record("nonsense") == (422, "invalid-request")
    [shown] = (await registration.get(scene.clerk, f"{scene.path}/attendance")).json()
    assert (shown["attended"], shown["version"]) == ({"planners": 2}, 2)
    assert await record(None, planners=4) == (200, None)


async def test_where_nobody_is_named_those_were_there_of_whom_people_are_recorded(registration: Registration) -> None:
    scene = await Scene(registration).set(audiences=("planners",))
    host, town = UUID(scene.host), UUID(scene.town)

    async def held(*attended: UUID) -> None:
        meeting = scene.meeting.model_copy(update={"revision": 2, "status": "held"})
        told = MeetingHeld(programme_id=scene.programme, decision=summary(), meeting=meeting, attended=attended)
        await registration.hear(told)

    async def record(organisation: str, **others: int) -> None:
        body = {"organisation_id": organisation, "others": others, **WHY}
        answer = await registration.post(scene.clerk, f"{scene.path}/attendance", body)
        assert answer.status_code == 200, answer.text
        await scene.seats()

    async def counted() -> list[tuple[dict[str, int], dict[str, int]]]:
        table = AttendanceTable(registration.parts.database)
        return [await table.counted(each) for each in (host, town, UUID(scene.other))]

    form = scene.meeting.format
    none: dict[str, int] = {}
    hosted, there, nothing = (none, {form: 1}), ({form: 1}, none), (none, none)
    await held(host)
    assert await counted() == [hosted, nothing, nothing]
    for who, number in ((scene.host, 3), (scene.town, 2), (scene.other, 0)):
        await record(who, planners=number)
    assert await counted() == [hosted, there, nothing]
    await held(host, UUID(scene.other))
    assert await counted() == [hosted, nothing, there]


async def test_the_list_of_signatures_holds_names_as_they_are(registration: Registration) -> None:
    scene = await Scene(registration).set(seats=5)
    await scene.nominate(people=[person("Zoë #1", family_name="$x^2$ Ünal-" + "Lang" * 20)])

    answer = await registration.get(scene.hosting, f"{scene.path}/signature-list?language=en")
    foreign = await registration.get(scene.coordinator, f"{scene.path}/signature-list")

    assert answer.status_code == 200, answer.text
    text = PdfReader(BytesIO(answer.content)).pages[0].extract_text()
    assert "Zoë #1" in text
    assert "$x^2$" in text
    assert "Energy in the district" in text
    assert foreign.status_code == 404


async def test_the_list_of_signatures_calls_audiences_what_the_programme_calls_them(registration: Registration) -> None:
    scene = await Scene(registration).set(seats=5, audiences=("mayors", "planners", "guests"))
    await scene.nominate(people=[person(each, audience=each) for each in ("mayors", "planners", "guests")])

    async def listed(language: str) -> str:
        path = f"{scene.path}/signature-list?language={language}"
        answer = await registration.get(scene.hosting, path)
        assert answer.status_code == 200, answer.text
        return " ".join(PdfReader(BytesIO(answer.content)).pages[0].extract_text().split())

    english = await listed("en")
    assert [each in english for each in ("Mayors", "Planning staff")] == [True, True]
    assert "Stadtplanung" in await listed("de")

    amended = {"mayors": {"de": "Bürgermeister*innen"}, "guests": {"en": "Invited experts"}}
    rules = {"template_version": 2, "template_hash": "1" * 64, "strands": ("AT",)}
    nothing: dict[str, Any] = dict.fromkeys(("changed", "added", "removed", "touched"), ())
    told = RulesAmended(programme_id=scene.programme, decision=summary(), audiences=amended, **rules, **nothing)
    await registration.hear(told)
    # One that is no longer in the template keeps its name, one without a name in the language is called by another.
    english = await listed("en")
    assert [each in english for each in ("Bürgermeister", "Planning staff", "Invited experts")] == [True, True, True]


async def test_needs_are_for_office_and_host_and_go_first(scene: Scene) -> None:
    await scene.nominate()
    (listed,) = await scene.people()
    path = f"{scene.path}/participants/{listed['participant_id']}/needs"

    noted = await scene.registration.post(scene.coordinator, path, {"dietary": "vegan"})
    foreign = await scene.registration.post(await scene.registration.member("coordinator"), path, {"dietary": "x"})

    assert (noted.status_code, foreign.status_code) == (200, 404)
    assert [each["dietary"] for each in await scene.people(scene.hosting)] == ["vegan"]
    assert [each["dietary"] for each in await scene.people(scene.coordinator)] == [None]
    other = f"{scene.path}/participants/{uuid4()}/needs"
    assert (await scene.registration.post(scene.clerk, other, {})).status_code == 404


SHORTER = Periods(needs=timedelta(days=3), participants=timedelta(days=30))


@pytest.mark.parametrize(
    ("periods", "after", "left"),
    [
        (USUAL, 13, (1, 1)),
        (USUAL, 16, (0, 1)),
        (USUAL, 400, (0, 0)),
        (SHORTER, 2, (1, 1)),
        (SHORTER, 5, (0, 1)),
        (SHORTER, 32, (0, 0)),
    ],
)
async def test_needs_expire_before_names_each_after_its_period(
    scene: Scene, periods: Periods, after: int, left: tuple[int, int]
) -> None:
    await scene.nominate()
    (listed,) = await scene.people()
    await scene.registration.post(
        scene.coordinator, f"{scene.path}/participants/{listed['participant_id']}/needs", {"access": "a ramp"}
    )
    database, key = scene.registration.parts.database, (scene.meeting.meeting_id,)
    now = datetime(2099, 5, 2, tzinfo=UTC) + timedelta(days=after)

    async with database.connection() as connection:
        for row in PersonalDataTables(database, periods).expiring(now):
            if "participant" in row.statement.as_string(connection):
                await connection.execute(row.statement, row.params)

    counts = [
        len(await database.fetch(f"SELECT 1 FROM {table} WHERE meeting_id = %s", key))  # noqa: S608 -- constants only
        for table in ("participant_needs", "participants")
    ]
    assert tuple(counts) == left


async def test_a_registered_person_is_nominated_by_id_and_read_where_they_lie(scene: Scene) -> None:
    registered = await scene.registration.person(f"p-{uuid4()}", given_name="Rita")
    people = [{"person_id": registered}]

    first = await scene.nominate(people=people)
    twice = await scene.nominate(people=people)
    both = await scene.nominate(people=[person(person_id=registered)])
    nobody = await scene.nominate(people=[{"person_id": str(uuid4())}])

    assert first.status_code == 201, first.text
    assert (twice.status_code, twice.json()["code"]) == (409, "already-nominated")
    assert (both.status_code, nobody.status_code) == (422, 404)
    assert [each["given_name"] for each in await scene.people()] == ["Rita"]
    reads = (await scene.registration.get("root", f"/people/{registered}/reads")).json()["items"]
    assert {each["route"] for each in reads} >= {"participants"}


async def test_others_find_no_meeting(scene: Scene) -> None:
    (seat,) = (await scene.nominate()).json()["seats"]
    outsider, office = [await scene.registration.member(each) for each in ("coordinator", "office")]
    other = await scene.registration.member("coordinator", scene.other)
    paths = ["seats", "participants", "attendance", "signature-list", "certificates"]

    for who in (outsider, office):
        for path in paths:
            assert (await scene.registration.get(who, f"{scene.path}/{path}")).status_code == 404
        assert (await scene.registration.post(who, f"{scene.path}/seats/{seat}/acceptance")).status_code == 404
        assert (await scene.registration.get(who, "/meetings")).json()["items"] == []
    assert (await scene.registration.post(other, f"{scene.path}/seats/{seat}/acceptance")).status_code == 404
    assert (await scene.nominate(who=other)).status_code == 404
    assert await scene.people(other) == []
    listed = (await scene.registration.get(other, "/meetings")).json()["items"]
    assert [each["meeting_id"] for each in listed] == [str(scene.meeting.meeting_id)]


async def test_names_are_in_no_event(scene: Scene) -> None:
    await scene.nominate(people=[person("Canarina", family_name="Eventless")])

    log = await scene.registration.parts.store.read(0, 100_000)

    assert not any("Canarina" in repr(each.event) or "Eventless" in repr(each.event) for each in log)
