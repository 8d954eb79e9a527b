"""What a spreadsheet says about a running programme, line by line, and what is wrong with a line.

One table: the column ``record`` says what a line is, the others what it holds. Every cell is a text by now.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from interpares.programme.domain.meetings.meeting import Details, Mode, Venue
from interpares.programme.domain.money.account import Voucher

if TYPE_CHECKING:
    from collections.abc import Mapping

    from interpares.programme.domain.joining import Joiner

RECORDS = ("participant", "role", "duty", "meeting", "voucher")
# Which columns each kind of line needs, and which it may have besides.
NEEDS: dict[str, tuple[str, ...]] = {
    "participant": ("organisation", "role", "day"),
    "role": ("organisation", "role", "day"),
    "duty": ("organisation", "duty", "day"),
    "meeting": ("duty", "day", "title", "zone"),
    "voucher": ("day", "amount", "currency", "category", "document"),
}
MAY: dict[str, tuple[str, ...]] = {
    "participant": ("strand", "themes"),
    "role": ("themes",),
    "duty": (),
    "meeting": ("until", "attended", "place", "country"),
    "voucher": ("organisation", "payee", "despite"),
}
COLUMNS = (
    *("record", "organisation", "role", "strand", "themes", "duty", "day"),
    *("title", "until", "zone", "place", "country", "attended"),
    *("amount", "currency", "category", "document", "payee", "despite"),
)
KEY = re.compile(r"([A-Za-z][A-Za-z0-9-]{0,31}):(.{1,64})")
DIGEST = re.compile(r"[0-9a-f]{64}")
NOON = time(12, tzinfo=UTC)


@dataclass(frozen=True)
class Line:
    """A line of the table. number: as the spreadsheet counts it, the heading is 1. cells: by column, none empty."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Fault:
    """What is wrong with a line, where, and what can be done about it."""

    line: int
    column: str
    message: str
    way_out: str


@dataclass(frozen=True)
class Held:
    """A meeting that took place. meeting_id: follows from file and line. attended: besides the host."""

    meeting_id: UUID
    title: str
    until: date
    details: Details
    attended: tuple[UUID, ...]


@dataclass(frozen=True)
class Entry:
    """A line that can be read. joiner: the organisation it is about; decided_at: noon of its day, in UTC."""

    line: int
    record: str
    decided_at: datetime
    joiner: Joiner | None = None
    role: str = ""
    strand: str = ""
    duty: str = ""
    themes: tuple[str, ...] = ()
    meeting: Held | None = None
    voucher: Voucher | None = None
    currency: str = ""
    despite: tuple[str, ...] = ()


@dataclass(frozen=True)
class Read:
    """What could be read, in the order it has to be entered, and what is wrong."""

    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...]

    @property
    def rows(self) -> dict[str, int]:
        """How many lines of each kind."""
        return {record: count for record in RECORDS if (count := sum(entry.record == record for entry in self.entries))}


class Unreadable(Exception):
    """A cell cannot be what its column needs."""

    def __init__(self, message: str, way_out: str, *, column: str) -> None:
        super().__init__(message)
        self.column, self.message, self.way_out = column, message, way_out


def keys_in(lines: tuple[Line, ...]) -> list[tuple[str, str]]:
    """Return the keys of all organisations the lines name, each with scheme and value."""
    written = {line.cells["organisation"] for line in lines if "organisation" in line.cells}
    written |= {each for line in lines for each in line.cells.get("attended", "").split()}
    return sorted(match.groups() for each in written if (match := KEY.fullmatch(each)))  # type: ignore[misc]


def read(lines: tuple[Line, ...], known: Mapping[tuple[str, str], Joiner], document_hash: str) -> Read:
    """Return what the lines say. known: organisations by scheme and value of their keys."""
    entries: list[Entry] = []
    faults: list[Fault] = []
    seen: dict[tuple[tuple[str, str], ...], int] = {}
    for line in lines:
        try:
            entry = _entry(line, known, document_hash)
            _refuse_twice(line, seen)
            entries.append(entry)
        except Unreadable as fault:
            faults.append(Fault(line.number, fault.column, fault.message, fault.way_out))
    entries.sort(key=lambda entry: (RECORDS.index(entry.record), entry.line))
    return Read(tuple(entries), tuple(faults))


def _refuse_twice(line: Line, seen: dict[tuple[tuple[str, str], ...], int]) -> None:
    content = tuple(sorted(line.cells.items()))
    if content in seen:
        message = f"This line says what line {seen[content]} says."
        raise Unreadable(message, "Take one of the two out, or tell them apart.", column="record")
    seen[content] = line.number


