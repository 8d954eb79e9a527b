"""Twin towns: two organisations that are linked, from a day to a day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from interpares.common.aggregate import Aggregate, Snapshot
from interpares.registration.domain.directory.errors import TwinnedWithItself, TwinningOver, ValidityReversed
from interpares.registration.domain.grounds import Grounds


@dataclass(frozen=True)
class State:
    """What decisions about a link rest on."""

    between: tuple[UUID, UUID]
    starts: date | None
    ended: bool = False


class Change(Aggregate.Event):
    """A change of a link."""


class Ended(Change):
    """The link ended; ends: its last day. reason: hex hash of the sealed text. acting_as: capacity of who ended it."""

    TOPIC = "registration.twinning.ended.v1"

    between: tuple[UUID, ...]
    ends: date
    reason_code: str
    reason: str
    acting_as: str

    def apply(self, aggregate: Twinning) -> None:
        """Close it."""
        aggregate.state = replace(aggregate.state, ended=True)


class Twinning(Aggregate):
    """One link between two organisations."""

    TOPIC = "registration.twinning"
    Event = Change
    if TYPE_CHECKING:
        state: State

    class Created(Change, Aggregate.Created):
        """Two organisations are twinned. between: both, the smaller id first. starts: None where nobody knows.

        reason, acting_as: as in ``Ended``.
        """

        TOPIC = "registration.twinning.entered.v1"

        between: tuple[UUID, ...]
        starts: date | None
        reason_code: str
        reason: str
        acting_as: str

        def apply(self, aggregate: Twinning) -> None:
            """Take up what decisions rest on."""
            one, other = self.between
            aggregate.state = State((one, other), self.starts)

    @classmethod
    def enter(cls, twinning_id: UUID, between: tuple[UUID, UUID], starts: date | None, grounds: Grounds) -> Twinning:
        """Link two organisations, whichever is named first. Raises TwinnedWithItself."""
        if between[0] == between[1]:
            raise TwinnedWithItself
        return cls._create(
            cls.Created,
            id=twinning_id,
            between=tuple(sorted(between)),
            starts=starts,
            reason_code=grounds.reason_code,
            reason=grounds.reason,
            acting_as=grounds.capacity,
        )

    def end(self, ends: date, grounds: Grounds) -> None:
        """End the link with a last day. Raises TwinningOver, ValidityReversed."""
        if self.state.ended:
            raise TwinningOver
        if self.state.starts and ends < self.state.starts:
            raise ValidityReversed
        self.trigger_event(
            Ended,
            between=self.state.between,
            ends=ends,
            reason_code=grounds.reason_code,
            reason=grounds.reason,
            acting_as=grounds.capacity,
        )


class TwinningSnapshot(Snapshot):
    """A link at a version."""

    TOPIC = "registration.twinning.snapshot"
    AGGREGATE = Twinning
    state: State
