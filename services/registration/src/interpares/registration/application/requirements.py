"""What programmes ask their participants to show, as heard from their calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from interpares.common.writes import Row
    from interpares.registration.application.ports import Unit


@dataclass(frozen=True)
class Requirement:
    """A prerequisite of a programme.

    key: as in its template. kind: of the proof. label: language to text. kinds, roles: of participants it is asked of,
    all if empty. due_before: event it has to be there before. disciplines: those a team has to bring together.
    """

    programme_id: UUID
    key: str
    kind: str
    label: dict[str, str]
    kinds: tuple[str, ...]
    roles: tuple[str, ...]
    due_before: str
    disciplines: tuple[str, ...]


class Requirements(Protocol):
    """What programmes ask for."""

    async def disciplines(self, programme_id: UUID, key: str) -> tuple[str, ...]:
        """Return the disciplines a team has to bring together, by the prerequisite or by the only one of its kind."""
        ...


class RequirementBook(Protocol):
    """Where requirements are noted that were heard of."""

    def noting(self, programme_id: UUID, requirements: Sequence[Requirement]) -> Sequence[Row]:
        """Let a programme ask for these and no others."""
        ...


@dataclass(frozen=True)
class NoteRequirements:
    """A programme told what it asks for."""

    programme_id: UUID
    requirements: tuple[Requirement, ...]


async def note_requirements(command: NoteRequirements, unit: Unit, *, book: RequirementBook) -> None:
    """From here on readiness is measured by these."""
    unit.write(*book.noting(command.programme_id, command.requirements))
