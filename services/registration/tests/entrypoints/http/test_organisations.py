"""Organisations over HTTP: registered under keys, listed, searched."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

if TYPE_CHECKING:
    from services.registration.tests.conftest import Registration

pytestmark = pytest.mark.integration


def gmunden(**changes: Any) -> dict[str, Any]:
    return {
        "kind": "municipality",
        "country": "AT",
        "keys": [{"scheme": "LAU", "value": uuid4().hex}],
        "names": {"de": "Gmunden"},
        "population": 13184,
        "languages": ["de"],
        "coordinates": {"latitude": "47.9183", "longitude": "13.7993"},
        **changes,
    }


async def test_who_registers_an_organisation_reads_it_at_once(registration: Registration) -> None:
    office, body = await registration.member("office"), gmunden()

    answer = await registration.post(office, "/organisations", body)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert made.keys() == {"id", "position"}

    headers = {"X-At-Least-Position": str(made["position"])}
    read = await registration.get(office, f"/organisations/{made['id']}", headers=headers)
    assert read.status_code == 200, read.text
    shown = read.json()
    assert shown.pop("registered_at")
    assert shown == {
        "id": made["id"],
        **body,
        "version": 1,
        "updated_at": None,
        "funding": [],
        "member_of": [],
        "members": [],
        "lead": None,
        "valid_from": None,
        "valid_until": None,
        "merged_into": None,
        "merged_from": None,
    }


async def test_a_key_belongs_to_one_organisation(registration: Registration) -> None:
    body = gmunden(keys=[{"scheme": "LAU", "value": f"ab{uuid4().hex}"}])
    first = await registration.post("root", "/organisations", body)
    key = body["keys"][0]
    free, taken = {"scheme": "NUTS", "value": uuid4().hex}, {"scheme": "lau", "value": key["value"].upper()}
    again = gmunden(keys=[free, taken])

    answer = await registration.post("root", "/organisations", again)

    assert (answer.status_code, answer.json()["code"]) == (409, "organisation-key-taken")
    assert answer.json()["detail"] == f"The key lau {key['value'].upper()} is taken."
    assert first.json()["id"] not in answer.text
    # Nothing of what was refused is left: its other key is free.
    assert (await registration.post("root", "/organisations", gmunden(keys=[free]))).status_code == 201


async def test_of_many_at_once_under_one_key_one_is_registered_and_others_are_not_disturbed(
    registration: Registration,
) -> None:
    shared = [{"scheme": "LAU", "value": uuid4().hex}]
    bodies = [gmunden(keys=shared) if number % 2 else gmunden() for number in range(20)]

    answers = await asyncio.gather(*(registration.post("root", "/organisations", body) for body in bodies))

    assert [answer.status_code for answer in answers[::2]] == [201] * 10
    assert sorted(answer.status_code for answer in answers[1::2]) == [201] + [409] * 9


async def test_a_repeated_key_gives_the_first_answer_and_another_request_a_conflict(registration: Registration) -> None:
    headers, body = {"Idempotency-Key": uuid4().hex}, gmunden()

    first = await registration.post("root", "/organisations", body, headers=headers)
    again = await registration.post("root", "/organisations", body, headers=headers)
    other = await registration.post("root", "/organisations", gmunden(), headers=headers)

    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert (other.status_code, other.json()["code"]) == (409, "idempotency-key-reused")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"tenant_id": "x"}, "tenant_id"),
        ({"kind": "person"}, "kind"),
        ({"country": "at"}, "country"),
        ({"keys": []}, "keys"),
        ({"keys": [{"scheme": "LAU", "value": "1"}, {"scheme": "lau", "value": "1"}]}, "keys.1"),
        ({"keys": [{"scheme": "L U", "value": "1"}]}, "keys.0.scheme"),
        ({"names": {}}, "names"),
        ({"names": {"de": " "}}, "names.de"),
        ({"population": -1}, "population"),
        ({"coordinates": {"latitude": "91", "longitude": "0"}}, "coordinates.latitude"),
        ({"coordinates": {"latitude": 47.9, "longitude": "0"}}, "coordinates.latitude"),
    ],
)
async def test_what_cannot_be_right_is_refused_with_its_field(
    changes: dict[str, Any], field: str, registration: Registration
) -> None:
    answer = await registration.post("root", "/organisations", gmunden(**changes))

    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_organisations_are_listed_by_country_and_name_page_by_page(registration: Registration) -> None:
    mark = uuid4().hex[:12]
    ids = [await registration.organisation(f"Bad Ischl {mark} {number}") for number in range(3)]
    await registration.organisation(f"Ischl {mark}", country="DE")
    reader = await registration.member("facilitator")
    head = await registration.parts.store.head()

    async def page(after: str | None, **filters: str) -> dict[str, Any]:
        params = {"limit": "2", **({"after": after} if after else {}), **filters}
        headers = {"X-At-Least-Position": str(head)}
        answer = await registration.get(reader, "/organisations", params=params, headers=headers)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    first = await page(None, country="AT", name=f"bad ÍSCHL {mark.upper()}")
    second = await page(first["next"], country="AT", name=f"bad ÍSCHL {mark.upper()}")

    assert [item["id"] for item in first["items"] + second["items"]] == ids
    assert second["next"] is None
    assert len((await page(None, name=mark, country="DE", kind="municipality"))["items"]) == 1
    assert (await page(None, name=mark, kind="university"))["items"] == []


async def test_a_cursor_of_our_own_making_is_refused(registration: Registration) -> None:
    answer = await registration.get("root", "/organisations", params={"after": "bm9uZQ"})

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "after")


async def test_an_unknown_organisation_is_not_there(registration: Registration) -> None:
    answer = await registration.get("root", f"/organisations/{uuid4()}")

    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


async def test_a_position_that_nothing_has_is_not_waited_for(registration: Registration) -> None:
    headers = {"X-At-Least-Position": str(await registration.parts.store.head() + 1)}

    answer = await registration.get("root", "/organisations", headers=headers)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "X-At-Least-Position")


async def test_a_view_that_does_not_follow_is_not_read_too_early(registration: Registration) -> None:
    made = (await registration.post("root", "/organisations", gmunden())).json()
    headers = {"X-At-Least-Position": str(made["position"]), **registration.issuer.bearer("root")}

    answer = await registration.client.get(f"/api/v1/organisations/{made['id']}", headers=headers)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
