"""Fakes of what use cases need. Tests name them by ``services.registration.tests.application.conftest``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from interpares.common.aggregate import Aggregate
from interpares.common.errors import NotFound
from interpares.common.writes import Row

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from interpares.common.sealed import SealedText
    from interpares.registration.application.ports import CallNotice, PersonalData
    from interpares.registration.domain.application import Application
    from interpares.registration.domain.applying.content import Found
    from interpares.registration.domain.call import OpenCall
    from interpares.registration.domain.membership import Capacity, Membership
    from interpares.registration.domain.organisation import Key, Organisation

A = TypeVar("A", bound=Aggregate)


class FakeUnit:
    """A unit of work in memory. saved: events and texts; written: what each row stands for."""

    def __init__(self) -> None:
        self.stored: dict[UUID, Aggregate] = {}
        self.saved: list[tuple[list[Any], tuple[SealedText, ...]]] = []
        self.written: list[Any] = []

    def given(self, aggregate: Aggregate) -> None:
        aggregate.collect_events()
        self.stored[aggregate.id] = aggregate

    async def find(self, aggregate_class: type[A], aggregate_id: UUID, /) -> A | None:
        found = self.stored.get(aggregate_id)
        return found if isinstance(found, aggregate_class) else None

    async def load(self, aggregate_class: type[A], aggregate_id: UUID, /) -> A:
        found = await self.find(aggregate_class, aggregate_id)
        if found is None:
            raise NotFound(aggregate_class.__name__)
        return found

    def save(self, aggregate: Aggregate, /, *, texts: Sequence[SealedText] = ()) -> None:
        self.saved.append((list(aggregate.collect_events()), tuple(texts)))

    def write(self, *rows: Row) -> None:
        self.written += [row.statement for row in rows]


@dataclass
class FakePorts:
    """All ports at once; every row says what it would do."""

    held_now: set[tuple[UUID, UUID, Capacity]] = field(default_factory=set)
    open_call: OpenCall | None = None
    membership_ids: tuple[UUID, ...] = ()

    def claiming(self, organisation_id: UUID, keys: Sequence[Key]) -> Sequence[Row]:
        return [Row(("claim", organisation_id, key)) for key in keys]

    def entering(self, person_id: UUID, actor: UUID, data: PersonalData) -> Row:
        return Row(("enter", person_id, actor, data))

    async def one(self, person_id: UUID) -> None:
        raise NotImplementedError

    async def acting_as(self, actor: UUID) -> None:
        raise NotImplementedError

    async def ids_of(self, actor: UUID) -> tuple[UUID, ...]:
        return self.membership_ids

    async def held(self, actor: UUID, organisation_id: UUID, capacity: Capacity) -> bool:
        return (actor, organisation_id, capacity) in self.held_now

    def granting(self, membership: Membership) -> Sequence[Row]:
        return [Row(("grant", membership.id))]

    def ending(self, membership: Membership) -> Sequence[Row]:
        return [Row(("end", membership.id))]

    async def of(self, programme_id: UUID) -> OpenCall | None:
        return self.open_call if self.open_call and self.open_call.programme_id == programme_id else None

    async def by_id(self, call_id: UUID) -> OpenCall | None:
        return self.open_call if self.open_call and self.open_call.call_id == call_id else None

    def opening(self, call: OpenCall, notice: CallNotice, conditions: str) -> Row:
        return Row(("open", call, notice, conditions))

    def closing(self, call_id: UUID) -> Row:
        return Row(("close", call_id))


class FakePending:
    """The port of pending applications; every row says what it would do."""

    def entering(self, application: Application) -> Row:
        return Row(("pending", application.id))

    def removing(self, application_id: UUID) -> Row:
        return Row(("settled", application_id))


class FakeEligibility:
    """The conditions of roles; found: what they find."""

    def __init__(self) -> None:
        self.found: tuple[Found, ...] = ()

    async def findings(
        self, call: OpenCall, role: str, applicant: Organisation, members: Sequence[Organisation], now: datetime
    ) -> tuple[Found, ...]:
        return self.found


class FakeWaiting:
    """Which applications wait."""

    def __init__(self) -> None:
        self.ids: list[UUID] = []

    async def waiting(self, programme_id: UUID, role: str) -> Sequence[UUID]:
        return self.ids


@pytest.fixture
def eligibility() -> FakeEligibility:
    return FakeEligibility()


@pytest.fixture
def waiting() -> FakeWaiting:
    return FakeWaiting()


@pytest.fixture
def unit() -> FakeUnit:
    return FakeUnit()


@pytest.fixture
def ports() -> FakePorts:
    return FakePorts()


@pytest.fixture
def pending() -> FakePending:
    return FakePending()
