from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from interpares.programme.domain.amending.errors import AmendmentNotFitting
from interpares.programme.domain.closing.events import Closed
from interpares.programme.domain.decision import Alternative, Criterion, Evidence, Source, SourceKind
from interpares.programme.domain.desk.errors import NotWaiting
from interpares.programme.domain.desk.events import Reminder
from interpares.programme.domain.errors import MomentNotFitting, NotParticipating, ProgrammeClosed, ProgrammeNotRunning
from interpares.programme.domain.events import Event, ParticipationWithdrawn, RoleEnded
from interpares.programme.domain.outputs.errors import UnknownSource
from interpares.programme.domain.outputs.output import Kind, Output
from interpares.programme.domain.reviewing import events
from interpares.programme.domain.reviewing.errors import (
    ConflictNotFitting,
    DocumentWithdrawn,
    OtherContent,
    OwnersNotFitting,
    ReviewerNotFitting,
    ReviewNotOpen,
    TooFewReviewers,
    UnknownDocument,
    UnknownDocumentKind,
    UnknownReview,
    VersionNotFitting,
)
from interpares.programme.domain.reviewing.state import ReviewLoss, review_id

if TYPE_CHECKING:
    from uuid import UUID

    from services.programme.tests.conftest import Happened, Story

    from interpares.programme.domain.programme import Programme

LABEL = {"en": "x"}
FIRST, SECOND = "a1" * 32, "b2" * 32
TITLE, FOUND = "71" * 32, "f0" * 32
DUE = date(2026, 5, 1)
HOSTS = ("graz", "linz", "wels", "enns")


def reviewing(story: Story, *happened: Happened) -> Programme:
    """Return a programme whose hosts own plans, one each, that two other hosts review; strategies are anybody's."""
    plan = {
        "label": LABEL,
        "owner_roles": ["host"],
        "reviewer_roles": ["host", "friend", "prize"],
        "reviewers_at_least": 2,
    }
    story.document = story.template(documents={"plan": plan, "strategy": {"label": LABEL, "owners": "several"}})
    return story.running(*map(story.admitted, HOSTS), story.admitted("ried", "guest"), *happened)


def entered(story: Story, kind: str = "plan", *owners: str) -> Happened:
    return events.DocumentEntered, {
        "document": story.id("document"),
        "kind": kind,
        "owners": tuple(map(story.id, owners or ("graz",))),
        "title": TITLE,
        "version": 1,
        "language": "de",
        "document_hash": FIRST,
    }


def version_entered(story: Story) -> Happened:
    return events.DocumentVersionEntered, {
        "document": story.id("document"),
        "version": 2,
        "language": "de",
        "document_hash": SECOND,
    }


def chosen(story: Story, *names: str) -> Happened:
    return events.ReviewersChosen, {
        "document": story.id("document"),
        "version": 1,
        "document_hash": FIRST,
        "reviewers": tuple(events.Reviewer(review(story, name), story.id(name)) for name in names),
        "due": DUE,
        "at_least": 2,
    }


def answered(story: Story, kind: type[events.ReviewEvent], name: str, **more: Any) -> Happened:
    return kind, {
        "document": story.id("document"),
        "version": 1,
        "document_hash": FIRST,
        "review": review(story, name),
        "reviewer": story.id(name),
        **more,
    }


def given(story: Story, name: str) -> Happened:
    return answered(story, events.ReviewGiven, name, text=FOUND)


def review(story: Story, name: str, version: int = 1) -> UUID:
    return review_id(story.id("document"), version, story.id(name))


def told(programme: Programme) -> list[Event]:
    return [event for event in programme.collect_events() if isinstance(event, Event)]


def enter(story: Story, programme: Programme, kind: str = "plan", *owners: str) -> events.DocumentEntered:
    return programme.enter_document(
        story.id("document"), kind, tuple(map(story.id, owners)), 1, "de", FIRST, story.grounds(), title=TITLE
    )


