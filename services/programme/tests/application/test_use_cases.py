from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from services.programme.tests.showing import Showing

from interpares.common.aggregate import Aggregate, event_id
from interpares.common.context import acting
from interpares.common.errors import NotFound
from interpares.common.sealed import SealedText, seal
from interpares.programme.application.admit import admit, decline_application
from interpares.programme.application.assessing import Assessing
from interpares.programme.application.call_for_applications import close_call, open_call
from interpares.programme.application.commands import (
    AcceptDuty,
    Admit,
    CloseCall,
    Deciding,
    DeclineApplication,
    DeclineDuty,
    DeriveDuties,
    DraftProgramme,
    EndRole,
    EndRolesOver,
    GrantRole,
    LapseDuty,
    OfferDuty,
    OpenCall,
    ReleaseDuty,
    ReopenDuty,
    Withdraw,
)
from interpares.programme.application.decided import Decided
from interpares.programme.application.draft_programme import draft_programme
from interpares.programme.application.host import (
    accept_duty,
    decline_duty,
    derive_duties,
    lapse_duty,
    offer_duty,
    release_duty,
    reopen_duty,
)
from interpares.programme.application.participate import RolesEnded, end_role, end_roles_over, grant_role, withdraw
from interpares.programme.application.ports import Applicants, Organisations, Past, Unit
from interpares.programme.domain import events
from interpares.programme.domain.charter import Held
from interpares.programme.domain.eligibility import Found
from interpares.programme.domain.errors import UnknownApplication
from interpares.programme.domain.grounds import Grounds
from interpares.programme.domain.holding import Terms
from interpares.programme.domain.moment import LocalMoment

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from uuid import UUID

    from services.programme.tests.conftest import Happened, Story

    from interpares.programme.domain.known import Circumstances, Known
    from interpares.programme.domain.participation import Applicant

A = TypeVar("A", bound=Aggregate)
DECEMBER = LocalMoment(datetime(2026, 12, 1, 12, 0), "Europe/Brussels")  # noqa: DTZ001 -- local time by intent
FINALE = "all.finale.1"


@dataclass
class FakeUnit(Unit):
    """Keeps aggregates in memory, and what was saved in the order it was saved."""

    aggregates: dict[UUID, Aggregate] = field(default_factory=dict)
    saved: list[events.Event] = field(default_factory=list)
    texts: list[SealedText] = field(default_factory=list)

    async def load(self, aggregate_class: type[A], aggregate_id: UUID, /) -> A:
        aggregate = self.aggregates.get(aggregate_id)
        if not isinstance(aggregate, aggregate_class):
            message = "There is none."
            raise NotFound(message)
        return aggregate

    async def find(self, aggregate_class: type[A], aggregate_id: UUID, /) -> A | None:
        aggregate = self.aggregates.get(aggregate_id)
        return aggregate if isinstance(aggregate, aggregate_class) else None

    def save(self, aggregate: Aggregate, /, *, texts: Sequence[SealedText] = ()) -> None:
        self.aggregates[aggregate.id] = aggregate
        self.saved += [event for event in aggregate.collect_events() if isinstance(event, events.Event)]
        self.texts += texts


@dataclass
class FakeApplicants(Applicants):
    """The applications it was given; remembers what it was asked."""

    known: dict[UUID, Applicant] = field(default_factory=dict)
    asked: list[tuple[UUID, str, str | None]] = field(default_factory=list)

    async def get(self, application_id: UUID) -> Applicant | None:
        return self.known.get(application_id)

    async def competing(self, programme_id: UUID, role: str, strand: str | None) -> tuple[Applicant, ...]:
        self.asked.append((programme_id, role, strand))
        return tuple(self.known.values())


@dataclass
class FakeOrganisations(Organisations):
    """The organisations it was given."""

    towns: dict[UUID, Known] = field(default_factory=dict)

    async def told(self, organisation_id: UUID) -> Known | None:
        return self.towns.get(organisation_id)


class FakePast(Past):
    """Everybody attended one talk and hosted two fairs."""

    async def of(self, organisation_id: UUID) -> tuple[dict[str, int], dict[str, int]]:
        assert organisation_id
        return {"talk": 1}, {"fair": 2}


