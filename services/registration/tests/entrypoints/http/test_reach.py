"""An office sees to whom its programmes are about, and to those nobody deals with yet; others seem not to be there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

if TYPE_CHECKING:
    import httpx2
    from services.registration.tests.conftest import Registration

pytestmark = pytest.mark.integration
WHY = {"reason_code": "for-a-test", "reason": "Somebody has to try."}
TERM = {"starts_on": "2099-01-01", "ends_on": "2099-02-01"}


@dataclass
class Field:
    """A town that applied to a programme of one office, and another office that has nothing to do with it.

    mary: coordinates the town. ours, theirs: clerks of the two offices.
    """

    registration: Registration
    office: str
    town: str
    mary: str
    membership: str
    ours: str
    theirs: str

    async def ask(self, who: str, method: str, path: str, body: dict[str, Any] | None = None) -> httpx2.Response:
        if method == "GET":
            return await self.registration.get(who, path)
        return await self.registration._send(method, who, path, {"json": body})

    async def apply(self, office: str) -> None:
        """Let the town apply to a programme of an office, which enters it on the town's behalf."""
        call = await self.registration.open_call(office)
        body = {
            "programme_id": str(call.programme_id),
            "organisation_id": self.town,
            "role": "follower",
            "motivation": "Yes.",
        }
        answer = await self.registration.post(self.coordinator, "/applications", body)
        assert answer.status_code == 201, answer.text

    coordinator: str = ""


@pytest.fixture
async def field(registration: Registration) -> Field:
    office, town = await registration.organisation("Office", kind="agency"), await registration.organisation()
    subject = f"mary-{uuid4().hex}"
    mary = await registration.person(subject)
    membership = await registration.grant(mary, "coordinator", town)
    made = Field(
        registration,
        office,
        town,
        mary,
        membership,
        ours=await registration.member("office", office),
        theirs=await registration.member("office"),
        coordinator=subject,
    )
    await made.apply(office)
    return made


async def asked(field: Field) -> list[tuple[str, str, dict[str, Any] | None]]:
    """Return requests about the town and about Mary that a registrar may make."""
    request = await field.registration.post("root", f"/people/{field.mary}/erasure-requests", {"reason": "By letter."})
    hold = {"until": "2099-01-01", "ground": "budget-law", **WHY}
    held = await field.registration.post("root", f"/people/{field.mary}/holds", hold)
    assert (request.status_code, held.status_code) == (201, 201), held.text
    person, organisation = f"/people/{field.mary}", f"/organisations/{field.town}"
    successor = await field.registration.person(f"next-{uuid4().hex}")
    shown = (await field.registration.get("root", organisation)).json()
    facts = {name: shown[name] for name in ("kind", "country", "keys", "names")}
    return [
        ("GET", f"{organisation}/memberships", None),
        ("GET", f"{organisation}/mandates", None),
        ("GET", f"{organisation}/invitations", None),
        ("GET", person, None),
        ("GET", f"{person}/export", None),
        ("GET", f"{person}/export.pdf", None),
        ("GET", f"{person}/reads", None),
        ("GET", f"{person}/holds", None),
        ("GET", f"/erasure-requests/{request.json()['id']}", None),
        ("GET", f"/erasure-requests/{request.json()['id']}/letter", None),
        ("PUT", organisation, {**facts, "nature": "correction", **WHY}),
        (
            "POST",
            f"{organisation}/merger",
            {"merged": [await field.registration.organisation()], "from_day": "2026-01-01", **WHY},
        ),
        ("POST", f"{organisation}/invitations", {"email": "n@example.org", "capacity": "coordinator", **WHY}),
        ("POST", f"{organisation}/handovers", {"leaving": field.mary, "successor": successor, **WHY}),
        ("POST", f"{organisation}/accompaniments", {"person_id": successor, "days": 3, **TERM, **WHY}),
        ("POST", f"/memberships/{field.membership}/substitutes", {"person_id": successor, **TERM, **WHY}),
        (
            "POST",
            "/memberships",
            {"person_id": successor, "organisation_id": field.town, "capacity": "coordinator", **WHY},
        ),
        ("POST", f"/memberships/{field.membership}/end", WHY),
        ("POST", f"{person}/rectification", {"given_name": "Maria", **WHY}),
        ("POST", f"{person}/holds", hold),
        ("POST", f"{person}/holds/{held.json()['id']}/end", WHY),
        ("POST", f"{person}/erasure-requests", {"reason": "By phone.", "channel": "phone"}),
        ("POST", f"/erasure-requests/{request.json()['id']}/decision", {"outcome": "erased", **WHY}),
    ]


