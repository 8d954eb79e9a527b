"""Field types and bodies that several resources share: reasons, keys of roles, answers to decisions."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field

from interpares.common.commands import Handled
from interpares.common.http import Body, ReasonCode, ReasonText
from interpares.registration.application.decided import Decided

About = Annotated[tuple[UUID, ...], Field(max_length=50, description="ids of the people the text is about")]
RoleKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,63}$", description="key of a role the call seeks")]
StrandKey = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9-]+$")]


def on_one_line(value: str) -> str:
    """Return the value. Raises ValueError where it holds a character that cannot be printed."""
    if not value.isprintable():
        message = "Contains a character that cannot be printed."
        raise ValueError(message)
    return value


class Reasoned(Body):
    """The why of a decision."""

    reason_code: ReasonCode
    reason: ReasonText
    about: About = ()


class DecisionShown(BaseModel):
    """A decision in short. subject: ``kind:id`` of what it is about."""

    id: UUID
    type: str
    subject: str
    outcome: str
    decided_at: datetime
    reason_code: str


class Answer(BaseModel):
    """A decision was taken. position: send it as X-At-Least-Position to read what came of it."""

    decision: DecisionShown
    position: int

    @classmethod
    def to(cls, handled: Handled[Decided]) -> Self:
        """Return the answer to a command."""
        short = handled.result
        decision = DecisionShown(
            id=short.decision_id,
            type=short.type,
            subject=short.subject,
            outcome=short.outcome,
            decided_at=short.decided_at,
            reason_code=short.reason_code,
        )
        created = {"id": short.created_id} if short.created_id else {}
        return cls(decision=decision, position=handled.position, **created)


class CreatingAnswer(Answer):
    """A decision was taken that made something. id: of what was made."""

    id: UUID
