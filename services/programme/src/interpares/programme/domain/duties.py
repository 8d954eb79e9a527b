"""Hosting duties: what one is, and who may host it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias
from uuid import UUID

from interpares.programme.domain.participation import Participations, holders

if TYPE_CHECKING:
    from datetime import date

    from interpares.programme.domain.charter import Charter


class Status(StrEnum):
    """Where a duty stands."""

    OPEN = "open"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    SCHEDULED = "scheduled"
    HELD = "held"
    RELEASED = "released"
    LAPSED = "lapsed"


class LossCause(StrEnum):
    """Why a duty lost its host or the one that owed it."""

    RELEASE = "release"
    ROLE_END = "role-end"
    WITHDRAWAL = "withdrawal"
    PAIR_END = "pair-end"


class LapseCause(StrEnum):
    """Why a duty lapsed: the office or the rule says so, another hosted duty counts, or the pair it was for is gone."""

    DECIDED = "decided"
    HOST_LOSS = "host-loss"
    COUNTED = "counted"
    PAIR_END = "pair-end"


WAITING = frozenset({Status.OPEN, Status.OFFERED})
TAKEN = frozenset({Status.ACCEPTED, Status.SCHEDULED, Status.HELD})


@dataclass(frozen=True)
class Loss:
    """An organisation that dropped out of a duty."""

    organisation: UUID
    cause: LossCause


@dataclass(frozen=True)
class Duty:
    """A meeting somebody has to host; strand, rule and ordinal are its key.

    owner: who owes it; None if any holder of the rule's role may take it.
    candidates: to whom it is offered and who has not answered. declined: who said no since it was last opened.
    """

    strand: str
    rule: str
    ordinal: int
    format: str
    owner: UUID | None
    status: Status = Status.OPEN
    candidates: tuple[UUID, ...] = ()
    declined: tuple[UUID, ...] = ()
    host: UUID | None = None
    losses: tuple[Loss, ...] = ()

    @property
    def id(self) -> str:
        """The key as a path-safe string, such as ``AT.front-runner-meetings.1``."""
        return f"{self.strand}.{self.rule}.{self.ordinal}"

    @property
    def key(self) -> tuple[str, str, int]:
        """The key, in the order of the ledger."""
        return (self.strand, self.rule, self.ordinal)

    def binds(self, organisation: UUID) -> bool:
        """Tell whether the organisation hosts or owes this duty and it is still ahead."""
        return organisation in {self.host, self.owner} and self.status in WAITING | {Status.ACCEPTED, Status.SCHEDULED}

    def charged_to(self, organisation: UUID) -> bool:
        """Tell whether the duty counts among those the organisation owes by its rule.

        It does if the organisation owes or hosts it, also when it has lapsed, and if the organisation was released
        from it while it kept its role: what was forgiven is not asked for again.
        """
        return organisation in {self.owner, self.host} or Loss(organisation, LossCause.RELEASE) in self.losses


Duties: TypeAlias = "dict[str, Duty]"


def eligible(duty: Duty, charter: Charter, participations: Participations, on: date | None = None) -> tuple[UUID, ...]:
    """Return who may host a duty, in the order of admission: its owner, or each holder of the role in its scope.

    on: leave out whose time in the role is over on this day.
    """
    rule = charter.hosting[duty.rule]
    pool = holders(participations, rule.role, None if rule.whole else duty.strand, on)
    return tuple(member.organisation for member in pool if duty.owner in {None, member.organisation})


def surplus(duties: Duties, charter: Charter, rule_key: str, organisation: UUID) -> tuple[Duty, ...]:
    """Return the duties an organisation owes under a rule no longer because duties it hosts count towards the rule.

    Of those it has not accepted, the last ones; fewer than it could shed if it has accepted more.
    """
    owed = [duty for duty in duties.values() if duty.rule == rule_key and duty.charged_to(organisation)]
    counted = [
        duty
        for duty in duties.values()
        if charter.hosting[duty.rule].counts_towards == rule_key and duty.host == organisation
    ]
    # Where strands come with the pairs, the share is owed in each of them.
    share = len(charter.hosting[rule_key].formats) * max(1, len({duty.strand for duty in owed}))
    excess = len(owed) + len(counted) - share
    waiting = [duty for duty in owed if duty.owner == organisation and duty.status in WAITING]
    return tuple(sorted(waiting, key=lambda duty: duty.key, reverse=True)[: max(excess, 0)])
