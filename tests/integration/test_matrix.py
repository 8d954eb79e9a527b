"""Who may call what, asked of the running services: every route, every kind of caller, and what belongs to others."""

from __future__ import annotations

import asyncio
from ast import literal_eval
from collections import defaultdict
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import pytest_asyncio
from tests.integration.asking import Asking
from tests.integration.stage import WHY, Stage

from interpares.common.policy import LINK, SERVICE, SERVICE_OR_OPERATOR, Access, Capacity, matrix
from interpares.common.runtime import SHARED
from interpares.programme.entrypoints.http import policy as programme_policy
from interpares.programme.main import SERVICE as PROGRAMME
from interpares.registration.entrypoints.http import policy as registration_policy
from interpares.registration.main import SERVICE as REGISTRATION

if TYPE_CHECKING:
    from collections.abc import Iterator

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
# Where a capacity reaches further than the organisation it is held in; each service says so beside its policy.
REACH: dict[str, Any] = {"programme": getattr(programme_policy, "REACH", {}), "registration": registration_policy.REACH}
# An answer that tells nothing: there is no such thing, or the request was refused before anything was looked for.
SILENT = {404, 422}
AT_ONCE = 16

SHOWN = {
    "kind": "other",
    "evidence": {"link": "https://ris.example.org/paper/17"},
    "valid_from": "2026-01-01",
    "reason": "As resolved in public.",
}


# Once for the installation: another module may come in between on a worker, and people are registered once only.
@pytest_asyncio.fixture(scope="session", loop_scope="session")
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


async def ask(stage: Stage, caller: str | None, service: str, method: str, request: dict[str, Any]) -> httpx2.Response:
    """Send a request as ``Asking`` makes it. caller: None for nobody."""
    given = dict(request)
    url = f"{stage.installation.services[service].url}{given.pop('path')}"
    headers = given.pop("headers", {}) | ({} if caller is None else await stage.bearer(caller))
    return await stage.http.request(method, url, headers=headers, **given)


async def document_of(stage: Stage, service: str) -> dict[str, Any]:
    answer = await ask(stage, None, service, "GET", {"path": f"{API}/openapi.json"})
    document: dict[str, Any] = answer.json()
    return document


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
async def test_every_route_lets_those_pass_whom_the_table_names(stage: Stage, elsewhere: None, service: Any) -> None:
    callers = CALLERS | {"service": f"service-{(set(stage.installation.services) - {service.name}).pop()}"}
    cases = matrix({**service.policy, **SHARED})

    async def refused(method: str, path: str, caller: str) -> int | None:
        given: dict[str, Any] = {"path": path.format_map(defaultdict(uuid4))} | (
            {"json": {}} if method == "POST" else {}
        )
        answer = await ask(stage, callers[caller], service.name, method, given)
        assert answer.status_code < 500, answer.text
        capacity_missing = answer.status_code == 403 and answer.json()["code"] == "no-capacity"
        return answer.status_code if answer.status_code == 401 or capacity_missing else None

    found = await asyncio.gather(*(refused(case.method, case.path, str(case.caller)) for case in cases))

    assert {case: status for case, status in zip(cases, found, strict=True) if status != case.refusal} == {}
    document = await document_of(stage, service.name)
    described = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert described == {(case.method, case.path) for case in cases}


async def of_others(stage: Stage, scene: Scene) -> dict[str, str]:
    """Return ids that exist, of the programme of the office and its towns, by the name they have in routes and bodies.

    What is not named here is an id that leads nowhere, for everybody alike.
    """
    town, office = scene.cast.towns[0], stage.clients["office"]
    organisation = scene.organisations[town.slug]
    members = await stage.clients["operator"].get("registration", f"/organisations/{organisation}/memberships")
    log = await scene.office.get("programme", f"{scene.path}/decisions", at_least=scene.position)
    file = {
        "path": f"{API}/organisations/{organisation}/files",
        "params": {"name": "a.txt"},
        "content": b"x",
        "headers": {"Content-Type": "text/plain"},
    }
    stored = await ask(stage, "office", "registration", "POST", file)
    shown = await office.post("registration", f"/organisations/{organisation}/prerequisites", SHOWN)
    await office.get("registration", f"/prerequisites/{shown['id']}", at_least=shown["position"])
    person = members["items"][0]["person_id"]
    wish = {"reason": "To see who may read it.", "channel": "letter"}
    request = await office.post("registration", f"/people/{person}/erasure-requests", wish)
    hold = WHY | {"until": "2099-12-01", "ground": "for-a-test"}
    held = await office.post("registration", f"/people/{person}/holds", hold)
    return {
        "programme_id": scene.programme,
        "organisation_id": organisation,
        "application_id": scene.applications[town.slug],
        "decision_id": log["items"][0]["id"],
        "duty": f"{town.country}.front-runner-meetings.1",
        "role": town.role,
        "person_id": person,
        "membership_id": members["items"][0]["id"],
        "file_id": stored.json()["id"],
        "fact_id": shown["id"],
        "request_id": request["id"],
        "hold_id": held["id"],
    }


