"""Erasing, keeping and correcting: what is written together, and what is refused before anything is."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from interpares.common.context import occasion
from interpares.common.errors import NotFound
from interpares.common.sealed import seal
from interpares.common.writes import Row
from interpares.registration.application.file_ports import FileNote
from interpares.registration.application.privacy.erase import (
    DecideErasure,
    EndRestriction,
    EraseAgain,
    Erasing,
    FileErasureRequest,
    decide_erasure,
    end_restriction,
    erase_again,
    file_erasure_request,
)
from interpares.registration.application.privacy.expire import Expire, Expired, expire
from interpares.registration.application.privacy.keep import (
    HoldPerson,
    LiftHold,
    RectifyPerson,
    hold_person,
    lift_hold,
    rectify_person,
)
from interpares.registration.domain.file import Erased as FileErased
from interpares.registration.domain.file import MediaType, StoredFile
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.membership import Capacity, Ended, Membership
from interpares.registration.domain.person import Cause, Erased, Held, HoldLifted, Person, Rectified
from interpares.registration.domain.privacy.errors import GroundMissing, HoldInForce, NothingToRectify
from interpares.registration.domain.privacy.request import (
    ErasureRequest,
    Granted,
    Ground,
    Outcome,
    Refused,
    Restricted,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from services.registration.tests.application.conftest import FakePorts, FakeUnit

PERSON, ACTOR, REQUEST, MEMBERSHIP, HOLD, FILE = (UUID(int=number) for number in range(70, 76))
TODAY = date(2026, 3, 1)
SOON = TODAY + timedelta(days=1)
WHY = seal("She asked for it.", UUID(int=1), [PERSON])
GROUNDS = Grounds("as-asked", WHY.hash, "office")
pytestmark = pytest.mark.usefixtures("now_acting")


class FakeStore:
    """Personal data; every row says what it would do."""

    def erasing(self, person_id: UUID, actor: UUID, cause: Cause, at: datetime) -> Sequence[Row]:
        return [Row(("erase", person_id, actor, cause, at))]

    def rectifying(self, person_id: UUID, changes: Mapping[str, str]) -> Row:
        return Row(("rectify", person_id, changes))

    def restricting(self, person_id: UUID, until: date) -> Row:
        return Row(("restrict", person_id, until))

    async def held(self, person_id: UUID, actor: UUID) -> dict[str, list[dict[str, Any]]]:
        raise NotImplementedError

    def expiring(self, now: datetime) -> Sequence[Row]:
        return [Row(("expire", now))]


class FakeFiles:
    """One file about the person, where there is one."""

    def __init__(self, *notes: FileNote) -> None:
        self.notes = list(notes)

    async def about(self, person_id: UUID, actor: UUID) -> list[FileNote]:
        return self.notes

    def erasing(self, file_id: UUID) -> Row:
        return Row(("erase file", file_id))


class FakeGuests:
    """Participants of meetings, by id."""

    def __init__(self, *known: UUID) -> None:
        self._known = known

    async def known(self, participant_id: UUID) -> bool:
        return participant_id in self._known


STORE = FakeStore()
FILES = FakeFiles()


@pytest.fixture
def known(unit: FakeUnit, ports: FakePorts) -> FakeUnit:
    unit.given(Person.register(PERSON, ACTOR))
    unit.given(
        Membership.grant(
            MEMBERSHIP,
            person_id=PERSON,
            actor=ACTOR,
            organisation_id=UUID(int=80),
            capacity=Capacity.COORDINATOR,
            grounds=Grounds("new-in-office", WHY.hash, "operator"),
        )
    )
    ports.membership_ids = (MEMBERSHIP,)
    unit.given(
        ErasureRequest.file(REQUEST, person_id=PERSON, actor=ACTOR, received_on=TODAY, channel="mail", grounds=GROUNDS)
    )
    return unit


def deciding(outcome: Outcome, ground: Ground | None = None, until: date | None = None) -> DecideErasure:
    return DecideErasure(REQUEST, outcome, ground, until, "as-asked", WHY, "office")


def saved(unit: FakeUnit) -> list[type]:
    return [type(event) for events, _ in unit.saved for event in events]


async def test_a_wish_is_noted(known: FakeUnit) -> None:
    command = FileErasureRequest(UUID(int=90), PERSON, TODAY, "letter", "wants-to-be-erased", WHY, "oneself")

    answer = await file_erasure_request(command, known, guests=FakeGuests())

    assert (answer.type, answer.outcome, answer.created_id) == ("erasure-request", "filed", UUID(int=90))
    assert known.saved[0][1] == (WHY,)


async def test_a_guest_without_an_account_can_ask_too_and_nobody_else(unit: FakeUnit) -> None:
    command = FileErasureRequest(UUID(int=90), PERSON, TODAY, "letter", "wants-to-be-erased", WHY, "office")

    with pytest.raises(NotFound):
        await file_erasure_request(command, unit, guests=FakeGuests())
    await file_erasure_request(command, unit, guests=FakeGuests(PERSON))

    (registered,), (filed,) = (events for events, _ in unit.saved)
    assert (type(registered), registered.originator_id, registered.actor) == (Person.Created, PERSON, PERSON)
    assert (filed.person_id, filed.actor) == (PERSON, PERSON)


async def test_what_is_granted_is_done_with_the_decision(known: FakeUnit, ports: FakePorts) -> None:
    answer = await decide_erasure(deciding(Outcome.ERASED), known, store=STORE, memberships=ports, files=FILES)

    assert answer.outcome == "erased"
    assert saved(known) == [Granted, Erased, Ended]
    assert known.written == [("end", MEMBERSHIP), ("erase", PERSON, ACTOR, Cause.REQUEST, occasion().now)]


async def test_what_is_restricted_is_shown_no_more(known: FakeUnit, ports: FakePorts) -> None:
    await decide_erasure(
        deciding(Outcome.RESTRICTED, Ground.LEGAL_DUTY, SOON), known, store=STORE, memberships=ports, files=FILES
    )

    assert saved(known) == [Restricted]
    assert known.written == [("restrict", PERSON, SOON)]


async def test_what_is_refused_stays(known: FakeUnit, ports: FakePorts) -> None:
    await decide_erasure(
        deciding(Outcome.REFUSED, Ground.LEGAL_CLAIMS), known, store=STORE, memberships=ports, files=FILES
    )

    assert (saved(known), known.written) == ([Refused], [])


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (deciding(Outcome.ERASED, Ground.LEGAL_DUTY), "ground"),
        (deciding(Outcome.ERASED, until=SOON), "until"),
        (deciding(Outcome.REFUSED), "ground"),
        (deciding(Outcome.REFUSED, Ground.LEGAL_DUTY, SOON), "until"),
        (deciding(Outcome.RESTRICTED, until=SOON), "ground"),
        (deciding(Outcome.RESTRICTED, Ground.LEGAL_DUTY), "until"),
    ],
)
async def test_ground_and_day_fit_the_outcome(
    command: DecideErasure, field: str, known: FakeUnit, ports: FakePorts
) -> None:
    with pytest.raises(GroundMissing) as refused:
        await decide_erasure(command, known, store=STORE, memberships=ports, files=FILES)

    assert refused.value.field == field
    assert (known.saved, known.written) == ([], [])


async def test_a_hold_stands_against_a_granted_request(known: FakeUnit, ports: FakePorts) -> None:
    await hold_person(HoldPerson(PERSON, HOLD, SOON, "proof-of-use", "duty", WHY, "office"), known)

    with pytest.raises(HoldInForce):
        await decide_erasure(deciding(Outcome.ERASED), known, store=STORE, memberships=ports, files=FILES)
    assert known.written == []


async def test_files_about_the_person_go_with_them(known: FakeUnit, ports: FakePorts) -> None:
    file = StoredFile.store(
        FILE, organisation_id=UUID(int=80), media_type=MediaType.PDF, size=1, sha256="0" * 64, acting_as="coordinator"
    )
    known.given(file)
    files = FakeFiles(FileNote(FILE, UUID(int=80), "cv.pdf", MediaType.PDF, 1, "0" * 64, occasion().now, None))

    await decide_erasure(deciding(Outcome.ERASED), known, store=STORE, memberships=ports, files=files)

    assert saved(known) == [Granted, Erased, Ended, FileErased]
    assert known.written[1] == ("erase file", FILE)


async def test_a_restriction_that_is_over_erases(known: FakeUnit, ports: FakePorts) -> None:
    request = await known.load(ErasureRequest, REQUEST)
    command = EndRestriction(REQUEST, WHY)
    assert await end_restriction(command, known, store=STORE, memberships=ports, files=FILES) == Erasing(done=False)

    request.trigger_event(
        Restricted,
        person_id=PERSON,
        until=TODAY,
        ground=Ground.LEGAL_DUTY,
        reason_code="as-asked",
        reason=WHY.hash,
        acting_as="office",
    )
    known.given(request)

    assert await end_restriction(command, known, store=STORE, memberships=ports, files=FILES) == Erasing(done=True)
    assert saved(known) == [Granted, Erased, Ended]


@pytest.mark.parametrize("cause", [Cause.RETENTION, Cause.RESTORE])
async def test_who_is_due_is_erased_once(cause: Cause, known: FakeUnit, ports: FakePorts) -> None:
    command = EraseAgain(PERSON, cause, WHY)

    assert await erase_again(command, known, store=STORE, memberships=ports, files=FILES) == Erasing(done=True)
    assert await erase_again(command, known, store=STORE, memberships=ports, files=FILES) == Erasing(done=False)

    assert saved(known) == [Erased, Ended]
    assert [events[0].reason_code for events, _ in known.saved] == [
        {Cause.RETENTION: "retention-over", Cause.RESTORE: "erased-before-restore"}[cause]
    ] * 2


async def test_somebody_this_store_never_heard_of_needs_nothing(unit: FakeUnit, ports: FakePorts) -> None:
    command = EraseAgain(PERSON, Cause.RESTORE, WHY)

    assert await erase_again(command, unit, store=STORE, memberships=ports, files=FILES) == Erasing(done=False)


async def test_corrections_go_into_the_table_and_their_fields_into_the_log(known: FakeUnit) -> None:
    command = RectifyPerson(PERSON, {"email": "canary@example.org"}, "typing-error", WHY, "oneself")

    answer = await rectify_person(command, known, store=STORE)

    assert (answer.type, answer.subject) == ("person-rectification", f"person:{PERSON}")
    assert known.written == [("rectify", PERSON, {"email": "canary@example.org"})]
    assert saved(known) == [Rectified]
    assert "canary" not in repr(command) + repr(known.saved)


async def test_a_correction_changes_something(known: FakeUnit) -> None:
    with pytest.raises(NothingToRectify):
        await rectify_person(RectifyPerson(PERSON, {}, "typing-error", WHY, "oneself"), known, store=STORE)


async def test_a_hold_is_set_and_lifted(known: FakeUnit) -> None:
    held = await hold_person(HoldPerson(PERSON, HOLD, SOON, "proof-of-use", "duty", WHY, "office"), known)
    lifted = await lift_hold(LiftHold(PERSON, HOLD, "duty-over", WHY, "office"), known)

    assert (held.outcome, held.created_id, lifted.outcome) == ("held", HOLD, "lifted")
    assert saved(known) == [Held, HoldLifted]


async def test_what_expires_goes(unit: FakeUnit) -> None:
    assert await expire(Expire(), unit, store=STORE) == Expired()
    assert unit.written == [("expire", occasion().now)]
