"""What can be done about an earlier decision of a programme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from interpares.programme.application.commands import Deciding

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from interpares.programme.domain.revising.chapter import Telling
    from interpares.programme.domain.revising.events import Part


@dataclass(frozen=True, kw_only=True)
class Communicate(Deciding):
    """Note to whom a decision was communicated."""

    decision_id: UUID
    telling: Telling


@dataclass(frozen=True, kw_only=True)
class ObjectTo(Deciding):
    """Object to a decision."""

    decision_id: UUID
    organisation_id: UUID


@dataclass(frozen=True, kw_only=True)
class AnswerObjection(Deciding):
    """Answer an objection. ``outcome``: upheld, partly-upheld or dismissed."""

    objection_id: UUID
    outcome: str


@dataclass(frozen=True, kw_only=True)
class Correct(Deciding):
    """Put the record of a decision right. ``seen``: its last correction as whoever corrects knows it, None for none."""

    decision_id: UUID
    right: Mapping[Part, str]
    seen: UUID | None


@dataclass(frozen=True, kw_only=True)
class Supersede(Deciding):
    """Say that a decision taken later has taken the place of an earlier one."""

    decision_id: UUID
    by: UUID


@dataclass(frozen=True, kw_only=True)
class Revoke(Deciding):
    """Revoke a decision that changed nothing but the record."""

    decision_id: UUID
