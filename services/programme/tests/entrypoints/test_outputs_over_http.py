"""Outputs over HTTP on a real database: recorded, traced both ways, checked after the programme has closed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from interpares.common.envelope import to_message
from interpares.programme.domain.outputs import events
from interpares.programme.domain.programme import Programme
from interpares.programme.entrypoints.publications import publish
from interpares.programme.entrypoints.tending import TIME, Tending

if TYPE_CHECKING:
    from services.programme.tests.entrypoints.conftest import Office

    from interpares.common.testing.serving import Served

LETTER = {"channel": "mail", "received_on": "2026-03-01T09:00:00Z"}
SECRET = "Move the bus stop to the school."
EARLIER = {"decided_at": "2020-06-30T09:00:00Z", "retrospective": {}}


def path(office: Office, *parts: object) -> str:
    return "/".join((f"/programmes/{office.programme_id}/outputs", *map(str, parts))).replace("/?", "?")


async def shown(office: Office, *parts: object) -> dict[str, Any]:
    answer = await office.served.get("office", path(office, *parts), office.position)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def recorded(office: Office, kind: str, source: str, **more: Any) -> str:
    body = {"kind": kind, "source": source, "text": SECRET, **more}
    return str((await office.does(path(office), body, 201))["id"])


async def a_review(office: Office) -> str:
    """Have a document reviewed and return the review as the source of outputs."""
    follower, *peers = (str(member) for member in office.members[3:6])
    documents = f"/programmes/{office.programme_id}/documents"
    version = {"version": 1, "language": "de", "document_hash": "ab" * 32}
    document = {"kind": "energy-action-plan", "owners": [follower], "title": "Plan", "on_behalf": LETTER, **version}
    here = f"{documents}/{(await office.does(documents, document, 201))['id']}/versions/1"
    await office.does(f"{here}/reviewers", {"reviewers": peers}, 201)
    found = {"document_hash": "ab" * 32, "text": "Well done.", "on_behalf": LETTER}
    return f"review:{(await office.does(f'{here}/reviews/{peers[0]}', found))['id']}"


async def tend(served: Served, day: datetime) -> int:
    return await Tending(served.parts.database, served.parts.commands, lambda: day).once()


async def test_an_output_is_traced_from_its_source_to_its_checks_and_back(running: Office) -> None:
    meeting, owner = await a_review(running), str(running.members[0])
    advice = await recorded(running, "recommendation", meeting, themes=["energy"])
    other = await recorded(running, "recommendation", meeting)
    measure = await recorded(running, "measure", f"output:{advice}", owner_id=owner, due="2090-01-31")
    follow_up = await recorded(running, "follow-up-meeting", f"output:{measure}")
    refused = await running.does(path(running, follow_up, "meeting"), {"meeting_id": str(uuid4())}, 422)
    assert [each["field"] for each in refused["errors"]] == ["meeting_id"]
    await running.does(path(running, advice, "assignment"), {"owner_id": owner, "due": "2090-02-28"})

    chain = await shown(running, measure)

    assert chain["source"] == meeting
    assert [(each["distance"], each["id"]) for each in chain["outputs"]] == [(-1, advice), (0, measure), (1, follow_up)]
    assert [each["standing"] for each in chain["outputs"]] == ["followed", "followed", "open"]
    assert [each["due"] for each in chain["outputs"][1]["checks"]] == [
        "2090-04-30",
        "2090-07-31",
        "2091-01-31",
        "2092-01-31",
    ]
    assert chain["outputs"][0]["text"] == SECRET
    from_meeting = (await shown(running, f"?source={meeting}"))["items"]
    assert [each["id"] for each in from_meeting] == [advice, other]
    measures = (await shown(running, f"?kind=measure&standing=followed&owner={owner}"))["items"]
    assert [each["id"] for each in measures] == [measure]


async def test_checks_fall_due_escalate_and_are_answered_after_the_closure(running: Office) -> None:
    served, owner = running.served, running.members[0]
    output = await recorded(
        running,
        "measure",
        await a_review(running),
        owner_id=str(owner),
        due="2020-06-30",
        checks_after_months=[3, 6, 12],
        **EARLIER,
    )
    await running.does(f"/programmes/{running.programme_id}/closure")
    await shown(running)

    first = await tend(served, datetime(2020, 9, 30, 9, tzinfo=UTC))
    running.position = await served.parts.store.head()
    await shown(running)
    again = await tend(served, datetime(2020, 9, 30, 10, tzinfo=UTC))
    much_later = await tend(served, datetime(2026, 9, 30, 10, tzinfo=UTC))
    running.position = await served.parts.store.head()

    assert (first, again, much_later) == (1, 0, 8)
    (found,) = (await shown(running))["items"]
    assert [(each["status"], each["level"]) for each in found["checks"]] == [("escalated", 2)] * 3
    answer = path(running, output, "checks", 3, "answer")
    own = {"finding": "in-progress", "note": "The council decides in May.", "reason_code": "told", "reason": "So."}
    answered = await served.post(f"coordinator-{owner}", answer, own)
    assert answered.status_code == 200, answered.text
    assert (await running.does(answer, {"finding": "done"}, 422))["errors"][0]["field"] == "on_behalf"
    for_owner = {"finding": "done", "on_behalf": LETTER}
    await running.does(path(running, output, "checks", 12, "answer"), for_owner)
    (found,) = (await shown(running))["items"]
    assert [(each["finding"], each["note"]) for each in found["checks"]] == [
        ("in-progress", "The council decides in May."),
        (None, None),
        ("done", None),
    ]
    assert found["standing"] == "done"


async def test_what_time_decides_is_a_decision_with_its_reason(running: Office) -> None:
    await recorded(
        running,
        "measure",
        await a_review(running),
        owner_id=str(running.members[0]),
        due="2020-06-30",
        checks_after_months=[3],
        **EARLIER,
    )
    await shown(running)
    await tend(running.served, datetime(2020, 9, 30, 9, tzinfo=UTC))
    running.position = await running.served.parts.store.head()

    here = f"/programmes/{running.programme_id}/decisions"
    listed = (await running.served.get("office", f"{here}?type=check-due", running.position)).json()["items"]
    explained = (await running.served.get("office", f"{here}/{listed[0]['id']}", running.position)).json()

    assert (explained["actor"], explained["capacity"]) == (str(TIME), "system")
    assert explained["source"]["kind"] == "time_out"
    assert explained["reason"]


async def test_outputs_are_published_whole_and_without_their_words(running: Office) -> None:
    owner, meeting = str(running.members[0]), await a_review(running)
    output = await recorded(
        running, "measure", meeting, owner_id=owner, due="2020-06-30", checks_after_months=[1, 2], **EARLIER
    )
    await shown(running)
    await tend(running.served, datetime(2020, 8, 25, 9, tzinfo=UTC))
    await running.does(path(running, output, "checks", 1, "answer"), {"finding": "in-progress", "on_behalf": LETTER})
    await running.does(path(running, output, "completion"))
    another = await recorded(running, "recommendation", meeting)
    await running.does(path(running, another, "dropping"))

    told = []
    for each in await running.served.parts.store.read(0, 1000):
        if isinstance(each.event, events.OutputEvent):
            publication = publish(each)
            assert publication is not None
            told.append(to_message("programme", each, publication, 0))

    assert [message.headers["ce-type"].removeprefix("programme.") for message in told] == [
        "output-recorded.v1",
        "check-due.v1",
        "check-escalated.v1",
        "check-answered.v1",
        "output-changed.v1",
        "output-recorded.v1",
        "output-changed.v1",
    ]
    data = [json.loads(message.body)["data"] for message in told]
    assert data[3]["output"]["checks"] == [
        {"months": 1, "due": "2020-07-30", "status": "answered"},
        {"months": 2, "due": "2020-08-30", "status": "pending"},
    ]
    assert not any(SECRET.encode() in message.body for message in told)


async def test_an_output_nobody_recorded_is_not_found(running: Office) -> None:
    assert (await running.served.get("office", path(running, uuid4()))).status_code == 404
    body = {"kind": "measure", "source": f"output:{uuid4()}", "text": SECRET}
    assert (await running.does(path(running), body, 422))["errors"][0]["field"] == "source"


async def test_the_view_is_what_the_aggregate_knows(running: Office) -> None:
    owner = str(running.members[0])
    source = await a_review(running)
    checked = {"owner_id": owner, "due": "2020-06-30", "checks_after_months": [1, 3], **EARLIER}
    measure = await recorded(running, "measure", source, **checked)
    advice = await recorded(running, "recommendation", source)
    await recorded(running, "follow-up-meeting", f"output:{advice}")
    await shown(running)
    await tend(running.served, datetime(2020, 8, 1, 9, tzinfo=UTC))
    answer = {"finding": "in-progress", "on_behalf": LETTER}
    await running.does(path(running, measure, "checks", 1, "answer"), answer)
    moved = {"owner_id": str(running.members[1]), "due": "2090-01-01", "checks_after_months": [6]}
    await running.does(path(running, measure, "assignment"), moved)

    listed = (await shown(running))["items"]

    programme = await running.served.parts.store.load(Programme, UUID(running.programme_id))
    assert programme is not None
    assert {each["id"]: told(each) for each in listed} == {
        key: (
            output.kind.value,
            output.standing.value,
            output.owner and str(output.owner),
            output.due and output.due.isoformat(),
            [(check.months, check.due.isoformat(), check.status.value, check.level) for check in output.checks],
        )
        for key, output in programme.state.outputs.items()
    }


def told(output: dict[str, Any]) -> tuple[Any, ...]:
    checks = [(check["months"], check["due"], check["status"], check["level"]) for check in output["checks"]]
    return output["kind"], output["standing"], output["owner_id"], output["due"], checks
