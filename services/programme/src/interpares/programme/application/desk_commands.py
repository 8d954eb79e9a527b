"""What can be asked about the work of the office."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from interpares.programme.application.commands import Deciding

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.programme.domain.desk.events import Reminder


@dataclass(frozen=True, kw_only=True)
class AssignTask(Deciding):
    """Give a thing to somebody of the office, with a deputy, or hand it over."""

    task: str
    owner: UUID
    deputy: UUID | None


@dataclass(frozen=True, kw_only=True)
class Remind(Deciding):
    """Remind exactly those selected. ``channel``: code of how it reaches them."""

    selected: tuple[Reminder, ...]
    channel: str


@dataclass(frozen=True, kw_only=True)
class NameSignatories(Deciding):
    """Say who signs drafts."""

    persons: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class DiscardDraft(Deciding):
    """Give a prepared decision up, as it stood at a version."""

    draft_id: UUID
    version: int
