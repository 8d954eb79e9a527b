"""What becomes of a decision after it was taken."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime

from interpares.common.contracts.programme.deciding import Decided


class DecisionCommunicated(Decided):
    """Organisations were told of a decision. letter_hash: hex, of what the letter rests on; empty if none was sent."""

    TYPE: ClassVar[str] = "programme.decision-communicated.v1"

    told: UUID
    to: tuple[UUID, ...]
    channel: str
    communicated_at: AwareDatetime
    letter_hash: str


class DecisionObjected(Decided):
    """An organisation objects to a decision that is about it."""

    TYPE: ClassVar[str] = "programme.decision-objected.v1"

    against: UUID
    organisation_id: UUID


class ObjectionAnswered(Decided):
    """An objection has its answer: the outcome upheld, partly-upheld or dismissed."""

    TYPE: ClassVar[str] = "programme.objection-answered.v1"

    objection: UUID
    against: UUID
    organisation_id: UUID


class DecisionCorrected(Decided):
    """The record of a decision was put right. ``parts``: names of what changed."""

    TYPE: ClassVar[str] = "programme.decision-corrected.v1"

    corrected: UUID
    parts: tuple[str, ...]


class DecisionSuperseded(Decided):
    """A decision taken later has taken the place of an earlier one."""

    TYPE: ClassVar[str] = "programme.decision-superseded.v1"

    superseded: UUID
    by: UUID


class DecisionRevoked(Decided):
    """A decision holds no longer."""

    TYPE: ClassVar[str] = "programme.decision-revoked.v1"

    revoked: UUID
