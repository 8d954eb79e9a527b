from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from fastapi import APIRouter, FastAPI

from interpares.common.errors import Forbidden, NotFound
from interpares.common.policy import (
    ANYONE_SIGNED_IN,
    LINK,
    ONESELF,
    PUBLIC,
    SERVICE,
    SERVICE_OR_OPERATOR,
    Capacity,
    Case,
    Membership,
    Policy,
    PolicyGap,
    Principal,
    check_policy,
    matrix,
)

if TYPE_CHECKING:
    from collections.abc import Callable

OFFICE = frozenset({Capacity.OFFICE})
ANNA, OWN, OTHER = uuid4(), uuid4(), uuid4()
COORDINATES = Membership(uuid4(), ANNA, OWN, Capacity.COORDINATOR)
AUDITS = Membership(uuid4(), ANNA, OTHER, Capacity.AUDITOR)


async def offer() -> None: ...


async def read() -> None: ...


def app_with(*routes: tuple[str, str, Callable[..., Any]]) -> FastAPI:
    app = FastAPI(openapi_url=None)
    outer, inner = APIRouter(prefix="/programmes"), APIRouter(prefix="/{programme}")
    for method, path, endpoint in routes:
        inner.add_api_route(path, endpoint, methods=[method])
    outer.include_router(inner)
    app.include_router(outer, prefix="/api/v1")
    return app


OFFER = ("POST", "/api/v1/programmes/{programme}/offer")
READ = ("GET", "/api/v1/programmes/{programme}/duties")
APP = app_with(("POST", "/offer", offer), ("GET", "/duties", read))
POLICY: Policy = {OFFER: OFFICE, READ: OFFICE | {Capacity.AUDITOR}}


def faults(app: FastAPI, policy: Policy) -> list[str]:
    with pytest.raises(PolicyGap) as found:
        check_policy(app, policy)
    return str(found.value).splitlines()


def test_rules_are_found_for_routes_with_the_whole_path_through_nested_routers() -> None:
    rules = check_policy(APP, POLICY)
    assert {(rule.method, rule.path): rule.rule for rule in rules.values()} == POLICY
    assert rules["POST", offer].path == OFFER[1]


def test_a_route_without_an_entry_is_named() -> None:
    assert faults(APP, {OFFER: OFFICE}) == [f"GET {READ[1]}: no entry in the policy table"]


def test_an_entry_without_a_route_is_named() -> None:
    assert faults(APP, {**POLICY, ("GET", "/api/v1/gone"): OFFICE}) == ["GET /api/v1/gone: no such route"]


def test_an_entry_for_another_method_is_no_entry() -> None:
    assert faults(APP, {("GET", OFFER[1]): OFFICE, READ: OFFICE}) == [
        f"POST {OFFER[1]}: no entry in the policy table",
        f"GET {OFFER[1]}: no such route",
    ]


def test_one_function_on_two_paths_is_refused() -> None:
    app = app_with(("GET", "/a", read), ("GET", "/b", read))
    policy: Policy = {("GET", f"/api/v1/programmes/{{programme}}/{name}"): OFFICE for name in "ab"}
    assert "its function serves another path too" in "".join(faults(app, policy))


def test_a_route_that_cannot_be_guarded_is_refused() -> None:
    app = app_with(("GET", "/duties", read))
    app.mount("/files", FastAPI(openapi_url=None))
    assert faults(app, {READ: OFFICE}) == ["/files: not a route that can be guarded"]


@pytest.mark.parametrize("rule", [PUBLIC, ANYONE_SIGNED_IN, SERVICE_OR_OPERATOR, OFFICE | {Capacity.AUDITOR}])
def test_nobody_without_a_capacity_and_no_auditor_changes_anything(rule: Any) -> None:
    (fault,) = faults(APP, {**POLICY, OFFER: rule})
    assert fault.startswith(f"POST {OFFER[1]}: ")


def test_the_matrix_says_what_every_caller_meets_everywhere() -> None:
    policy: Policy = {
        OFFER: OFFICE,
        ("GET", "/me"): ANYONE_SIGNED_IN,
        ("GET", "/docs"): PUBLIC,
        ("GET", "/feed"): SERVICE,
        ("GET", "/log"): SERVICE_OR_OPERATOR,
        ("POST", "/seat"): LINK,
        ("POST", "/erasure"): ONESELF,
    }
    cells = {(case.path, case.caller): case.refusal for case in matrix(policy)}
    assert len(cells) == len(policy) * (len(Capacity) + 3)
    assert Case("GET", "/feed", "stranger", 403) in matrix(policy)
    for path, passing in {
        OFFER[1]: {Capacity.OFFICE},
        "/me": {*Capacity, "stranger", "service"},
        "/docs": {*Capacity, "stranger", "service", "anonymous"},
        "/feed": {"service"},
        "/log": {"service", Capacity.OPERATOR},
        "/seat": {*Capacity, "stranger", "service", "anonymous"},
        "/erasure": {*Capacity, "stranger", "service"},
    }.items():
        assert {caller for (at, caller), refusal in cells.items() if at == path and refusal is None} == passing
        assert cells[path, "anonymous"] == (None if path in {"/docs", "/seat"} else 401)


def test_a_principal_tells_what_is_held_where() -> None:
    anna = Principal(ANNA, (COORDINATES, AUDITS))
    assert anna.has(Capacity.COORDINATOR, Capacity.OFFICE)
    assert not anna.has(Capacity.OFFICE)
    assert anna.of(OWN)
    assert anna.of(OWN, Capacity.COORDINATOR)
    assert not anna.of(OTHER, Capacity.COORDINATOR)
    assert not anna.of(uuid4())


def test_acting_for_an_organisation_needs_a_capacity_there() -> None:
    anna = Principal(ANNA, (COORDINATES, AUDITS))
    assert anna.require(OWN, Capacity.COORDINATOR) == COORDINATES
    with pytest.raises(Forbidden, match="does not cover") as refused:
        anna.require(OTHER, Capacity.COORDINATOR, Capacity.OFFICE)
    assert refused.value.way_out == "Ask one of its members who is coordinator or office."


def test_an_organisation_one_has_nothing_to_do_with_looks_as_if_it_did_not_exist() -> None:
    with pytest.raises(NotFound, match="no such organisation"):
        Principal(ANNA, (COORDINATES,)).require(OTHER, Capacity.COORDINATOR)
