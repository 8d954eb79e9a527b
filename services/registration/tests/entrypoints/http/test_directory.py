"""The directory over HTTP: updates, history, mergers, twin towns, search."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from services.registration.tests.conftest import ROOT, created

if TYPE_CHECKING:
    import httpx2
    from services.registration.tests.conftest import Registration

WHY = {"reason_code": "counted-anew", "reason": "The statistical office published new figures."}
pytestmark = pytest.mark.integration


def facts(name: str, **changes: Any) -> dict[str, Any]:
    keys = [{"scheme": "TEST", "value": uuid4().hex}]
    return {"kind": "municipality", "country": "NL", "keys": keys, "names": {"nl": name}, **changes}


async def update(
    registration: Registration,
    organisation: str,
    body: dict[str, Any],
    *,
    nature: str = "change",
    who: str = ROOT,
    **options: Any,
) -> httpx2.Response:
    whole = {**body, **WHY, "nature": nature}
    return await registration._send("PUT", who, f"/organisations/{organisation}", {"json": whole, **options})


async def test_a_change_has_a_reason_and_what_was_before_can_be_read(registration: Registration) -> None:
    body = facts("Borne", population=23_000)
    borne = created(await registration.post(ROOT, "/organisations", body))
    first = await registration.get(ROOT, f"/organisations/{borne}")
    before = datetime.now(UTC).isoformat()

    grown = {**body, "population": 24_000, "funding": [{"programme": "climate", "starts": "2012-07-01"}]}
    answer = await update(registration, borne, grown | {"effective_on": "2026-01-01"}, headers={"If-Match": '"1"'})

    assert answer.status_code == 200, answer.text
    assert answer.json()["decision"]["outcome"] == "changed"
    now = await registration.get(ROOT, f"/organisations/{borne}")
    assert (first.headers["ETag"], now.headers["ETag"]) == ('"1"', '"2"')
    assert now.json()["population"] == 24_000
    assert now.json()["funding"] == [{"programme": "climate", "starts": "2012-07-01", "ends": None}]
    then = await registration.get(ROOT, f"/organisations/{borne}", params={"as_of": before})
    assert then.json() == first.json()
    unborn = await registration.get(ROOT, f"/organisations/{borne}", params={"as_of": "2001-01-01T00:00:00Z"})
    assert unborn.status_code == 404
    history = (await registration.get(ROOT, f"/organisations/{borne}/history")).json()["items"]
    assert [(each["version"], each["what"], each["changed"]) for each in history] == [
        (1, "registered", []),
        (2, "changed", ["population", "funding"]),
    ]
    assert (history[1]["effective_on"], history[1]["reason_code"]) == ("2026-01-01", "counted-anew")
    assert history[1]["facts"]["population"] == 24_000


async def test_whoever_read_an_older_version_is_told(registration: Registration) -> None:
    body = facts("Leiria")
    town = created(await registration.post(ROOT, "/organisations", body))
    assert (await update(registration, town, body | {"population": 1})).status_code == 200

    late = await update(registration, town, body | {"population": 2}, headers={"If-Match": '"1"'})
    same = await update(registration, town, body | {"population": 1})
    never = await update(registration, town, body | {"effective_on": "2026-01-01"}, nature="correction")

    assert (late.status_code, late.json()["code"]) == (412, "stale")
    assert (same.status_code, same.json()["code"]) == (409, "nothing-changed")
    assert (never.status_code, never.json()["errors"][0]["field"]) == (422, "effective_on")


async def test_a_coordinator_corrects_what_is_on_record_of_their_own(registration: Registration) -> None:
    body = facts("Borne", population=23_000)
    borne, other = [created(await registration.post(ROOT, "/organisations", each)) for each in (body, facts("Leiria"))]
    theirs = await registration.member("coordinator", borne)
    right = body | {"names": {"nl": "Borne", "de": "Borne in Twente"}, "population": 23_500}

    corrected = await update(registration, borne, right, nature="correction", who=theirs)
    key = {"keys": [*body["keys"], {"scheme": "TEST", "value": uuid4().hex}]}
    beyond = await update(registration, borne, right | key, who=theirs)
    foreign = await update(registration, other, right, who=theirs)
    nowhere = await update(registration, str(uuid4()), right, who=theirs)
    facilitator = await update(registration, borne, body, who=await registration.member("facilitator", borne))
    office = await update(registration, borne, right | key, who=await registration.member("office"))

    assert corrected.status_code == 200, corrected.text
    assert (beyond.status_code, beyond.json()["code"]) == (403, "for-registrars")
    assert [each["field"] for each in beyond.json()["errors"]] == ["keys"]
    assert (foreign.status_code, facilitator.status_code, office.status_code) == (404, 403, 200)
    assert {**foreign.json(), "trace_id": ""} == {**nowhere.json(), "trace_id": ""}
    shown = (await registration.get(theirs, f"/organisations/{borne}")).json()
    assert shown["names"] == right["names"]
    history = (await registration.get(theirs, f"/organisations/{borne}/history")).json()["items"]
    assert [each["changed"] for each in history] == [[], ["names", "population"], ["keys"]]


async def test_a_wrong_key_is_let_go_and_a_former_one_is_not(registration: Registration) -> None:
    body, key = facts("Trakai"), {"scheme": "TEST", "value": uuid4().hex}
    town = created(await registration.post(ROOT, "/organisations", body))
    wrong = body["keys"]

    assert (await update(registration, town, body | {"keys": [key]}, nature="correction")).status_code == 200
    created(await registration.post(ROOT, "/organisations", facts("Trakai", keys=wrong)))
    changed = [{"scheme": "TEST", "value": uuid4().hex}]
    assert (await update(registration, town, body | {"keys": changed})).status_code == 200
    taken = await registration.post(ROOT, "/organisations", facts("Trakai", keys=[key]))

    assert (taken.status_code, taken.json()["code"]) == (409, "organisation-key-taken")


async def test_malformed_keys_are_told_with_their_form(registration: Registration) -> None:
    body = facts("München", keys=[{"scheme": "AGS", "value": "9162000"}])
    answer = await registration.post(ROOT, "/organisations", body)
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": "keys.0.value", "message": "This is no AGS key."}]
    assert "eight digits" in answer.json()["way_out"]


async def test_merged_towns_stay_traceable(registration: Registration) -> None:
    one, other, whole = [
        created(await registration.post(ROOT, "/organisations", facts(name))) for name in ("Aa", "Bb", "Aabb")
    ]
    coordinator = await registration.member("coordinator", one)
    body = {"merged": [one, other], "from_day": "2026-01-01", **WHY}

    answer = await registration.post(ROOT, f"/organisations/{whole}/merger", body)

    assert answer.status_code == 200, answer.text
    shown = (await registration.get(coordinator, f"/organisations/{one}")).json()
    assert (shown["merged_into"], shown["merged_from"], shown["valid_until"]) == (whole, "2026-01-01", "2025-12-31")
    assert shown["keys"]
    told = (await registration.get(coordinator, f"/organisations/{one}/succession")).json()
    assert told["successor"] == whole
    assert [(each["id"], each["step"], each["memberships"]) for each in told["line"]] == [(one, 0, 1), (whole, 1, 0)]
    assert "became part of another" in told["meaning"]
    after = (await registration.get(coordinator, f"/organisations/{whole}/succession")).json()
    assert {each["id"] for each in after["line"] if each["step"] == -1} == {one, other}
    assert "goes on by itself" in after["meaning"]
    history = (await registration.get(ROOT, f"/organisations/{whole}/history")).json()["items"]
    assert history[-1]["what"] == "absorbed"
    assert history[-1]["others"] == [one, other]
    past = await registration.get(ROOT, f"/organisations/{one}", params={"as_of": datetime.now(UTC).isoformat()})
    assert past.json() == shown
    again = await registration.post(ROOT, f"/organisations/{whole}/merger", body)
    assert (again.status_code, again.json()["code"]) == (409, "organisation-merged")


async def test_there_is_no_succession_of_nothing(registration: Registration) -> None:
    assert (await registration.get(ROOT, f"/organisations/{uuid4()}/succession")).status_code == 404


async def test_a_merged_town_applies_no_more(registration: Registration) -> None:
    office = await registration.organisation("Office")
    one, whole = await registration.organisation("Ee"), await registration.organisation("Eeff")
    call = await registration.open_call(office)
    body = {"merged": [one], "from_day": "2026-01-01", **WHY}
    assert (await registration.post(ROOT, f"/organisations/{whole}/merger", body)).status_code == 200

    answer = await registration.post(
        await registration.member("coordinator", one),
        "/applications",
        {
            "programme_id": str(call.programme_id),
            "organisation_id": one,
            "role": "follower",
            "motivation": "We want to learn.",
        },
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "organisation-merged")


async def test_twin_towns_are_named_from_both_sides(registration: Registration) -> None:
    borne = created(await registration.post(ROOT, "/organisations", facts("Borne")))
    rheine = created(await registration.post(ROOT, "/organisations", facts("Rheine")))
    body = {"between": [rheine, borne], "starts": "1983-05-01", **WHY}

    link = created(await registration.post(ROOT, "/twinnings", body))
    twice = await registration.post(ROOT, "/twinnings", body | {"between": [borne, rheine]})
    alone = await registration.post(ROOT, "/twinnings", body | {"between": [borne, borne]})
    ended = await registration.post(ROOT, f"/twinnings/{link}/end", {"ends": "2020-12-31", **WHY})
    anew = await registration.post(ROOT, "/twinnings", body | {"starts": None})

    assert (twice.status_code, twice.json()["code"]) == (409, "twinned-already")
    assert (alone.status_code, alone.json()["errors"][0]["field"]) == (422, "between.1")
    assert (ended.status_code, anew.status_code) == (200, 201)
    for side in (borne, rheine):
        listed = (await registration.get(ROOT, f"/organisations/{side}/twinnings")).json()["items"]
        assert [{each["one"], each["other"]} for each in listed] == [{borne, rheine}] * 2
        assert [(each["starts"], each["ends"]) for each in listed] == [("1983-05-01", "2020-12-31"), (None, None)]


async def found(registration: Registration, text: str, **filters: str) -> list[str]:
    answer = await registration.get(ROOT, "/organisations/search", params={"text": text, **filters})
    assert answer.status_code == 200, answer.text
    return [each["organisation"]["id"] for each in answer.json()["items"]]


@pytest.mark.parametrize("asked", ["Gößweinstein", "goessweinstein", "Gossweinstein", "GOSSWEINSTIEN", "Gosweinstein"])
async def test_a_name_is_found_as_somebody_remembers_it(asked: str, registration: Registration) -> None:
    country = "DE"
    town = await registration.organisation("Gößweinstein", country)
    assert town in await found(registration, asked, country=country)


async def test_two_bornes_stay_two_and_filters_tell_them_apart(registration: Registration) -> None:
    region = f"N{uuid4().hex[:8]}"
    dutch, german, french = [
        created(
            await registration.post(
                ROOT,
                "/organisations",
                facts("Borne", country=country, kind=kind, keys=[{"scheme": "REG", "value": f"{region}{number}"}]),
            )
        )
        for number, (country, kind) in enumerate(
            [("NL", "municipality"), ("DE", "municipality"), ("FR", "association")]
        )
    ]
    known = {"scheme": "REG", "region": region}

    assert {dutch, german, french} <= set(await found(registration, "Borne", **known))
    assert await found(registration, "borne", country="NL", **known) == [dutch]
    assert await found(registration, "Bornne", kind="association", **known) == [french]
    assert await found(registration, "Borne", scheme="REG", region=f"{region}1") == [german]
    assert await found(registration, "Zzyzx", **known) == []
    assert await found(registration, "??", **known) == []
    listed = (await registration.get(ROOT, "/organisations", params={"country": "DE", **known})).json()["items"]
    assert [each["id"] for each in listed] == [german]


async def test_what_was_found_is_read_page_by_page(registration: Registration) -> None:
    region = f"p{uuid4().hex[:8]}"
    for number, name in enumerate(["Neustadt", "Neustadt an der Aisch", "Neustatt", "Neustadt"]):
        keys = [{"scheme": "REG", "value": f"{region}{number}"}]
        created(await registration.post(ROOT, "/organisations", facts(name, keys=keys)))
    seen: list[str] = []
    after: dict[str, str] = {}
    while True:
        params = {"text": "Neustadt", "scheme": "REG", "region": region, "limit": 1, **after}
        page = (await registration.get(ROOT, "/organisations/search", params=params)).json()
        seen += [each["organisation"]["names"]["nl"] for each in page["items"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}

    assert seen[:2] == ["Neustadt", "Neustadt"]
    assert sorted(seen) == sorted(["Neustadt", "Neustadt an der Aisch", "Neustatt", "Neustadt"])
