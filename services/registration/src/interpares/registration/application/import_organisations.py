"""Importing organisations: confirm what a preview showed, then register the rows, some at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from interpares.common.context import occasion
from interpares.common.errors import NotFound
from interpares.registration.application.decided import RowsImported, decided
from interpares.registration.application.directory_ports import Fault
from interpares.registration.domain.directory.errors import ImportSettled
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.organisation import Organisation, Origin
from interpares.registration.domain.organisation_import import OrganisationImport

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from interpares.common.errors import DomainError
    from interpares.common.sealed import SealedText
    from interpares.registration.application.decided import Decided
    from interpares.registration.application.directory_ports import DirectoryKeys, ImportedRow, Imports
    from interpares.registration.application.ports import Unit

REASON_CODE = "imported"


@dataclass(frozen=True)
class ConfirmImport:
    """keep: lines the preview asked about that are another organisation than the one of the same name."""

    import_id: UUID
    keep: tuple[int, ...]
    reason_code: str
    reason: SealedText
    acting_as: str


async def confirm_import(command: ConfirmImport, unit: Unit, *, imports: Imports) -> Decided:
    """Let the rows of a document be registered. Raises NotFound, ImportSettled, RowsToSettle."""
    previewed = await imports.one(command.import_id)
    if previewed is None:
        message = "There is no import with this id."
        raise NotFound(message)
    if previewed.confirmed or await unit.find(OrganisationImport, command.import_id):
        raise ImportSettled
    kept = tuple(sorted(previewed.asked.intersection(command.keep)))
    confirmed = OrganisationImport.confirm(
        command.import_id,
        document=previewed.document,
        rows=previewed.ready + len(kept),
        kept=kept,
        grounds=Grounds(command.reason_code, command.reason.hash, command.acting_as),
    )
    unit.write(*imports.confirming(command.import_id, kept, occasion().actor, command.acting_as))
    unit.save(confirmed, texts=(command.reason,))
    return decided(confirmed, "organisation-import", "confirmed", command.reason_code)


@dataclass(frozen=True)
class ImportRows:
    """Rows of a confirmed import that wait. acting_as: capacity of whoever confirmed it."""

    import_id: UUID
    document: str
    rows: Sequence[ImportedRow]
    acting_as: str


async def import_rows(command: ImportRows, unit: Unit, *, keys: DirectoryKeys, imports: Imports) -> RowsImported:
    """Register the rows, all or none: a key that was taken since the preview is told by ``import_row``, row by row."""
    claims = []
    for row in command.rows:
        organisation = _registered(command, row)
        claims += [(organisation.id, key) for key in row.facts.keys]
        unit.save(organisation)
    unit.write(keys.claiming_all(claims), *imports.registered(command.import_id, [row.line for row in command.rows]))
    return RowsImported(len(command.rows))


async def import_row(command: ImportRows, unit: Unit, *, keys: DirectoryKeys, imports: Imports) -> RowsImported:
    """Register the one row of the command, unless this document did so before. Raises KeyTaken once it is written."""
    (row,) = command.rows
    if await unit.find(Organisation, row.organisation_id) is None:
        organisation = _registered(command, row)
        unit.save(organisation)
        unit.write(*keys.claiming(organisation.id, row.facts.keys))
    unit.write(*imports.registered(command.import_id, [row.line]))
    return RowsImported(1)


@dataclass(frozen=True)
class RefuseRow:
    """A row that could not be registered, and the fact that stands against it."""

    import_id: UUID
    line: int
    why: DomainError


async def refuse_row(command: RefuseRow, unit: Unit, *, imports: Imports) -> RowsImported:
    """Note why a row was not registered."""
    fault = Fault("", command.why.message, command.why.way_out)
    unit.write(*imports.refused(command.import_id, command.line, fault))
    return RowsImported(0)


def _registered(command: ImportRows, row: ImportedRow) -> Organisation:
    return Organisation.register(
        row.organisation_id,
        row.facts,
        acting_as=command.acting_as,
        reason_code=REASON_CODE,
        origin=Origin(command.import_id, command.document, row.line),
    )
