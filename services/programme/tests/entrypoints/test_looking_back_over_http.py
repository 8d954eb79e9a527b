"""A programme as of any moment, over HTTP on a real database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from services.programme.tests.entrypoints.conftest import Office


async def read(office: Office, path: str, expect: int = 200) -> dict[str, Any]:
    answer = await office.served.get("auditor", f"/programmes/{office.programme_id}/{path}", office.position)
    assert answer.status_code == expect, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_the_state_is_that_of_any_moment(running: Office) -> None:
    log = (await read(running, "decisions?limit=200"))["items"]
    opened = next(each for each in log if each["type"] == "call-opening")
    admitted = [each for each in log if each["type"] == "admission"]

    then = await read(running, f"state?recorded_at={opened['recorded_at']}")
    now = await read(running, "state")
    long_ago = await read(running, "state?effective_at=1999-01-01T00:00:00Z", 404)
    between = await read(running, f"differences?since={opened['recorded_at']}&until={admitted[0]['recorded_at']}")
    backwards = await read(running, "differences?since=2026-03-02T00:00:00Z&until=2026-03-01T00:00:00Z", 422)

    assert (then["state"]["stage"], then["state"]["participations"]) == ("call-open", {})
    assert then["last_decision"] == opened["id"]
    assert len(now["state"]["participations"]) == len(running.members)
    assert now["decisions"] == len(log)
    assert long_ago["code"] == "not-found"
    assert [each["id"] for each in between["decisions"]] == [admitted[0]["id"]]
    town = admitted[0]["concerns"][0]
    change = next(each for each in between["changes"] if each["path"] == f"participations.{town}.active")
    assert (change["before"], change["after"], change["decisions"]) == (None, True, [admitted[0]["id"]])
    assert backwards["errors"][0]["field"] == "until"


async def test_in_effective_time_what_is_to_come_has_not_happened(running: Office) -> None:
    town = running.members[0]
    await running.does(
        f"/programmes/{running.programme_id}/participations/{town}/withdrawal",
        {
            "effective_at": "2099-01-01T00:00:00Z",
            "on_behalf": {"channel": "letter", "received_on": "2026-03-01T09:00:00Z"},
        },
    )

    still = await read(running, "state?effective_at=2098-01-01T00:00:00Z")
    no_longer = await read(running, "state?effective_at=2099-01-02T00:00:00Z")
    between = await read(running, "differences?time=effective&since=2098-01-01T00:00:00Z&until=2099-01-02T00:00:00Z")

    assert still["state"]["participations"][str(town)]["active"]
    assert not no_longer["state"]["participations"][str(town)]["active"]
    assert between["decisions"][0]["type"] == "withdrawal"