class Desk:
    """Runs one use case on a programme with a past."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.unit = FakeUnit()
        self.applicants = FakeApplicants()
        self.organisations = FakeOrganisations()
        self.seen: list[Circumstances] = []
        self.assessing = Assessing(self.organisations, FakePast(), self.found)
        self.sealed = seal("It has the best concept.", story.id("clerk"))
        self.more_grounds: dict[str, Any] = {}

    def found(self, predicates: tuple[str, ...], circumstances: Circumstances) -> tuple[Found, ...]:
        self.seen.append(circumstances)
        return tuple(Found(index, "country", "holds", "AT") for index, _ in enumerate(predicates))

    def has(self, *happened: Happened) -> None:
        self.unit.aggregates[self.story.programme_id] = self.story.running(*happened)

    def applied(self, *applicants: Applicant) -> None:
        self.applicants.known = {applicant.application_id: applicant for applicant in applicants}

    async def run(
        self, use_case: Callable[[Any, FakeUnit], Awaitable[Decided]], command: type[Deciding], **fields: Any
    ) -> Decided:
        why = Grounds("best-concept", self.sealed.hash, "office", self.story.office, **self.more_grounds)
        with acting(self.story.occasion):
            given = command(programme_id=self.story.programme_id, grounds=why, texts=(self.sealed,), **fields)
            return await use_case(given, self.unit)

    def answer(self, decision_type: str, subject: str, outcome: str, created: UUID | None = None) -> Decided:
        """Return what the first of the saved events should have been answered with, and check the rest on the way."""
        assert self.unit.texts == [self.sealed]
        first = self.unit.saved[0]
        return Decided(
            decision_id=event_id(self.story.programme_id, first.originator_version),
            type=decision_type,
            subject=subject,
            outcome=outcome,
            reason_code="best-concept",
            decided_at=self.story.now,
            created_id=created,
        )

    def happened(self) -> list[str]:
        return [type(event).__name__ for event in self.unit.saved]


@pytest.fixture
def desk(story: Story) -> Desk:
    return Desk(story)


async def test_a_programme_is_drafted(desk: Desk) -> None:
    story = desk.story
    decided = await desk.run(
        draft_programme, DraftProgramme, title={"en": "New"}, office=story.office, template=story.document
    )
    programme = story.programme_id
    assert decided == desk.answer("programme-draft", f"programme:{programme}", "drafted", programme)
    assert desk.happened() == ["Created"]


async def test_a_call_is_opened(desk: Desk) -> None:
    desk.unit.aggregates[desk.story.programme_id] = desk.story.past(desk.story.drafted())
    decided = await desk.run(open_call, OpenCall, deadline=DECEMBER)
    assert decided == desk.answer("call-opening", f"programme:{desk.story.programme_id}", "open")
    assert desk.happened() == ["CallOpened"]


async def test_a_call_is_closed(desk: Desk) -> None:
    desk.has()
    decided = await desk.run(close_call, CloseCall)
    assert decided == desk.answer("call-closure", f"programme:{desk.story.programme_id}", "closed")
    assert desk.happened() == ["CallClosed"]


async def test_an_applicant_is_admitted_before_its_competitors(desk: Desk) -> None:
    graz, linz = desk.story.applicant("graz"), desk.story.applicant("linz")
    desk.has()
    desk.applied(graz, linz)
    decided = await desk.run(
        partial(admit, applicants=desk.applicants, prerequisites=Showing(), assessing=desk.assessing),
        Admit,
        application_id=graz.application_id,
        role="host",
    )
    assert decided == desk.answer("admission", f"application:{graz.application_id}", "admitted", graz.organisation_id)
    assert desk.happened() == ["ParticipationAdmitted"]
    assert desk.applicants.asked == [(desk.story.programme_id, "host", "AT")]
    assert desk.unit.saved[0].decision.alternatives[0].organisation == linz.organisation_id


async def test_in_an_undivided_programme_all_compete(desk: Desk) -> None:
    story = desk.story
    story.document = story.template(strands={"by": "one"})
    desk.unit.aggregates[story.programme_id] = story.past(story.drafted("all"), story.called())
    graz = story.applicant("graz")
    desk.applied(graz)
    await desk.run(
        partial(admit, applicants=desk.applicants, prerequisites=Showing(), assessing=desk.assessing),
        Admit,
        application_id=graz.application_id,
        role="host",
    )
    assert desk.applicants.asked == [(story.programme_id, "host", None)]


async def test_an_applicant_is_declined(desk: Desk) -> None:
    graz = desk.story.applicant("graz")
    desk.has()
    desk.applied(graz)
    use_case = partial(decline_application, applicants=desk.applicants, assessing=desk.assessing)
    decided = await desk.run(use_case, DeclineApplication, application_id=graz.application_id)
    assert decided == desk.answer("application-refusal", f"application:{graz.application_id}", "declined")
    assert desk.happened() == ["ApplicationDeclined"]


async def test_an_application_nobody_knows_is_not_decided(desk: Desk) -> None:
    desk.has()
    with pytest.raises(UnknownApplication):
        await desk.run(
            partial(admit, applicants=desk.applicants, prerequisites=Showing(), assessing=desk.assessing),
            Admit,
            application_id=desk.story.id("?"),
            role="host",
        )
    assert not desk.unit.saved


async def test_a_role_is_granted_and_ended(desk: Desk) -> None:
    graz = desk.story.id("graz")
    desk.has(desk.story.admitted("graz", "friend"))
    decided = await desk.run(
        partial(grant_role, assessing=desk.assessing), GrantRole, organisation_id=graz, role="prize"
    )
    assert decided == desk.answer("role-grant", f"participation:{graz}", "granted")
    await desk.run(end_role, EndRole, organisation_id=graz, role="prize")
    assert desk.happened() == ["RoleGranted", "RoleEnded"]


async def test_roles_whose_time_is_over_end_once(desk: Desk) -> None:
    story, graz = desk.story, desk.story.id("graz")
    desk.has(story.admitted("graz", "friend"))
    terms = Terms(held=Held(None, date(2026, 3, 31)))
    granting = partial(grant_role, assessing=desk.assessing)
    await desk.run(granting, GrantRole, organisation_id=graz, role="prize", terms=terms)
    command = EndRolesOver(programme_id=story.programme_id, grounds=story.grounds("time-passed", "system"), texts=())
    with acting(replace(story.occasion, now=datetime(2026, 4, 1, 9, tzinfo=UTC))):
        ended = [await end_roles_over(command, desk.unit) for _ in range(2)]
    assert ended == [RolesEnded(1), RolesEnded(0)]
    assert desk.happened() == ["RoleGranted", "RoleEnded"]


async def test_the_answer_tells_of_the_decision_not_of_its_consequences(desk: Desk) -> None:
    story, graz = desk.story, desk.story.id("graz")
    desk.has(story.admitted("graz"), story.derived(("AT.visits.1", "talk", "graz")))
    decided = await desk.run(withdraw, Withdraw, organisation_id=graz)
    assert decided == desk.answer("withdrawal", f"participation:{graz}", "withdrawn")
    assert desk.happened() == ["ParticipationWithdrawn", "DutyReleased", "DutyReopened"]


async def test_duties_are_derived_offered_accepted_released_reopened_and_lapse(desk: Desk) -> None:
    graz = desk.story.id("graz")
    desk.has(desk.story.admitted("graz"), desk.story.admitted("linz"))
    decided = await desk.run(derive_duties, DeriveDuties)
    assert decided == desk.answer("duty-derivation", f"programme:{desk.story.programme_id}", "derived")
    to = (graz, desk.story.id("linz"))
    soon = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(days=30)
    steps: list[tuple[Callable[..., Awaitable[Decided]], type[Deciding], dict[str, Any], str, str]] = [
        (
            partial(offer_duty, prerequisites=Showing()),
            OfferDuty,
            {"to": to, "respond_by": soon},
            "duty-offer",
            "offered",
        ),
        (decline_duty, DeclineDuty, {"organisation_id": to[1]}, "duty-refusal", "declined"),
        (
            partial(accept_duty, prerequisites=Showing()),
            AcceptDuty,
            {"organisation_id": graz},
            "duty-acceptance",
            "accepted",
        ),
        (release_duty, ReleaseDuty, {}, "duty-release", "released"),
        (reopen_duty, ReopenDuty, {}, "duty-reopening", "open"),
        (lapse_duty, LapseDuty, {}, "duty-lapse", "lapsed"),
    ]
    for use_case, command, fields, decision_type, outcome in steps:
        desk.unit.saved, desk.unit.texts = [], []
        decided = await desk.run(use_case, command, duty=FINALE, **fields)
        assert decided == desk.answer(decision_type, f"duty:{FINALE}", outcome)


async def test_a_programme_that_does_not_exist_decides_nothing(desk: Desk) -> None:
    with pytest.raises(NotFound):
        await desk.run(close_call, CloseCall)
