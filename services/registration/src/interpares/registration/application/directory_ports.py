"""The directory's own tables as use cases see them; see ``ports`` for what a port promises."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from interpares.registration.application.ports import OrganisationKeys

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from interpares.common.writes import Row
    from interpares.registration.domain.organisation import Facts, Key


class DirectoryKeys(OrganisationKeys, Protocol):
    """Which keys are taken, and by whom."""

    def claiming_all(self, claims: Sequence[tuple[UUID, Key]]) -> Row:
        """Claim the keys of many organisations at once; violates a constraint if one is taken."""
        ...

    def releasing(self, organisation_id: UUID, keys: Sequence[Key]) -> Sequence[Row]:
        """Let keys go that never were the organisation's."""
        ...

    async def holders(self, keys: Sequence[Key]) -> Mapping[tuple[str, str], UUID]:
        """Return who holds which of the keys, by folded key."""
        ...


class Twinnings(Protocol):
    """Which organisations are linked now."""

    def entering(self, twinning_id: UUID, between: Sequence[UUID]) -> Row:
        """Note a link; TwinnedAlready where the two are linked."""
        ...

    def ending(self, twinning_id: UUID) -> Row:
        """Note that a link ended."""
        ...


class OrganisationNames(Protocol):
    """What organisations are called."""

    async def bearers(self, names: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], UUID]:
        """Return an organisation for each country and folded name that one bears."""
        ...


@dataclass(frozen=True)
class Fault:
    """What is wrong with a cell. column: its heading, empty where it is the row as a whole."""

    column: str
    message: str
    way_out: str


@dataclass(frozen=True)
class ReadRow:
    """A row of a document. line: as a spreadsheet counts, the heading being 1. facts: None where there are faults."""

    line: int
    facts: Facts | None
    faults: tuple[Fault, ...] = ()


class RowState(StrEnum):
    """What becomes of a row.

    Before it is confirmed: ready, known (its key is in the directory), asked (its name is, under another key), faulty.
    Afterwards: waiting, registered, refused; what was not to be imported is skipped.
    """

    READY = "ready"
    KNOWN = "known"
    ASKED = "asked"
    FAULTY = "faulty"
    WAITING = "waiting"
    REGISTERED = "registered"
    REFUSED = "refused"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class PreviewedRow:
    """What would come of a row. organisation_id: it is to get. like: organisation with its key or its name."""

    line: int
    state: RowState
    organisation_id: UUID | None
    facts: Facts | None
    faults: tuple[Fault, ...] = ()
    like: UUID | None = None


@dataclass(frozen=True)
class ImportedRow:
    """A row that is to be registered. line: as a spreadsheet counts. organisation_id: follows from document and key."""

    line: int
    organisation_id: UUID
    facts: Facts


@dataclass(frozen=True)
class PreviewedImport:
    """What a preview left to decide. ready: rows without fault. asked: lines whose name is known under another key."""

    import_id: UUID
    document: str
    ready: int
    asked: frozenset[int]
    confirmed: bool


class Imports(Protocol):
    """The documents that were uploaded, row by row."""

    async def one(self, import_id: UUID) -> PreviewedImport | None:
        """Return a previewed import, None if there is none."""
        ...

    def entering(self, import_id: UUID, document: str, by: UUID, rows: Sequence[PreviewedRow]) -> Sequence[Row]:
        """Enter what a preview found. by: opaque id of whoever uploaded the document."""
        ...

    def confirming(self, import_id: UUID, kept: Sequence[int], by: UUID, acting_as: str) -> Sequence[Row]:
        """Let the rows without fault, and the kept ones, wait to be registered."""
        ...

    def registered(self, import_id: UUID, lines: Sequence[int]) -> Sequence[Row]:
        """Note that the rows of these lines were registered."""
        ...

    def refused(self, import_id: UUID, line: int, fault: Fault) -> Sequence[Row]:
        """Note that a row could not be registered, and why."""
        ...
