"""Take over a running programme from a spreadsheet: look first, then all of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol, cast

from interpares.common.context import occasion
from interpares.common.errors import DomainError, Invalid, NotFound
from interpares.programme.application.commands import Deciding
from interpares.programme.application.decided import Decided, decided
from interpares.programme.application.sheet import Entry, Fault, Held, Line, Read, keys_in, read
from interpares.programme.domain.charter import Obtained
from interpares.programme.domain.decision import Source, SourceKind
from interpares.programme.domain.desk.errors import TakeoverFaulty
from interpares.programme.domain.errors import NothingToDerive
from interpares.programme.domain.holding import Terms
from interpares.programme.domain.joining import Joiner
from interpares.programme.domain.meetings.prerequisites import NOTHING_SHOWN
from interpares.programme.domain.money.account import Voucher
from interpares.programme.domain.programme import Programme

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from uuid import UUID

    from interpares.programme.application.ports import Unit
    from interpares.programme.domain.grounds import Grounds

FAULTS_SHOWN = 200
# Fields that errors of the domain name, and the columns they come from.
COLUMN = {
    "amount.value": "amount",
    "amount.currency": "currency",
    "decided_at": "day",
    "application_id": "organisation",
    "starts": "zone",
    "ends": "until",
}


class Directory(Protocol):
    """Organisations by their keys."""

    async def under(self, keys: list[tuple[str, str]]) -> Mapping[tuple[str, str], Joiner]:
        """Return the organisations registered under keys of scheme and value."""


class Sheets(Protocol):
    """Files that were looked at."""

    def keep(self, unit: Any, programme_id: UUID, document_hash: str, lines: tuple[Line, ...]) -> None:
        """Queue the lines of a file, until it is confirmed."""

    async def kept(self, programme_id: UUID, document_hash: str) -> tuple[Line, ...] | None:
        """Return the lines of a file, None if it was never looked at."""


@dataclass(frozen=True, kw_only=True)
class PreviewTakeover(Deciding):
    """Look at a file without deciding anything; the grounds are those a confirmation would have."""

    document_hash: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class ConfirmTakeover(Deciding):
    """Enter what a file says that was looked at."""

    document_hash: str


@dataclass(frozen=True)
class Previewed:
    """What would be entered, and what is wrong. decisions: how many there would be. taken_over: it was before."""

    document_hash: str
    rows: dict[str, int]
    decisions: int
    faults: tuple[Fault, ...]
    taken_over: bool


async def preview_takeover(command: PreviewTakeover, unit: Unit, *, directory: Directory, sheets: Sheets) -> Previewed:
    """Read a file, try every line on the programme as it stands, and keep the lines; decide nothing.

    Of a file that was taken over before no line is tried: all of it is there. Raises ProgrammeNotRunning,
    ProgrammeClosed, which a confirmation would as well.
    """
    programme = await unit.load(Programme, command.programme_id)
    found = read(command.lines, await directory.under(keys_in(command.lines)), command.document_hash)
    if command.document_hash in programme.state.desk.taken_over:
        return Previewed(command.document_hash, found.rows, decisions=0, faults=(), taken_over=True)
    programme.take_over(command.document_hash, found.rows, _imported(command.grounds, command.document_hash, None))
    faults = [*found.faults, *_enter(programme, found, command.document_hash, command.grounds)]
    sheets.keep(unit, command.programme_id, command.document_hash, command.lines)
    return Previewed(
        document_hash=command.document_hash,
        rows=found.rows,
        decisions=0 if faults else len(programme.pending_events),
        faults=tuple(sorted(faults, key=lambda fault: (fault.line, fault.column))[:FAULTS_SHOWN]),
        taken_over=False,
    )


async def confirm_takeover(command: ConfirmTakeover, unit: Unit, *, directory: Directory, sheets: Sheets) -> Decided:
    """Enter all of a file, each line a decision of its own on its own day, marked as imported; or nothing of it.

    Raises NotFound, ProgrammeNotRunning, ProgrammeClosed, AlreadyTakenOver, TakeoverFaulty.
    """
    programme = await unit.load(Programme, command.programme_id)
    lines = await sheets.kept(programme.id, command.document_hash)
    if lines is None:
        message = "No such file was looked at."
        raise NotFound(message, "Upload it first: the preview says what is wrong with it.")
    grounds = _imported(command.grounds, command.document_hash, command.grounds.decided_at)
    found = read(lines, await directory.under(keys_in(lines)), command.document_hash)
    taken = programme.take_over(command.document_hash, found.rows, grounds)
    faults = (*found.faults, *_enter(programme, found, command.document_hash, command.grounds))
    if faults:
        first = min(faults, key=lambda fault: fault.line)
        message = f"{len(faults)} lines cannot be entered; line {first.line}, {first.column}: {first.message}"
        raise TakeoverFaulty(message, field=f"lines.{first.line}.{first.column}")
    unit.save(programme, texts=command.texts)
    return decided(taken)


def _enter(programme: Programme, found: Read, document_hash: str, grounds: Grounds) -> Iterator[Fault]:
    """Enter what was read; yield what the programme refuses, line by line."""
    derived = False
    for entry in found.entries:
        why = _imported(grounds, document_hash, entry.decided_at)
        try:
            if entry.record == "duty" and not derived:
                derived = True
                _derive(programme, why)
            _enter_one(programme, entry, why)
        except DomainError as refusal:
            field = refusal.field if isinstance(refusal, Invalid) else "record"
            yield Fault(entry.line, COLUMN.get(field, field), refusal.message, refusal.way_out)


def _derive(programme: Programme, grounds: Grounds) -> None:
    try:
        programme.derive_duties(grounds)
    except NothingToDerive:
        return


def _enter_one(programme: Programme, entry: Entry, grounds: Grounds) -> None:
    rule = programme.state.charter.roles.get(entry.role)
    by_contract = rule is not None and rule.obtained is Obtained.CONTRACT
    terms = Terms(themes=entry.themes, contract=grounds.source.document_hash if by_contract else "")
    match entry:
        case Entry(voucher=Voucher() as voucher):
            programme.record_voucher(voucher, entry.currency, entry.despite, grounds)
        case Entry(meeting=Held() as held):
            # A table does not say in which language its titles are; that of the programme is meant.
            title = {min(programme.state.title): held.title}
            programme.plan_from_duty(held.meeting_id, entry.duty, None, replace(held.details, title=title), grounds)
            programme.hold(held.meeting_id, held.attended, NOTHING_SHOWN, grounds)
        case Entry(record="participant", joiner=Joiner() as joiner):
            programme.join(joiner, entry.role, grounds, strand=entry.strand or None, terms=terms)
        case Entry(record="role", joiner=Joiner(organisation_id=organisation)):
            programme.grant_role(organisation, entry.role, grounds, terms=terms)
        case _:
            host = cast("Joiner", entry.joiner).organisation_id
            programme.offer_duty(entry.duty, (host,), None, grounds)
            programme.accept_duty(entry.duty, host, grounds)


def _imported(grounds: Grounds, document_hash: str, decided_at: datetime | None) -> Grounds:
    source = Source(
        SourceKind.IMPORT, received_on=occasion().now, document_hash=document_hash, entered_by=occasion().actor
    )
    return replace(grounds, source=source, decided_at=decided_at, corrects=None, supersedes=None, revokes=None)
