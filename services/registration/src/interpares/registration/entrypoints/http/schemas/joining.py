"""Invitations, hand-overs, mandates, facilitators."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from interpares.common.http import Body, Day, ShortText
from interpares.registration.domain.membership import Capacity
from interpares.registration.entrypoints.http.schemas.people import Mail
from interpares.registration.entrypoints.http.schemas.words import CreatingAnswer, DecisionShown, Reasoned
from interpares.registration.projections.joining import ListedInvitation, ListedMandate, ListedWindow

ValidDays = Annotated[int, Field(ge=1, le=90, description="For how many days the link leads here.")]
ExpertDays = Annotated[int, Field(ge=1, le=366)]


class NewInvitation(Reasoned):
    """Somebody to invite, by their address."""

    email: Mail
    given_name: ShortText | None = None
    family_name: ShortText | None = None
    capacity: Capacity
    valid_days: ValidDays = 14


class Renewal(Reasoned):
    """A new link for an invitation."""

    valid_days: ValidDays = 14


class InvitationAnswer(CreatingAnswer):
    """Somebody was invited. link: shown this once, null where the request was repeated: renew the invitation then."""

    link: str | None
    expires_at: datetime


class RenewalAnswer(BaseModel):
    """The invitation has a new link; the one before leads nowhere. link: as in the answer to an invitation."""

    decision: DecisionShown
    position: int
    link: str | None
    expires_at: datetime


class InvitationShown(BaseModel):
    """An invitation with whom it is for; null once it is over."""

    invitation: ListedInvitation
    email: str | None
    given_name: str | None
    family_name: str | None


class InvitedTo(BaseModel):
    """What a link leads to: which organisation, as what, until when."""

    organisation_id: UUID
    names: dict[str, str]
    capacity: Capacity
    expires_at: datetime


class Acceptance(Body):
    """Whoever accepts. Names are needed from whoever is new here."""

    given_name: ShortText | None = None
    family_name: ShortText | None = None


class JoinedAnswer(BaseModel):
    """Whoever accepted acts for the organisation from now on."""

    person_id: UUID
    membership_id: UUID
    organisation_id: UUID
    capacity: Capacity
    position: int


class NewHandover(Reasoned):
    """Somebody leaves the organisation, and somebody goes on in their place. Both are people here."""

    leaving: UUID
    successor: UUID


class NewSubstitution(Reasoned):
    """Somebody acts in the place of a membership. starts_on, ends_on: days in UTC, both included."""

    person_id: UUID
    starts_on: Day
    ends_on: Day


class NewAccompaniment(NewSubstitution):
    """A facilitator accompanies an organisation. days: expert days agreed."""

    days: ExpertDays


class NewQualification(Reasoned):
    """What a facilitator is qualified for."""

    title: ShortText
    awarded_by: ShortText
    awarded_on: Day
    valid_until: Day | None = None


class NewAvailability(Reasoned):
    """When a facilitator can be had, and for how many days in all."""

    starts_on: Day
    ends_on: Day
    days: ExpertDays


class QualificationShown(BaseModel):
    """A qualification."""

    id: UUID
    title: str
    awarded_by: str
    awarded_on: Day
    valid_until: Day | None


class FacilitationShown(BaseModel):
    """A facilitator: qualifications, when available, and what is or was accompanied."""

    qualifications: list[QualificationShown]
    availability: list[ListedWindow]
    accompaniments: list[ListedMandate]
