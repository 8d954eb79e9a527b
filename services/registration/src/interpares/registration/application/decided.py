"""What use cases answer. Answers are stored with their commands and read by their annotations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 -- read at run time, as said above
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 -- as above

from interpares.common.aggregate import event_id

if TYPE_CHECKING:
    from interpares.common.aggregate import Aggregate


@dataclass(frozen=True)
class Decided:
    """A decision in short.

    decision_id: the id of its event. subject: ``kind:id``. decided_at: aware, UTC. created_id: of what came to be.
    """

    decision_id: UUID
    type: str
    subject: str
    outcome: str
    reason_code: str
    decided_at: datetime
    created_id: UUID | None = None


def decided(aggregate: Aggregate, decision_type: str, outcome: str, reason_code: str) -> Decided:
    """Return the answer that tells of an aggregate's newest event."""
    return Decided(
        decision_id=event_id(aggregate.id, aggregate.version),
        type=decision_type,
        subject=f"{type(aggregate).__name__.lower()}:{aggregate.id}",
        outcome=outcome,
        reason_code=reason_code,
        decided_at=aggregate.modified_on,
        created_id=aggregate.id if aggregate.version == 1 else None,
    )


@dataclass(frozen=True)
class OrganisationRegistered:
    """The organisation is registered under this id."""

    organisation_id: UUID


@dataclass(frozen=True)
class PersonRegistered:
    """The person is registered under this id, and acts under that one."""

    person_id: UUID
    actor: UUID


@dataclass(frozen=True)
class OperatorNamed:
    """anew: whether the account was no operator before."""

    anew: bool


@dataclass(frozen=True)
class RowsImported:
    """rows: how many organisations were registered."""

    rows: int


@dataclass(frozen=True)
class ImportPreviewed:
    """The document was read under this id; nothing is registered yet."""

    import_id: UUID
