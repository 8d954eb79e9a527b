"""Reading tables of organisations: CSV in UTF-8, and XLSX that has been looked at before it is unpacked."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from datetime import date, datetime
from typing import IO, TYPE_CHECKING, Any

from interpares.common.tables import unguarded
from interpares.registration.application.directory_ports import ReadRow
from interpares.registration.domain.directory.errors import DocumentUnreadable
from interpares.registration.infrastructure.spreadsheets.columns import Columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

ROWS = 20_000
UNPACKED_BYTES = 96 * 1024 * 1024
PARTS = 200
CHUNK = 64 * 1024
LOCAL_HEADER = 30
NOT_XLSX = ("This is no XLSX document.", "Save the table as an Excel workbook (.xlsx), or as CSV in UTF-8.")
TOO_LARGE = ("Unpacked, this document is far larger than a table of organisations.", "Send the plain table only.")


def read_rows(media_type: str, file: IO[bytes]) -> list[ReadRow]:
    """Return all rows of a document. Raises DocumentUnreadable."""
    lines = _csv(file) if media_type == CSV else _xlsx(file)
    try:
        first = next(lines, None)
        if first is None:
            raise DocumentUnreadable.because(("The document is empty.", "Send a table with headings and rows."))
        columns = Columns(tuple(_without_trailing(first)))
        rows = [_row(columns, line, cells) for line, cells in enumerate(lines, 2) if any(cells)]
    except csv.Error as error:
        raise DocumentUnreadable.because(("This is no CSV.", "Save the table as CSV in UTF-8.")) from error
    if not rows:
        raise DocumentUnreadable.because(("The document has headings but no rows.", "Send a table with rows."))
    return rows


def _row(columns: Columns, line: int, cells: Sequence[str]) -> ReadRow:
    if line > ROWS + 1:
        message = f"The document has more than {ROWS} rows."
        raise DocumentUnreadable.because((message, "Send it in several documents."))
    facts, faults = columns.facts(cells)
    return ReadRow(line, facts, faults)


def _without_trailing(cells: Sequence[str]) -> Iterable[str]:
    kept = [cell.strip() for cell in cells]
    while kept and not kept[-1]:
        kept.pop()
    return kept


def _csv(file: IO[bytes]) -> Iterator[list[str]]:
    # The size of the upload is limited, so that the text may be held at once.
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentUnreadable.because(("This is not UTF-8.", "Save the table as CSV in UTF-8.")) from error
    heading = text.partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)
    for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
        yield [_plain(cell) for cell in cells]


def _plain(cell: str) -> str:
    """Undo what keeps a cell from being read as a formula."""
    return unguarded(cell.strip())


def _xlsx(file: IO[bytes]) -> Iterator[list[str]]:
    import python_calamine  # noqa: PLC0415 -- only who reads workbooks has it in memory

    check_archive(file)
    file.seek(0)
    try:
        workbook = python_calamine.load_workbook(io.BytesIO(file.read()))
        sheet = workbook.get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False, nrows=ROWS + 2)
    except (python_calamine.CalamineError, ValueError, OSError, IndexError) as error:
        raise DocumentUnreadable.because(NOT_XLSX) from error
    for row in rows:
        yield [_plain(_as_text(cell)) for cell in row]


def _as_text(cell: Any) -> str:
    """Return a cell as one reads it: numbers without a needless fraction, days as in ISO 8601."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def check_archive(file: IO[bytes]) -> None:
    """Refuse an archive that is none, that holds programs, or that is far larger unpacked than it says or may be.

    What an archive says of its sizes may be a lie, so each part is unpacked and thrown away, and counted.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise DocumentUnreadable.because(NOT_XLSX) from error
    if len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED_BYTES:
        raise DocumentUnreadable.because(TOO_LARGE)
    names = {part.filename.lower() for part in parts}
    if any(name.endswith(".bin") or "macro" in name for name in names):
        raise DocumentUnreadable.because(("The document holds programs.", "Save it as a workbook without macros."))
    if "[content_types].xml" not in names:
        raise DocumentUnreadable.because(NOT_XLSX)
    for part in parts:
        if part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} or part.flag_bits & 1:
            raise DocumentUnreadable.because(NOT_XLSX)
        if part.compress_type == zipfile.ZIP_DEFLATED and _unpacked(file, part) > part.file_size:
            raise DocumentUnreadable.because(TOO_LARGE)


def _unpacked(file: IO[bytes], part: zipfile.ZipInfo) -> int:
    """Return how large a part is unpacked; counting stops where it is larger than it says."""
    file.seek(part.header_offset)
    header = file.read(LOCAL_HEADER)
    file.seek(
        part.header_offset
        + LOCAL_HEADER
        + int.from_bytes(header[26:28], "little")
        + int.from_bytes(header[28:30], "little")
    )
    unpacker, left, size = zlib.decompressobj(-zlib.MAX_WBITS), part.compress_size, 0
    try:
        while left > 0 and not unpacker.eof and size <= part.file_size:
            packed = file.read(min(CHUNK, left))
            if not packed:
                break
            left -= len(packed)
            while packed and size <= part.file_size:
                size += len(unpacker.decompress(packed, CHUNK))
                packed = unpacker.unconsumed_tail
    except zlib.error as error:
        raise DocumentUnreadable.because(NOT_XLSX) from error
    return size