def choose(story: Story, programme: Programme, *names: str, version: int = 1, **more: Any) -> events.ReviewersChosen:
    asked = tuple(map(story.id, names))
    return programme.choose_reviewers(story.id("document"), version, asked, more.pop("due", DUE), story.grounds(**more))


def give(story: Story, programme: Programme, name: str, content: str = FIRST, **more: Any) -> events.ReviewGiven:
    return programme.give_review(
        story.id("document"), 1, story.id(name), content, FOUND, story.grounds(capacity="coordinator", **more)
    )


def test_an_owner_enters_a_document(story: Story) -> None:
    programme = reviewing(story)

    enter(story, programme, "plan", "graz")

    decision = story.decision(
        "document-entry",
        f"document:{story.id('document')}",
        "entered",
        concerns=(story.id("graz"),),
        rule=programme.state.charter.documents["plan"].ref,
        evidence=(Evidence(f"document:{story.id('document')}", 1, FIRST, 0),),
        alternatives=(Alternative("fits", option="not-enter"),),
    )
    document, fields = entered(story)
    assert told(programme) == story.told(8, (document, fields | {"decision": decision}))


@pytest.mark.parametrize(
    ("kind", "owners", "refusal", "field"),
    [
        ("poem", ("graz",), UnknownDocumentKind, "kind"),
        ("plan", (), OwnersNotFitting, "owners"),
        ("plan", ("graz", "linz"), OwnersNotFitting, "owners"),
        ("plan", ("ried",), OwnersNotFitting, "owners.0"),
        ("strategy", ("graz", "graz"), OwnersNotFitting, "owners"),
    ],
)
def test_a_document_has_a_kind_and_owners_that_fit_it(
    story: Story, kind: str, owners: tuple[str, ...], refusal: type[OwnersNotFitting], field: str
) -> None:
    programme = reviewing(story)
    with pytest.raises(refusal) as refused:
        enter(story, programme, kind, *owners)
    assert refused.value.field == field


def test_several_own_a_document_where_the_rule_says_so(story: Story) -> None:
    programme = reviewing(story)
    assert enter(story, programme, "strategy", "ried", "graz").owners == (story.id("ried"), story.id("graz"))
    with pytest.raises(NotParticipating):
        enter(story, programme, "strategy", "ried", "wien")


def test_documents_need_a_programme_that_has_begun(story: Story) -> None:
    with pytest.raises(ProgrammeNotRunning):
        enter(story, story.past(story.drafted()), "plan", "graz")


def test_a_further_version_is_higher_and_says_something_else(story: Story) -> None:
    programme = reviewing(story, entered(story))
    document = story.id("document")
    with pytest.raises(VersionNotFitting, match="Version 1") as refused:
        programme.enter_version(document, 1, "de", SECOND, story.grounds())
    assert refused.value.field == "version"
    with pytest.raises(VersionNotFitting, match="version 1") as refused:
        programme.enter_version(document, 2, "de", FIRST, story.grounds())
    assert refused.value.field == "document_hash"
    with pytest.raises(UnknownDocument):
        programme.enter_version(story.id("other"), 2, "de", SECOND, story.grounds())

    further = programme.enter_version(document, 2, "en", SECOND, story.grounds())

    assert (further.version, further.language, further.document_hash) == (2, "en", SECOND)
    assert further.decision.criteria == (Criterion("version", "2"), Criterion("version-before", "1"))
    assert further.decision.concerns == (story.id("graz"),)


def test_the_office_chooses_reviewers_and_the_pool_is_told(story: Story) -> None:
    conflict = (events.ConflictDeclared, {"document": story.id("document"), "organisation": story.id("enns")})
    programme = reviewing(story, entered(story), story.admitted("mond"), conflict)

    choose(story, programme, "linz", "wels")

    decision = story.decision(
        "reviewer-choice",
        f"document:{story.id('document')}",
        "chosen",
        concerns=tuple(map(story.id, ("linz", "wels", "graz"))),
        rule=programme.state.charter.documents["plan"].ref,
        criteria=(
            Criterion("version", "1"),
            Criterion("reviewers", "2"),
            Criterion("reviewers-at-least", "2"),
        ),
        evidence=(Evidence(f"document:{story.id('document')}", 1, FIRST, 0),),
        alternatives=(
            Alternative("own-document", story.id("graz")),
            Alternative("conflict-of-interest", story.id("enns")),
            Alternative("not-chosen", story.id("mond")),
            Alternative("fits", option="no-review"),
        ),
    )
    kind, fields = chosen(story, "linz", "wels")
    assert told(programme) == story.told(11, (kind, fields | {"decision": decision}))


