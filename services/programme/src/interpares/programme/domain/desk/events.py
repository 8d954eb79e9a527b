"""What happens at the desk of the office; stored for ever like all events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from interpares.programme.domain.events import Event

if TYPE_CHECKING:
    from interpares.programme.domain.programme import Programme


@dataclass(frozen=True)
class Reminder:
    """Who is reminded of what: a thing as ``kind:key``, such as ``duty:AT.visits.1``."""

    item: str
    organisation: UUID


class TaskAssigned(Event):
    """Somebody of the office takes care of a thing, with a deputy; in place of who did before. Opaque ids."""

    TOPIC = "programme.programme.task-assigned.v1"
    OUTLIVES = True
    task: str
    owner: UUID
    deputy: UUID | None

    def apply(self, aggregate: Programme) -> None:
        """Change nothing that a guard would need."""


class Reminded(Event):
    """Organisations that have not answered were reminded. ``channel``: code of how it reaches them."""

    TOPIC = "programme.programme.reminded.v1"
    OUTLIVES = True
    channel: str
    reminders: tuple[Reminder, ...]

    def apply(self, aggregate: Programme) -> None:
        """Change nothing that a guard would need."""


class SignatoriesNamed(Event):
    """Only these people of the office sign drafts from here on; anybody of it if there are none. Opaque ids."""

    TOPIC = "programme.programme.signatories-named.v1"
    OUTLIVES = True
    persons: tuple[UUID, ...]

    def apply(self, aggregate: Programme) -> None:
        """Hold signatures against them."""
        aggregate.state.desk.signatories = self.persons


class DraftDiscarded(Event):
    """A prepared decision will not be taken. ``asks``: the route it was for."""

    TOPIC = "programme.programme.draft-discarded.v1"
    OUTLIVES = True
    draft: UUID
    asks: str
    prepared_by: UUID

    def apply(self, aggregate: Programme) -> None:
        """Change nothing that a guard would need."""


class TakenOver(Event):
    """What a spreadsheet says was entered; the decisions it holds follow as events of their own.

    document_hash: hex SHA-256 of the file. rows: how many lines of each kind.
    """

    TOPIC = "programme.programme.taken-over.v1"
    document_hash: str
    rows: dict[str, int]

    def apply(self, aggregate: Programme) -> None:
        """Remember the file."""
        aggregate.state.desk.taken_over[self.document_hash] = self.event_id
