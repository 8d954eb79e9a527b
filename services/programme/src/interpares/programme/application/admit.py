"""Admit applicants, or decline them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.programme.application.decided import Decided, decided
from interpares.programme.application.meetings import proofs_of
from interpares.programme.domain.errors import UnknownApplication
from interpares.programme.domain.programme import Programme

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.programme.application.commands import Admit, DeclineApplication
    from interpares.programme.application.ports import Applicants, Prerequisites, Unit
    from interpares.programme.domain.participation import Applicant


async def admit(command: Admit, unit: Unit, *, applicants: Applicants, prerequisites: Prerequisites) -> Decided:
    """Let an applicant take part.

    Raises ProgrammeNotRunning, UnknownApplication, ApplicationAlreadyDecided, ApplicationGone, RoleNotAppliedFor,
    UnknownRole, UnknownStrand, AlreadyParticipates, PrerequisitesMissing.
    """
    programme = await unit.load(Programme, command.programme_id)
    applicant = await _applicant(command.application_id, applicants)
    competing = await _competing(programme, applicant, applicants)
    proofs = await proofs_of(programme, (applicant.organisation_id,), prerequisites)
    admitted = programme.admit(applicant, command.role, competing, command.grounds, proofs=proofs)
    unit.save(programme, texts=command.texts)
    return decided(admitted, created_id=applicant.organisation_id)


async def decline_application(command: DeclineApplication, unit: Unit, *, applicants: Applicants) -> Decided:
    """Tell an applicant no.

    Raises ProgrammeNotRunning, UnknownApplication, ApplicationAlreadyDecided, ApplicationGone.
    """
    programme = await unit.load(Programme, command.programme_id)
    applicant = await _applicant(command.application_id, applicants)
    competing = await _competing(programme, applicant, applicants)
    declined = programme.decline_application(applicant, competing, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(declined)


async def _applicant(application_id: UUID, applicants: Applicants) -> Applicant:
    applicant = await applicants.get(application_id)
    if applicant is None:
        message = "This programme has no such application."
        raise UnknownApplication(message)
    return applicant


async def _competing(programme: Programme, applicant: Applicant, applicants: Applicants) -> tuple[Applicant, ...]:
    strand = applicant.country if programme.state.charter.by_country else None
    return await applicants.competing(programme.id, applicant.role, strand)