@pytest.mark.parametrize(
    ("names", "fact", "field"),
    [
        (("linz", "ried"), "in the role host or friend or prize", "reviewers.1"),
        (("linz", "linz"), "named twice", "reviewers.1"),
        (("graz", "linz"), "no owner reviews its own", "reviewers.0"),
        (("wels", "linz"), "reviews this version already", "reviewers.0"),
        (("linz", "enns"), "conflict of interest", "reviewers.1"),
        (("wien", "linz"), "it is none", "reviewers.0"),
    ],
)
def test_who_cannot_review_is_refused_by_the_rule(story: Story, names: tuple[str, ...], fact: str, field: str) -> None:
    conflict = (events.ConflictDeclared, {"document": story.id("document"), "organisation": story.id("enns")})
    programme = reviewing(story, entered(story), chosen(story, "wels"), conflict)
    with pytest.raises(ReviewerNotFitting, match=fact) as refused:
        choose(story, programme, *names)
    assert refused.value.field == field


def test_without_roles_in_the_rule_every_participant_reviews(story: Story) -> None:
    programme = reviewing(story, entered(story, "strategy", "graz", "linz"))
    with pytest.raises(ReviewerNotFitting, match=r"participants review; it is none"):
        choose(story, programme, "wien")
    assert [each.organisation for each in choose(story, programme, "ried").reviewers] == [story.id("ried")]


def test_fewer_reviewers_than_the_rule_asks_for_are_refused_with_the_rule(story: Story) -> None:
    programme = reviewing(story, entered(story))
    with pytest.raises(TooFewReviewers, match=r"documents\.plan asks for 2 .* 2 more could") as refused:
        choose(story, programme, "linz")
    assert refused.value.field == "reviewers"
    with pytest.raises(UnknownDocument):
        choose(story, programme, "linz", "wels", version=2)
    with pytest.raises(MomentNotFitting):
        choose(story, programme, "linz", "wels", due=date(2026, 2, 28))
    past = Source(SourceKind.RETROSPECTIVE)
    assert choose(story, programme, "linz", "wels", due=date(2026, 2, 28), source=past).due == date(2026, 2, 28)
    with pytest.raises(TooFewReviewers):
        choose(story, programme)


def test_a_version_is_reviewed_however_many_came_after_it(story: Story) -> None:
    programme = reviewing(story, entered(story), version_entered(story), chosen(story, "linz", "wels"))
    assert give(story, programme, "linz").version == 1
    second = choose(story, programme, "linz", "enns", version=2, due=None)
    assert (second.document_hash, second.due) == (SECOND, None)
    assert {each.review for each in second.reviewers} == {review(story, "linz", 2), review(story, "enns", 2)}


def test_a_review_is_bound_to_the_content_of_its_version(story: Story) -> None:
    programme = reviewing(story, entered(story), chosen(story, "linz", "wels"))
    with pytest.raises(OtherContent):
        give(story, programme, "linz", SECOND)
    with pytest.raises(UnknownReview):
        give(story, programme, "enns")

    gave = give(story, programme, "linz")

    assert gave.decision.subject == f"review:{review(story, 'linz')}"
    assert gave.decision.concerns == (story.id("linz"), story.id("graz"))
    assert gave.decision.evidence == (Evidence(f"document:{story.id('document')}", 1, FIRST, 0),)
    assert (gave.text, gave.review, gave.document_hash) == (FOUND, review(story, "linz"), FIRST)
    with pytest.raises(ReviewNotOpen):
        give(story, programme, "linz")
    assert give(story, programme, "linz", corrects=gave.event_id).decision.corrects == gave.event_id
    with pytest.raises(ReviewNotOpen):
        give(story, programme, "wels", corrects=gave.event_id)


