"""Every route answers to every kind of caller as the policy table says."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from interpares.common.policy import LINK, ONESELF, Capacity, matrix
from interpares.common.runtime import SHARED
from interpares.registration.domain.membership import PLATFORM
from interpares.registration.entrypoints.http.policy import POLICY

if TYPE_CHECKING:
    from services.registration.tests.conftest import Registration

WHOLE = {**POLICY, **SHARED}
pytestmark = pytest.mark.integration


class AnyId(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return str(uuid4())


async def test_the_matrix_of_callers_and_routes(registration: Registration) -> None:
    subjects = {
        capacity: await registration.member(capacity, str(PLATFORM) if capacity is Capacity.OPERATOR else None)
        for capacity in Capacity
    }
    everybody: dict[str, str] = {str(each): who for each, who in subjects.items()} | {
        "stranger": "stranger",
        "service": "service-programme",
    }
    found = {}
    for case in matrix(WHOLE):
        path = case.path.format_map(AnyId())
        headers = {} if case.caller == "anonymous" else registration.issuer.bearer(everybody[case.caller])
        answer = await registration.client.request(case.method, path, headers=headers, json={})
        refused = answer.status_code == 401 or (answer.status_code == 403 and answer.json()["code"] == "no-capacity")
        found[case.method, case.path, case.caller] = answer.status_code if refused else None
        assert answer.status_code < 500, answer.text

    assert found == {(case.method, case.path, case.caller): case.refusal for case in matrix(WHOLE)}


def test_auditors_and_partners_change_nothing_but_what_concerns_themselves() -> None:
    for (method, path), rule in POLICY.items():
        if method != "GET" and rule not in {ONESELF, LINK}:
            assert isinstance(rule, frozenset), path
            assert rule <= {Capacity.OPERATOR, Capacity.OFFICE, Capacity.COORDINATOR, Capacity.FACILITATOR}
