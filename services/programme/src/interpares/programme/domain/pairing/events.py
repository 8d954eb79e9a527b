"""What happens to pairs: stored events."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from interpares.programme.domain.events import Event, end_offers
from interpares.programme.domain.pairing.state import Pair, PairStatus

if TYPE_CHECKING:
    from interpares.programme.domain.programme import Programme
    from interpares.programme.domain.state import State


class PairProposed(Event):
    """Two participants are to be a pair. ``by``: the one that proposes, and so has consented; None for the office."""

    TOPIC = "programme.programme.pair-proposed.v1"
    pair: str
    kind: str
    members: tuple[UUID, ...]
    by: UUID | None

    def apply(self, aggregate: Programme) -> None:
        """Wait for the consent of both."""
        consented = () if self.by is None else (self.by,)
        aggregate.state.pairs[self.pair] = Pair(self.pair, self.kind, self.members, consented)


class PairConsented(Event):
    """One side wants it."""

    TOPIC = "programme.programme.pair-consented.v1"
    pair: str
    organisation: UUID

    def apply(self, aggregate: Programme) -> None:
        """Remember the consent."""
        pairs = aggregate.state.pairs
        pairs[self.pair] = replace(pairs[self.pair], consented=(*pairs[self.pair].consented, self.organisation))


class PairDeclined(Event):
    """One side does not want it."""

    TOPIC = "programme.programme.pair-declined.v1"
    pair: str
    organisation: UUID

    def apply(self, aggregate: Programme) -> None:
        """Let the proposal be."""
        _becomes(aggregate.state, self.pair, PairStatus.DECLINED)


class PairConcluded(Event):
    """The two are a pair; where strands go by pair, they have one from here on."""

    TOPIC = "programme.programme.pair-concluded.v1"
    pair: str
    kind: str
    members: tuple[UUID, ...]

    def apply(self, aggregate: Programme) -> None:
        """Bring them together."""
        state = aggregate.state
        state.pairs.setdefault(self.pair, Pair(self.pair, self.kind, self.members))
        _becomes(state, self.pair, PairStatus.CONCLUDED)
        if state.charter.by_pair:
            for member in map(str, self.members):
                before = state.participations[member]
                state.participations[member] = replace(before, pairs=(*before.pairs, self.pair))


class PairEnded(Event):
    """The two are a pair no longer, or will not be. ``offers_ended``: duties of its strand that are offered no more."""

    TOPIC = "programme.programme.pair-ended.v1"
    pair: str
    members: tuple[UUID, ...]
    offers_ended: tuple[str, ...]

    def apply(self, aggregate: Programme) -> None:
        """Part them; what becomes of the duties of their strand follows as events of their own."""
        state = aggregate.state
        _becomes(state, self.pair, PairStatus.ENDED)
        for member in self.members:
            before = state.participations[str(member)]
            left = tuple(pair for pair in before.pairs if pair != self.pair)
            state.participations[str(member)] = replace(before, pairs=left)
            end_offers(state, member, self.offers_ended)


def _becomes(state: State, pair: str, status: PairStatus) -> None:
    state.pairs[pair] = replace(state.pairs[pair], status=status)
