"""Pairs of participants. ``pair``: such as ``twins-1``; where strands go by pair it names the strand as well."""

from typing import ClassVar
from uuid import UUID

from interpares.common.contracts.programme.deciding import Decided


class PairProposed(Decided):
    """Two participants are to be a pair. ``by``: the one that proposes it, None for the office."""

    TYPE: ClassVar[str] = "programme.pair-proposed.v1"

    pair: str
    kind: str
    members: tuple[UUID, ...]
    by: UUID | None


class PairConsented(Decided):
    """One side wants to be a pair."""

    TYPE: ClassVar[str] = "programme.pair-consented.v1"

    pair: str
    organisation_id: UUID


class PairDeclined(Decided):
    """One side does not want to; there will be no pair."""

    TYPE: ClassVar[str] = "programme.pair-declined.v1"

    pair: str
    organisation_id: UUID


class PairConcluded(Decided):
    """The two are a pair."""

    TYPE: ClassVar[str] = "programme.pair-concluded.v1"

    pair: str
    kind: str
    members: tuple[UUID, ...]


class PairEnded(Decided):
    """The two are a pair no longer; what becomes of the duties of their strand are decisions of their own."""

    TYPE: ClassVar[str] = "programme.pair-ended.v1"

    pair: str
    members: tuple[UUID, ...]
