"""A pair, as guards need it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID


class PairStatus(StrEnum):
    """Where a pair stands."""

    PROPOSED = "proposed"
    CONCLUDED = "concluded"
    DECLINED = "declined"
    ENDED = "ended"


STANDING = frozenset({PairStatus.PROPOSED, PairStatus.CONCLUDED})


@dataclass(frozen=True)
class Pair:
    """Two participants. kind: key of the rule; id: kind and number, such as ``twins-1``; it names their strand."""

    id: str
    kind: str
    members: tuple[UUID, ...]
    consented: tuple[UUID, ...] = ()
    status: PairStatus = PairStatus.PROPOSED


Pairs: TypeAlias = "dict[str, Pair]"
