"""Stored and read again, events are equal and lead to an equal state, with a snapshot on the way or without."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from interpares.common.aggregate import event_id
from interpares.common.eventstore import MAPPER
from interpares.programme.domain import events
from interpares.programme.domain.decision import (
    Authority,
    Criterion,
    Evidence,
    Interest,
    Source,
    SourceKind,
    Vote,
)
from interpares.programme.domain.joining import Joiner
from interpares.programme.domain.moment import LocalMoment
from interpares.programme.domain.programme import Programme, ProgrammeSnapshot

if TYPE_CHECKING:
    from services.programme.tests.conftest import Story


def eventful(story: Story) -> list[events.Event]:
    """Return a history in which every event of a programme happens, and every field of a decision is used once."""
    story.document = story.template(
        consortia={},
        hosting={
            **story.document["hosting"],
            "finale": {**story.document["hosting"]["finale"], "counts_towards": "visits"},
        },
    )
    programme, _ = Programme.draft(
        story.programme_id,
        title={"de": "Kleines Programm", "en": "A small programme"},
        office=story.office,
        template=story.document,
        strands=(),
        grounds=story.grounds(
            criteria=(Criterion("need", "high"),),
            authority=Authority("city-council", Vote(20, 3, 1), (story.id("head"),)),
            interest=Interest("kinship", (story.id("deputy"),), "abstained"),
            decided_at=story.now - timedelta(days=2),
            effective_at=story.now + timedelta(days=2),
            evidence=(Evidence("minutes:12", 1, "ef" * 32, 0),),
            source=Source(SourceKind.ON_BEHALF, "letter", story.now, "cd" * 32, story.id("clerk")),
            file_reference="10-24/7",
        ),
    )
    why = story.grounds()
    _, fields = story.called()
    deadline = fields["deadline"]
    assert isinstance(deadline, LocalMoment)
    programme.open_call(deadline, why)
    graz, linz, wels = (story.id(name) for name in ("graz", "linz", "wels"))
    for name, role in (("graz", "host"), ("linz", "host"), ("wels", "friend")):
        programme.admit(story.applicant(name, role), role, (story.applicant("enns"),), why)
    programme.decline_application(story.applicant("enns"), (), why)
    programme.close_call(why)
    programme.grant_role(wels, "prize", why)
    programme.join(Joiner(story.id("rust"), "AT", 1, "ab" * 32, 18, (story.id("mond"),)), "prize", why)
    programme.change_consortium(story.id("rust"), (story.id("mond"), story.id("weiz")), why)
    programme.end_role(wels, "friend", why)
    programme.derive_duties(why)
    programme.offer_duty("AT.visits.1", (graz,), story.now + timedelta(days=14), why)
    programme.decline_duty("AT.visits.1", graz, why)
    programme.offer_duty("all.finale.1", (graz, linz), None, why)
    programme.accept_duty("all.finale.1", graz, why)
    programme.withdraw(graz, why)
    programme.admit(story.applicant("steyr"), "host", (), why)
    first, second, third = (event_id(programme.id, version) for version in (1, 2, 3))
    programme.derive_duties(story.grounds(corrects=first, supersedes=second, revokes=third))
    return [event for event in programme.collect_events() if isinstance(event, events.Event)]


def stored(history: list[events.Event]) -> list[events.Event]:
    return [MAPPER.to_domain_event(MAPPER.to_stored_event(event)) for event in history]


def test_every_event_is_read_as_it_was_written(story: Story) -> None:
    history = eventful(story)
    kinds = {value for value in vars(events).values() if isinstance(value, type) and issubclass(value, events.Event)}
    assert {type(event) for event in history} == kinds - {events.Event} | {Programme.Created}
    assert stored(history) == history


def test_topics_say_service_aggregate_name_and_version(story: Story) -> None:
    assert sorted({MAPPER.to_stored_event(event).topic for event in eventful(story)}) == [
        f"programme.programme.{name}.v1"
        for name in (
            "application-declined",
            "call-closed",
            "call-opened",
            "consortium-changed",
            "drafted",
            "duties-derived",
            "duty-accepted",
            "duty-declined",
            "duty-lapsed",
            "duty-offered",
            "duty-released",
            "duty-reopened",
            "organisation-joined",
            "participation-admitted",
            "participation-withdrawn",
            "role-ended",
            "role-granted",
        )
    ]


def test_no_typed_text_and_no_number_with_a_point_is_stored(story: Story) -> None:
    def floats(value: Any) -> bool:
        if isinstance(value, dict):
            value = list(value.values())
        return isinstance(value, float) or (isinstance(value, list) and any(map(floats, value)))

    for event in eventful(story):
        assert not floats(json.loads(MAPPER.to_stored_event(event).state))


def test_a_history_leads_to_the_same_programme_with_and_without_a_snapshot(story: Story) -> None:
    history = eventful(story)
    whole = story.replayed(stored(history))
    for cut in range(1, len(history)):
        taken = ProgrammeSnapshot.take(story.replayed(history[:cut]))
        programme: Any = MAPPER.to_domain_event(MAPPER.to_stored_event(taken)).mutate(None)
        for event in stored(history[cut:]):
            programme = event.mutate(programme)
        assert programme == whole