async def test_to_another_office_a_town_and_its_people_are_not_there(field: Field) -> None:
    requests = await asked(field)

    answers = {f"{method} {path}": await field.ask(field.theirs, method, path, body) for method, path, body in requests}

    let_in = {what: (answer.status_code, answer.text) for what, answer in answers.items() if answer.status_code != 404}
    assert let_in == {}


async def test_the_office_they_deal_with_sees_to_them(field: Field) -> None:
    requests = await asked(field)

    answers = {f"{method} {path}": await field.ask(field.ours, method, path, body) for method, path, body in requests}

    refused = {what: answer.text for what, answer in answers.items() if answer.status_code in {401, 403, 404, 422}}
    assert refused == {}


async def test_whoever_deals_with_both_offices_is_the_matter_of_both(field: Field) -> None:
    assert (await field.ask(field.theirs, "GET", f"/people/{field.mary}")).status_code == 404
    their_office = (await field.registration.get(field.theirs, "/me")).json()["memberships"][0]["organisation_id"]

    await field.apply(their_office)

    assert (await field.ask(field.theirs, "GET", f"/people/{field.mary}")).status_code == 200
    assert (await field.ask(field.ours, "GET", f"/people/{field.mary}")).status_code == 200


async def test_whom_nobody_deals_with_yet_any_office_enters(field: Field) -> None:
    town, person = await field.registration.organisation(), await field.registration.person(f"new-{uuid4().hex}")
    wish = {"person_id": person, "organisation_id": town, "capacity": "coordinator", **WHY}

    for clerk in (field.ours, field.theirs):
        assert (await field.ask(clerk, "GET", f"/people/{person}")).status_code == 200
    granted = await field.ask(field.theirs, "POST", "/memberships", wish)
    assert granted.status_code == 201, granted.text
    assert (await field.ask(field.ours, "GET", f"/people/{person}")).status_code == 200


async def test_nobody_acts_for_another_town_because_an_office_looks_them_up(field: Field) -> None:
    wish = {
        "person_id": field.mary,
        "organisation_id": await field.registration.organisation(),
        "capacity": "coordinator",
        **WHY,
    }

    assert (await field.ask(field.theirs, "POST", "/memberships", wish)).status_code == 404


async def test_an_office_is_no_matter_of_another(field: Field) -> None:
    clerk = (await field.registration.get(field.ours, "/me")).json()

    assert (await field.ask(field.theirs, "GET", f"/people/{clerk['person_id']}")).status_code == 404
    assert (await field.ask(field.theirs, "GET", f"/organisations/{field.office}/memberships")).status_code == 404
    end = await field.ask(field.theirs, "POST", f"/memberships/{clerk['memberships'][0]['id']}/end", WHY)
    assert end.status_code == 404


async def test_the_list_of_requests_has_those_of_people_an_office_sees_to(field: Field) -> None:
    await asked(field)
    nobodys = await field.registration.person(f"new-{uuid4().hex}")
    assert (await field.ask("root", "POST", f"/people/{nobodys}/erasure-requests", {"reason": "?"})).status_code == 201

    async def listed(who: str) -> set[str]:
        found, after = set(), None
        while True:
            page = (
                await field.registration.get(
                    who, "/erasure-requests", params={"limit": 2} | ({"after": after} if after else {})
                )
            ).json()
            found |= {each["person_id"] for each in page["items"]}
            after = page["next"]
            if after is None:
                return found

    assert {field.mary, nobodys} <= await listed(field.ours)
    theirs = await listed(field.theirs)
    assert field.mary not in theirs
    assert nobodys in theirs
    assert {field.mary, nobodys} <= await listed(await field.registration.member("auditor"))


async def test_a_guest_is_the_matter_of_the_office_that_runs_the_meeting(field: Field) -> None:
    programme = uuid4()
    meeting = await field.registration.meeting(
        field.town, office_id=field.office, programme_id=programme, invited=(field.town,), seats=2
    )
    guest = {"given_name": "Nova", "family_name": "Canari", "email": "nova@example.org", "language": "de"}
    body = {"organisation_id": field.town, "people": [guest], **WHY}
    path = f"/meetings/{meeting.meeting_id}"
    sent = await field.ask(field.coordinator, "POST", f"{path}/nominations", body)
    assert sent.status_code == 201, sent.text
    [participant] = (await field.ask(field.ours, "GET", f"{path}/participants")).json()["items"]

    exports = [
        (await field.ask(who, "GET", f"/people/{participant['participant_id']}/export")).status_code
        for who in (field.ours, field.theirs, "root")
    ]

    assert exports == [200, 404, 200]
