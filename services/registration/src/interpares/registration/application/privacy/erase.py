"""Erase a person: by a request, by the end of retention, or once more after a restore."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003 -- commands are read by their annotations
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 -- as above

from interpares.common.context import occasion
from interpares.common.errors import NotFound
from interpares.registration.application.decided import decided
from interpares.registration.domain.file import StoredFile
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.membership import Membership
from interpares.registration.domain.person import Cause, Person
from interpares.registration.domain.privacy.errors import GroundMissing
from interpares.registration.domain.privacy.request import ErasureRequest, Ground, Outcome

if TYPE_CHECKING:
    from interpares.common.sealed import SealedText
    from interpares.registration.application.decided import Decided
    from interpares.registration.application.ports import Unit
    from interpares.registration.application.privacy.ports import FilesAbout, Guests, HeldMemberships, PersonalDataStore

TIME_OUT = "time-out"
RESTRICTION_OVER = "restriction-over"
RETENTION_OVER = "retention-over"
RESTORED = "erased-before-restore"
# Which outcome needs a ground in law, and a day on which it ends.
NEEDED = {
    Outcome.ERASED: {"ground": False, "until": False},
    Outcome.REFUSED: {"ground": True, "until": False},
    Outcome.RESTRICTED: {"ground": True, "until": True},
}


@dataclass(frozen=True)
class FileErasureRequest:
    """wish: what the person asks for, in their words. acting_as: ``oneself`` or the capacity of who enters it."""

    request_id: UUID
    person_id: UUID
    received_on: date
    channel: str
    reason_code: str
    wish: SealedText
    acting_as: str


@dataclass(frozen=True)
class DecideErasure:
    """ground: in law, where data stay; until: last day of a restriction."""

    request_id: UUID
    outcome: Outcome
    ground: Ground | None
    until: date | None
    reason_code: str
    reason: SealedText
    acting_as: str


@dataclass(frozen=True)
class EndRestriction:
    """reason: what is written where a membership ends with it."""

    request_id: UUID
    reason: SealedText


@dataclass(frozen=True)
class EraseAgain:
    """reason: as in ``EndRestriction``. cause: RETENTION or RESTORE."""

    person_id: UUID
    cause: Cause
    reason: SealedText


@dataclass(frozen=True)
class Erasing:
    """done: whether there was anything to erase."""

    done: bool


async def file_erasure_request(command: FileErasureRequest, unit: Unit, *, guests: Guests) -> Decided:
    """Note what a person asks for. Raises NotFound; an erased person may still be asked about.

    A guest of a meeting, who never had an account, is a person to the log from here on: under the id they have there.
    """
    person = await unit.find(Person, command.person_id)
    if person is None and await guests.known(command.person_id):
        person = Person.register(command.person_id, command.person_id)
        unit.save(person)
    if person is None:
        message = "There is no person with this id."
        raise NotFound(message)
    request = ErasureRequest.file(
        command.request_id,
        person_id=person.id,
        actor=person.state.actor,
        received_on=command.received_on,
        channel=command.channel,
        grounds=Grounds(command.reason_code, command.wish.hash, command.acting_as),
    )
    unit.save(request, texts=(command.wish,))
    return decided(request, "erasure-request", "filed", command.reason_code)


async def decide_erasure(
    command: DecideErasure, unit: Unit, *, store: PersonalDataStore, memberships: HeldMemberships, files: FilesAbout
) -> Decided:
    """Decide a request; one that is granted is carried out with the decision itself, all of it or nothing.

    Raises NotFound, RequestDecided, OwnRequest, GroundMissing, DateNotAhead, HoldInForce, PersonGone.
    """
    request = await unit.load(ErasureRequest, command.request_id)
    person = await unit.load(Person, request.state.person_id)
    grounds = Grounds(command.reason_code, command.reason.hash, command.acting_as)
    ground, until = _fitting(command)
    if ground is None:
        request.grant(grounds)
    elif until is None:
        request.refuse(ground, grounds)
    else:
        request.restrict(until, ground, grounds)
        unit.write(store.restricting(person.id, until))
    unit.save(request, texts=(command.reason,))
    if ground is None:
        await _erase(
            person, unit, Cause.REQUEST, request.id, grounds, store=store, memberships=memberships, files=files
        )
    return decided(request, "erasure-decision", command.outcome, command.reason_code)


async def end_restriction(
    command: EndRestriction, unit: Unit, *, store: PersonalDataStore, memberships: HeldMemberships, files: FilesAbout
) -> Erasing:
    """Erase a person whose restriction is over: a decision by time-out. Raises NotFound, HoldInForce, PersonGone."""
    request = await unit.load(ErasureRequest, command.request_id)
    if not request.lapse(RESTRICTION_OVER):
        return Erasing(done=False)
    person = await unit.load(Person, request.state.person_id)
    grounds = Grounds(RESTRICTION_OVER, command.reason.hash, TIME_OUT)
    unit.save(request, texts=(command.reason,))
    await _erase(person, unit, Cause.REQUEST, request.id, grounds, store=store, memberships=memberships, files=files)
    return Erasing(done=True)


async def erase_again(
    command: EraseAgain, unit: Unit, *, store: PersonalDataStore, memberships: HeldMemberships, files: FilesAbout
) -> Erasing:
    """Erase a person whose data may not be here any more: retention is over, or a restore brought them back.

    Somebody this store never heard of, or who is erased here, needs nothing. Raises HoldInForce for retention.
    """
    person = await unit.find(Person, command.person_id)
    if person is None or person.state.erased:
        return Erasing(done=False)
    code = RETENTION_OVER if command.cause is Cause.RETENTION else RESTORED
    grounds = Grounds(code, command.reason.hash, TIME_OUT)
    await _erase(
        person,
        unit,
        command.cause,
        None,
        grounds,
        store=store,
        memberships=memberships,
        files=files,
        texts=(command.reason,),
    )
    return Erasing(done=True)


async def _erase(
    person: Person,
    unit: Unit,
    cause: Cause,
    request_id: UUID | None,
    grounds: Grounds,
    *,
    store: PersonalDataStore,
    memberships: HeldMemberships,
    files: FilesAbout,
    texts: tuple[SealedText, ...] = (),
) -> None:
    person.erase(cause, request_id=request_id, reason_code=grounds.reason_code, acting_as=grounds.capacity)
    unit.save(person, texts=texts)
    for membership_id in await memberships.ids_of(person.state.actor):
        membership = await unit.load(Membership, membership_id)
        membership.cease(grounds)
        unit.write(*memberships.ending(membership))
        unit.save(membership)
    for note in await files.about(person.id, person.state.actor):
        file = await unit.load(StoredFile, note.id)
        file.erase(grounds)
        unit.write(files.erasing(file.id))
        unit.save(file)
    # Last: the statements also empty what was typed about the person in this very command.
    unit.write(*store.erasing(person.id, person.state.actor, cause, occasion().now))


def _fitting(command: DecideErasure) -> tuple[Ground | None, date | None]:
    """Return ground and day as the outcome needs them."""
    for field, needed in NEEDED[command.outcome].items():
        if (getattr(command, field) is not None) != needed:
            way_out = f"Give {field} where data are {command.outcome}." if needed else f"Leave {field} out."
            raise GroundMissing.in_field(field, way_out)
    return command.ground, command.until
