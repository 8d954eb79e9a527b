"""What others are told of applications and of how applicants were ranked; what was typed stays inside."""

from collections.abc import Callable, Mapping
from typing import Any

from interpares.common.contracts.registration import (
    ApplicationsRanked,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    RankedApplication,
)
from interpares.common.envelope import Publication
from interpares.registration.domain.application import Application, Withdrawn
from interpares.registration.domain.ranking import Ranked


def submitted(event: Application.Created) -> Publication:
    """Tell of an application that came in."""
    told = ApplicationSubmitted(
        application_id=event.originator_id,
        programme_id=event.programme_id,
        organisation_id=event.organisation_id,
        kind=event.kind,
        country=event.country,
        role=event.role,
        strand=event.strand,
        version=event.originator_version,
        members=event.members,
    )
    return Publication(told, event.programme_id)


def withdrawn(event: Withdrawn) -> Publication:
    """Tell of an application that was taken back."""
    told = ApplicationWithdrawn(
        application_id=event.originator_id,
        programme_id=event.programme_id,
        organisation_id=event.organisation_id,
    )
    return Publication(told, event.programme_id)


def ranked(event: Ranked) -> Publication:
    """Tell in which order the applicants for a role stand."""
    told = ApplicationsRanked(
        ranking_id=event.originator_id,
        programme_id=event.programme_id,
        role=event.role,
        strand=event.strand,
        version=event.originator_version,
        rule=event.rule.text,
        hash=event.rule_hash,
        entries=tuple(
            RankedApplication(
                application_id=each.candidate.application_id,
                organisation_id=each.candidate.organisation_id,
                place=each.place,
                points=each.total,
                priority=each.candidate.priority,
            )
            for each in event.entries
        ),
    )
    return Publication(told, event.programme_id)


PUBLISHED: Mapping[type, Callable[[Any], Publication]] = {
    Application.Created: submitted,
    Withdrawn: withdrawn,
    Ranked: ranked,
}