def outside(service: Any) -> Iterator[tuple[str, str, str, str]]:
    """Yield method, path, capacity and context of everybody who has nothing to do with what a route names.

    Whoever is let in without a capacity may do so for themselves only, so they count as outside everywhere.
    """
    for (method, path), rule in service.policy.items():
        if "{" not in path or rule in {LINK, SERVICE, SERVICE_OR_OPERATOR}:
            continue
        everybody: dict[str, str] = {capacity.value: who for capacity, who in ELSEWHERE.items()}
        if isinstance(rule, Access):
            everybody["stranger"] = "stranger"
        for capacity, who in everybody.items():
            let_in = isinstance(rule, Access) or capacity in rule
            if let_in and capacity not in REACH[service.name].get((method, path), {}):
                yield method, path, capacity, who


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
async def test_what_belongs_to_others_seems_not_to_be_there(stage: Stage, elsewhere: None, service: Any) -> None:
    ids = await of_others(stage, await stage.exchange("DE"))
    nowhere = ids | {name: str(uuid4()) for name in ids if name.endswith("_id")}
    asking, turns = Asking(await document_of(stage, service.name)), asyncio.Semaphore(AT_ONCE)
    requests = {(method, path): asking.request(method, path, ids) for method, path, _, _ in outside(service)}

    async def answers(method: str, path: str, who: str) -> tuple[int, dict[str, Any], dict[str, Any]]:
        request = requests[method, path]
        # The same request but for the ids, so that nothing else can make a difference.
        renamed = literal_eval(swapped(repr(request), ids, nowhere))
        async with turns:
            theirs = await ask(stage, who, service.name, method, request)
            nobodys = await ask(stage, who, service.name, method, renamed)
        return theirs.status_code, plain(theirs), plain(nobodys)

    cases = list(outside(service))
    found = await asyncio.gather(*(answers(method, path, who) for method, path, _, who in cases))

    told = dict(zip([case[:3] for case in cases], found, strict=True))
    let_in = [(*case, answer[0]) for case, answer in told.items() if answer[0] not in SILENT]
    assert not let_in, "\n".join(map(str, let_in))
    telling = [(*case, *answer[1:]) for case, answer in told.items() if answer[1] != answer[2]]
    assert not telling, "\n".join(map(str, telling))
    # Most of it is asked right, so that it is the organisation that stands against it.
    assert sum(status == 404 for status, _, _ in found) > len(found) * 0.8


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
async def test_what_is_ones_own_can_be_read(stage: Stage, elsewhere: None, service: Any) -> None:
    """Office, coordinator, auditor and operator read what the table lets them read of their own, or of everybody."""
    scene = await stage.exchange("DE")
    ids = await of_others(stage, scene)
    inside = {
        Capacity.OFFICE: "office",
        Capacity.COORDINATOR: scene.cast.towns[0].coordinator.client,
        Capacity.AUDITOR: "auditor",
        Capacity.OPERATOR: "operator",
    }
    asking = Asking(await document_of(stage, service.name))
    answers: dict[str, dict[Capacity, httpx2.Response]] = defaultdict(dict)
    for (method, path), rule in service.policy.items():
        if method != "GET" or not isinstance(rule, frozenset):
            continue
        request = asking.request(method, path, ids)
        for capacity in sorted(rule & inside.keys()):
            answers[path][capacity] = await ask(stage, inside[capacity], service.name, method, request)

    refused = [
        (path, capacity, answer.status_code)
        for path, by_capacity in answers.items()
        for capacity, answer in by_capacity.items()
        # What nobody finds is not there; what one of them finds, all of them do.
        if answer.status_code in {401, 403}
        or (answer.status_code == 404 and any(other.status_code == 200 for other in by_capacity.values()))
    ]
    assert not refused, "\n".join(map(str, refused))
    assert sum(any(each.status_code == 200 for each in by_capacity.values()) for by_capacity in answers.values()) > 10


def swapped(text: str, ids: dict[str, str], others: dict[str, str]) -> str:
    """Return a text with ids exchanged for others."""
    for name, value in ids.items():
        text = text.replace(value, others[name]) if name.endswith("_id") else text
    return text


def plain(answer: httpx2.Response) -> dict[str, Any]:
    return {name: value for name, value in answer.json().items() if name != "trace_id"}
