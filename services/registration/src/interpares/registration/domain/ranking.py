"""Rankings: the order of the applicants for a role, as it was computed, with the rule and all it was computed from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from interpares.common.aggregate import Aggregate, Snapshot
from interpares.registration.domain.applying.errors import NobodyToRank
from interpares.registration.domain.applying.ranking_rule import Candidate, Entry, Rule, rank
from interpares.registration.domain.call import OpenCall
from interpares.registration.domain.grounds import Grounds

RANKINGS = UUID("0192f0c0-0000-7000-8000-000000000004")


def ranking_id(programme_id: UUID, role: str, strand: str | None) -> UUID:
    """Return the id of the ranking for a role in a programme, and in a strand of it."""
    return uuid5(RANKINGS, f"{programme_id}:{role}:{strand or ''}")


@dataclass(frozen=True)
class State:
    """What decisions about a ranking rest on."""

    programme_id: UUID
    office_id: UUID
    role: str
    strand: str | None


class Change(Aggregate.Event):
    """A change of a ranking."""


class Ranked(Change):
    """The applicants were ranked; each ranking is whole and replaces the one before.

    rule_hash: hex SHA-256 of the rule's canonical JSON. entries: best first, with all they were computed from.
    reason: hex hash of the sealed text. acting_as: capacity of whoever had them ranked.
    """

    TOPIC = "registration.ranking.ranked.v1"

    call_id: UUID
    programme_id: UUID
    role: str
    strand: str | None
    rule: Rule
    rule_hash: str
    entries: tuple[Entry, ...]
    reason_code: str
    reason: str
    acting_as: str

    def apply(self, _aggregate: Ranking) -> None:
        """Change nothing that decisions rest on."""

    def recomputed(self) -> tuple[Entry, ...]:
        """Return the order that follows from what is recorded here: equal to the entries, or something is wrong."""
        return rank(self.rule, self.call_id, [each.candidate for each in self.entries])


class Ranking(Aggregate):
    """The ranking for one role in one programme, and in one strand of it."""

    TOPIC = "registration.ranking"
    Event = Change
    if TYPE_CHECKING:
        state: State

    class Created(Change, Aggregate.Created):
        """A role has a ranking from here on."""

        TOPIC = "registration.ranking.begun.v1"

        programme_id: UUID
        office_id: UUID
        role: str
        strand: str | None

        def apply(self, aggregate: Ranking) -> None:
            """Take up what decisions rest on."""
            aggregate.state = State(self.programme_id, self.office_id, self.role, self.strand)

    @classmethod
    def begin(cls, call: OpenCall, role: str, strand: str | None) -> Ranking:
        """Begin the ranking for a role."""
        return cls._create(
            cls.Created,
            id=ranking_id(call.programme_id, role, strand),
            programme_id=call.programme_id,
            office_id=call.office_id,
            role=role,
            strand=strand,
        )

    def rank(self, call: OpenCall, candidates: tuple[Candidate, ...], grounds: Grounds) -> None:
        """Rank those who wait by the rule of the call. Raises NobodyToRank."""
        if not candidates:
            raise NobodyToRank
        rule = call.rule_for(self.state.role)
        self.trigger_event(
            Ranked,
            call_id=call.call_id,
            programme_id=self.state.programme_id,
            role=self.state.role,
            strand=self.state.strand,
            rule=rule,
            rule_hash=rule.hash,
            entries=rank(rule, call.call_id, candidates),
            reason_code=grounds.reason_code,
            reason=grounds.reason,
            acting_as=grounds.capacity,
        )


class RankingSnapshot(Snapshot):
    """A ranking at a version."""

    TOPIC = "registration.ranking.snapshot"
    AGGREGATE = Ranking
    state: State
