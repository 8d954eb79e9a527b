"""What is compared in the end, and how: sequences of facts, the one that must be and the one that is found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

SHOWN = 5


@dataclass(frozen=True)
class Difference:
    """How what was found differs from what was expected; each field holds the facts themselves.

    lost: expected, not found. duplicated: found more often than expected. reordered: found before a fact that was
    expected earlier. foreign: found, never expected; an altered fact is lost and foreign.
    """

    lost: tuple[Hashable, ...] = ()
    duplicated: tuple[Hashable, ...] = ()
    reordered: tuple[Hashable, ...] = ()
    foreign: tuple[Hashable, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether there is any."""
        return bool(self.lost or self.duplicated or self.reordered or self.foreign)

    def told(self) -> list[str]:
        """Return a line for each kind of difference, with the first few facts."""
        lines = []
        for kind in ("lost", "duplicated", "reordered", "foreign"):
            facts = getattr(self, kind)
            if facts:
                more = f" and {len(facts) - SHOWN} more" if len(facts) > SHOWN else ""
                lines.append(f"{len(facts)} {kind}: {'; '.join(map(str, facts[:SHOWN]))}{more}")
        return lines


def difference(expected: Iterable[Hashable], found: Iterable[Hashable], *, ordered: bool = True) -> Difference:
    """Compare two sequences of facts; where they are not ordered, as multisets."""
    wanted, there = list(expected), list(found)
    due, seen = Counter(wanted), Counter(there)
    return Difference(
        lost=tuple((due - seen).elements()),
        duplicated=tuple(fact for fact in (seen - due).elements() if fact in due),
        reordered=_late(wanted, there) if ordered else (),
        foreign=tuple(fact for fact in (seen - due).elements() if fact not in due),
    )


def _late(wanted: Sequence[Hashable], there: Sequence[Hashable]) -> tuple[Hashable, ...]:
    """Return the facts whose first appearance stands behind that of a fact that should come later."""
    places = {fact: place for place, fact in reversed(list(enumerate(wanted)))}
    late, furthest = [], -1
    for fact in dict.fromkeys(there):
        place = places.get(fact)
        if place is None:
            continue
        if place < furthest:
            late.append(fact)
        furthest = max(furthest, place)
    return tuple(late)


@dataclass
class Comparison:
    """All that was compared: differences by place, and by view whether it equals its clean rebuild."""

    differences: dict[str, Difference] = field(default_factory=dict)
    views: dict[str, bool] = field(default_factory=dict)

    def add(self, place: str, expected: Iterable[Hashable], found: Iterable[Hashable], *, ordered: bool = True) -> None:
        """Compare at one place."""
        self.differences[place] = difference(expected, found, ordered=ordered)

    def count(self, kind: str) -> int:
        """Return how many facts are ``lost``, ``duplicated``, ``reordered`` or ``foreign``, all places together."""
        return sum(len(getattr(each, kind)) for each in self.differences.values())

    @property
    def views_equal_rebuild(self) -> bool:
        """Tell whether every view equals its rebuild."""
        return all(self.views.values())

    @property
    def holds(self) -> bool:
        """Tell whether everything is as it must be."""
        return self.views_equal_rebuild and not any(self.differences.values())

    def as_json(self) -> dict[str, Any]:
        """Return the figures."""
        kinds = {kind: self.count(kind) for kind in ("lost", "duplicated", "reordered", "foreign")}
        return {**kinds, "views_equal_rebuild": self.views_equal_rebuild}

    def told(self) -> list[str]:
        """Return lines for a human, one for each fault."""
        lines = [f"{place}: {line}" for place, each in self.differences.items() for line in each.told()]
        return lines + [f"{view}: not equal to its rebuild" for view, equal in self.views.items() if not equal]
