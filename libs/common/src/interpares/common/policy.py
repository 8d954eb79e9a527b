"""Who may call what: memberships, the capacities they give, and one table of routes, deny by default.

The table decides by capacity alone; whether the capacity is held in the right organisation the route asks with
``Principal.require``. Memberships come from a port: what a token says about its bearer is never more than who it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Any, Literal, Protocol

from fastapi.routing import APIRoute, iter_route_contexts

from interpares.common.errors import Forbidden, NotFound

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from fastapi import FastAPI

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Capacity(StrEnum):
    """As what somebody acts for an organisation."""

    OPERATOR = "operator"
    OFFICE = "office"
    COORDINATOR = "coordinator"
    FACILITATOR = "facilitator"
    AUDITOR = "auditor"
    PARTNER = "partner"


class Access(Enum):
    """Who may call a route that is not open by capacity.

    PUBLIC: anybody. ANYONE_SIGNED_IN: whoever has a valid token, with or without membership; for reading only.
    SERVICE: another service, by the subject of its token. SERVICE_OR_OPERATOR: or an operator; for reading only.
    ONESELF: whoever has a valid token, with or without membership, in what concerns their own person and nobody else.
    LINK: whoever has a personal link, without a token; the route opens the link, and it leads to one thing only.
    """

    PUBLIC = "public"
    ANYONE_SIGNED_IN = "anyone signed in"
    SERVICE = "service"
    SERVICE_OR_OPERATOR = "service or operator"
    ONESELF = "oneself"
    LINK = "personal link"


PUBLIC = Access.PUBLIC
ANYONE_SIGNED_IN = Access.ANYONE_SIGNED_IN
SERVICE = Access.SERVICE
SERVICE_OR_OPERATOR = Access.SERVICE_OR_OPERATOR
ONESELF = Access.ONESELF
LINK = Access.LINK
# Routes that need no token.
OPEN = frozenset({PUBLIC, LINK})

Rule = frozenset[Capacity] | Access
Policy = Mapping[tuple[str, str], Rule]
Endpoint = Callable[..., Any]


@dataclass(frozen=True)
class Membership:
    """Somebody acts for an organisation in one capacity."""

    membership_id: UUID
    actor: UUID
    organisation_id: UUID
    capacity: Capacity


class Memberships(Protocol):
    """The port memberships are loaded through, once per request."""

    async def of(self, actor: UUID) -> tuple[Membership, ...]:
        """Return what the actor holds now, empty for an unknown actor."""
        ...

    async def confirmed_at(self) -> datetime | None:
        """Return up to when the memberships are known to be complete (aware, UTC), None if they never were."""
        ...


@dataclass(frozen=True)
class Principal:
    """Who calls, with all they hold."""

    actor: UUID
    memberships: tuple[Membership, ...] = ()

    def has(self, *capacities: Capacity) -> bool:
        """Tell whether one of the capacities is held, wherever."""
        return any(membership.capacity in capacities for membership in self.memberships)

    def of(self, organisation_id: UUID, *capacities: Capacity) -> bool:
        """Tell whether one of the capacities, or any where none is named, is held in the organisation."""
        return self._held(organisation_id, capacities) is not None

    def require(self, organisation_id: UUID, *capacities: Capacity) -> Membership:
        """Return the membership that allows to act for the organisation.

        Raises NotFound for an organisation the caller has nothing to do with: its id looks like it does not exist.
        Raises Forbidden where they belong to it, but in another capacity.
        """
        membership = self._held(organisation_id, capacities)
        if membership is not None:
            return membership
        if self.of(organisation_id):
            message = "Your capacity in this organisation does not cover this."
            raise Forbidden(message, f"Ask one of its members who is {' or '.join(capacities)}.")
        message = "There is no such organisation."
        raise NotFound(message)

    def _held(self, organisation_id: UUID, capacities: tuple[Capacity, ...]) -> Membership | None:
        for membership in self.memberships:
            if membership.organisation_id == organisation_id and (not capacities or membership.capacity in capacities):
                return membership
        return None


class PolicyGap(Exception):
    """The table and the routes of the application do not match; each line names one fault."""


@dataclass(frozen=True)
class Guarded:
    """A route as the table sees it."""

    method: str
    path: str
    rule: Rule


def check_policy(app: FastAPI, policy: Policy) -> dict[tuple[str, Endpoint], Guarded]:
    """Match the table with the routes; return each route's rule by method and endpoint function.

    Raises PolicyGap for a route without an entry, an entry without a route, a kind of route that cannot be guarded, one
    function on two paths, and a rule that lets auditors, or people without a membership, change something.
    """
    found: dict[tuple[str, Endpoint], Guarded] = {}
    faults = []
    for context in iter_route_contexts(app.routes):
        if not isinstance(context.original_route, APIRoute) or context.path is None:
            faults.append(f"{context.path or type(context.original_route).__name__}: not a route that can be guarded")
            continue
        for method in sorted(context.methods or ()):
            rule = policy.get((method, context.path))
            endpoint = context.original_route.endpoint
            if rule is None:
                faults.append(f"{method} {context.path}: no entry in the policy table")
            elif (method, endpoint) in found:
                faults.append(f"{method} {context.path}: its function serves another path too")
            else:
                found[method, endpoint] = Guarded(method, context.path, rule)
    present = {(guarded.method, guarded.path) for guarded in found.values()}
    faults += [f"{method} {path}: no such route" for method, path in policy if (method, path) not in present]
    faults += [f"{g.method} {g.path}: {fault}" for g in found.values() if (fault := _too_open(g.method, g.rule))]
    if faults:
        raise PolicyGap("\n".join(faults))
    return found


def _too_open(method: str, rule: Rule) -> str | None:
    if method in SAFE:
        return None
    if isinstance(rule, Access):
        changing = rule in {SERVICE, ONESELF, LINK}
        return None if changing else "only a capacity may open a route that changes something"
    return "auditors never change anything" if Capacity.AUDITOR in rule else None


Caller = Capacity | Literal["anonymous", "stranger", "service"]


@dataclass(frozen=True)
class Case:
    """A cell of the role × route matrix; refusal: 401, 403, or None where the route lets the caller pass."""

    method: str
    path: str
    caller: Caller
    refusal: Literal[401, 403] | None


def matrix(policy: Policy) -> tuple[Case, ...]:
    """Return what every route must answer to every kind of caller.

    A caller is a capacity (one membership, in some organisation), ``anonymous`` (no token), ``stranger`` (a token, no
    membership) or ``service`` (the token of a service).
    """
    callers: tuple[Caller, ...] = (*Capacity, "anonymous", "stranger", "service")
    return tuple(
        Case(method, path, caller, refusal(rule, caller))
        for (method, path), rule in policy.items()
        for caller in callers
    )


def refusal(rule: Rule, caller: Caller) -> Literal[401, 403] | None:
    """Return the status a rule refuses a kind of caller with, None where it lets them pass."""
    if rule in OPEN:
        return None
    if caller == "anonymous":
        return 401
    if isinstance(rule, Access):
        open_to_operator = rule is SERVICE_OR_OPERATOR and caller == Capacity.OPERATOR
        signed_in = rule in {ANYONE_SIGNED_IN, ONESELF}
        return None if signed_in or caller == "service" or open_to_operator else 403
    return None if caller in rule else 403
