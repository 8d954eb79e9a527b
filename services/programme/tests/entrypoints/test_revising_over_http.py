"""What becomes of a decision, over HTTP on a real database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

if TYPE_CHECKING:
    from services.programme.tests.entrypoints.conftest import Office

WHY = {"reason_code": "our-turn", "reason": "It is our turn."}
WHOLE: dict[str, Any] = {
    "decided_at": "2026-02-01T10:00:00Z",
    "effective_at": "2026-02-02T10:00:00Z",
    "authority": {
        "body": "steering-committee",
        "vote": {"in_favour": 5, "against": 1, "abstained": 1},
        "co_signers": [str(uuid4())],
    },
    "interest": {"kind": "kinship", "persons": [str(uuid4())], "handling": "abstained"},
    "criteria": [{"code": "need", "finding": "high"}],
    "evidence": [{"ref": "minutes:12", "hash": "ef" * 32}],
    "file_reference": "10-24/7",
    "retrospective": {"document_hash": "cd" * 32},
}


def decision(office: Office, decision_id: str, *parts: str) -> str:
    return "/".join(("/programmes", office.programme_id, "decisions", decision_id, *parts))


async def explained(office: Office, decision_id: str, subject: str = "office") -> dict[str, Any]:
    answer = await office.served.get(subject, decision(office, decision_id), office.position)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_every_command_takes_the_whole_record(office: Office) -> None:
    await office.open_call()
    closed = (await office.does(f"/programmes/{office.programme_id}/call/closure", WHOLE))["decision"]["id"]

    shown = await explained(office, closed)

    assert {name: shown[name] for name in ("decided_at", "effective_at", "file_reference", "criteria", "interest")} == {
        name: WHOLE[name] for name in ("decided_at", "effective_at", "file_reference", "criteria", "interest")
    }
    assert shown["authority"] == WHOLE["authority"]
    assert shown["evidence"] == [{"ref": "minutes:12", "version": 1, "hash": "ef" * 32, "position": 0}]
    assert (shown["source"]["kind"], shown["source"]["document_hash"]) == ("retrospective", "cd" * 32)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"decided_at": None}, "decided_at"),
        ({"on_behalf": {"channel": "phone", "received_on": "2026-03-01T09:00:00Z"}}, "retrospective"),
        ({"decided_at": "2099-01-01T00:00:00Z"}, "decided_at"),
        ({"interest": {"kind": "none", "handling": "abstained"}}, "interest"),
        ({"revokes": str(uuid4())}, "revokes"),
    ],
)
async def test_a_record_that_cannot_be_right_names_its_field(office: Office, changes: Any, field: str) -> None:
    await office.open_call()
    refused = await office.does(f"/programmes/{office.programme_id}/call/closure", WHOLE | changes, 422)
    assert [error["field"] for error in refused["errors"]] == [field]


async def test_earlier_decisions_are_entered_by_the_office_only(running: Office) -> None:
    town = running.members[0]
    answer = await running.served.post(
        f"coordinator-{town}",
        f"/programmes/{running.programme_id}/participations/{town}/withdrawal",
        WHY | {"retrospective": {}, "decided_at": "2026-02-01T10:00:00Z"},
    )
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "retrospective")


async def test_of_two_that_correct_the_same_decision_the_second_is_told(office: Office) -> None:
    await office.open_call()
    closed = (await office.does(f"/programmes/{office.programme_id}/call/closure"))["decision"]["id"]
    path = decision(office, closed, "correction")
    body = {"correction": {"file_reference": "10-24/8", "reason": "All towns have applied."}, "reason_code": "typo"}

    first = (await office.does(path, body))["decision"]["id"]
    told = await office.does(path, {"correction": {"file_reference": "10-24/9"}}, 409)
    await office.does(path, {"correction": {"file_reference": "10-24/9"}, "seen": first})

    assert told["code"] == "decision-overtaken"
    assert first in told["detail"]
    shown = await explained(office, closed)
    assert shown["file_reference"] == ""  # as it was recorded


async def test_a_decision_is_communicated_objected_to_and_the_objection_answered(running: Office) -> None:
    town, other = running.members[0], running.members[1]
    row = (await running.served.get("office", f"/programmes/{running.programme_id}/decisions?type=admission")).json()
    admission = next(each["id"] for each in row["items"] if each["concerns"] == [str(town)])

    told = await running.does(decision(running, admission, "communications"), {"to": [str(town)], "channel": "letter"})
    strange = await running.served.post(
        f"coordinator-{other}", decision(running, admission, "objections"), WHY | {"organisation_id": str(other)}
    )
    objected = await running.served.post(
        f"coordinator-{town}", decision(running, admission, "objections"), WHY | {"organisation_id": str(town)}
    )
    objection = objected.json()["decision"]["id"]
    await running.does(f"/programmes/{running.programme_id}/objections/{objection}/answer", {"outcome": "dismissed"})
    again = await running.does(
        f"/programmes/{running.programme_id}/objections/{objection}/answer", {"outcome": "upheld"}, 404
    )

    assert (strange.status_code, strange.json()["code"]) == (409, "not-concerned")
    assert objected.status_code == 201
    assert again["code"] == "no-such-objection"
    superseded = await running.does(decision(running, admission, "supersession"), {"by": told["decision"]["id"]})
    assert superseded["decision"]["outcome"] == "superseded"


async def test_what_changed_the_programme_is_revoked_by_what_undoes_it(running: Office) -> None:
    town = running.members[0]
    row = (await running.served.get("office", f"/programmes/{running.programme_id}/decisions?type=admission")).json()
    admission = next(each["id"] for each in row["items"] if each["concerns"] == [str(town)])

    refused = await running.does(decision(running, admission, "revocation"), expect=409)
    withdrawn = await running.does(
        f"/programmes/{running.programme_id}/participations/{town}/withdrawal",
        {"revokes": admission, "on_behalf": {"channel": "letter", "received_on": "2026-03-01T09:00:00Z"}},
    )

    assert refused["code"] == "revocation-without-effect"
    assert (await explained(running, withdrawn["decision"]["id"]))["revokes"] == admission
