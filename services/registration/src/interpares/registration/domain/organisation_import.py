"""Imports of organisations: that somebody confirmed one, after seeing what would come of every row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from interpares.common.aggregate import Aggregate, Snapshot
from interpares.registration.domain.directory.errors import RowsToSettle
from interpares.registration.domain.grounds import Grounds


@dataclass(frozen=True)
class State:
    """What decisions about an import rest on. document: hex SHA-256 of what is imported."""

    document: str


class Change(Aggregate.Event):
    """A change of an import."""


class OrganisationImport(Aggregate):
    """One document that is imported."""

    TOPIC = "registration.organisation-import"
    Event = Change
    if TYPE_CHECKING:
        state: State

    class Created(Change, Aggregate.Created):
        """The import of a document was confirmed.

        document: hex SHA-256. rows: how many organisations it registers. kept: lines that were asked about, because an
        organisation of the same name is known, and that are another organisation all the same.
        reason: hex hash of the sealed text. acting_as: capacity of whoever confirmed it.
        """

        TOPIC = "registration.organisation-import.confirmed.v1"

        document: str
        rows: int
        kept: tuple[int, ...]
        reason_code: str
        reason: str
        acting_as: str

        def apply(self, aggregate: OrganisationImport) -> None:
            """Take up what decisions rest on."""
            aggregate.state = State(self.document)

    @classmethod
    def confirm(
        cls, import_id: UUID, *, document: str, rows: int, kept: tuple[int, ...], grounds: Grounds
    ) -> OrganisationImport:
        """Confirm an import. Raises RowsToSettle where no row can be imported."""
        if not rows:
            raise RowsToSettle
        return cls._create(
            cls.Created,
            id=import_id,
            document=document,
            rows=rows,
            kept=kept,
            reason_code=grounds.reason_code,
            reason=grounds.reason,
            acting_as=grounds.capacity,
        )


class OrganisationImportSnapshot(Snapshot):
    """An import at a version."""

    TOPIC = "registration.organisation-import.snapshot"
    AGGREGATE = OrganisationImport
    state: State
