"""The agreement of two sides: one content, one hash, versions that are kept, approvals that a change voids."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from services.programme.tests.domain.meetings.telling import TERMS, details, wish

from interpares.programme.domain.decision import Evidence
from interpares.programme.domain.errors import NotParticipating
from interpares.programme.domain.meetings.agreement import Bearer, Cost, Terms
from interpares.programme.domain.meetings.errors import (
    AgreementStale,
    AlreadyApproved,
    CounterpartMissing,
    NoAgreement,
    NoParties,
    NotASide,
    NothingChanges,
)
from interpares.programme.domain.meetings.meeting import MeetingStatus
from interpares.programme.domain.meetings.planning import Changes

if TYPE_CHECKING:
    from services.programme.tests.domain.meetings.conftest import Club


def test_the_content_is_the_meeting_with_its_terms_and_has_one_hash(planned: Club) -> None:
    cost = Cost("catering", Bearer.OTHER_SIDE, Decimal("12.5"), "EUR")
    told = planned.programme.draft_agreement(planned.meeting(), replace(TERMS, costs=(cost,)), planned.why)

    graz, office = planned.story.id("graz"), planned.story.office
    version = told.agreement
    assert version.sides == (graz, office)
    assert version.content == {
        "meeting": str(planned.meeting()),
        "format": "talk",
        "host": str(graz),
        "organiser": str(graz),
        "sides": [str(graz), str(office)],
        "mode": "on-site",
        "venue": {"place": "Graz", "country": "AT", "address": "Hauptplatz 1"},
        "starts": "2026-06-10T09:00:00",
        "ends": "2026-06-11T16:00:00",
        "zone": "Europe/Vienna",
        "languages": ["de"],
        "seats": 40,
        "terms": {
            "host_tasks": ["room", "catering"],
            "other_tasks": ["invitations"],
            "costs": [{"code": "catering", "borne_by": "other-side", "amount": "12.50", "currency": "EUR"}],
            "interpretation": ["de-en"],
            "text": "",
            "counterpart": None,
        },
    }
    written = json.dumps(version.content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert version.hash == hashlib.sha256(written.encode()).hexdigest()
    assert told.decision.evidence == (Evidence(f"agreement:{planned.meeting()}", 1, version.hash, 0),)


def test_both_sides_approve_the_same_hash(planned: Club) -> None:
    programme, meeting, why = planned.programme, planned.meeting(), planned.why
    with pytest.raises(NoAgreement):
        programme.approve_agreement(meeting, planned.story.office, "0" * 64, why)
    made = programme.draft_agreement(meeting, TERMS, why).agreement

    first = programme.approve_agreement(meeting, made.sides[0], made.hash, why)
    with pytest.raises(AlreadyApproved):
        programme.approve_agreement(meeting, made.sides[0], made.hash, why)
    with pytest.raises(NotASide):
        programme.approve_agreement(meeting, planned.story.id("linz"), made.hash, why)
    second = programme.approve_agreement(meeting, made.sides[1], made.hash, why)

    assert (first.complete, second.complete) == (False, True)
    assert (second.side, second.version, second.hash) == (planned.story.office, 1, made.hash)


def test_a_change_voids_approvals_and_a_stale_hash_names_the_new_version(agreed: Club) -> None:
    programme, meeting, why = agreed.programme, agreed.meeting(), agreed.why
    before = agreed.standing().agreement
    assert before is not None
    with pytest.raises(NothingChanges):
        programme.draft_agreement(meeting, TERMS, why)

    made = programme.draft_agreement(meeting, replace(TERMS, host_tasks=("room",)), why).agreement
    with pytest.raises(AgreementStale) as refused:
        programme.approve_agreement(meeting, agreed.story.office, before.hash, why)

    assert made.number == 2
    assert refused.value.message == f"Version 2 of the agreement is current; its hash is {made.hash}."
    after = agreed.standing().agreement
    assert after is not None
    assert (after.version, after.approved_by, after.lacks) == (2, (), made.sides)


def test_content_that_comes_back_is_approved_anew(agreed: Club) -> None:
    first = agreed.standing().agreement
    assert first is not None
    for seats in (7, 40):
        agreed.programme.change_meeting(agreed.meeting(), Changes({"seats": seats}), None, agreed.why)

    third = agreed.standing().agreement
    assert third is not None
    assert (third.version, third.hash, third.approved_by) == (3, first.hash, ())


def test_a_confirmed_meeting_is_only_planned_on_a_new_draft(confirmed: Club) -> None:
    drafted = confirmed.programme.draft_agreement(confirmed.meeting(), Terms(), confirmed.why)

    assert confirmed.happened() == ["AgreementDrafted", "MeetingChanged"]
    changed = confirmed.told[-1]
    assert (changed.decision.follows, changed.decision.reason_code) == (drafted.event_id, "agreement-changed")
    assert (changed.changed, changed.agreement, changed.void) == (("status",), None, False)
    assert confirmed.status() is MeetingStatus.PLANNED


def test_an_agreement_ends_with_its_parties_and_its_numbers_go_on(agreed: Club) -> None:
    programme, meeting = agreed.programme, agreed.meeting()
    programme.release_duty("AT.visits.1", agreed.why)
    assert agreed.standing().agreement is None
    with pytest.raises(NoParties):
        programme.draft_agreement(meeting, TERMS, agreed.why)

    programme.offer_duty("AT.visits.1", (agreed.story.id("linz"),), None, agreed.why)
    with pytest.raises(NoAgreement):
        programme.approve_agreement(meeting, agreed.story.office, "0" * 64, agreed.why)


@pytest.mark.parametrize(
    ("parts", "asker", "counterpart", "sides"),
    [
        (("graz", None), "wels", None, ("graz", "office")),
        (("graz", "linz"), "wels", None, ("graz", "linz")),
        (("graz", "graz"), "wels", None, ("graz", "office")),
        (("office", None), "wels", None, ("office", "wels")),
        (("office", "linz"), "wels", "graz", ("office", "linz")),
        (("office", None), None, "graz", ("office", "graz")),
    ],
)
def test_the_two_sides_are_told_apart(
    club: Club, parts: tuple[str, str | None], asker: str | None, counterpart: str | None, sides: tuple[str, ...]
) -> None:
    host, organiser = parts
    story, programme, meeting = club.story, club.programme, club.meeting()
    parties: dict[str, Any] = {
        "host": story.id(host),
        "organiser": story.id(organiser) if organiser else None,
    }
    if asker:
        programme.propose(meeting, story.id(asker), wish("mission", "talk"), club.why)
        programme.take_up(meeting, Changes(**parties), club.why)
    else:
        programme.plan_on_occasion(meeting, wish("mission", "talk", **parties), club.why)

    terms = Terms(counterpart=story.id(counterpart) if counterpart else None)
    assert programme.draft_agreement(meeting, terms, club.why).agreement.sides == tuple(map(story.id, sides))


def test_an_office_that_hosts_and_organises_agrees_with_somebody(club: Club) -> None:
    programme, meeting, office = club.programme, club.meeting(), club.story.office
    programme.plan_on_occasion(meeting, wish("mission", "talk", host=office), club.why)

    with pytest.raises(CounterpartMissing):
        programme.draft_agreement(meeting, TERMS, club.why)
    with pytest.raises(NotParticipating):
        programme.draft_agreement(meeting, replace(TERMS, counterpart=club.story.id("nobody")), club.why)

    programme.draft_agreement(meeting, replace(TERMS, counterpart=club.story.id("wels")), club.why)
    changed = programme.change_meeting(meeting, Changes({"seats": 9}), None, club.why)
    assert changed.agreement is not None
    assert changed.agreement.sides == (office, club.story.id("wels"))


def test_dates_and_venue_may_still_be_open(club: Club) -> None:
    bare = details(venue=None, starts=None, ends=None, zone="", seats=None)
    club.programme.plan_from_duty(club.meeting(), "AT.visits.1", None, bare, club.why)

    content = club.programme.draft_agreement(club.meeting(), TERMS, club.why).agreement.content
    assert [content[name] for name in ("venue", "starts", "ends", "zone", "seats")] == [None, None, None, "", None]
