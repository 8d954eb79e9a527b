from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from interpares.common.aggregate import event_id
from interpares.common.eventstore import MAPPER
from interpares.programme.domain.decision import Alternative, Authority, Interest, Source, SourceKind, Vote
from interpares.programme.domain.errors import GroundsIncomplete
from interpares.programme.domain.programme import Programme, ProgrammeSnapshot
from interpares.programme.domain.revising import events
from interpares.programme.domain.revising.chapter import Earlier, Telling
from interpares.programme.domain.revising.errors import (
    DecisionOvertaken,
    EarlierDecisionUnknown,
    NobodyTold,
    NoSuchObjection,
    NotConcerned,
    NothingCorrected,
    ObjectionPending,
    RevocationWithoutEffect,
    UnknownDecision,
)
from interpares.programme.domain.revising.events import CorrectedPart, Part

if TYPE_CHECKING:
    from services.programme.tests.conftest import Story

HEAD = UUID(int=1)


def admission(story: Story, kind: str = "admission") -> Earlier:
    """Return the third decision of a programme that runs, an admission of Graz."""
    parts = {
        Part.REASON_CODE: "fits",
        Part.REASON: story.reason,
        Part.FILE_REFERENCE: "10-24/7",
        Part.DECIDED_AT: story.now.isoformat(),
        Part.EFFECTIVE_AT: story.now.isoformat(),
    }
    return Earlier(event_id(story.programme_id, 3), kind, (story.id("graz"),), parts)


def running(story: Story) -> Programme:
    return story.running(story.admitted("graz"))


def saved(programme: Programme) -> list[Any]:
    """Return what was decided, as the next command finds it saved."""
    return list(programme.collect_events())


def test_a_decision_is_communicated(story: Story) -> None:
    programme, earlier = running(story), admission(story)
    telling = Telling((story.id("graz"),), "letter", story.now, "ab" * 32)

    told = programme.communicate(earlier, telling, story.grounds())

    assert (
        told
        == story.told(
            4,
            (
                events.DecisionCommunicated,
                {
                    "told": earlier.id,
                    "to": (story.id("graz"),),
                    "channel": "letter",
                    "communicated_at": story.now,
                    "letter_hash": "ab" * 32,
                    "decision": story.decision(
                        "communication",
                        f"decision:{earlier.id}",
                        "communicated",
                        concerns=(story.id("graz"),),
                        alternatives=(Alternative("fits", option="wait"),),
                    ),
                },
            ),
        )[0]
    )


@pytest.mark.parametrize(
    ("to", "later", "field"), [((), 0, "to"), (("graz", "graz"), 0, "to"), (("graz",), 1, "communicated_at")]
)
def test_telling_nobody_or_in_the_future_is_none(story: Story, to: tuple[str, ...], later: int, field: str) -> None:
    telling = Telling(tuple(map(story.id, to)), "letter", story.now + timedelta(hours=later))
    with pytest.raises(NobodyTold) as refused:
        running(story).communicate(admission(story), telling, story.grounds())
    assert refused.value.field == field


def test_a_decision_the_programme_never_took_is_not_known(story: Story) -> None:
    strange = replace(admission(story), id=story.id("another programme's"))
    telling = Telling((story.id("graz"),), "letter", story.now)
    programme = running(story)
    for revise in (
        lambda: programme.communicate(strange, telling, story.grounds()),
        lambda: programme.object_to(strange, story.id("graz"), story.grounds()),
        lambda: programme.correct(strange, {}, None, story.grounds()),
        lambda: programme.supersede(strange, event_id(programme.id, 3), story.grounds()),
        lambda: programme.revoke(strange, story.grounds()),
    ):
        with pytest.raises(UnknownDecision):
            revise()
    assert not programme.pending_events


def test_whom_a_decision_is_about_may_object_once_and_is_answered(story: Story) -> None:
    programme, earlier, graz = running(story), admission(story), story.id("graz")

    objected = programme.object_to(earlier, graz, story.grounds("wrong-facts", capacity="coordinator"))
    with pytest.raises(ObjectionPending):
        programme.object_to(earlier, graz, story.grounds(capacity="coordinator"))
    with pytest.raises(NotConcerned):
        programme.object_to(earlier, story.id("linz"), story.grounds(capacity="coordinator"))
    with pytest.raises(GroundsIncomplete):
        programme.answer_objection(objected.event_id, "ignored", story.grounds())
    answered = programme.answer_objection(objected.event_id, "dismissed", story.grounds("facts-right"))

    assert (objected.decision.type, objected.decision.subject) == ("objection", f"decision:{earlier.id}")
    assert (answered.against, answered.organisation, answered.decision.outcome) == (earlier.id, graz, "dismissed")
    assert [each.option for each in answered.decision.alternatives] == ["upheld", "partly-upheld"]
    with pytest.raises(NoSuchObjection):
        programme.answer_objection(objected.event_id, "upheld", story.grounds())
    programme.object_to(earlier, graz, story.grounds(capacity="coordinator"))


