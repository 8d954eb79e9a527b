"""Joining, leaving, standing in and accompanying, over HTTP and on a real database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from interpares.common.leftovers import left_over
from interpares.registration.main import terms

if TYPE_CHECKING:
    import httpx2
    from services.registration.tests.conftest import Registration

pytestmark = pytest.mark.integration
WHY = {"reason_code": "as-agreed", "reason": "We agreed on it."}
NAMES = {"given_name": "Erika", "family_name": "Muster"}


def day(offset: int) -> str:
    return (datetime.now(UTC) + timedelta(days=offset)).date().isoformat()


async def invited(registration: Registration, who: str, town: str, **changes: Any) -> httpx2.Response:
    body = {"email": f"{uuid4().hex}@example.org", "capacity": "coordinator", **WHY, **changes}
    return await registration.post(who, f"/organisations/{town}/invitations", body)


async def accept(registration: Registration, subject: str, link: str, **body: str) -> httpx2.Response:
    return await registration.post(subject, "/invitation/acceptance", body, headers={"X-Personal-Link": link})


async def look(registration: Registration, link: str) -> httpx2.Response:
    await registration.get("root", "/organisations")
    return await registration.client.get("/api/v1/invitation", headers={"X-Personal-Link": link})


def silent(answer: httpx2.Response) -> tuple[int, dict[str, Any]]:
    return answer.status_code, {**answer.json(), "trace_id": ""}


async def test_whoever_is_invited_joins_with_their_own_account(registration: Registration) -> None:
    town, subject, address = await registration.organisation(), f"new-{uuid4()}", f"{uuid4().hex}@example.org"
    coordinator = await registration.member("coordinator", town)

    sent = await invited(registration, coordinator, town, email=address)
    assert sent.status_code == 201, sent.text
    link = sent.json()["link"]
    shown = await look(registration, link)
    joined = await accept(registration, subject, link, **NAMES)

    assert (shown.json()["organisation_id"], shown.json()["capacity"]) == (town, "coordinator")
    assert joined.status_code == 200, joined.text
    person = joined.json()["person_id"]
    me = (await registration.get(subject, "/me")).json()
    assert (me["person_id"], [(each["organisation_id"], each["capacity"]) for each in me["memberships"]]) == (
        person,
        [(town, "coordinator")],
    )
    assert (await registration.get(subject, f"/people/{person}")).json()["email"] == address
    assert await left_over(registration.parts.database, [link]) == []
    listed = (await registration.get(coordinator, f"/organisations/{town}/invitations")).json()["items"]
    assert [(each["status"], each["sent_as"]) for each in listed] == [("accepted", "coordinator")]
    # Whom it was for is known from the person alone from now on.
    read = (await registration.get(coordinator, f"/invitations/{sent.json()['id']}")).json()
    assert (read["email"], read["invitation"]["status"]) == (None, "accepted")


async def test_a_link_leads_somewhere_once_and_tells_nothing_afterwards(registration: Registration) -> None:
    town = await registration.organisation()
    used, withdrawn, renewed, expired = [
        (await invited(registration, "root", town, valid_days=1)).json() for _ in range(4)
    ]
    await registration.get("root", "/organisations")
    assert (await accept(registration, f"a-{uuid4()}", used["link"], **NAMES)).status_code == 200
    assert (await registration.post("root", f"/invitations/{withdrawn['id']}/withdrawal", WHY)).status_code == 200
    again = await registration.post("root", f"/invitations/{renewed['id']}/renewal", WHY)
    assert again.json()["link"] != renewed["link"]
    async with registration.parts.database.connection() as connection:
        await connection.execute("UPDATE personal_links SET expires_at = now() WHERE about = %s", (expired["id"],))
    dead = [used["link"], withdrawn["link"], renewed["link"], expired["link"], "invented", ""]

    accepted = [silent(await accept(registration, f"b-{uuid4()}", link, **NAMES)) for link in dead]
    looked = [silent(await look(registration, link)) for link in dead]

    assert accepted == [accepted[0]] * len(dead)
    assert looked == [looked[0]] * len(dead)
    assert (accepted[0][0], accepted[0][1]["code"]) == (404, "link-dead")
    assert (await accept(registration, f"c-{uuid4()}", again.json()["link"], **NAMES)).status_code == 200


async def test_a_repeated_invitation_shows_its_link_no_more(registration: Registration) -> None:
    town, key = await registration.organisation(), {"Idempotency-Key": uuid4().hex}
    body = {"email": "a@example.org", "capacity": "coordinator", **WHY}

    first, second = [
        await registration.post("root", f"/organisations/{town}/invitations", body, headers=key) for _ in range(2)
    ]

    assert first.json()["id"] == second.json()["id"]
    assert (first.json()["link"] is None, second.json()["link"]) == (False, None)


async def test_a_repeated_acceptance_gets_the_first_answer(registration: Registration) -> None:
    link = (await invited(registration, "root", await registration.organisation())).json()["link"]
    subject, headers = f"new-{uuid4()}", {"X-Personal-Link": link, "Idempotency-Key": uuid4().hex}

    first, second = [
        await registration.post(subject, "/invitation/acceptance", NAMES, headers=headers) for _ in range(2)
    ]

    assert (first.status_code, first.json()) == (200, second.json())


async def test_somebody_known_joins_a_second_organisation_as_the_same_person(registration: Registration) -> None:
    subject = f"both-{uuid4()}"
    person = await registration.person(subject)
    for _ in range(2):
        link = (await invited(registration, "root", await registration.organisation())).json()["link"]
        joined = await accept(registration, subject, link)
        assert (joined.status_code, joined.json()["person_id"]) == (200, person)

    assert len((await registration.get(subject, "/me")).json()["memberships"]) == 2


async def test_somebody_new_says_what_they_are_called(registration: Registration) -> None:
    link = (await invited(registration, "root", await registration.organisation())).json()["link"]

    answer = await accept(registration, f"new-{uuid4()}", link)

    assert (answer.status_code, answer.json()["code"]) == (422, "names-missing")
    assert (await look(registration, link)).status_code == 200


async def test_who_may_invite_whom(registration: Registration) -> None:
    town = await registration.organisation()
    mine, theirs = await registration.member("coordinator", town), await registration.member("coordinator")

    answers = {
        "colleague": (await invited(registration, mine, town)).status_code,
        "facilitator": (await invited(registration, mine, town, capacity="facilitator")).status_code,
        "elsewhere": (await invited(registration, theirs, town)).status_code,
        "operator": (await invited(registration, "root", town, capacity="operator")).status_code,
    }

    assert answers == {"colleague": 201, "facilitator": 403, "elsewhere": 404, "operator": 403}


async def test_an_invitation_nobody_follows_lapses_and_is_forgotten(registration: Registration) -> None:
    address = f"kanari{uuid4().hex}@example.org"
    sent = await invited(registration, "root", await registration.organisation(), email=address)
    await registration.get("root", "/organisations")
    assert await left_over(registration.parts.database, [address]) != []

    assert await terms(registration.parts).once(datetime.now(UTC) + timedelta(days=15)) >= 1

    assert await left_over(registration.parts.database, [address]) == []
    read = (await registration.get("root", f"/invitations/{sent.json()['id']}")).json()
    assert read["invitation"]["status"] == "lapsed"


async def test_a_successor_takes_over_and_access_ends_at_once(registration: Registration) -> None:
    town = await registration.organisation()
    leaving, staying = f"l-{uuid4()}", f"s-{uuid4()}"
    first, second = await registration.person(leaving), await registration.person(staying)
    await registration.grant(first, "coordinator", town)
    await registration.grant(second, "facilitator", town)
    boss = await registration.member("coordinator", town)

    answer = await registration.post(
        boss, f"/organisations/{town}/handovers", {"leaving": first, "successor": second, **WHY}
    )

    assert answer.status_code == 200, answer.text
    assert (await registration.get(leaving, "/organisations")).status_code == 403
    held = (await registration.get(staying, "/me")).json()["memberships"]
    assert {each["capacity"] for each in held} == {"facilitator", "coordinator"}
    history = (await registration.get(boss, f"/organisations/{town}/memberships")).json()["items"]
    assert [each["ended_at"] is not None for each in history if each["person_id"] == first] == [True]
    again = await registration.post(
        boss, f"/organisations/{town}/handovers", {"leaving": first, "successor": second, **WHY}
    )
    assert again.json()["code"] in {"nothing-to-hand-over", "not-found"}


async def test_a_substitute_acts_while_the_term_runs_and_not_a_day_longer(registration: Registration) -> None:
    town, subject = await registration.organisation(), f"sub-{uuid4()}"
    person = await registration.person(subject)
    coordinator = await registration.member("coordinator", town)
    (membership,) = (await registration.get(coordinator, "/me")).json()["memberships"]
    body = {"person_id": person, "starts_on": day(2), "ends_on": day(4), **WHY}

    arranged = await registration.post("root", f"/memberships/{membership['id']}/substitutes", body)

    assert arranged.status_code == 201, arranged.text
    seen = []
    for offset in (0, 2, 4, 5):
        await registration.get("root", "/organisations")
        await terms(registration.parts).once(datetime.now(UTC) + timedelta(days=offset))
        seen.append((await registration.get(subject, f"/organisations/{town}/memberships")).status_code)
    assert seen == [403, 200, 200, 403]
    listed = (await registration.get(coordinator, f"/organisations/{town}/mandates")).json()["items"]
    assert [(each["kind"], each["status"], each["ended_as"]) for each in listed] == [("substitute", "over", "time-out")]


async def test_a_substitution_can_begin_today_and_end_before_its_day(registration: Registration) -> None:
    town, subject = await registration.organisation(), f"sub-{uuid4()}"
    person = await registration.person(subject)
    coordinator = await registration.member("coordinator", town)
    (membership,) = (await registration.get(coordinator, "/me")).json()["memberships"]
    body = {"person_id": person, "starts_on": day(0), "ends_on": day(40), **WHY}
    arranged = await registration.post("root", f"/memberships/{membership['id']}/substitutes", body)
    assert (await registration.get(subject, f"/organisations/{town}/memberships")).status_code == 200

    ended = await registration.post(coordinator, f"/mandates/{arranged.json()['id']}/end", WHY)
    twice = await registration.post(coordinator, f"/mandates/{arranged.json()['id']}/end", WHY)

    assert ended.status_code == 200
    assert (twice.status_code, twice.json()["code"]) == (409, "mandate-over")
    assert (await registration.get(subject, f"/organisations/{town}/memberships")).status_code == 403


async def test_a_facilitator_sees_what_they_accompany_and_nothing_else(registration: Registration) -> None:
    town, other, subject = await registration.organisation(), await registration.organisation(), f"f-{uuid4()}"
    person = await registration.person(subject)
    window = {"starts_on": day(0), "ends_on": day(100), "days": 5, **WHY}
    title = f"kanari{uuid4().hex}"
    qualification = {"title": title, "awarded_by": "An academy", "awarded_on": "2024-05-01", **WHY}
    for path, body in (("availability", window), ("qualifications", qualification)):
        assert (await registration.post(subject, f"/people/{person}/{path}", body)).status_code == 201
    term = {"person_id": person, "starts_on": day(0), "ends_on": day(30), **WHY}

    too_much = await registration.post("root", f"/organisations/{town}/accompaniments", {**term, "days": 6})
    agreed = await registration.post("root", f"/organisations/{town}/accompaniments", {**term, "days": 4})
    more = await registration.post("root", f"/organisations/{other}/accompaniments", {**term, "days": 2})

    assert [answer.status_code for answer in (too_much, agreed, more)] == [409, 201, 409], agreed.text
    assert "1 days left" in more.json()["detail"]
    seen = [
        (await registration.get(subject, f"/organisations/{each}/memberships")).status_code for each in (town, other)
    ]
    assert seen == [200, 404]
    shown = (await registration.get(subject, f"/people/{person}/facilitation")).json()
    assert [each["title"] for each in shown["qualifications"]] == [title]
    assert [(each["days"], each["taken"]) for each in shown["availability"]] == [(5, 4)]
    assert [each["organisation_id"] for each in shown["accompaniments"]] == [town]
    assert (await registration.post("root", f"/mandates/{agreed.json()['id']}/end", WHY)).status_code == 200
    shown = (await registration.get(subject, f"/people/{person}/facilitation")).json()
    assert [each["taken"] for each in shown["availability"]] == [0]
    window_id, qualification_id = shown["availability"][0]["id"], shown["qualifications"][0]["id"]
    for path in (f"availability/{window_id}/withdrawal", f"qualifications/{qualification_id}/removal"):
        assert (await registration.post(subject, f"/people/{person}/{path}", WHY)).status_code == 200
    shown = (await registration.get(subject, f"/people/{person}/facilitation")).json()
    assert (shown["availability"], shown["qualifications"]) == ([], [])
    assert await left_over(registration.parts.database, [title]) == []
