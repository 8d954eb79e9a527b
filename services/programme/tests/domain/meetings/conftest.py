"""A programme in which meetings are owed, asked for and followed up, with deadlines and prerequisites."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from services.programme.tests.domain.meetings.telling import TALK, TERMS, details, fact, society

from interpares.programme.domain.decision import Source, SourceKind
from interpares.programme.domain.meetings.prerequisites import Shown

if TYPE_CHECKING:
    from uuid import UUID

    from services.programme.tests.conftest import Story

    from interpares.programme.domain.grounds import Grounds
    from interpares.programme.domain.meetings.meeting import Meeting, MeetingStatus, Standing
    from interpares.programme.domain.programme import Programme


@dataclass
class Club:
    """The programme: Graz and Linz host, Wels is a guest, Bonn hosts in the other strand."""

    story: Story
    programme: Programme
    told: list[Any] = field(default_factory=list)

    @property
    def why(self) -> Grounds:
        """Grounds of the office."""
        return self.story.grounds()

    def later(self) -> Grounds:
        """Grounds of the office that look back."""
        return self.story.grounds(source=Source(SourceKind.RETROSPECTIVE))

    def meeting(self, name: str = "talk in graz") -> UUID:
        """Return the id of a meeting."""
        return self.story.id(name)

    def standing(self, name: str = "talk in graz") -> Standing:
        """Return what the aggregate knows of a meeting."""
        return self.programme.state.meetings.known[str(self.meeting(name))]

    def now(self, name: str = "talk in graz") -> Meeting:
        """Return a meeting as it stands."""
        return self.standing(name).meeting

    def status(self, name: str = "talk in graz") -> MeetingStatus | None:
        """Return where a meeting stands, also if it is over."""
        return self.programme.state.meetings.status(str(self.meeting(name)))

    def happened(self) -> list[str]:
        """Return the names of the events since this was asked last, and remember them."""
        new = list(self.programme.collect_events())
        self.told += new
        return [type(event).__name__ for event in new]


@pytest.fixture
def club(story: Story) -> Club:
    """The programme, its duties accepted by Graz."""
    return Club(story, story.running(*society(story)))


@pytest.fixture
def proofs(story: Story) -> dict[UUID, Shown]:
    """What Graz and Wels have shown: all they need."""
    return {
        story.id("graz"): Shown("municipality", (fact("named-head"), fact("political-resolution"), fact("team"))),
        story.id("wels"): Shown("municipality", (fact("team", "wels"), fact("political-resolution", "wels"))),
    }


@pytest.fixture
def planned(club: Club) -> Club:
    """A talk in Graz is planned from its duty."""
    club.programme.plan_from_duty(club.meeting(), TALK, None, details(), club.why)
    club.happened()
    return club


@pytest.fixture
def agreed(planned: Club) -> Club:
    """Both sides approved the agreement on it."""
    programme, meeting = planned.programme, planned.meeting()
    drafted = programme.draft_agreement(meeting, TERMS, planned.why)
    for side in drafted.agreement.sides:
        programme.approve_agreement(meeting, side, drafted.agreement.hash, planned.why)
    planned.happened()
    return planned


@pytest.fixture
def confirmed(agreed: Club, proofs: dict[UUID, Shown]) -> Club:
    """It is confirmed."""
    agreed.programme.confirm_meeting(agreed.meeting(), proofs, agreed.why)
    agreed.happened()
    return agreed
