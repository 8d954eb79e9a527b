"""Preview an import: what would come of every row of a document, before anything is registered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from interpares.common.context import occasion
from interpares.registration.application.decided import ImportPreviewed
from interpares.registration.application.directory_ports import Fault, PreviewedRow, RowState
from interpares.registration.domain.directory.folding import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from interpares.registration.application.directory_ports import (
        DirectoryKeys,
        Imports,
        OrganisationNames,
        ReadRow,
    )
    from interpares.registration.application.ports import Unit
    from interpares.registration.domain.organisation import Facts

# The id of an organisation that is imported follows from the document and its first key: once more is the same.
IMPORTED = UUID("0192f0c0-0000-7000-8000-000000000003")


@dataclass(frozen=True)
class PreviewImport:
    """document: hex SHA-256. rows: as they were read."""

    import_id: UUID
    document: str
    rows: Sequence[ReadRow]


async def preview_import(
    command: PreviewImport, unit: Unit, *, keys: DirectoryKeys, names: OrganisationNames, imports: Imports
) -> ImportPreviewed:
    """Tell rows apart: ready, faulty, known by their key, or to be asked about because only their name is known."""
    read = [row.facts for row in command.rows if row.facts]
    holders = await keys.holders([key for facts in read for key in facts.keys])
    bearers = await names.bearers([bearing for facts in read for bearing in _bearings(facts)])
    previewed = _Preview(command.document, holders, bearers)
    rows = [previewed.of(row) for row in command.rows]
    unit.write(*imports.entering(command.import_id, command.document, occasion().actor, rows))
    return ImportPreviewed(command.import_id)


class _Preview:
    """Looks at one row after the other, and remembers keys and names of those before."""

    def __init__(
        self,
        document: str,
        holders: Mapping[tuple[str, str], UUID],
        bearers: Mapping[tuple[str, str], UUID],
    ) -> None:
        self._document = document
        self._holders = holders
        self._bearers = dict(bearers)
        self._lines: dict[tuple[str, str], int] = {}

    def of(self, row: ReadRow) -> PreviewedRow:
        if row.facts is None:
            return PreviewedRow(row.line, RowState.FAULTY, None, None, row.faults)
        folded = [key.folded for key in row.facts.keys]
        first = next((self._lines[key] for key in folded if key in self._lines), None)
        if first is not None:
            fault = Fault("", f"Line {first} has the same key.", "Remove one of the two lines, or correct its key.")
            return PreviewedRow(row.line, RowState.FAULTY, None, row.facts, (fault,))
        self._lines |= dict.fromkeys(folded, row.line)
        organisation_id = uuid5(IMPORTED, f"{self._document}:{':'.join(folded[0])}")
        holder = next((self._holders[key] for key in folded if key in self._holders), None)
        if holder is not None:
            return PreviewedRow(row.line, RowState.KNOWN, None, row.facts, like=holder)
        bearings = _bearings(row.facts)
        bearer = next((self._bearers[each] for each in bearings if each in self._bearers), None)
        self._bearers |= {each: organisation_id for each in bearings if each not in self._bearers}
        state = RowState.READY if bearer is None else RowState.ASKED
        return PreviewedRow(row.line, state, organisation_id, row.facts, like=bearer)


def _bearings(facts: Facts) -> list[tuple[str, str]]:
    """Return country and folded name, of all names; the kind is left out, as it is what is often entered wrongly."""
    return list(dict.fromkeys((facts.country, fold(name)) for name in facts.names.values()))
