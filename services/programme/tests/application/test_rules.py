"""Joining, pairs, the course of a programme, accompaniment and amendments as use cases."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from services.programme.tests.application.test_use_cases import Desk
from services.programme.tests.showing import Showing

from interpares.programme.application import course
from interpares.programme.application import rules_commands as commands
from interpares.programme.application.accompanying import agree_accompaniment, book_expert_days, end_accompaniment
from interpares.programme.application.admit import admit
from interpares.programme.application.amending import amend
from interpares.programme.application.commands import Admit
from interpares.programme.application.joining import change_consortium, join
from interpares.programme.application.pairing import consent_to_pair, decline_pair, end_pair, propose_pair
from interpares.programme.application.ports import Applications
from interpares.programme.domain.course.events import Agreement, Responsibility
from interpares.programme.domain.errors import NotEligible, UnknownOrganisation
from interpares.programme.domain.known import Circumstances, Known

if TYPE_CHECKING:
    from uuid import UUID

    from services.programme.tests.conftest import Story

LABEL = {"en": "x"}
HASH = "cd" * 32


@dataclass
class FakeApplications(Applications):
    """Remembers what it was asked, and answers with one decision."""

    answer: UUID
    asked: list[tuple[UUID, tuple[str, ...], int]] = field(default_factory=list)

    async def of_rules(self, programme_id: UUID, paths: tuple[str, ...], version: int) -> tuple[UUID, ...]:
        self.asked.append((programme_id, paths, version))
        return (self.answer,)


@pytest.fixture
def desk(story: Story) -> Desk:
    return Desk(story)


def known(story: Story, name: str, population: int | None = 5000) -> Known:
    return Known(story.id(name), "municipality", "AT", population, (), (), 2, HASH, 9)


def restricted(story: Story) -> dict[str, Any]:
    """Return the document with a role that asks for a country."""
    roles = {
        key: role | {"eligibility": [{"predicate": "country", "one_of": ["AT"]}]}
        for key, role in story.document["roles"].items()
    }
    return story.template(roles=roles, consortia={})


async def test_an_organisation_joins_and_changes_its_consortium(desk: Desk) -> None:
    story = desk.story
    story.document = restricted(story)
    desk.has()
    use_case = partial(join, organisations=desk.organisations, prerequisites=Showing(), assessing=desk.assessing)
    graz, linz = story.id("graz"), story.id("linz")
    with pytest.raises(UnknownOrganisation):
        await desk.run(use_case, commands.Join, organisation_id=graz, role="prize")
    desk.organisations.towns = {graz: known(story, "graz"), linz: known(story, "linz", 700)}
    decided = await desk.run(
        use_case, commands.Join, organisation_id=graz, role="prize", members=(linz, story.id("unheard"))
    )
    assert decided == desk.answer("joining", f"participation:{graz}", "joined", graz)
    assert desk.seen == [
        Circumstances(
            organisation=known(story, "graz"),
            applied_on=date(2026, 3, 1),
            deadline=date(2026, 12, 1),
            members_population=(5000, 700, None),
            attended={"talk": 1},
            hosted={"fair": 2},
        )
    ]
    await desk.run(change_consortium, commands.ChangeConsortium, organisation_id=graz, members=(linz,))
    assert desk.happened() == ["OrganisationJoined", "ConsortiumChanged"]


async def test_the_day_of_an_application_is_that_of_the_zone_of_its_call(desk: Desk) -> None:
    story = desk.story
    story.document = restricted(story)
    desk.has()
    late = datetime(2026, 2, 27, 23, 30, tzinfo=UTC)
    graz = story.applicant("graz", submitted_at=late)
    desk.applied(graz)
    use_case = partial(admit, applicants=desk.applicants, prerequisites=Showing(), assessing=desk.assessing)
    with pytest.raises(NotEligible):
        await desk.run(use_case, Admit, application_id=graz.application_id, role="host")
    desk.organisations.towns = {graz.organisation_id: known(story, "graz")}
    await desk.run(use_case, Admit, application_id=graz.application_id, role="host")
    assert [each.applied_on for each in desk.seen] == [date(2026, 2, 28)]


async def test_in_a_cluster_those_who_applied_for_it_compete(desk: Desk) -> None:
    story = desk.story
    story.document = story.template(strands={"by": "cluster", "clusters": {"coast": LABEL, "hills": LABEL}})
    drafted, fields = story.drafted()
    programme = story.past((drafted, fields | {"strands": ("coast", "hills")}), story.called())
    desk.unit.aggregates[story.programme_id] = programme
    graz, linz, wels = (
        story.applicant(name, strand=strand)
        for name, strand in (("graz", "coast"), ("linz", "coast"), ("wels", "hills"))
    )
    desk.applied(graz, linz, wels)
    use_case = partial(admit, applicants=desk.applicants, prerequisites=Showing(), assessing=desk.assessing)
    await desk.run(use_case, Admit, application_id=graz.application_id, role="host")
    named = [each.organisation for each in desk.unit.saved[0].decision.alternatives]
    assert named == [linz.organisation_id, None]


async def test_two_are_paired_and_parted(desk: Desk) -> None:
    story = desk.story
    story.document = story.template(pairs={"twins": {"label": LABEL, "between": ["host", "host"]}})
    desk.has(story.admitted("graz"), story.admitted("linz"))
    graz, linz = story.id("graz"), story.id("linz")
    propose: dict[str, Any] = {"kind": "twins", "members": (graz, linz), "by": graz}
    decided = await desk.run(propose_pair, commands.ProposePair, **propose)
    assert decided == desk.answer("pair-proposal", "pair:twins-1", "proposed")
    await desk.run(decline_pair, commands.AnswerPair, pair="twins-1", organisation_id=linz)
    await desk.run(propose_pair, commands.ProposePair, **propose)
    await desk.run(consent_to_pair, commands.AnswerPair, pair="twins-2", organisation_id=linz)
    await desk.run(end_pair, commands.EndPair, pair="twins-2")
    assert desk.happened() == [
        "PairProposed",
        "PairDeclined",
        "PairProposed",
        "PairConsented",
        "PairConcluded",
        "PairEnded",
    ]


async def test_a_programme_goes_from_its_initiation_to_its_term(desk: Desk) -> None:
    story = desk.story
    story.document = story.template(lifecycle="constituted", phases=[{"key": "one", "label": LABEL}])
    programme = story.past(story.drafted(), story.admitted("graz"), story.admitted("linz"))
    desk.unit.aggregates[story.programme_id] = programme
    graz, linz = story.id("graz"), story.id("linz")
    agreement = Agreement(
        goals=(),
        themes=(),
        activities=("talk",),
        costs=Decimal(1),
        currency="EUR",
        starts=date(2026, 4, 1),
        ends=date(2026, 4, 1),
        responsibilities=(Responsibility(graz, "talk"),),
        participants=(graz, linz),
    )
    applied: dict[str, Any] = {
        "amount": Decimal(1),
        "currency": "EUR",
        "submitted_on": date(2026, 2, 1),
        "document_hash": HASH,
    }
    decided = await desk.run(course.begin_initiation, commands.Step)
    assert decided == desk.answer("initiation", f"programme:{story.programme_id}", "begun")
    await desk.run(course.agree_workshop, commands.AgreeWorkshop, agreement=agreement)
    await desk.run(course.apply_for_grant, commands.ApplyForGrant, **applied)
    await desk.run(course.refuse_grant, commands.Step)
    await desk.run(course.apply_for_grant, commands.ApplyForGrant, **applied)
    await desk.run(course.grant, commands.SetTerm, starts=date(2026, 4, 1))
    await desk.run(course.set_term, commands.SetTerm, starts=date(2026, 5, 1))
    await desk.run(course.begin_phase, commands.BeginPhase, phase="one")
    assert desk.happened() == [
        "InitiationBegan",
        "WorkshopAgreed",
        "GrantApplied",
        "GrantRefused",
        "GrantApplied",
        "GrantGranted",
        "TermSet",
        "PhaseBegun",
    ]


async def test_a_standing_programme_is_opened(desk: Desk) -> None:
    story = desk.story
    story.document = story.template(lifecycle="standing")
    desk.unit.aggregates[story.programme_id] = story.past(story.drafted())
    await desk.run(course.open_programme, commands.Step)
    assert desk.happened() == ["ProgrammeOpened"]


async def test_deliverables_and_indicators_are_taken_down(desk: Desk) -> None:
    story = desk.story
    indicator = {"label": LABEL, "unit": LABEL, "target": 5, "by": "2030-01-01"}
    milestone = {"label": LABEL, "deliverables": {"plan": {"label": LABEL}}}
    story.document = story.template(
        phases=[{"key": "one", "label": LABEL, "milestones": {"start": milestone}}],
        goals={"wealth": {"label": LABEL, "indicators": {"sum": indicator}}},
    )
    desk.has(story.admitted("graz"))
    plan: dict[str, Any] = {"deliverable": "one.start.plan", "organisation_id": story.id("graz")}
    await desk.run(course.hand_in, commands.HandIn, **plan, document_hash=HASH)
    await desk.run(course.return_deliverable, commands.AnswerDeliverable, **plan)
    await desk.run(course.hand_in, commands.HandIn, **plan, document_hash=HASH)
    await desk.run(course.accept_deliverable, commands.AnswerDeliverable, **plan)
    await desk.run(
        course.record_indicator,
        commands.RecordIndicator,
        goal="wealth",
        indicator="sum",
        value=Decimal(6),
        measured_on=date(2026, 3, 1),
    )
    assert desk.happened() == [
        "DeliverableHandedIn",
        "DeliverableReturned",
        "DeliverableHandedIn",
        "DeliverableAccepted",
        "IndicatorRecorded",
    ]


async def test_somebody_goes_along_for_some_days(desk: Desk) -> None:
    story = desk.story
    rule = {"label": LABEL, "by": "facilitator", "role": "host", "expert_days": 3}
    story.document = story.template(accompaniment={"process": rule})
    desk.has(story.admitted("graz"))
    await desk.run(
        agree_accompaniment,
        commands.AgreeAccompaniment,
        rule="process",
        organisation_id=story.id("graz"),
        companion_id=story.id("facilitator"),
    )
    await desk.run(
        book_expert_days,
        commands.BookExpertDays,
        accompaniment="process-1",
        day=date(2026, 3, 1),
        days=Decimal(1),
    )
    await desk.run(end_accompaniment, commands.EndAccompaniment, accompaniment="process-1")
    assert desk.happened() == ["AccompanimentAgreed", "ExpertDaysBooked", "AccompanimentEnded"]


async def test_an_amendment_asks_which_decisions_applied_what_changes(desk: Desk) -> None:
    story = desk.story
    desk.has()
    applications = FakeApplications(story.id("a decision"))
    use_case = partial(amend, applications=applications)
    hosting = {key: rule for key, rule in story.document["hosting"].items() if key != "circle"}
    await desk.run(use_case, commands.Amend, template=story.template(hosting=hosting, version=4))
    assert applications.asked == [(story.programme_id, ("hosting.circle",), 2)]
    added = story.template(hosting=hosting, version=5, audiences={"mayors": {"label": LABEL}})
    await desk.run(use_case, commands.Amend, template=added)
    assert len(applications.asked) == 1
    assert [event.touched for event in desk.unit.saved] == [(story.id("a decision"),), ()]  # type: ignore[attr-defined]
