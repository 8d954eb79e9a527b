"""What seats need beside their aggregate: meetings as heard, participants with their data, personal links."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from interpares.common.writes import Row


@dataclass(frozen=True)
class KnownMeeting:
    """A meeting as the programme told of it last. title: language to text. starts_local, ends_local: on ``zone``."""

    meeting_id: UUID
    programme_id: UUID
    revision: int
    status: str
    title: dict[str, str]
    format: str
    mode: str
    place: str | None
    host_id: UUID | None
    organiser_id: UUID | None
    starts_local: str | None
    ends_local: str | None
    zone: str | None
    audiences: tuple[str, ...]
    languages: tuple[str, ...]
    invited: tuple[UUID, ...]
    seats: int | None


class MeetingBook(Protocol):
    """Where meetings and programmes are noted that were heard of."""

    def noting(self, meeting: KnownMeeting) -> Row:
        """Note a meeting in place of what was known of it."""
        ...

    def noting_programme(self, programme_id: UUID, office_id: UUID) -> Row:
        """Note which office runs a programme."""
        ...

    def naming_audiences(self, programme_id: UUID, audiences: Mapping[str, Mapping[str, str]]) -> Row:
        """Note what audiences of a programme that is known are called, language to text by key.

        Those it had before keep their names: seats were given to them.
        """
        ...


@dataclass(frozen=True)
class Guest:
    """Somebody who comes without being registered; kept in the table of participants and nowhere else."""

    given_name: str = field(repr=False)
    family_name: str = field(repr=False)
    email: str = field(repr=False)


@dataclass(frozen=True)
class Needs:
    """What somebody needs on the day: special data that go first."""

    dietary: str | None = field(repr=False)
    access: str | None = field(repr=False)


class Participants(Protocol):
    """The table of participants. A registered person's data stay in theirs."""

    def entering(self, meeting_id: UUID, participant_id: UUID, organisation_id: UUID, guest: Guest | None) -> Row:
        """Enter a participant; AlreadyNominated where they are one already."""
        ...

    def removing(self, meeting_id: UUID, participant_id: UUID) -> tuple[Row, ...]:
        """Remove a participant who will not come, with what they need."""
        ...

    def needing(self, meeting_id: UUID, participant_id: UUID, needs: Needs) -> Row:
        """Note what a participant needs, in place of what was noted before."""
        ...
