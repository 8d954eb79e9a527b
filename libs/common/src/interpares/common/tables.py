"""Tables as CSV that compute nothing, whichever separator a spreadsheet takes them apart by.

Which one it is depends on the language of whoever opens the file: a table with commas is taken apart at semicolons
where commas are for decimals. A cell that is text to one is then several to the other, so that a formula may begin
behind the separator that is not ours; ours is quoted.
"""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, Any, Literal

from defusedcsv import csv  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Iterable

BEGINS = "=+\\-@|%"
OTHER = {",": ";", ";": ","}
GUARDED = re.compile(rf"([,;\t\r\n])'(?=[{BEGINS}])")


class TableWriter:
    """Writes rows. An apostrophe stands before what would be a formula at the beginning of a cell, or within one."""

    def __init__(self, file: IO[str], delimiter: Literal[",", ";"] = ",") -> None:
        self._writer = csv.writer(file, delimiter=delimiter, lineterminator="\r\n")
        self._within = re.compile(rf"([{OTHER[delimiter]}\t\r\n])(?=[{BEGINS}])")

    def row(self, cells: Iterable[Any]) -> None:
        """Write a row; numbers stay as they are."""
        self._writer.writerow([self._guarded(each) if isinstance(each, str) else each for each in cells])

    def rows(self, rows: Iterable[Iterable[Any]]) -> None:
        """Write several rows."""
        for each in rows:
            self.row(each)

    def _guarded(self, cell: str) -> str:
        return self._within.sub(r"\1'", cell)


def unguarded(cell: str) -> str:
    """Return a cell as it was before ``TableWriter`` wrote it."""
    if cell[:1] == "'" and re.match(f"[{BEGINS}]", cell[1:]):
        cell = cell[1:].replace("\\|", "|")
    return GUARDED.sub(r"\1", cell)
