"""Prerequisites over HTTP: shown with evidence, confirmed by others, measured by what the programme asks for."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from python_calamine import CalamineWorkbook
from services.registration.tests.entrypoints.http.test_files import applied

from interpares.common.contracts.programme import CallConditions

if TYPE_CHECKING:
    from services.registration.tests.conftest import Registration

pytestmark = pytest.mark.integration
WHY = {"reason_code": "seen-in-full", "reason": "We have read it."}
PREREQUISITES = {
    "head": {"label": {"de": "Chefsache"}, "proof": "named-head", "due_before": "admission"},
    "resolution": {
        "label": {"de": "Politischer Beschluss"},
        "proof": "political-resolution",
        "kinds": ["municipality"],
        "due_before": "meeting-confirmed",
    },
    "team": {"label": {"de": "Team"}, "proof": "team", "due_before": "admission", "disciplines": ["mobility"]},
    "own-organ": {
        "label": {"de": "Beschluss des eigenen Organs"},
        "proof": "political-resolution",
        "kinds": ["municipal-company"],
        "due_before": "admission",
    },
    "stars": {"label": {"de": "Nur Vorreiter"}, "proof": "other", "roles": ["front-runner"], "due_before": "closure"},
}


def showing(kind: str, **changes: Any) -> dict[str, Any]:
    return {
        "kind": kind,
        "evidence": {"link": "https://ris.example.org/paper/17"},
        "valid_from": "2026-01-01",
        "reason": "As resolved in public.",
        **changes,
    }


RESOLUTION = {
    "organ": "council",
    "sitting_on": "2026-02-01",
    "reference": "VO/2026/17",
    "result": "adopted",
    "votes": {"in_favour": 20, "against": 3},
}


async def in_programme(registration: Registration) -> tuple[str, str, str, str]:
    """Let a town apply to a programme that asks for something; return programme, town, coordinator, clerk."""
    office = await registration.organisation("Office", kind="agency")
    clerk = await registration.member("office", office)
    town = await registration.organisation()
    coordinator = await registration.member("coordinator", town)
    roles = {"follower": {"label": {"de": "Nachahmer"}, "obtained": "selection"}}
    conditions = CallConditions.model_validate({"roles": roles, "prerequisites": PREREQUISITES})
    call = await registration.open_call(office, conditions=conditions, deadline_local="2099-05-01T12:00")
    body = {
        "programme_id": str(call.programme_id),
        "organisation_id": town,
        "role": "follower",
        "motivation": "We want to learn.",
    }
    answer = await registration.post(coordinator, "/applications", body)
    assert answer.status_code == 201, answer.text
    return str(call.programme_id), town, coordinator, clerk


async def show(registration: Registration, who: str, town: str, body: dict[str, Any]) -> str:
    answer = await registration.post(who, f"/organisations/{town}/prerequisites", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_a_resolution_is_shown_by_a_file_and_confirmed(registration: Registration) -> None:
    programme, town, coordinator, clerk = await in_programme(registration)
    file = (await registration.send_file(coordinator, town, b"Resolved.")).json()
    body = showing(
        "political-resolution",
        resolution=RESOLUTION,
        programme_id=programme,
        prerequisite="resolution",
        evidence={"file_id": file["id"]},
        valid_until="2099-12-31",
    )

    fact_id = await show(registration, coordinator, town, body)
    confirmed = await registration.post(clerk, f"/prerequisites/{fact_id}/confirmation", {**WHY, "version": 1})
    assert confirmed.status_code == 200, confirmed.text

    read = (await registration.get(coordinator, f"/prerequisites/{fact_id}")).json()
    for moment in ("shown_at", "confirmed_at"):
        assert read.pop(moment)
    assert read == {
        "id": fact_id,
        "version": 1,
        "organisation_id": town,
        "programme_id": programme,
        "prerequisite": "resolution",
        "kind": "political-resolution",
        "shown": {"resolution": {**RESOLUTION, "votes": {"in_favour": 20, "against": 3, "abstained": 0}}},
        "missing": [],
        "unallocated": None,
        "uncovered": None,
        "file_id": file["id"],
        "link": None,
        "evidence_hash": file["sha256"],
        "valid_from": "2026-01-01",
        "valid_until": "2099-12-31",
        "shown_as": "coordinator",
        "confirmed_by": "office",
        "confirm_reason_code": "seen-in-full",
        "revoked_at": None,
        "revoke_reason_code": None,
        "reason": "As resolved in public.",
        "earlier": [],
    }


async def test_readiness_says_what_is_there_what_is_missing_and_until_when(registration: Registration) -> None:
    programme, town, coordinator, clerk = await in_programme(registration)
    person = await registration.person(f"p-{uuid4()}")
    team = {"members": [{"person_id": person, "disciplines": ["energy"]}]}
    path = f"/organisations/{town}/readiness/{programme}"
    before = (await registration.get(coordinator, path)).json()

    fact_id = await show(
        registration,
        coordinator,
        town,
        showing("political-resolution", resolution=RESOLUTION, valid_until="2099-12-31"),
    )
    await registration.post(coordinator, f"/prerequisites/{fact_id}/confirmation", {**WHY, "version": 1})
    await show(registration, coordinator, town, showing("team", team=team, programme_id=programme, prerequisite="team"))
    after = (await registration.get(clerk, path)).json()

    def short(answer: dict[str, Any]) -> dict[str, Any]:
        return {
            item["prerequisite"]: (item["status"], item["missing"], item["due_before"], item["due_on"])
            for item in answer["items"]
        }

    assert short(before) == {
        "head": ("missing", ["head"], "admission", "2099-05-01"),
        "resolution": ("missing", ["resolution"], "meeting-confirmed", None),
        "team": ("missing", ["team"], "admission", "2099-05-01"),
    }
    assert short(after) == {
        "head": ("missing", ["head"], "admission", "2099-05-01"),
        "resolution": ("confirmed", [], "meeting-confirmed", None),
        "team": ("incomplete", ["discipline-mobility"], "admission", "2099-05-01"),
    }
    assert (before["ready"], after["ready"]) == (False, False)
    (resolution,) = (item for item in after["items"] if item["prerequisite"] == "resolution")
    assert (resolution["confirmed_by"], resolution["valid_until"]) == ("council", "2099-12-31")


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "status"),
    [("2020-01-01", "2020-12-31", "expired"), ("2099-01-01", None, "not-yet-valid"), ("2020-01-01", None, "confirmed")],
)
async def test_what_counts_today(
    registration: Registration, valid_from: str, valid_until: str | None, status: str
) -> None:
    programme, town, coordinator, clerk = await in_programme(registration)
    body = showing("political-resolution", resolution=RESOLUTION, valid_from=valid_from, valid_until=valid_until)
    fact_id = await show(registration, coordinator, town, body)
    await registration.post(clerk, f"/prerequisites/{fact_id}/confirmation", {**WHY, "version": 1})

    answer = await registration.get(coordinator, f"/organisations/{town}/readiness/{programme}")

    assert [item["status"] for item in answer.json()["items"] if item["prerequisite"] == "resolution"] == [status]


async def test_the_version_confirmed_before_counts_until_the_new_one_is(registration: Registration) -> None:
    programme, town, coordinator, clerk = await in_programme(registration)
    fact_id = await show(registration, coordinator, town, showing("political-resolution", resolution=RESOLUTION))
    await registration.post(clerk, f"/prerequisites/{fact_id}/confirmation", {**WHY, "version": 1})
    worse = showing("political-resolution", resolution={**RESOLUTION, "result": "postponed"})
    del worse["kind"]
    anew = await registration.post(coordinator, f"/prerequisites/{fact_id}/versions", worse)
    assert anew.status_code == 200, anew.text
    path = f"/organisations/{town}/readiness/{programme}"

    read = (await registration.get(clerk, f"/prerequisites/{fact_id}")).json()
    stands = (await registration.get(clerk, path)).json()["items"]
    revoked = await registration.post(clerk, f"/prerequisites/{fact_id}/revocation", WHY)
    gone = (await registration.get(clerk, path)).json()["items"]

    assert (read["version"], read["missing"], [each["version"] for each in read["earlier"]]) == (
        2,
        ["resolution-adopted"],
        [1],
    )
    assert [(i["status"], i["version"]) for i in stands if i["prerequisite"] == "resolution"] == [("confirmed", 1)]
    assert revoked.status_code == 200
    assert [i["status"] for i in gone if i["prerequisite"] == "resolution"] == ["missing"]


async def test_a_company_shows_a_resolution_of_its_own_organ(registration: Registration) -> None:
    company = await registration.organisation("Stadtwerke", kind="municipal-company")
    coordinator = await registration.member("coordinator", company)
    path = f"/organisations/{company}/prerequisites"

    council = await registration.post(coordinator, path, showing("political-resolution", resolution=RESOLUTION))
    own = {**RESOLUTION, "organ": "supervisory-board"}
    board = await registration.post(coordinator, path, showing("political-resolution", resolution=own))

    assert (council.status_code, council.json()["code"]) == (422, "organ-not-of-kind")
    assert "supervisory-board" in council.json()["way_out"]
    assert board.status_code == 201


async def test_a_budget_says_what_is_left(registration: Registration) -> None:
    town = await registration.organisation()
    coordinator = await registration.member("coordinator", town)
    budget = {
        "currency": "EUR",
        "total": "25000.00",
        "own_share": "5000.50",
        "grant": "17000",
        "lines": [{"category": "travel", "amount": "8000.25"}],
    }

    fact_id = await show(registration, coordinator, town, showing("budget", budget=budget))

    (listed,) = (await registration.get(coordinator, f"/organisations/{town}/prerequisites")).json()["items"]
    assert (listed["id"], listed["unallocated"], listed["uncovered"], listed["missing"]) == (
        fact_id,
        "16999.75",
        "2999.50",
        ["budget-covered"],
    )


async def test_a_work_plan_is_a_table_a_timeline_and_a_file(registration: Registration) -> None:
    town = await registration.organisation("Gmunden")
    coordinator = await registration.member("coordinator", town)
    person = await registration.person(f"p-{uuid4()}", given_name="Zoë", family_name="Canari")
    await registration.grant(person, "coordinator", town)
    auditor = await registration.member("auditor")
    tasks = [
        {"title": "=1+1 <script>alert(1)</script>", "owner_id": town, "starts": "2026-01-15", "due": "2026-03-31"},
        {"title": "Bericht schreiben", "owner_id": person, "starts": "2027-12-01", "due": "2027-12-31"},
    ]
    plan = {"starts": "2026-01-01", "ends": "2027-12-31", "tasks": tasks}
    fact_id = await show(registration, coordinator, town, showing("plan", plan=plan))
    path = f"/prerequisites/{fact_id}/plan"

    table = (await registration.get(coordinator, path)).json()
    page = await registration.get(coordinator, f"{path}/page?language=en")
    text = await registration.get(coordinator, f"{path}/export")
    book = await registration.get(coordinator, f"{path}/export?format=xlsx&language=en")
    seen = (await registration.get(auditor, path)).json()

    assert [(each["title"], each["owner"]) for each in table["tasks"]] == [
        ("=1+1 <script>alert(1)</script>", "Gmunden"),
        ("Bericht schreiben", "Zoë Canari"),
    ]
    assert [each["owner"] for each in seen["tasks"]] == ["Gmunden", None]
    assert "<script" not in page.text
    assert page.text.count("<rect ") == page.text.count('<th scope="row">') == 2
    assert 'role="img"' in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    lines = text.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Nr.,Aufgabe,Verantwortlich,Beginn,Fertig bis"
    assert lines[1].startswith("1,'=1+1 ")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()
    assert rows[0] == ["No.", "Task", "Responsible", "Begins", "Done by"]
    assert rows[2] == ["2", "Bericht schreiben", "Zoë Canari", "2027-12-01", "2027-12-31"]
    log = await registration.parts.store.read(0, 100_000)
    assert not any("Canari" in repr(each.event) or "Bericht" in repr(each.event) for each in log)


@pytest.mark.parametrize("missing", ["owner_id", "due"])
async def test_no_task_without_somebody_and_a_day(registration: Registration, missing: str) -> None:
    town = await registration.organisation()
    coordinator = await registration.member("coordinator", town)
    task = {"title": "X", "owner_id": town, "starts": "2026-01-15", "due": "2026-03-31"}
    del task[missing]
    plan = {"starts": "2026-01-01", "ends": "2027-12-31", "tasks": [task]}

    answer = await registration.post(coordinator, f"/organisations/{town}/prerequisites", showing("plan", plan=plan))

    assert answer.status_code == 422
    assert f"plan.tasks.0.{missing}" in [each["field"] for each in answer.json()["errors"]]


async def test_what_is_no_plan_has_none(registration: Registration) -> None:
    town = await registration.organisation()
    coordinator = await registration.member("coordinator", town)
    fact_id = await show(registration, coordinator, town, showing("other"))

    assert (await registration.get(coordinator, f"/prerequisites/{fact_id}/plan")).status_code == 404


async def test_others_find_nothing_and_nobody_confirms_their_own(registration: Registration) -> None:
    town, coordinator, clerk = await applied(registration)
    fact_id = await show(registration, coordinator, town, showing("other"))
    strangers = {name: await registration.member(name) for name in ("coordinator", "office")}
    body = {**WHY, "version": 1}

    answers = {}
    for name, who in strangers.items():
        gets = [f"/prerequisites/{fact_id}", f"/organisations/{town}/prerequisites", f"/prerequisites/{fact_id}/plan"]
        answers[name] = {(await registration.get(who, path)).status_code for path in gets}
        answers[name].add((await registration.post(who, f"/prerequisites/{fact_id}/confirmation", body)).status_code)
    own = await registration.post(coordinator, f"/prerequisites/{fact_id}/confirmation", body)
    again = [
        (await registration.post(clerk, f"/prerequisites/{fact_id}/confirmation", body)).status_code for _ in range(2)
    ]

    assert answers == {"coordinator": {404}, "office": {404}}
    assert (own.status_code, own.json()["code"]) == (403, "confirmed-by-others")
    assert again == [200, 409]