def test_a_typing_error_is_corrected_in_the_open(story: Story) -> None:
    programme, earlier = running(story), admission(story)

    corrected = programme.correct(
        earlier, {Part.FILE_REFERENCE: "10-24/8", Part.REASON_CODE: "fits"}, None, story.grounds("typing-error")
    )

    assert corrected.parts == (CorrectedPart(Part.FILE_REFERENCE, "10-24/7", "10-24/8"),)
    assert corrected.decision.corrects == earlier.id
    assert corrected.decision.subject == f"decision:{earlier.id}"
    assert corrected.decision.concerns == earlier.concerns


def test_who_corrects_second_is_told_and_may_correct_the_correction(story: Story) -> None:
    programme, earlier = running(story), admission(story)
    first = programme.correct(earlier, {Part.FILE_REFERENCE: "10-24/8"}, None, story.grounds())
    saved(programme)

    for right in ({Part.FILE_REFERENCE: "10-24/9"}, {}):
        with pytest.raises(DecisionOvertaken) as told:
            programme.correct(earlier, right, None, story.grounds())
        assert str(first.event_id) in told.value.message
    with pytest.raises(DecisionOvertaken):
        programme.correct(earlier, {Part.FILE_REFERENCE: "10-24/9"}, story.id("invented"), story.grounds())
    second = programme.correct(earlier, {Part.FILE_REFERENCE: "10-24/9"}, first.event_id, story.grounds())

    assert second.seen == first.event_id
    assert programme.state.revisions.corrected == {str(earlier.id): second.event_id}


def test_nobody_can_have_seen_a_correction_that_never_was(story: Story) -> None:
    with pytest.raises(DecisionOvertaken):
        running(story).correct(admission(story), {Part.REASON_CODE: "best"}, story.id("invented"), story.grounds())


@pytest.mark.parametrize(
    ("part", "now", "field"),
    [
        (Part.REASON_CODE, "Because", "reason_code"),
        (Part.REASON, "a plain text", "reason"),
        (Part.FILE_REFERENCE, " 7", "file_reference"),
        (Part.DECIDED_AT, "2099-01-01T00:00:00+00:00", "decided_at"),
        (Part.FILE_REFERENCE, "10-24/7", "correction"),
    ],
)
def test_a_correction_puts_something_right(story: Story, part: Part, now: str, field: str) -> None:
    with pytest.raises(NothingCorrected) as refused:
        running(story).correct(admission(story), {part: now}, None, story.grounds())
    assert refused.value.field == field


def test_all_parts_of_a_record_can_be_corrected(story: Story) -> None:
    earlier = admission(story)
    past = (story.now - timedelta(days=1)).isoformat()
    right = {
        Part.REASON_CODE: "best-concept",
        Part.REASON: "cd" * 32,
        Part.FILE_REFERENCE: "7",
        Part.DECIDED_AT: past,
        Part.EFFECTIVE_AT: past,
    }
    corrected = running(story).correct(earlier, right, None, story.grounds())
    assert {each.part: (each.was, each.now) for each in corrected.parts} == {
        part: (earlier.parts[part], now) for part, now in right.items()
    }


def test_a_later_decision_takes_the_place_of_an_earlier_one(story: Story) -> None:
    programme = story.running(story.admitted("graz"), story.admitted("linz"))
    earlier, later = admission(story), event_id(story.programme_id, 4)

    superseded = programme.supersede(earlier, later, story.grounds())
    saved(programme)

    assert (superseded.by, superseded.decision.supersedes) == (later, earlier.id)
    with pytest.raises(DecisionOvertaken):
        programme.supersede(earlier, later, story.grounds())
    with pytest.raises(DecisionOvertaken):
        programme.correct(earlier, {Part.REASON_CODE: "best"}, None, story.grounds())
    with pytest.raises(EarlierDecisionUnknown) as refused:
        programme.supersede(replace(earlier, id=later), earlier.id, story.grounds())
    assert refused.value.field == "by"
    with pytest.raises(EarlierDecisionUnknown):
        programme.supersede(earlier, story.id("nowhere"), story.grounds())


def test_only_what_changed_nothing_is_revoked_by_saying_so(story: Story) -> None:
    programme = running(story)
    with pytest.raises(RevocationWithoutEffect):
        programme.revoke(admission(story), story.grounds())

    revoked = programme.revoke(admission(story, "communication"), story.grounds())

    assert revoked.decision.revokes == revoked.revoked == admission(story).id


