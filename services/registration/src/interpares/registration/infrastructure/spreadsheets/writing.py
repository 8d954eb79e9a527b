"""Writing tables of organisations so that a spreadsheet shows them as they are and computes nothing."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from uuid import UUID

from interpares.common.tables import TableWriter
from interpares.registration.infrastructure.spreadsheets.columns import cells_of, headings_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from interpares.registration.domain.organisation import Facts

BOM = "\ufeff"
Exported = tuple[UUID, "Facts", UUID | None]


def as_csv(organisations: Sequence[Exported]) -> bytes:
    """Return a CSV in UTF-8 with a mark that spreadsheets know it by; cells that look like formulas are neutralised."""
    headings, rows = _table(organisations)
    text = io.StringIO(newline="")
    text.write(BOM)
    writer = TableWriter(text)
    writer.row(headings)
    writer.rows([row.get(heading, "") for heading in headings] for row in rows)
    return text.getvalue().encode()


def as_xlsx(organisations: Sequence[Exported]) -> bytes:
    """Return a workbook whose cells are all text, so that no zero is lost and nothing is a formula or a link."""
    headings, rows = _table(organisations)
    file = io.BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    import xlsxwriter  # type: ignore[import-untyped]  # noqa: PLC0415 -- only who writes workbooks has it in memory

    with xlsxwriter.Workbook(file, plain) as workbook:
        sheet = workbook.add_worksheet("organisations")
        text = workbook.add_format({"num_format": "@"})
        bold = workbook.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, bold)
        for number, row in enumerate(rows, 1):
            for column, heading in enumerate(headings):
                if row.get(heading):
                    sheet.write_string(number, column, row[heading], text)
    return file.getvalue()


def _table(organisations: Sequence[Exported]) -> tuple[tuple[str, ...], list[Mapping[str, str]]]:
    headings = headings_for([facts for _, facts, _ in organisations])
    return headings, [cells_of(*each) for each in organisations]
