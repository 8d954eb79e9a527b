"""Where personal data lie, as use cases see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime  # noqa: TC003 -- rows are read by their annotations
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID  # noqa: TC003 -- as above

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from interpares.common.writes import Row
    from interpares.registration.application.file_ports import FileNote
    from interpares.registration.domain.membership import Membership
    from interpares.registration.domain.person import Cause


@dataclass(frozen=True)
class Read:
    """One read of personal data. reader: opaque id; why: a plain code; route: what was read."""

    id: UUID
    read_at: datetime
    reader: UUID
    why: str
    route: str


class PersonalDataStore(Protocol):
    """Every table with personal data, as the register names them."""

    def erasing(self, person_id: UUID, actor: UUID, cause: Cause, at: datetime) -> Sequence[Row]:
        """Remove all that the register says goes, and enter the erasure in the ledger."""
        ...

    def rectifying(self, person_id: UUID, changes: Mapping[str, str]) -> Row:
        """Correct columns of the person's row, by name."""
        ...

    def restricting(self, person_id: UUID, until: date) -> Row:
        """Show and use the data of a person no more."""
        ...

    async def held(self, person_id: UUID, actor: UUID) -> dict[str, list[dict[str, Any]]]:
        """Return all that the register names of one person, by table, but for sealed texts; as JSON has it."""
        ...

    def expiring(self, now: datetime) -> Sequence[Row]:
        """Remove the rows that go of themselves."""
        ...


class HeldMemberships(Protocol):
    """The memberships somebody holds now, to end them."""

    async def ids_of(self, actor: UUID) -> tuple[UUID, ...]:
        """Return their ids."""
        ...

    def ending(self, membership: Membership) -> Sequence[Row]:
        """Let the membership count no more."""
        ...


class Guests(Protocol):
    """People at meetings who came without an account; they act under the id they have as participants."""

    async def known(self, participant_id: UUID) -> bool:
        """Tell whether data of such a participant are held."""
        ...


class FilesAbout(Protocol):
    """The files that are tagged with a person."""

    async def about(self, person_id: UUID, actor: UUID) -> list[FileNote]:
        """Return those whose content is still there."""
        ...

    def erasing(self, file_id: UUID) -> Row:
        """Forget the name of a file; its content goes after the command, see ``Room``."""
        ...


class Confirmations(Protocol):
    """What other services confirmed."""

    async def confirmed_by(self, person_id: UUID) -> dict[str, datetime]:
        """Return which services hold no text of or about a person any more, and since when that is known."""
        ...


class TextsElsewhere(Protocol):
    """The sealed texts of other services."""

    async def of(self, person_id: UUID, actor: UUID) -> dict[str, list[dict[str, Any]]]:
        """Return all texts of or about a person, by service, this one included. Raises Busy where one is silent."""
        ...


class Reads(Protocol):
    """Who read whose data."""

    async def note(self, *, reader: UUID, person_id: UUID, why: str, route: str, now: datetime) -> None:
        """Note a read. Raises Busy: what cannot be noted may not be read."""
        ...

    async def page(self, person_id: UUID, *, after: UUID | None, limit: int) -> list[Read]:
        """Return who read a person's data, from behind ``after``, in the order of time."""
        ...


@dataclass(frozen=True)
class Entry:
    """An erasure as the ledger has it; ids that lead nowhere any more."""

    person_id: UUID
    actor: UUID
    cause: str
    erased_at: datetime


class Ledger(Protocol):
    """Which people were erased: nothing is ever taken out of it."""

    async def page(self, after: UUID | None, limit: int) -> Sequence[Entry]:
        """Return entries in the order of their ids, from behind ``after``."""
        ...


class DueErasures(Protocol):
    """What retention has to do."""

    async def people(self, before: datetime) -> list[UUID]:
        """Return people without a membership whose last one ended, or who were registered, before an instant."""
        ...

    async def restrictions(self, today: date) -> list[UUID]:
        """Return requests whose restriction is over."""
        ...
