"""Admit applicants, or decline them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from interpares.common.context import occasion
from interpares.programme.application.assessing import Wish
from interpares.programme.application.decided import Decided, decided
from interpares.programme.application.meetings import proofs_of
from interpares.programme.domain.charter import Division
from interpares.programme.domain.errors import UnknownApplication
from interpares.programme.domain.programme import Programme

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.programme.application.assessing import Assessing
    from interpares.programme.application.commands import Admit, DeclineApplication
    from interpares.programme.application.ports import Applicants, Prerequisites, Unit
    from interpares.programme.domain.participation import Applicant


async def admit(
    command: Admit, unit: Unit, *, applicants: Applicants, prerequisites: Prerequisites, assessing: Assessing
) -> Decided:
    """Let an applicant take part.

    Raises ProgrammeNotRunning, UnknownApplication, ApplicationAlreadyDecided, ApplicationGone, RoleNotAppliedFor,
    UnknownRole, UnknownStrand, AlreadyParticipates, PrerequisitesMissing, NotEligible, and what stands against its
    themes, time or members.
    """
    programme = await unit.load(Programme, command.programme_id)
    applicant = await applicant_of(command.application_id, applicants)
    competing = await _competing(programme, applicant, applicants)
    proofs = await proofs_of(programme, (applicant.organisation_id,), prerequisites)
    assessment = await assessing.assess(programme, wish_of(programme, applicant, excepted=command.excepted))
    admitted = programme.admit(
        applicant,
        command.role,
        competing,
        command.grounds,
        strand=command.strand,
        terms=command.terms,
        assessment=assessment,
        proofs=proofs,
    )
    unit.save(programme, texts=command.texts)
    return decided(admitted, created_id=applicant.organisation_id)


async def decline_application(
    command: DeclineApplication, unit: Unit, *, applicants: Applicants, assessing: Assessing
) -> Decided:
    """Tell an applicant no.

    Raises ProgrammeNotRunning, UnknownApplication, ApplicationAlreadyDecided, ApplicationGone.
    """
    programme = await unit.load(Programme, command.programme_id)
    applicant = await applicant_of(command.application_id, applicants)
    competing = await _competing(programme, applicant, applicants)
    assessment = await assessing.assess(programme, wish_of(programme, applicant))
    declined = programme.decline_application(applicant, competing, command.grounds, assessment=assessment)
    unit.save(programme, texts=command.texts)
    return decided(declined)


async def applicant_of(application_id: UUID, applicants: Applicants) -> Applicant:
    """Return an application. Raises UnknownApplication."""
    applicant = await applicants.get(application_id)
    if applicant is None:
        message = "This programme has no such application."
        raise UnknownApplication(message)
    return applicant


async def _competing(programme: Programme, applicant: Applicant, applicants: Applicants) -> tuple[Applicant, ...]:
    charter = programme.state.charter
    competing = await applicants.competing(
        programme.id, applicant.role, applicant.country if charter.by_country else None
    )
    if charter.by is not Division.CLUSTER:
        return competing
    return tuple(other for other in competing if other.strand == applicant.strand)


def wish_of(programme: Programme, applicant: Applicant, *, excepted: bool = False) -> Wish:
    """Return the wish; the day of an application is that of the zone in which its call ends."""
    zone = ZoneInfo(programme.state.course.zone or "UTC")
    applied = applicant.submitted_at or occasion().now
    return Wish(
        role=applicant.role,
        organisation=applicant.organisation_id,
        applied_on=applied.astimezone(zone).date(),
        members=applicant.members,
        excepted=excepted,
    )
