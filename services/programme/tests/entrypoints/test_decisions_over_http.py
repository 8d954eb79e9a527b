"""The programme service over HTTP on a real database."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from interpares.common.policy import Capacity

if TYPE_CHECKING:
    from services.programme.tests.entrypoints.conftest import Office

WHY = {"reason_code": "our-turn", "reason": "It is our turn."}


def duties(office: Office) -> str:
    return f"/programmes/{office.programme_id}/duties"


async def offer(office: Office, duty: str, *members: int) -> None:
    await office.does(f"{duties(office)}/{duty}/offer", {"to": [str(office.members[member]) for member in members]})


async def accept(office: Office, duty: str, member: int, key: str | None = None) -> Any:
    organisation = office.members[member]
    body = WHY | {"organisation_id": str(organisation)}
    return await office.served.post(f"coordinator-{organisation}", f"{duties(office)}/{duty}/acceptance", body, key)


async def test_the_ledger_shows_what_follows_from_the_rules(running: Office) -> None:
    answer = await running.served.get("office", f"{duties(running)}?limit=200", running.position)

    found = answer.json()["items"]
    assert [duty["duty"] for duty in found] == [
        "AT.award-meeting.1",
        "AT.follower-meeting.1",
        *(f"AT.front-runner-meetings.{n}" for n in (1, 2, 3, 4)),
        "all.conference.1",
    ]


async def test_a_hundred_acceptances_of_one_duty_have_one_winner(running: Office) -> None:
    await offer(running, "AT.follower-meeting.1", 3, 4, 5, 6)

    answers = await asyncio.gather(*(accept(running, "AT.follower-meeting.1", 3 + n % 4) for n in range(100)))

    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 99]
    refused = next(answer.json() for answer in answers if answer.status_code == 409)
    assert refused["code"] == "hosting-duty-taken"


async def test_acceptances_of_different_duties_all_succeed(running: Office) -> None:
    hosts = {
        "AT.award-meeting.1": 2,
        "AT.follower-meeting.1": 5,
        "AT.front-runner-meetings.1": 0,
        "AT.front-runner-meetings.2": 0,
        "AT.front-runner-meetings.3": 1,
        "AT.front-runner-meetings.4": 1,
        "all.conference.1": 1,
    }
    for duty, member in hosts.items():
        await offer(running, duty, member)

    answers = await asyncio.gather(*(accept(running, duty, member) for duty, member in hosts.items()))

    assert [answer.status_code for answer in answers] == [200] * len(hosts)


async def test_the_same_key_gives_the_first_result_and_another_body_is_refused(running: Office) -> None:
    await offer(running, "AT.award-meeting.1", 2)

    first = await accept(running, "AT.award-meeting.1", 2, key="once")
    again = await accept(running, "AT.award-meeting.1", 2, key="once")
    organisation = running.members[2]
    other = await running.served.post(
        f"coordinator-{organisation}",
        f"{duties(running)}/AT.award-meeting.1/acceptance",
        WHY | {"organisation_id": str(organisation), "reason": "Another reason."},
        "once",
    )

    assert (first.status_code, again.status_code, other.status_code) == (200, 200, 409)
    assert again.json() == first.json()
    assert other.json()["code"] == "idempotency-key-reused"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"reason_code": "our-turn"}, "reason"),
        ({"reason_code": "our-turn", "reason": "  "}, "reason"),
        ({"reason": "It is our turn."}, "reason_code"),
        (WHY | {"status": "accepted"}, "status"),
    ],
)
async def test_no_decision_without_a_reason_and_no_unknown_field(
    office: Office, body: dict[str, str], field: str
) -> None:
    answer = await office.served.post("office", f"/programmes/{office.programme_id}/call/closure", body)

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_another_organisation_does_not_exist_and_no_membership_is_no_access(running: Office) -> None:
    await offer(running, "AT.award-meeting.1", 2)
    path = f"{duties(running)}/AT.award-meeting.1/acceptance"
    body = WHY | {"organisation_id": str(running.members[2])}
    await running.served.hold("elsewhere", Capacity.OFFICE, uuid4())

    for subject, status in {
        f"coordinator-{running.members[0]}": 404,
        "elsewhere": 404,
        "stranger": 403,
        "auditor": 403,
    }.items():
        answer = await running.served.post(subject, path, body)
        assert answer.status_code == status, subject


async def test_the_office_answers_for_another_only_by_saying_how_it_knows(running: Office) -> None:
    await offer(running, "AT.award-meeting.1", 2)
    path = f"{duties(running)}/AT.award-meeting.1/acceptance"
    body = WHY | {"organisation_id": str(running.members[2])}

    silent = await running.served.post("office", path, body)
    told = await running.served.post(
        "office", path, body | {"on_behalf": {"channel": "phone", "received_on": "2026-03-01T09:00:00Z"}}
    )

    assert (silent.status_code, silent.json()["errors"][0]["field"]) == (422, "on_behalf")
    assert told.status_code == 200


async def test_a_decision_is_explained_whole(running: Office) -> None:
    await offer(running, "AT.follower-meeting.1", 3, 4)
    answer = (await accept(running, "AT.follower-meeting.1", 4)).json()

    explained = (
        await running.served.get(
            "office",
            f"/programmes/{running.programme_id}/decisions/{answer['decision']['id']}",
            at_least=answer["position"],
        )
    ).json()

    grounds = {
        each["organisation"]["organisation_id"]: each["ground"]
        for each in explained["alternatives"]
        if each["organisation"]
    }
    assert explained["reason"] == "It is our turn."
    assert explained["reason_code"] == "our-turn"
    assert explained["capacity"] == "coordinator"
    assert explained["concerns"][0]["names"] == {"de": "Musterstadt"}
    assert explained["rule"]["id"] == "hosting.follower-meeting"
    assert explained["rule"]["text"]["quantifier"] == "one_of"
    assert grounds == {
        str(running.members[3]): "offered-not-answered",
        str(running.members[5]): "not-offered",
        str(running.members[6]): "not-offered",
    }


async def test_the_typed_reason_is_for_those_it_concerns(running: Office) -> None:
    await offer(running, "AT.follower-meeting.1", 3, 4)
    answer = (await accept(running, "AT.follower-meeting.1", 4)).json()
    path = f"/programmes/{running.programme_id}/decisions/{answer['decision']['id']}"

    seen = {
        subject: (await running.served.get(subject, path, answer["position"])).json()["reason"]
        for subject in ("auditor", f"coordinator-{running.members[4]}", f"coordinator-{running.members[3]}")
    }

    assert list(seen.values()) == ["It is our turn.", "It is our turn.", None]


async def test_a_host_that_leaves_releases_its_duties_and_no_others(running: Office) -> None:
    for duty, member in {"AT.front-runner-meetings.1": 0, "AT.award-meeting.1": 2}.items():
        await offer(running, duty, member)
        assert (await accept(running, duty, member)).status_code == 200

    left = await running.does(
        f"/programmes/{running.programme_id}/participations/{running.members[0]}/withdrawal",
        {"on_behalf": {"channel": "letter", "received_on": "2026-03-01T09:00:00Z"}},
    )
    ledger = (await running.served.get("office", f"{duties(running)}?limit=200", left["position"])).json()["items"]

    hosts = {duty["duty"]: duty["host_id"] for duty in ledger if duty["host_id"]}
    assert hosts == {"AT.award-meeting.1": str(running.members[2])}


async def test_a_host_may_drop_out_at_once(running: Office) -> None:
    await offer(running, "AT.award-meeting.1", 2)
    await accept(running, "AT.award-meeting.1", 2)

    answer = await running.served.post(
        f"coordinator-{running.members[2]}", f"{duties(running)}/AT.award-meeting.1/release", WHY
    )

    assert answer.status_code == 200, answer.text


async def test_unconfirmed_memberships_close_the_door(running: Office) -> None:
    async with running.served.parts.database.connection() as connection:
        await connection.execute("UPDATE inbox_positions SET confirmed_at = now() - interval '1 hour'")

    answer = await running.served.post("office", f"{duties(running)}", WHY)

    assert answer.status_code == 503
    assert answer.headers["retry-after"]


async def test_a_decision_is_told_as_a_letter_in_every_form(running: Office) -> None:
    await offer(running, "AT.follower-meeting.1", 3, 4)
    answer = (await accept(running, "AT.follower-meeting.1", 4)).json()
    path = f"/programmes/{running.programme_id}/decisions/{answer['decision']['id']}"
    explained = (await running.served.get("office", path, at_least=answer["position"])).json()

    for language, told in (("de", "übernimmt die Gastgeberaufgabe"), ("en", "takes on the hosting duty")):
        for form, media in (("text", "text/plain"), ("html", "text/html"), ("pdf", "application/pdf")):
            where = f"{path}/letter?language={language}&format={form}"
            first, second = [await running.served.get("office", where, at_least=answer["position"]) for _ in range(2)]
            assert first.status_code == 200, first.text
            assert first.headers["content-type"].startswith(media)
            assert first.content == second.content
            if form != "pdf":
                assert told in first.text
                assert explained["hash"] in first.text
            if form == "html":
                assert first.headers["content-security-policy"].startswith("default-src 'none'")
    strange = await running.served.get(f"coordinator-{running.members[3]}", f"{path}/letter?format=text&language=en")
    assert "for those concerned only" in strange.text
    assert "It is our turn." not in strange.text


async def test_a_letter_can_be_written_after_the_reason_was_erased(running: Office) -> None:
    path = f"/programmes/{running.programme_id}/decisions"
    decision = (await running.served.get("office", path, running.position)).json()["items"][0]["id"]
    async with running.served.parts.database.connection() as connection:
        await connection.execute("UPDATE sealed_texts SET salt = NULL, text = NULL")

    letter = await running.served.get("office", f"{path}/{decision}/letter?format=text&language=en")
    shown = (await running.served.get("office", f"{path}/{decision}")).json()

    assert "The wording of the reason was erased" in letter.text
    assert (shown["reason"], shown["reason_status"]) == (None, "erased")


async def test_what_became_of_a_decision_is_seen_from_both_sides(running: Office) -> None:
    town = running.members[0]
    path = f"/programmes/{running.programme_id}"
    rows = (await running.served.get("office", f"{path}/decisions?type=admission", running.position)).json()["items"]
    admission = next(each["id"] for each in rows if each["concerns"] == [str(town)])
    letter = {"channel": "letter", "received_on": "2026-03-01T09:00:00Z"}

    told = await running.does(f"{path}/decisions/{admission}/communications", {"to": [str(town)], "channel": "mail"})
    objected = await running.does(
        f"{path}/decisions/{admission}/objections", {"organisation_id": str(town), "on_behalf": letter}, 201
    )
    await running.does(f"{path}/objections/{objected['decision']['id']}/answer", {"outcome": "upheld"})
    corrected = await running.does(
        f"{path}/decisions/{admission}/correction",
        {"correction": {"file_reference": "10-24/8", "reason": "It had the best concept."}},
    )
    withdrawn = await running.does(
        f"{path}/participations/{town}/withdrawal", {"revokes": admission, "on_behalf": letter}
    )

    shown = (await running.served.get("office", f"{path}/decisions/{admission}", running.position)).json()

    assert [each["id"] for each in shown["communications"]] == [told["decision"]["id"]]
    assert [each["answer"]["outcome"] for each in shown["objections"]] == ["upheld"]
    assert [each["id"] for each in shown["corrected_by"]] == [corrected["decision"]["id"]]
    assert [each["id"] for each in shown["revoked_by"]] == [withdrawn["decision"]["id"]]
    assert (shown["file_reference"], shown["standing"]["file_reference"]) == ("", "10-24/8")
    assert (shown["reason"], shown["reason_status"]) == ("It had the best concept.", "shown")
    back = (await running.served.get("office", f"{path}/decisions/{corrected['decision']['id']}")).json()
    assert back["corrects"] == admission


async def test_the_log_is_filtered_by_who_what_whom_and_when(running: Office) -> None:
    await offer(running, "AT.follower-meeting.1", 3, 4)
    answer = (await accept(running, "AT.follower-meeting.1", 4)).json()
    path = f"/programmes/{running.programme_id}/decisions?limit=200"
    shown = (await running.served.get("office", path, answer["position"])).json()["items"]
    last = shown[-1]

    async def found(**filters: Any) -> list[str]:
        query = "".join(f"&{name}={str(value).replace('+', '%2B')}" for name, value in filters.items())
        answered = await running.served.get("office", path + query)
        assert answered.status_code == 200, answered.text
        return [each["id"] for each in answered.json()["items"]]

    town = str(running.members[4])
    alone = [last["id"]]
    assert last["id"] == answer["decision"]["id"]
    for filters in (
        {"actor": last["actor"]},
        {"acting_for": town},
        {"capacity": "coordinator"},
        {"type": "duty-acceptance"},
        {"outcome": "accepted"},
        {"subject": "duty:AT.follower-meeting.1", "capacity": "coordinator"},
        {"rule": "hosting.follower-meeting", "organisation": town, "outcome": "accepted"},
        {"recorded_from": last["recorded_at"]},
        {"effective_from": last["effective_at"]},
    ):
        assert await found(**filters) == alone, filters
    everything = [each["id"] for each in shown]
    assert await found(recorded_until=last["recorded_at"]) == everything[:-1]
    assert await found(effective_until=last["effective_at"]) == everything[:-1]
    assert await found(rule="roles") == [each["id"] for each in shown if each["type"] == "admission"]
    assert await found(follows=last["id"]) == []
    backwards = await running.served.get(
        "office", f"{path}&recorded_from=2026-03-02T00:00:00Z&recorded_until=2026-03-01T00:00:00Z"
    )
    assert (backwards.status_code, backwards.json()["errors"][0]["field"]) == (422, "recorded_until")
