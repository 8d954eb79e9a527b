"""Whatever is sent, by whoever may send it, the services answer as their OpenAPI documents say and never with a 5xx.

Each operation is tried in earnest by one who may call it, and now and again by all others who may: what differs between
them is what they find, not how a request is read. INTERPARES_TEST_EXAMPLES sets how many requests everybody makes of
every operation; with it they differ each time.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
import pytest_asyncio
import schemathesis
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.integration.stage import PATIENCE_SECONDS, letter

from interpares.common.policy import Capacity, Policy, refusal
from interpares.common.runtime import SHARED
from interpares.common.testing.counting import until
from interpares.console.demo import templates_folder
from interpares.console.story.multiply import TEMPLATE
from interpares.programme.main import SERVICE as PROGRAMME
from interpares.registration.main import SERVICE as REGISTRATION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemathesis import APIOperation, Case
    from tests.integration.stage import Stage

    Request = Case[Any]
    Operation = APIOperation[Any, Any, Any, Any]

pytestmark = [pytest.mark.integration, pytest.mark.slow]

GIVEN = os.environ.get("INTERPARES_TEST_EXAMPLES")
IN_EARNEST = int(GIVEN or 6)
BY_OTHERS = int(GIVEN or 2)
# Whoever may call most comes first, and tries in earnest what they may.
CALLERS = {
    "office": Capacity.OFFICE,
    "coordinator-graz": Capacity.COORDINATOR,
    "operator": Capacity.OPERATOR,
    "auditor": Capacity.AUDITOR,
}
# Every so manieth operation of a service is a test, so that those who run tests side by side can share them.
PARTS = 4
CHECKS = [
    not_a_server_error,
    response_schema_conformance,
    content_type_conformance,
    status_code_conformance,
]


@dataclass(frozen=True)
class Target:
    """Services to shoot at. urls: by service; tokens: by caller; known: values that exist, by the name of the field."""

    urls: dict[str, str]
    tokens: dict[str, dict[str, str]]
    known: dict[str, list[Any]]


# Once for the installation, as people are registered once only.
@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def target(stage: Stage) -> Target:
    """A programme with offered and accepted duties, and all who will try what they can with it."""
    scene = await stage.exchange("AT")
    town, other, *_ = scene.cast.towns
    organisations = [scene.organisations[each.slug] for each in scene.cast.towns]
    for number, organisation in ((1, organisations[0]), (3, organisations[1])):
        await scene.decide(f"/duties/AT.front-runner-meetings.{number}/offer", "rule", "Please.", to=[organisation])
    # What is shot at may fall: a membership that nobody else counts on.
    membership = await stage.join("leaver", "coordinator", organisations[1])
    person = await member(stage, organisations[1], membership)
    log = await scene.office.get("programme", f"{scene.path}/decisions", at_least=scene.position)
    known: dict[str, list[Any]] = {
        "programme_id": [scene.programme],
        "office_id": [scene.office_id],
        "organisation_id": organisations,
        "organisation": organisations,
        "to": [organisations[:1], organisations],
        "application_id": list(scene.applications.values()),
        "decision_id": [each["id"] for each in log["items"]],
        "duty": ["AT.front-runner-meetings.1", "AT.front-runner-meetings.3", "AT.award-meeting.1", "all.conference.1"],
        "role": [town.role, other.role, "follower"],
        "strand": ["AT"],
        "person_id": [person],
        "membership_id": [membership],
        "view": ["programmes", "duty_ledger", "organisations"],
        "feed": ["programme", "registration"],
        "names": [{"de": "Neustadt"}],
        "title": [{"en": "Another exchange"}],
        "template": [yaml.safe_load((templates_folder() / TEMPLATE).read_text(encoding="utf-8"))],
        "strands": [["AT"], ["AT", "NL"]],
        "deadline": [{"local": "2099-12-01T12:00", "zone": "Europe/Vienna"}],
        "reason": ["Because."],
        "on_behalf": [letter()["on_behalf"]],
        "capacity": ["coordinator", "facilitator"],
        "kind": ["municipality"],
    }
    urls = {name: service.url for name, service in stage.installation.services.items()}
    return Target(urls, {name: await stage.bearer(name) for name in sorted(CALLERS)}, known)


async def member(stage: Stage, organisation: str, membership: str) -> str:
    """Return whose a membership is, once the list of the organisation shows it."""

    found: list[str] = []

    async def listed() -> bool:
        path = f"/organisations/{organisation}/memberships"
        items = (await stage.clients["office"].get("registration", path))["items"]
        found[:] = [each["person_id"] for each in items if each["id"] == membership]
        return bool(found)

    await until(listed, "the membership is listed")
    return found[0]


def operations(url: str, policy: Policy) -> Iterator[tuple[Operation, list[str]]]:
    """Yield what a service describes and who may call it, as seen by somebody whose token is always sent along."""
    document = httpx2.get(f"{url}/api/v1/openapi.json", trust_env=False, timeout=PATIENCE_SECONDS).json()
    del document["components"]["securitySchemes"]
    for methods in document["paths"].values():
        for operation in methods.values():
            operation.pop("security", None)
    for result in schemathesis.openapi.from_dict(document).get_all_operations():
        assert isinstance(result, Ok), result
        operation = result.ok()
        rule = operation.method.upper(), operation.path
        yield operation, [name for name, capacity in CALLERS.items() if refusal(policy[rule], capacity) is None]


def cases(operation: Operation) -> st.SearchStrategy[Request]:
    """Return requests as described and, where there is something to get wrong, others."""
    right = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    if not operation.body and not list(operation.iter_parameters()):
        return right
    return st.one_of(right, operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))


def acquainted(case: Request, known: dict[str, list[Any]], data: st.DataObject) -> None:
    """Put values that exist into a request, in place of those that were made up."""
    for part in (case.path_parameters, case.query, case.body):
        if isinstance(part, dict):
            for name in sorted(part.keys() & known.keys()):
                part[name] = data.draw(st.sampled_from(known[name]), label=name)


def shoot(target: Target, service: str, caller: str, requests: st.SearchStrategy[Request], times: int) -> None:
    """Send requests as somebody and hold each answer against what the service says of itself."""

    @settings(
        max_examples=times,
        derandomize=GIVEN is None,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=requests, strangeness=st.integers(0, 2), data=st.data())
    def one(case: Request, strangeness: int, data: st.DataObject) -> None:
        if strangeness < 2:
            acquainted(case, target.known, data)
        answer = case.call(base_url=target.urls[service], headers=target.tokens[caller], timeout=PATIENCE_SECONDS)
        # What is no HTTP never reaches the application.
        if (answer.status_code, answer.content) != (400, b"Invalid HTTP request received."):
            case.validate_response(answer, checks=CHECKS)

    one()


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("service", [PROGRAMME, REGISTRATION], ids=lambda service: service.name)
def test_no_input_gives_a_server_error(target: Target, service: Any, part: int) -> None:
    described = list(operations(target.urls[service.name], {**service.policy, **SHARED}))
    for operation, callers in described[part::PARTS]:
        requests = cases(operation)
        for number, caller in enumerate(callers):
            shoot(target, service.name, caller, requests, BY_OTHERS if number else IN_EARNEST)
