"""What those who came did at a meeting beyond taking part: speak, review."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from interpares.registration.domain.seats.refusals import AudienceReserved, NotAmongThem, PartsBeyondAttendance

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Published beside the audiences, so no audience has these names.
SPEAKERS, REVIEWERS = "speakers", "reviewers"


@dataclass(frozen=True)
class Parts:
    """How many of those who came spoke and reviewed, and who, as far as it is known; who is not told of took part."""

    spoke: int = 0
    reviewed: int = 0
    speakers: tuple[UUID, ...] = ()
    reviewers: tuple[UUID, ...] = ()

    def check(self, attended: Mapping[str, int], participants: Sequence[UUID]) -> None:
        """Hold them against who came. Raises AudienceReserved, NotAmongThem, PartsBeyondAttendance."""
        for reserved in (SPEAKERS, REVIEWERS):
            if reserved in attended:
                raise AudienceReserved.being(reserved)
        others = sum(attended.values()) - len(participants)
        for part, number, known in (
            ("spoke", self.spoke, self.speakers),
            ("reviewed", self.reviewed, self.reviewers),
        ):
            for index, each in enumerate(known):
                if each not in participants:
                    raise NotAmongThem.at(part, index)
            if not 0 <= number - len(known) <= others:
                raise PartsBeyondAttendance.of(part)

    def beside(self, attended: Mapping[str, int]) -> dict[str, int]:
        """Return the audiences with those who spoke and reviewed counted once more, where there are any."""
        did = {SPEAKERS: self.spoke, REVIEWERS: self.reviewed}
        return {**attended, **{key: number for key, number in did.items() if number}}


TOOK_PART = Parts()
