"""Arrange that somebody acts for a while, let it begin and end on its days, or end it before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 -- commands are read by their annotations

from interpares.registration.application.decided import Decided, decided
from interpares.registration.domain.facilitator import Facilitator, facilitator_id
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.joining_refusals import NotAvailable
from interpares.registration.domain.mandate import Kind, Mandate, Term
from interpares.registration.domain.membership import Capacity, Following, Membership
from interpares.registration.domain.organisation import Organisation
from interpares.registration.domain.person import Person

if TYPE_CHECKING:
    from interpares.common.sealed import SealedText
    from interpares.registration.application.ports import Memberships, Unit

TERM_OVER = "term-over"


@dataclass(frozen=True)
class Substitute:
    """person_id acts in the place of a membership. new_membership_id: of what they get when it begins."""

    mandate_id: UUID
    membership_id: UUID
    person_id: UUID
    term: Term
    new_membership_id: UUID
    reason_code: str
    reason: SealedText
    acting_as: str


@dataclass(frozen=True)
class Accompany:
    """person_id, a facilitator, accompanies an organisation for some expert days."""

    mandate_id: UUID
    organisation_id: UUID
    person_id: UUID
    term: Term
    days: int
    new_membership_id: UUID
    reason_code: str
    reason: SealedText
    acting_as: str


@dataclass(frozen=True)
class AdvanceMandate:
    """Its first or last day may have come."""

    mandate_id: UUID
    new_membership_id: UUID
    reason: SealedText


@dataclass(frozen=True)
class EndMandate:
    """It ends before its day."""

    mandate_id: UUID
    reason_code: str
    reason: SealedText
    acting_as: str


@dataclass(frozen=True)
class Advanced:
    """done: whether anything was due."""

    done: bool


async def substitute(command: Substitute, unit: Unit, *, memberships: Memberships) -> Decided:
    """Let somebody act in another's place from one day to another. Raises NotFound, CapacityNotYours, TermPast."""
    membership = await unit.load(Membership, command.membership_id)
    person = await unit.load(Person, command.person_id)
    mandate = Mandate.arrange(
        command.mandate_id,
        kind=Kind.SUBSTITUTE,
        person_id=person.id,
        actor=person.state.actor,
        organisation_id=membership.state.organisation_id,
        capacity=membership.state.capacity,
        term=command.term,
        substitutes=membership.id,
        grounds=Grounds(command.reason_code, command.reason.hash, command.acting_as),
    )
    told = decided(mandate, "substitution", "arranged", command.reason_code)
    await _begin(mandate, unit, memberships, command.new_membership_id)
    unit.save(mandate, texts=(command.reason,))
    return told


async def accompany(command: Accompany, unit: Unit, *, memberships: Memberships) -> Decided:
    """Let a facilitator accompany an organisation, within what they said to be available for.

    Raises NotFound, NotAvailable, CapacityNotYours, TermPast.
    """
    await unit.load(Organisation, command.organisation_id)
    person = await unit.load(Person, command.person_id)
    facilitator = await unit.find(Facilitator, facilitator_id(person.id))
    if facilitator is None:
        raise NotAvailable.with_days(None)
    mandate = Mandate.arrange(
        command.mandate_id,
        kind=Kind.ACCOMPANIMENT,
        person_id=person.id,
        actor=person.state.actor,
        organisation_id=command.organisation_id,
        capacity=Capacity.FACILITATOR,
        term=command.term,
        days=command.days,
        grounds=Grounds(command.reason_code, command.reason.hash, command.acting_as),
    )
    told = decided(mandate, "accompaniment", "arranged", command.reason_code)
    facilitator.take_days(mandate.id, command.term, command.days)
    await _begin(mandate, unit, memberships, command.new_membership_id)
    unit.save(facilitator)
    unit.save(mandate, texts=(command.reason,))
    return told


async def end_mandate(command: EndMandate, unit: Unit, *, memberships: Memberships) -> Decided:
    """End a mandate before its last day; the days a facilitator was to spend are free again.

    Raises NotFound, MandateOver.
    """
    mandate = await unit.load(Mandate, command.mandate_id)
    await _end(mandate, unit, memberships, Grounds(command.reason_code, command.reason.hash, command.acting_as))
    facilitator = await unit.find(Facilitator, facilitator_id(mandate.state.person_id))
    if facilitator is not None:
        facilitator.give_back(mandate.id)
        unit.save(facilitator)
    unit.save(mandate, texts=(command.reason,))
    return decided(mandate, "mandate-end", "ended", command.reason_code)


async def advance_mandate(command: AdvanceMandate, unit: Unit, *, memberships: Memberships) -> Advanced:
    """Do by time-out what is due: begin on the first day, end after the last. Raises NotFound."""
    mandate = await unit.load(Mandate, command.mandate_id)
    if mandate.is_past():
        await _end(mandate, unit, memberships, Grounds(TERM_OVER, command.reason.hash, "time-out"))
        unit.save(mandate, texts=(command.reason,))
        return Advanced(done=True)
    begun = await _begin(mandate, unit, memberships, command.new_membership_id)
    unit.save(mandate)
    return Advanced(done=begun)


async def _begin(mandate: Mandate, unit: Unit, memberships: Memberships, new_id: UUID) -> bool:
    if not mandate.is_due():
        return False
    state = mandate.state
    # An account that was erased meanwhile, or holds the capacity anyway, gets nothing more.
    person = await unit.load(Person, state.person_id)
    held = await memberships.held(state.actor, state.organisation_id, state.capacity)
    grounds = mandate.start(None if held or person.state.erased else new_id)
    if mandate.state.membership_id is not None:
        membership = Membership.follow(
            new_id,
            person_id=state.person_id,
            actor=state.actor,
            organisation_id=state.organisation_id,
            capacity=state.capacity,
            following=Following.MANDATE,
            decided_by=mandate.id,
            grounds=grounds,
        )
        unit.write(*memberships.granting(membership))
        unit.save(membership)
    return True


async def _end(mandate: Mandate, unit: Unit, memberships: Memberships, grounds: Grounds) -> None:
    membership_id = mandate.end(grounds)
    if membership_id is None:
        return
    membership = await unit.load(Membership, membership_id)
    # Whoever left, or was erased, holds it no more.
    if not membership.state.ended:
        membership.cease(grounds)
        unit.write(*memberships.ending(membership))
        unit.save(membership)
