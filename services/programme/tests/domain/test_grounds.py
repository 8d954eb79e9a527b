from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from interpares.programme.domain.decision import Alternative, Authority, Criterion, Evidence, Interest, Source
from interpares.programme.domain.decision import SourceKind as Kind
from interpares.programme.domain.errors import GroundsIncomplete
from interpares.programme.domain.grounds import Grounds

if TYPE_CHECKING:
    from services.programme.tests.conftest import Story

REASON = "5e" * 32
PHONED = Source(Kind.ON_BEHALF, "phone", datetime(2026, 2, 27, 8, 0, tzinfo=UTC), "", UUID(int=5))


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("reason_code", ""),
        ("reason_code", "Because"),
        ("reason", ""),
        ("reason", "the text itself"),
        ("capacity", "Head of office"),
        ("criteria", (Criterion("Best of all"),)),
        ("criteria", (Criterion("best", "said the mayor"),)),
        ("authority", Authority("The city council")),
        ("interest", Interest("My cousin")),
        ("source", Source(Kind.ON_BEHALF)),
        ("source", Source(Kind.ON_BEHALF, "phone", PHONED.received_on)),
        ("source", Source(Kind.ON_BEHALF, "on the phone", PHONED.received_on, "", UUID(int=5))),
        ("file_reference", "A\nB"),
        ("file_reference", "7" * 65),
    ],
)
def test_grounds_without_a_proper_why_are_refused(field: str, given: object) -> None:
    with pytest.raises(GroundsIncomplete) as refused:
        Grounds(**{"reason_code": "fits", "reason": REASON, "capacity": "office"} | {field: given})  # type: ignore[arg-type] # wrong by intent
    assert refused.value.field == field


def test_the_record_holds_all_that_was_given_and_what_the_service_adds(story: Story) -> None:
    yesterday = story.now - timedelta(days=1)
    given: dict[str, Any] = {
        "criteria": (Criterion("distance", "120"),),
        "authority": Authority("steering-committee"),
        "interest": Interest("none"),
        "decided_at": yesterday,
        "source": PHONED,
        "file_reference": "VII/3-12 (2026)",
        "corrects": UUID(int=1),
        "supersedes": UUID(int=2),
        "revokes": UUID(int=3),
    }
    letter = Evidence("letter:9", 1, "cd" * 32, 4)
    known = Evidence("application:7", 2, "ab" * 32, 3)
    grounds = story.grounds(evidence=(letter,), **given)
    other = Alternative("not-offered", UUID(int=4))

    made = grounds.decide("duty-offer", "duty:x", "offered", evidence=(known,), alternatives=(other,))

    assert made == story.decision(
        "duty-offer",
        "duty:x",
        "offered",
        **given,
        effective_at=yesterday,
        evidence=(known, letter),
        alternatives=(other,),
    )


def test_a_consequence_has_its_own_code_and_corrects_nothing(story: Story) -> None:
    grounds = story.grounds(corrects=UUID(int=1), effective_at=story.now + timedelta(days=30))

    made = grounds.decide("duty-lapse", "duty:x", "lapsed", follows=UUID(int=9), reason_code="on-host-loss-lapse")

    assert made == story.decision(
        "duty-lapse",
        "duty:x",
        "lapsed",
        follows=UUID(int=9),
        reason_code="on-host-loss-lapse",
        effective_at=story.now + timedelta(days=30),
    )


def test_nothing_is_decided_tomorrow(story: Story) -> None:
    with pytest.raises(GroundsIncomplete) as refused:
        story.grounds(decided_at=story.now + timedelta(days=1)).decide("a", "b", "c")
    assert refused.value.field == "decided_at"


@pytest.mark.parametrize(("kind", "back"), [(Kind.DIRECT, False), (Kind.IMPORT, True), (Kind.RETROSPECTIVE, True)])
def test_imports_and_later_entries_look_back(story: Story, kind: Kind, *, back: bool) -> None:
    assert story.grounds(source=Source(kind)).looks_back is back