def test_a_reviewer_steps_back_and_can_be_asked_again(story: Story) -> None:
    programme = reviewing(story, entered(story), chosen(story, "linz", "wels"))
    document = story.id("document")

    stepped = programme.step_back(document, 1, story.id("linz"), story.grounds("no-time", capacity="coordinator"))

    assert (stepped.decision.type, stepped.decision.outcome) == ("review-step-back", "stepped-back")
    with pytest.raises(ReviewNotOpen):
        give(story, programme, "linz")
    another = choose(story, programme, "enns")
    assert Alternative("stepped-back", story.id("linz")) in another.decision.alternatives
    assert choose(story, programme, "linz").reviewers[0].review == stepped.review
    assert give(story, programme, "linz").review == stepped.review


def test_the_office_releases_a_reviewer_it_waits_for_no_longer(story: Story) -> None:
    programme = reviewing(story, entered(story), chosen(story, "linz", "wels"))
    released = programme.release_reviewer(story.id("document"), 1, story.id("linz"), story.grounds("no-answer"))
    assert (released.cause, released.decision.outcome) == (ReviewLoss.RELEASED, "released")
    assert released.decision.alternatives == (Alternative("no-answer", option="wait-on"),)


def test_a_declared_conflict_keeps_out_and_ends_what_was_asked(story: Story) -> None:
    programme = reviewing(
        story, entered(story), chosen(story, "linz", "wels"), given(story, "wels"), version_entered(story)
    )
    document = story.id("document")

    declared = programme.declare_conflict(document, story.id("linz"), story.grounds("same-mayor"))

    happened = told(programme)
    assert [type(event) for event in happened] == [events.ConflictDeclared, events.ReviewLapsed]
    assert isinstance(happened[1], events.ReviewLapsed)
    assert (happened[1].cause, happened[1].decision.follows) == (ReviewLoss.CONFLICT, declared.event_id)
    assert happened[1].decision.reason_code == "conflict-of-interest"
    for refused in ("graz", "linz"):
        with pytest.raises(ConflictNotFitting):
            programme.declare_conflict(document, story.id(refused), story.grounds())
    with pytest.raises(NotParticipating):
        programme.declare_conflict(document, story.id("wien"), story.grounds())
    # What was reviewed in a conflict stands, and is no longer one of those that are needed.
    programme.declare_conflict(document, story.id("wels"), story.grounds())
    with pytest.raises(TooFewReviewers, match="these make 1"):
        choose(story, programme, "enns")
    programme.end_conflict(document, story.id("linz"), story.grounds("entered-wrongly"))
    with pytest.raises(ConflictNotFitting):
        programme.end_conflict(document, story.id("linz"), story.grounds())
    assert len(choose(story, programme, "enns", "linz").reviewers) == 2


def test_a_withdrawn_document_is_reviewed_no_longer(story: Story) -> None:
    programme = reviewing(story, entered(story), chosen(story, "linz", "wels"), given(story, "wels"))
    withdrawn = programme.withdraw_document(story.id("document"), story.grounds("overtaken"))
    happened = told(programme)
    assert [type(event) for event in happened] == [events.DocumentWithdrawn, events.ReviewLapsed]
    assert [event.decision.follows for event in happened] == [None, withdrawn.event_id]
    with pytest.raises(DocumentWithdrawn):
        choose(story, programme, "enns")
    recommended(story, programme, review(story, "wels"))


