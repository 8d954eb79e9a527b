"""Decisions prepared by one person and signed by another: any command of a programme can be written down first.

A draft names the address a command is sent to and holds its body; both are checked like a request when the draft is
saved. Signing it is sending it: the route of the command runs as it always does, with the right of whoever signs, and
notes who prepared it. The draft is settled in the transaction of the decision.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints
from uuid import UUID

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import TypeAdapter, ValidationError
from starlette.routing import compile_path

from interpares.common.commands import Commands, Handled, UnitOfWork
from interpares.common.errors import Invalid
from interpares.common.http import API, Asked
from interpares.common.policy import Capacity, Policy
from interpares.common.sealed import SealedText, seal
from interpares.programme.application.decided import Decided
from interpares.programme.application.desk import Draft
from interpares.programme.entrypoints.http.schemas import Answer, Deciding
from interpares.programme.projections.drafts import PreparedDrafts

C = TypeVar("C")
R = TypeVar("R")
HERE = f"{API}/programmes/{{programme_id}}"
# A draft of a draft would sign itself.
NEVER = f"{HERE}/drafts"


@dataclass(frozen=True)
class Prepared(Asked):
    """A signature: what a draft asks for, asked for by whoever signs. Texts are by whoever wrote them."""

    drafts: PreparedDrafts
    draft: Draft

    @property
    def prepared_by(self) -> UUID:
        """Who wrote what is signed."""
        return self.draft.writers[-1]

    def sealed(self, text: str, about: tuple[UUID, ...] = ()) -> SealedText:
        """Return a text as typed by whoever prepared it."""
        return seal(text, self.prepared_by, about, official=True)

    async def run(
        self,
        commands: Commands,
        use_case: Callable[[C, UnitOfWork], Awaitable[R]],
        command: C,
        returns: type[R],
        *,
        lane: UUID | None = None,
    ) -> Handled[R]:
        """Run the use case and settle the draft with it."""

        async def signed(asked: C, unit: UnitOfWork) -> R:
            result = await use_case(asked, unit)
            if isinstance(result, Decided):
                self.drafts.settle(unit, self.draft, "signed", result.decision_id)
            return result

        return await super().run(commands, signed, command, returns, lane=lane)


@dataclass(frozen=True)
class Preparable:
    """A command that can be prepared. path: below the programme, with names in braces."""

    path: str
    endpoint: Callable[..., Awaitable[Answer]]

    @cached_property
    def hints(self) -> dict[str, Any]:
        """The annotations of the route's function."""
        return get_type_hints(self.endpoint, include_extras=True)

    def parameters(self, programme_id: UUID, found: dict[str, Any]) -> dict[str, Any]:
        """Return the values of the path. Raises Invalid in ``path``."""
        values: dict[str, Any] = {"programme_id": programme_id}
        for name, written in found.items():
            try:
                values[name] = TypeAdapter(self.hints[name]).validate_python(written)
            except ValidationError as error:
                message = "This address leads nowhere."
                raise Invalid(message, "Check the ids and keys in it.", field="path") from error
        return values

    def read(self, body: dict[str, Any]) -> Deciding:
        """Return the body as the route would read it. Raises RequestValidationError below ``body``."""
        try:
            checked: Deciding = TypeAdapter(self.hints["body"]).validate_json(json.dumps(body))
        except ValidationError as error:
            faults = [{**fault, "loc": ("body", "body", *fault["loc"])} for fault in error.errors(include_url=False)]
            raise RequestValidationError(faults) from error
        return checked


@dataclass(frozen=True)
class Found:
    """A command and the values in its address."""

    preparable: Preparable
    values: dict[str, Any]


class Preparing:
    """Knows every command of this service that an office can prepare: all that decide about a programme."""

    def __init__(self, app: FastAPI, policy: Policy) -> None:
        self._patterns = []
        for context in iter_route_contexts(app.routes):
            route, path = context.original_route, context.path
            if not isinstance(route, APIRoute) or path is None or "POST" not in (context.methods or ()):
                continue
            rule = policy.get(("POST", path), frozenset())
            for_office = isinstance(rule, frozenset) and Capacity.OFFICE in rule
            if for_office and path.startswith(f"{HERE}/") and not path.startswith(NEVER) and _decides(route.endpoint):
                pattern, _, _ = compile_path(path.removeprefix(HERE))
                self._patterns.append((pattern, Preparable(path.removeprefix(HERE), route.endpoint)))

    def find(self, programme_id: UUID, path: str) -> Found:
        """Return the command at an address below the programme. Raises Invalid in ``path``."""
        for pattern, preparable in self._patterns:
            matched = pattern.match(path)
            if matched is not None:
                return Found(preparable, preparable.parameters(programme_id, matched.groupdict()))
        message = "No decision of a programme is asked for at this address."
        raise Invalid(message, "Give the address below the programme, such as /duties/AT.visits.1/offer.", field="path")

    def paths(self) -> list[str]:
        """Return the addresses below a programme at which a decision can be prepared."""
        return sorted(preparable.path for _, preparable in self._patterns)


def preparing(app: FastAPI, policy: Policy) -> Preparing:
    """Return what can be prepared; the application is whole only when it serves."""
    known: Preparing | None = getattr(app.state, "preparing", None)
    if known is None:
        known = app.state.preparing = Preparing(app, policy)
    return known


def _decides(endpoint: Callable[..., Any]) -> bool:
    """Tell whether a route asks for a decision: what it takes besides its path is a reasoned body, and who asks."""
    hints = get_type_hints(endpoint, include_extras=True)
    body, asked = hints.get("body"), hints.get("asked")
    asks = get_origin(asked) is Annotated and get_args(asked)[0] is Asked
    return asks and isinstance(body, type) and issubclass(body, Deciding)