def _entry(line: Line, known: Mapping[tuple[str, str], Joiner], document_hash: str) -> Entry:
    cells = line.cells
    record = cells.get("record", "").lower()
    if record not in RECORDS:
        message = "The line does not say what it records."
        raise Unreadable(message, f"Write one of {', '.join(RECORDS)}.", column="record")
    for column in NEEDS[record]:
        if column not in cells:
            message = f"A {record} needs this."
            raise Unreadable(message, "Fill the cell.", column=column)
    for column in cells:
        if column not in ("record", *NEEDS[record], *MAY[record]):
            message = f"A {record} has no such column."
            raise Unreadable(message, "Empty the cell.", column=column)
    day = _day(cells["day"])
    joiner = _organisation(cells["organisation"], known) if "organisation" in cells else None
    voucher = _voucher(line, day, joiner, document_hash) if record == "voucher" else None
    held = _meeting(line, day, known, document_hash) if record == "meeting" else None
    return Entry(
        line=line.number,
        record=record,
        decided_at=datetime.combine(held.until if held else day, NOON),
        joiner=joiner,
        role=cells.get("role", ""),
        strand=cells.get("strand", ""),
        duty=cells.get("duty", ""),
        themes=tuple(cells.get("themes", "").split()),
        meeting=held,
        voucher=voucher,
        currency=cells.get("currency", ""),
        despite=tuple(cells.get("despite", "").split()),
    )


def _meeting(line: Line, day: date, known: Mapping[tuple[str, str], Joiner], document_hash: str) -> Held:
    cells = line.cells
    until = _day(cells["until"], "until") if "until" in cells else day
    place = Venue(cells["place"], cells.get("country", "")) if "place" in cells else None
    details = Details(
        title={},
        mode=Mode.ON_SITE,
        venue=place,
        # A table knows days; a meeting lasts through them on the clock of its place.
        starts=datetime.combine(day, time()),
        ends=datetime.combine(until + timedelta(days=1), time()),
        zone=cells["zone"],
    )
    attended = tuple(
        _organisation(each, known, "attended").organisation_id for each in cells.get("attended", "").split()
    )
    return Held(uuid5(UUID(document_hash[:32]), f"meeting:{line.number}"), cells["title"], until, details, attended)


def _day(written: str, column: str = "day") -> date:
    try:
        day = date.fromisoformat(written[:10])
    except ValueError:
        day = None
    if day is None or not 1990 <= day.year < 2200:  # noqa: PLR2004 -- no programme is older, none is planned later
        message = "This is no day."
        raise Unreadable(message, "Write it as 2026-03-01, or format the cell as a date.", column=column)
    return day


def _organisation(written: str, known: Mapping[tuple[str, str], Joiner], column: str = "organisation") -> Joiner:
    match = KEY.fullmatch(written)
    if match is None:
        message = "This is no key of an organisation."
        raise Unreadable(message, "Write scheme and value with a colon, such as LAU:41002.", column=column)
    joiner = known.get((match[1], match[2]))
    if joiner is None:
        message = "No organisation is registered under this key."
        raise Unreadable(message, "Register the organisation first, or correct the key.", column=column)
    return joiner


def _voucher(line: Line, day: date, joiner: Joiner | None, document_hash: str) -> Voucher:
    cells = line.cells
    try:
        amount = Decimal(cells["amount"])
    except InvalidOperation as error:
        message = "This is no amount."
        raise Unreadable(message, "Write it with a point and no spaces, such as 1250.00.", column="amount") from error
    if DIGEST.fullmatch(cells["document"]) is None:
        message = "This is no SHA-256 of a document."
        raise Unreadable(message, "Write the 64 hexadecimal digits of the receipt's SHA-256.", column="document")
    return Voucher(
        day=day,
        payee=_payee(cells.get("payee", ""), line.number, document_hash),
        amount=amount,
        category=cells["category"],
        document_hash=cells["document"],
        organisation=None if joiner is None else joiner.organisation_id,
    )


def _payee(written: str, line: int, document_hash: str) -> UUID:
    if not written:
        # Whoever was paid stands on the receipt; the record needs an id and no name.
        return uuid5(UUID(document_hash[:32]), str(line))
    try:
        return UUID(written)
    except ValueError as error:
        message = "Payees are known by an id, never by a name."
        raise Unreadable(message, "Write the id of the payee, or leave the cell empty.", column="payee") from error