def test_a_command_that_undoes_a_decision_revokes_it_once(story: Story) -> None:
    programme, earlier = running(story), admission(story)

    withdrawn = programme.withdraw(story.id("graz"), story.grounds(revokes=earlier.id))
    saved(programme)

    assert withdrawn.decision.revokes == earlier.id
    assert programme.state.revisions.ended == {str(earlier.id): withdrawn.event_id}
    with pytest.raises(DecisionOvertaken) as told:
        programme.close_call(story.grounds(supersedes=earlier.id))
    assert str(withdrawn.event_id) in told.value.message


@pytest.mark.parametrize("relation", ["corrects", "supersedes", "revokes"])
def test_an_earlier_decision_must_be_of_this_programme(story: Story, relation: str) -> None:
    programme = running(story)
    elsewhere: dict[str, Any] = {relation: story.id("elsewhere")}
    own: dict[str, Any] = {relation: event_id(story.programme_id, 1)}
    with pytest.raises(EarlierDecisionUnknown) as refused:
        programme.close_call(story.grounds(**elsewhere))
    assert refused.value.field == relation
    with pytest.raises(EarlierDecisionUnknown):
        Programme.draft(
            story.id("new"),
            title={"en": "New"},
            office=story.office,
            template=story.document,
            strands=(),
            grounds=story.grounds(**own),
        )


def test_one_earlier_decision_stands_in_one_relation(story: Story) -> None:
    earlier = event_id(story.programme_id, 1)
    with pytest.raises(GroundsIncomplete):
        story.grounds(corrects=earlier, revokes=earlier)


@pytest.mark.parametrize(
    ("why", "part"),
    [
        ({"authority": Authority("council", Vote(0, 3, 1))}, "authority.vote"),
        ({"authority": Authority("council", Vote(3, -1, 1))}, "authority.vote"),
        ({"interest": Interest("none", (), "abstained")}, "interest"),
        ({"interest": Interest("kinship", (), "abstained")}, "interest"),
        ({"interest": Interest("kinship", (HEAD,), "")}, "interest"),
        ({"interest": Interest("kinship", (HEAD, HEAD), "abstained")}, "interest"),
    ],
)
def test_authority_and_interest_make_sense(story: Story, why: dict[str, Any], part: str) -> None:
    with pytest.raises(GroundsIncomplete) as refused:
        story.grounds(**why)
    assert refused.value.field == part


@pytest.mark.parametrize(
    ("signers", "interested", "part"),
    [
        (("clerk",), (), "authority.co_signers"),
        (("head", "head"), (), "authority.co_signers"),
        (("head",), ("head",), "interest.handling"),
        (("head",), ("clerk",), "interest.handling"),
    ],
)
def test_who_decides_neither_signs_twice_nor_abstains(
    story: Story, signers: tuple[str, ...], interested: tuple[str, ...], part: str
) -> None:
    interest = Interest("kinship", tuple(map(story.id, interested)), "abstained") if interested else None
    grounds = story.grounds(authority=Authority("board", None, tuple(map(story.id, signers))), interest=interest)
    with pytest.raises(GroundsIncomplete) as refused:
        running(story).close_call(grounds)
    assert refused.value.field == part


def test_who_only_types_for_others_may_have_abstained(story: Story) -> None:
    grounds = story.grounds(
        interest=Interest("kinship", (story.id("clerk"),), "abstained"),
        source=Source(SourceKind.ON_BEHALF, "letter", story.now, "", story.id("clerk")),
    )
    assert running(story).close_call(grounds).decision.interest == grounds.interest


def test_revisions_are_read_as_they_were_written(story: Story) -> None:
    programme, earlier = running(story), admission(story)
    graz = story.id("graz")
    programme.communicate(earlier, Telling((graz,), "phone", story.now), story.grounds())
    objected = programme.object_to(earlier, graz, story.grounds())
    programme.answer_objection(objected.event_id, "upheld", story.grounds())
    programme.object_to(earlier, graz, story.grounds())
    programme.correct(earlier, {Part.REASON_CODE: "best"}, None, story.grounds())
    programme.revoke(admission(story, "communication"), story.grounds())
    programme.supersede(replace(earlier, id=event_id(programme.id, 2)), event_id(programme.id, 3), story.grounds())
    history = saved(programme)

    assert [MAPPER.to_domain_event(MAPPER.to_stored_event(event)) for event in history] == history
    taken: Any = MAPPER.to_domain_event(MAPPER.to_stored_event(ProgrammeSnapshot.take(programme)))
    assert taken.mutate(None) == programme
