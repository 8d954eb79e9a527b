"""Spreadsheets as they come in and as they go out: CSV and XLSX to lines of text, and the form to be filled in.

Cells are read as what they show. A formula is never computed here: of a workbook only the value is taken that whoever
saved it saw, and in CSV a formula is a text like any other, which then fits no column.
"""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from decimal import Decimal
from typing import IO, Any

from interpares.common.errors import Invalid
from interpares.programme.application.sheet import COLUMNS, MAY, NEEDS, RECORDS, Line

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ACCEPTED = frozenset({CSV, XLSX})
MOST_BYTES = 2 * 1024 * 1024
MOST_UNPACKED = 40 * 1024 * 1024
MOST_LINES = 2000
MOST_CELLS = 50
LONGEST_CELL = 200
EXPLAINED = {
    "record": "What the line records: participant, role, duty, meeting or voucher.",
    "organisation": "Scheme and value of an official key, such as LAU:41002. It has to be registered.",
    "role": "Key of a role of the template: a participant's first one; each further one is a line of its own.",
    "strand": "Only where the template has clusters: the cluster.",
    "themes": "Only where the role is held per theme: keys of themes, with blanks between.",
    "duty": "Strand, rule and number of a hosting duty, such as AT.front-runner-meetings.1.",
    "day": "When it was decided or paid, or the first day of a meeting: a date.",
    "title": "Of a meeting that took place, for the duty named in the line.",
    "until": "The last day of a meeting, where it took more than one.",
    "zone": "Time zone of a meeting's place, such as Europe/Berlin.",
    "place": "The town a meeting took place in.",
    "country": "Its country by two letters.",
    "attended": "Keys of the organisations that were at a meeting besides its host, with blanks between.",
    "amount": "What was paid, with a point: 1250.00.",
    "currency": "That of the programme, such as EUR.",
    "category": "Key of a budget category of the template, all if it has none.",
    "document": "SHA-256 of the receipt: 64 hexadecimal digits.",
    "payee": "Id of who was paid; never a name. Empty: an id is made.",
    "despite": "Limits the payment exceeded with permission: category-overspent, grant-overspent, share-overspent,"
    " outside-term.",
}


class SheetUnreadable(Invalid):
    """The file is no table this service reads."""

    code = "sheet-unreadable"
    way_out = "Save it as XLSX or as CSV in UTF-8, with the columns of the form in the first line."


def lines_of(media_type: str, file: IO[bytes]) -> tuple[Line, ...]:
    """Return the lines of a spreadsheet below its heading, empty ones left out. Raises SheetUnreadable."""
    table = _csv(file) if media_type == CSV else _xlsx(file)
    heading: list[str] = []
    lines: list[Line] = []
    for number, cells in table:
        if not heading:
            heading = _heading(cells)
        elif any(cells):
            lines.append(Line(number, _named(heading, cells, number)))
        if len(lines) > MOST_LINES:
            message = f"The table has more than {MOST_LINES} lines."
            raise SheetUnreadable(message, "Split it into several files.", field="file")
    if not lines:
        message = "The table is empty."
        raise SheetUnreadable(message, field="file")
    return tuple(lines)


def form() -> bytes:
    """Return the workbook to be filled in: a table with its heading, and a sheet that explains every column."""
    file = io.BytesIO()
    import xlsxwriter  # type: ignore[import-untyped]  # noqa: PLC0415 -- only who writes workbooks has it in memory

    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        table = book.add_worksheet("Takeover")
        table.write_row(0, 0, COLUMNS, bold)
        table.freeze_panes(1, 0)
        table.data_validation(1, 0, MOST_LINES, 0, {"validate": "list", "source": list(RECORDS)})
        table.set_column(0, len(COLUMNS) - 1, 18)
        explained = book.add_worksheet("Columns")
        explained.write_row(0, 0, ("Column", "What it holds", "Needed by", "Possible for"), bold)
        for index, column in enumerate(COLUMNS, start=1):
            needed = RECORDS if column == "record" else [each for each in RECORDS if column in NEEDS[each]]
            possible = [each for each in RECORDS if column in MAY[each]]
            row = (column, EXPLAINED[column], ", ".join(needed), ", ".join(possible))
            explained.write_row(index, 0, row, wrapped)
        explained.set_column(0, 0, 16)
        explained.set_column(1, 1, 70)
        explained.set_column(2, 3, 26)
    return file.getvalue()


def _csv(file: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = "The file is not UTF-8."
        raise SheetUnreadable(message, field="file") from error
    heading = text.partition("\n")[0]
    delimiter = max((";", ",", "\t"), key=heading.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        for number, row in enumerate(reader, start=1):
            yield number, [cell.strip() for cell in row]
    except csv.Error as error:
        message = "The file is no CSV."
        raise SheetUnreadable(message, field="file") from error


def _xlsx(file: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    import python_calamine  # noqa: PLC0415 -- only who reads workbooks has it in memory

    try:
        with zipfile.ZipFile(file) as packed:
            unpacked = sum(each.file_size for each in packed.infolist())
        if unpacked > MOST_UNPACKED:
            message = "The workbook is too large once it is unpacked."
            raise SheetUnreadable(message, "Take out what is no part of the table.", field="file")
        file.seek(0)
        book = python_calamine.CalamineWorkbook.from_filelike(file)
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False, nrows=MOST_LINES + 100)
    except (zipfile.BadZipFile, python_calamine.CalamineError, IndexError, OSError) as error:
        message = "The file is no workbook."
        raise SheetUnreadable(message, field="file") from error
    for number, row in enumerate(rows, start=1):
        yield number, [_text(cell) for cell in row[:MOST_CELLS]]


def _text(cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        # What a workbook holds is binary; what it shows is the shortest decimal that reads back as the same number.
        return format(Decimal(repr(cell)).normalize(), "f")
    return "" if isinstance(cell, timedelta | time_of_day) else str(cell).strip()


def _heading(cells: list[str]) -> list[str]:
    heading = [cell.strip().lower() for cell in cells]
    if "record" not in heading:
        message = "The first line lacks the column record."
        raise SheetUnreadable(message, field="file")
    for column in heading:
        if column and column not in COLUMNS:
            message = f"Column {heading.index(column) + 1} is none of those the form has."
            raise SheetUnreadable(message, f"Name it one of {', '.join(COLUMNS)}, or take it out.", field="file")
    named = [column for column in heading if column]
    if len(set(named)) < len(named):
        message = "A column stands there twice."
        raise SheetUnreadable(message, field="file")
    return heading


def _named(heading: list[str], cells: list[str], number: int) -> dict[str, str]:
    named = {column: cell for column, cell in zip(heading, cells, strict=False) if column and cell}
    for column, cell in named.items():
        if len(cell) > LONGEST_CELL or not cell.isprintable():
            message = f"Line {number}, {column}: the cell is too long or holds characters no text may contain."
            raise SheetUnreadable(
                message, "Write at most 200 characters, in one line.", field=f"lines.{number}.{column}"
            )
    return named