def test_a_participant_that_leaves_takes_its_reviews_along_and_what_only_it_owned(story: Story) -> None:
    joint = entered(story, "strategy", "graz", "linz")
    other = (joint[0], joint[1] | {"document": story.id("joint")})
    programme = reviewing(
        story, entered(story), other, chosen(story, "linz", "wels"), version_entered(story), given(story, "wels")
    )

    programme.withdraw(story.id("linz"), story.grounds("budget-cut"))
    programme.withdraw(story.id("graz"), story.grounds("budget-cut"))

    happened = told(programme)
    assert [(type(event), event.decision.reason_code) for event in happened] == [
        (ParticipationWithdrawn, "budget-cut"),
        (events.ReviewLapsed, "reviewer-left"),
        (ParticipationWithdrawn, "budget-cut"),
        *((events.DocumentWithdrawn, "owners-left") for _ in range(2)),
    ]
    assert all(document.withdrawn for _, document in programme.state.reviewing.all())
    # Another that leaves has nothing left to withdraw.
    programme.withdraw(story.id("wels"), story.grounds("budget-cut"))
    assert [type(event) for event in programme.collect_events()] == [ParticipationWithdrawn]


def test_a_role_that_ends_takes_along_the_reviews_it_was_needed_for(story: Story) -> None:
    programme = reviewing(
        story, entered(story), story.admitted("rust", "friend"), version_entered(story), chosen(story, "rust", "wels")
    )
    programme.grant_role(story.id("rust"), "prize", story.grounds())
    programme.end_role(story.id("rust"), "friend", story.grounds())
    programme.end_role(story.id("ried"), "guest", story.grounds())
    assert not any(isinstance(event, events.ReviewLapsed) for event in programme.collect_events())

    ended = programme.end_role(story.id("rust"), "prize", story.grounds())

    first, lapsed = told(programme)
    assert isinstance(first, RoleEnded)
    assert isinstance(lapsed, events.ReviewLapsed)
    assert (lapsed.decision.follows, lapsed.decision.reason_code) == (ended.event_id, "reviewer-role-ended")


def test_the_closure_ends_what_was_not_reviewed_and_outputs_go_on(story: Story) -> None:
    programme = reviewing(story, entered(story), chosen(story, "linz", "wels"), given(story, "wels"))
    closed = programme.close(story.grounds())
    happened = told(programme)
    assert [type(event) for event in happened] == [Closed, events.ReviewLapsed]
    assert (happened[1].decision.follows, happened[1].decision.reason_code) == (closed.event_id, "programme-closed")
    with pytest.raises(ProgrammeClosed):
        give(story, programme, "linz")
    recommended(story, programme, review(story, "wels"))


def recommended(story: Story, programme: Programme, source: UUID) -> None:
    output = Output(Kind.RECOMMENDATION, f"review:{source}")
    programme.record_output(story.id("output"), output, (), text=FOUND, grounds=story.grounds())


def test_outputs_come_of_reviews_that_were_given(story: Story) -> None:
    programme = reviewing(story, entered(story), chosen(story, "linz", "wels"), given(story, "wels"))
    recommended(story, programme, review(story, "wels"))
    for unknown in (review(story, "linz"), review(story, "enns")):
        with pytest.raises(UnknownSource) as refused:
            recommended(story, programme, unknown)
        assert refused.value.field == "source"


def test_who_has_not_reviewed_is_reminded(story: Story) -> None:
    programme = reviewing(story, entered(story), chosen(story, "linz", "wels"), given(story, "wels"))
    waiting = [Reminder(f"review:{review(story, name)}", story.id(name)) for name in ("linz", "wels", "enns")]
    mistaken = Reminder(f"review:{review(story, 'linz')}", story.id("wels"))
    programme.remind((waiting[0],), waiting, "mail", story.grounds())
    for gone in (waiting[1], waiting[2], mistaken):
        with pytest.raises(NotWaiting):
            programme.remind((gone,), (*waiting, mistaken), "mail", story.grounds())


def test_a_kind_goes_only_while_there_is_no_document_of_it(story: Story) -> None:
    programme = reviewing(story, entered(story))
    kept = {"plan": story.document["documents"]["plan"]}
    with pytest.raises(AmendmentNotFitting):
        programme.amend(story.template(version=4), (), (), story.grounds())
    programme.amend(story.template(version=4, documents=kept), (), (), story.grounds())
    assert set(programme.state.charter.documents) == {"plan"}
