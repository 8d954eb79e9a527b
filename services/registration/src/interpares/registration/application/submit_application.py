"""Submit an application."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from interpares.registration.application.decided import decided
from interpares.registration.domain.application import Application
from interpares.registration.domain.errors import NoOpenCall
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.organisation import Organisation

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.common.sealed import SealedText
    from interpares.registration.application.decided import Decided
    from interpares.registration.application.ports import OpenCalls, PendingApplications, Unit


@dataclass(frozen=True)
class SubmitApplication:
    """motivation: why the organisation applies. acting_as: the capacity in which whoever submits it does so."""

    application_id: UUID
    programme_id: UUID
    organisation_id: UUID
    role: str
    strand: str | None
    reason_code: str
    motivation: SealedText
    acting_as: str


async def submit_application(
    command: SubmitApplication, unit: Unit, *, calls: OpenCalls, pending: PendingApplications
) -> Decided:
    """Apply for a role in a programme whose call is open.

    Raises NoOpenCall, NotFound, what ``Application.submit`` raises, and ApplicationPending once it is written.
    """
    call = await calls.of(command.programme_id)
    if call is None:
        raise NoOpenCall
    application = Application.submit(
        command.application_id,
        call=call,
        applicant=await unit.load(Organisation, command.organisation_id),
        role=command.role,
        strand=command.strand,
        motivation=Grounds(command.reason_code, command.motivation.hash, command.acting_as),
    )
    unit.write(pending.entering(application))
    unit.save(application, texts=(command.motivation,))
    return decided(application, "application-submission", "submitted", command.reason_code)
