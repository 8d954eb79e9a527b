"""Joining, leaving and standing in, where nothing is to be done or somebody was faster."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from interpares.common.context import occasion
from interpares.common.sealed import seal
from interpares.common.writes import Row
from interpares.registration.application.joining.hand_over import HandOver, hand_over
from interpares.registration.application.joining.invite import (
    AcceptInvitation,
    Lapsed,
    LapseInvitation,
    accept_invitation,
    lapse_invitation,
)
from interpares.registration.application.joining.mandates import (
    Accompany,
    Advanced,
    AdvanceMandate,
    EndMandate,
    accompany,
    advance_mandate,
    end_mandate,
)
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.invitation import Invitation
from interpares.registration.domain.joining_refusals import NotAvailable, NothingToHandOver
from interpares.registration.domain.links import LinkDead, PersonalLink, Purpose
from interpares.registration.domain.mandate import Kind, Mandate, Term
from interpares.registration.domain.membership import Capacity, Ended, HandedOver, Membership
from interpares.registration.domain.organisation import Facts, Key, Organisation
from interpares.registration.domain.organisation import Kind as OrganisationKind
from interpares.registration.domain.person import Cause, Person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.registration.tests.application.conftest import FakeUnit

TOWN, LEAVING, STAYING, A, B, MINE, YOURS, NEW, MANDATE = (UUID(int=number) for number in range(100, 109))
WHY = seal("We agreed on it.", UUID(int=1))
GROUNDS = Grounds("as-agreed", WHY.hash, "office")
pytestmark = pytest.mark.usefixtures("now_acting")


@dataclass
class FakeMemberships:
    """Who holds what where."""

    theirs: dict[UUID, dict[Capacity, UUID]] = field(default_factory=dict)

    async def held(self, actor: UUID, organisation_id: UUID, capacity: Capacity) -> bool:
        return capacity in self.theirs.get(actor, {})

    async def ids_in(self, actor: UUID, organisation_id: UUID) -> dict[Capacity, UUID]:
        return self.theirs.get(actor, {})

    def granting(self, membership: Membership) -> Sequence[Row]:
        return [Row(("grant", membership.id))]

    def ending(self, membership: Membership) -> Sequence[Row]:
        return [Row(("end", membership.id))]


class FakeTables:
    """Invitees, none of them there any more, and a link that still is."""

    async def one(self, invitation_id: UUID) -> None:
        return None

    def entering(self, *_: Any) -> Row:
        raise NotImplementedError

    def forgetting(self, invitation_id: UUID) -> Row:
        return Row(("forget", invitation_id))

    async def opened(self, key: bytes, purpose: Purpose, now: datetime) -> PersonalLink:
        return PersonalLink(A, purpose, B, B, now)

    def issuing(self, *_: Any) -> Sequence[Row]:
        raise NotImplementedError

    def ending(self, purpose: Purpose, about: UUID) -> Row:
        return Row(("dead", about))


@pytest.fixture
def known(unit: FakeUnit) -> FakeUnit:
    for person_id, actor in ((LEAVING, A), (STAYING, B)):
        unit.given(Person.register(person_id, actor))
    for membership_id, person_id, actor in ((MINE, LEAVING, A), (YOURS, STAYING, B)):
        unit.given(
            Membership.grant(
                membership_id,
                person_id=person_id,
                actor=actor,
                organisation_id=TOWN,
                capacity=Capacity.COORDINATOR,
                grounds=GROUNDS,
            )
        )
    return unit


def handing(leaving: UUID = LEAVING) -> HandOver:
    return HandOver(TOWN, leaving, STAYING, (NEW,), "as-agreed", WHY, "office")


def mandate(starts: int = 0) -> Mandate:
    today = occasion().now.date()
    return Mandate.arrange(
        MANDATE,
        kind=Kind.SUBSTITUTE,
        person_id=STAYING,
        actor=B,
        organisation_id=TOWN,
        capacity=Capacity.COORDINATOR,
        term=Term(today + timedelta(days=starts), today + timedelta(days=9)),
        grounds=GROUNDS,
    )


async def test_a_successor_who_holds_it_already_goes_on_with_it(known: FakeUnit) -> None:
    memberships = FakeMemberships({A: {Capacity.COORDINATOR: MINE}, B: {Capacity.COORDINATOR: YOURS}})

    await hand_over(handing(), known, memberships=memberships)

    told = [event for events, _ in known.saved for event in events]
    assert [type(event) for event in told] == [Ended, HandedOver]
    assert told[1].successor_membership_id == YOURS
    assert known.written == [("end", MINE)]


@pytest.mark.parametrize("leaving", [LEAVING, STAYING])
async def test_there_is_something_to_hand_over_and_somebody_else_to_take_it(leaving: UUID, known: FakeUnit) -> None:
    memberships = FakeMemberships({B: {Capacity.COORDINATOR: YOURS}})

    with pytest.raises(NothingToHandOver):
        await hand_over(handing(leaving), known, memberships=memberships)


async def test_an_invitation_that_somebody_else_just_accepted_leads_nowhere(unit: FakeUnit) -> None:
    later = datetime(2026, 4, 1, tzinfo=UTC)
    unit.given(
        Invitation.send(B, organisation_id=TOWN, capacity=Capacity.COORDINATOR, expires_at=later, grounds=GROUNDS)
    )
    tables, command = FakeTables(), AcceptInvitation(b"", NEW, MINE, "sub", None, None)

    with pytest.raises(LinkDead):
        await accept_invitation(
            command,
            unit,
            invitees=tables,
            links=tables,
            people=None,  # type: ignore[arg-type]
            memberships=FakeMemberships(),
        )
    assert await lapse_invitation(LapseInvitation(B), unit, invitees=tables, links=tables) == Lapsed(done=False)
    assert (unit.saved, unit.written) == ([], [])


async def test_somebody_who_is_no_facilitator_is_not_available(known: FakeUnit) -> None:
    known.given(
        Organisation.register(
            TOWN,
            Facts(OrganisationKind.MUNICIPALITY, "AT", (Key("LAU", "40705"),), {"de": "Gmunden"}),
            acting_as="office",
        )
    )
    today = occasion().now.date()
    command = Accompany(MANDATE, TOWN, STAYING, Term(today, today), 1, NEW, "as-agreed", WHY, "office")

    with pytest.raises(NotAvailable):
        await accompany(command, known, memberships=FakeMemberships())


async def test_nothing_is_done_before_its_day(known: FakeUnit) -> None:
    known.given(mandate(starts=1))

    answer = await advance_mandate(AdvanceMandate(MANDATE, NEW, WHY), known, memberships=FakeMemberships())

    assert (answer, known.written) == (Advanced(done=False), [])


async def test_who_holds_it_anyway_gets_nothing_more_and_keeps_it(known: FakeUnit) -> None:
    known.given(mandate())
    memberships = FakeMemberships({B: {Capacity.COORDINATOR: YOURS}})

    begun = await advance_mandate(AdvanceMandate(MANDATE, NEW, WHY), known, memberships=memberships)
    await end_mandate(EndMandate(MANDATE, "as-agreed", WHY, "office"), known, memberships=memberships)

    assert (begun, known.written) == (Advanced(done=True), [])


async def test_an_erased_substitute_does_not_begin(known: FakeUnit) -> None:
    person = await known.load(Person, STAYING)
    person.erase(Cause.RETENTION, request_id=None, reason_code="retention-over", acting_as="time-out")
    known.given(person)
    known.given(mandate())

    await advance_mandate(AdvanceMandate(MANDATE, NEW, WHY), known, memberships=FakeMemberships())

    assert known.written == []


async def test_a_membership_that_ended_otherwise_is_not_ended_again(known: FakeUnit) -> None:
    known.given(mandate())
    await advance_mandate(AdvanceMandate(MANDATE, NEW, WHY), known, memberships=FakeMemberships())
    assert known.written == [("grant", NEW)]
    granted = Membership.grant(
        NEW, person_id=STAYING, actor=B, organisation_id=TOWN, capacity=Capacity.COORDINATOR, grounds=GROUNDS
    )
    granted.cease(GROUNDS)
    known.given(granted)

    await end_mandate(EndMandate(MANDATE, "as-agreed", WHY, "office"), known, memberships=FakeMemberships())

    assert known.written == [("grant", NEW)]
