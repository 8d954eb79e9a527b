"""Who may call what, asked of the running services: every route, every kind of caller, and what belongs to others."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import pytest_asyncio
from tests.integration.stage import WHY, Stage, letter

from interpares.common.policy import Capacity, matrix
from interpares.common.runtime import SHARED
from interpares.programme.main import SERVICE as PROGRAMME
from interpares.registration.main import SERVICE as REGISTRATION

if TYPE_CHECKING:
    import httpx2

    from interpares.console.story.scene import Scene

pytestmark = [pytest.mark.integration, pytest.mark.asyncio(loop_scope="session")]

API = "/api/v1"
SERVICES = (PROGRAMME, REGISTRATION)
CALLERS = {capacity.value: capacity.value for capacity in Capacity} | {
    "coordinator": "other-coordinator",
    "stranger": "stranger",
    "anonymous": None,
}
# Somebody of the same capacity elsewhere; operators and auditors are nowhere else, they see everything.
ELSEWHERE = {
    Capacity.OFFICE: "other-office",
    Capacity.COORDINATOR: "other-coordinator",
    Capacity.FACILITATOR: "facilitator",
    Capacity.PARTNER: "partner",
}
DIRECTORY = "the directory of organisations is open to everybody who has a membership"
REGISTRARS = "offices are registrars for all organisations"
OPEN = {
    ("GET", f"{API}/organisations/{{organisation_id}}"): dict.fromkeys(ELSEWHERE, DIRECTORY),
    ("GET", f"{API}/organisations/{{organisation_id}}/memberships"): {Capacity.OFFICE: REGISTRARS},
    ("GET", f"{API}/people/{{person_id}}"): {Capacity.OFFICE: REGISTRARS},
    ("POST", f"{API}/memberships/{{membership_id}}/end"): {Capacity.OFFICE: REGISTRARS},
}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def elsewhere(stage: Stage) -> None:
    """Somebody in every capacity, in organisations that have nothing to do with the programmes of the office."""
    body = {"kind": "agency", "country": "DE", "keys": [{"scheme": "TEST", "value": str(uuid4())}], "names": {}}
    body["names"] = {"en": "Another office"}
    office = (await stage.clients["operator"].post("registration", "/organisations", body))["id"]
    town = stage.scene.organisations[stage.scene.cast.of("NL", "follower")[3].slug]
    await stage.join("other-office", "office", office)
    await stage.join("other-coordinator", "coordinator", town)
    await stage.join("facilitator", "facilitator", town)
    await stage.join("partner", "partner", office)


async def ask(
    stage: Stage, caller: str | None, service: str, route: tuple[str, str], body: Any = None
) -> httpx2.Response:
    method, path = route
    url = f"{stage.installation.services[service].url}{path}"
    headers = {} if caller is None else await stage.bearer(caller)
    if method == "POST" and path.endswith("/files"):
        headers |= {"Content-Type": "text/plain"}
        return await stage.http.request(method, url, params={"name": "a.txt"}, content=b"x", headers=headers)
    return await stage.http.request(method, url, json=body, headers=headers)


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
async def test_every_route_lets_those_pass_whom_the_table_names(stage: Stage, elsewhere: None, service: Any) -> None:
    callers = CALLERS | {"service": f"service-{(set(stage.installation.services) - {service.name}).pop()}"}
    cases = matrix({**service.policy, **SHARED})

    async def refused(method: str, path: str, caller: str) -> int | None:
        some = path.format_map(defaultdict(uuid4))
        answer = await ask(stage, callers[caller], service.name, (method, some), {} if method == "POST" else None)
        assert answer.status_code < 500, answer.text
        capacity_missing = answer.status_code == 403 and answer.json()["code"] == "no-capacity"
        return answer.status_code if answer.status_code == 401 or capacity_missing else None

    found = await asyncio.gather(*(refused(case.method, case.path, str(case.caller)) for case in cases))

    assert {case: status for case, status in zip(cases, found, strict=True) if status != case.refusal} == {}
    document = (await ask(stage, None, service.name, ("GET", f"{API}/openapi.json"))).json()
    described = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert described == {(case.method, case.path) for case in cases}


async def of_others(stage: Stage, scene: Scene) -> dict[str, str]:
    """Return ids that exist, of the programme of the office and its towns, by the name they have in paths."""
    town = scene.cast.towns[0]
    organisation = scene.organisations[town.slug]
    members = await stage.clients["operator"].get("registration", f"/organisations/{organisation}/memberships")
    log = await scene.office.get("programme", f"{scene.path}/decisions", at_least=scene.position)
    file = await ask(stage, "office", "registration", ("POST", f"{API}/organisations/{organisation}/files"))
    return {
        "programme_id": scene.programme,
        "organisation_id": organisation,
        "application_id": scene.applications[town.slug],
        "decision_id": log["items"][0]["id"],
        "duty": f"{town.country}.front-runner-meetings.1",
        "role": town.role,
        "person_id": members["items"][0]["person_id"],
        "membership_id": members["items"][0]["id"],
        "file_id": file.json()["id"],
    }


def bodies(ids: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Return what a command needs beside its grounds, by the end of its path."""
    own = {"organisation_id": ids["organisation_id"]}
    return {
        "call": {"deadline": {"local": "2099-12-01T12:00", "zone": "Europe/Vienna"}},
        "participations": {"application_id": ids["application_id"], "role": ids["role"]},
        "roles": {"role": ids["role"]},
        "withdrawal": {},
        "offer": {"to": [ids["organisation_id"]]},
        "acceptance": own,
        "{duty}/refusal": own,
    }


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
async def test_what_belongs_to_others_seems_not_to_be_there(stage: Stage, elsewhere: None, service: Any) -> None:
    scene = await stage.exchange("DE")
    ids = await of_others(stage, scene)
    nowhere = ids | {name: str(uuid4()) for name in ids if name.endswith("_id")}
    seen, told = {}, {}
    for (method, path), rule in service.policy.items():
        for capacity in rule if "{" in path and isinstance(rule, frozenset) else ():
            if capacity not in ELSEWHERE or capacity in OPEN.get((method, path), {}):
                continue
            more = next((more for end, more in bodies(ids).items() if path.endswith(f"/{end}")), {})
            on_behalf = letter() if service is PROGRAMME else {}
            body = {**WHY, **on_behalf, **more} if method == "POST" else None
            who = ELSEWHERE[capacity]
            theirs = await ask(stage, who, service.name, (method, path.format_map(ids)), body)
            nobodys = await ask(stage, who, service.name, (method, path.format_map(nowhere)), body)
            seen[method, path, capacity] = theirs.status_code
            told[method, path, capacity] = (plain(theirs), plain(nobodys))

    assert {case: status for case, status in seen.items() if status != 404} == {}
    assert {case: answers for case, answers in told.items() if answers[0] != answers[1]} == {}
    with_ids = {route for route in service.policy if "{" in route[1]}
    assert {(method, path) for method, path, _ in seen} | set(OPEN) >= with_ids


def plain(answer: httpx2.Response) -> dict[str, Any]:
    return {name: value for name, value in answer.json().items() if name != "trace_id"}
