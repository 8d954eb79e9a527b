"""What becomes of a decision."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from interpares.common.http import Body, Instant, ReasonCode, ReasonText
from interpares.programme.entrypoints.http.schemas.deciding import Deciding, FileReference
from interpares.programme.entrypoints.http.schemas.record import Digest


class Communication(Deciding):
    """To whom a decision was communicated, how and when; now if not said."""

    to: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=500, description="Organisations.")]
    channel: Annotated[str, Field(pattern="^(letter|mail|phone|meeting|portal|publication)$")]
    communicated_at: Instant | None = None
    letter_hash: Annotated[Digest, Field(description="Printed on the letter that was sent.")] | None = None


class Objection(Deciding):
    """An organisation objects to a decision that is about it; its ground is the reason."""

    organisation_id: UUID


class ObjectionAnswer(Deciding):
    """The answer to an objection."""

    outcome: Literal["upheld", "partly-upheld", "dismissed"]


class Right(Body):
    """What should have stood in the record; what is not given stays. reason: the text as it should have been."""

    reason_code: ReasonCode | None = None
    reason: ReasonText | None = None
    file_reference: FileReference | None = None
    decided_at: Instant | None = None
    effective_at: Instant | None = None


class Correction(Deciding):
    """A decision is recorded wrongly and put right. seen: its last correction, as the explanation showed it."""

    correction: Right
    seen: UUID | None = None


class Supersession(Deciding):
    """A decision taken later has taken the place of an earlier one."""

    by: UUID
