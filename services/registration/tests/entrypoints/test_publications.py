"""What leaves the service: organisations, memberships, applications; never people, never what others decided."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from interpares.common.aggregate import Metadata
from interpares.common.contracts.registration import (
    ApplicationSubmitted,
    ApplicationWithdrawn,
    AttendanceRecorded,
    MembershipEnded,
    MembershipGranted,
    OrganisationRegistered,
    OrganisationUpdated,
    Place,
    PrerequisiteConfirmed,
    PrerequisiteRevoked,
)
from interpares.common.contracts.registration import Key as PublishedKey
from interpares.common.contracts.template.evaluation import FundedBy
from interpares.common.envelope import Publication, to_message
from interpares.common.eventstore import Recorded
from interpares.registration.domain import application, membership, organisation
from interpares.registration.domain.application import Admitted, Application, Declined
from interpares.registration.domain.membership import Capacity, Membership
from interpares.registration.domain.organisation import Coordinates, Facts, Funding, Key, Kind, Organisation
from interpares.registration.domain.person import Person
from interpares.registration.domain.prerequisites import fact, shown
from interpares.registration.domain.seats.events import AttendanceNoted
from interpares.registration.domain.seats.parts import Parts
from interpares.registration.entrypoints.publications import publish

ID, TOWN, ACTOR, PROGRAMME, OTHER = (UUID(int=number) for number in range(70, 75))
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SEALED = "a" * 64


def recorded(event_class: Any, **fields: Any) -> Recorded:
    birth = {"originator_topic": "registration"} if event_class.__name__ == "Created" else {}
    metadata = Metadata(UUID(int=1), UUID(int=2), UUID(int=3), None, "", "")
    event = event_class(originator_id=ID, originator_version=1, timestamp=NOW, metadata=metadata, **birth, **fields)
    return Recorded(7, event)


REGISTERED = recorded(
    Organisation.Created,
    kind=Kind.MUNICIPALITY,
    country="AT",
    keys=(Key("LAU", "40705"),),
    names={"de": "Gmunden"},
    population=13_184,
    languages=("de",),
    coordinates=Coordinates("47.9183", "13.7993"),
    acting_as="office",
)
GRANTED = recorded(
    Membership.Created,
    person_id=OTHER,
    actor=ACTOR,
    organisation_id=TOWN,
    capacity=Capacity.COORDINATOR,
    reason_code="new-in-office",
    reason=SEALED,
    acting_as="office",
)
FACTS = Facts(
    Kind.MUNICIPALITY,
    "AT",
    (Key("LAU", "40705"),),
    {"de": "Gmunden"},
    funding=(Funding("smart-city", date(2020, 1, 1)),),
    member_of=("climate-alliance",),
    members=(OTHER,),
    lead=OTHER,
    valid_until=date(2025, 12, 31),
)
WHY = {"reason_code": "counted-anew", "reason": SEALED, "acting_as": "office"}
UPDATED = recorded(organisation.Updated, facts=FACTS, changed=("funding",), correction=False, effective_on=None, **WHY)
MERGED = recorded(organisation.Merged, facts=FACTS, into=OTHER, from_day=date(2026, 1, 1), **WHY)
WHOLE = OrganisationUpdated(
    organisation_id=ID,
    kind="municipality",
    country="AT",
    keys=(PublishedKey(scheme="LAU", value="40705"),),
    names={"de": "Gmunden"},
    population=None,
    languages=(),
    funding=(FundedBy(programme="smart-city", starts=date(2020, 1, 1)),),
    member_of=("climate-alliance",),
    members=(OTHER,),
    valid_until=date(2025, 12, 31),
)
ENDED = recorded(
    membership.Ended,
    actor=ACTOR,
    organisation_id=TOWN,
    capacity=Capacity.COORDINATOR,
    reason_code="left-the-town",
    reason=SEALED,
    acting_as="office",
)
SUBMITTED = recorded(
    Application.Created,
    call_id=OTHER,
    programme_id=PROGRAMME,
    office_id=OTHER,
    organisation_id=TOWN,
    kind="municipality",
    country="AT",
    role="follower",
    strand="AT",
    reason_code="wants-to-take-part",
    motivation=SEALED,
    acting_as="coordinator",
)
FACT: dict[str, Any] = {
    "organisation_id": TOWN,
    "programme_id": PROGRAMME,
    "prerequisite": "resolution",
    "kind": shown.Kind.POLITICAL_RESOLUTION,
    "reason_code": "seen-in-full",
    "reason": SEALED,
    "acting_as": "coordinator",
}
CONFIRMED = recorded(
    fact.Confirmed,
    version=2,
    validity=fact.Validity(date(2026, 1, 1)),
    evidence_hash="e" * 64,
    by="council",
    **FACT,
)
WITHDRAWN = recorded(
    application.Withdrawn,
    programme_id=PROGRAMME,
    organisation_id=TOWN,
    reason_code="changed-its-mind",
    reason=SEALED,
    acting_as="coordinator",
)


@pytest.mark.parametrize(
    ("event", "publication"),
    [
        (
            REGISTERED,
            Publication(
                OrganisationRegistered(
                    organisation_id=ID,
                    kind="municipality",
                    country="AT",
                    keys=(PublishedKey(scheme="LAU", value="40705"),),
                    names={"de": "Gmunden"},
                    population=13_184,
                    languages=("de",),
                    coordinates=Place(latitude="47.9183", longitude="13.7993"),
                )
            ),
        ),
        (UPDATED, Publication(WHOLE)),
        (MERGED, Publication(WHOLE.model_copy(update={"merged_into": OTHER}))),
        (
            GRANTED,
            Publication(MembershipGranted(membership_id=ID, actor=ACTOR, organisation_id=TOWN, capacity="coordinator")),
        ),
        (
            ENDED,
            Publication(MembershipEnded(membership_id=ID, actor=ACTOR, organisation_id=TOWN, capacity="coordinator")),
        ),
        (
            SUBMITTED,
            Publication(
                ApplicationSubmitted(
                    application_id=ID,
                    programme_id=PROGRAMME,
                    organisation_id=TOWN,
                    kind="municipality",
                    country="AT",
                    role="follower",
                    strand="AT",
                ),
                PROGRAMME,
            ),
        ),
        (
            recorded(
                AttendanceNoted,
                programme_id=PROGRAMME,
                meeting_id=OTHER,
                organisation_id=TOWN,
                version=2,
                attended={"mayors": 2},
                participants=(ACTOR,),
                parts=Parts(spoke=2, reviewed=1, speakers=(ACTOR,)),
                reason_code="seen-in-full",
                reason=SEALED,
                acting_as="office",
            ),
            Publication(
                AttendanceRecorded(
                    programme_id=PROGRAMME,
                    meeting_id=OTHER,
                    organisation_id=TOWN,
                    version=2,
                    attended={"mayors": 2, "speakers": 2, "reviewers": 1},
                ),
                PROGRAMME,
            ),
        ),
        (
            CONFIRMED,
            Publication(
                PrerequisiteConfirmed(
                    fact_id=ID,
                    organisation_id=TOWN,
                    programme_id=PROGRAMME,
                    prerequisite="resolution",
                    kind="political-resolution",
                    version=2,
                    valid_from=date(2026, 1, 1),
                    valid_until=None,
                    evidence_hash="e" * 64,
                    capacity="council",
                ),
                PROGRAMME,
            ),
        ),
        (
            recorded(fact.Revoked, version=2, **FACT),
            Publication(
                PrerequisiteRevoked(
                    fact_id=ID,
                    organisation_id=TOWN,
                    programme_id=PROGRAMME,
                    prerequisite="resolution",
                    kind="political-resolution",
                    version=2,
                    reason_code="seen-in-full",
                ),
                PROGRAMME,
            ),
        ),
        (
            WITHDRAWN,
            Publication(
                ApplicationWithdrawn(application_id=ID, programme_id=PROGRAMME, organisation_id=TOWN), PROGRAMME
            ),
        ),
    ],
)
def test_what_others_are_told(event: Recorded, publication: Publication) -> None:
    assert publish(event) == publication
    message = to_message("registration", event, publication, previous=3)
    assert SEALED.encode() not in message.body


@pytest.mark.parametrize(
    "event",
    [
        recorded(Person.Created, actor=ACTOR),
        recorded(fact.Revoked, version=0, **FACT),
        recorded(Admitted, decision_id=OTHER, reason_code="best-fit", role="follower", strand="AT"),
        recorded(Declined, decision_id=OTHER, reason_code="no-places"),
    ],
)
def test_what_stays_inside(event: Recorded) -> None:
    assert publish(event) is None
