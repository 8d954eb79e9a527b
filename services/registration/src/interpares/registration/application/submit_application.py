"""Submit an application."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from interpares.common.context import occasion
from interpares.registration.application.decided import decided
from interpares.registration.application.saying import content_of, open_call
from interpares.registration.domain.application import Application
from interpares.registration.domain.applying.content import Submission
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.organisation import Organisation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from interpares.common.sealed import SealedText
    from interpares.registration.application.applying_ports import Eligibility
    from interpares.registration.application.decided import Decided
    from interpares.registration.application.ports import OpenCalls, PendingApplications, Unit
    from interpares.registration.application.saying import Said
    from interpares.registration.domain.applying.content import OnBehalf
    from interpares.registration.domain.call import OpenCall


@dataclass(frozen=True)
class Applying:
    """Who applies, and for what. acting_as: the capacity in which whoever submits it does so."""

    organisation_id: UUID
    role: str
    strand: str | None
    reason_code: str
    acting_as: str


@dataclass(frozen=True)
class SubmitApplication:
    """said: why the organisation applies, and its answers. source: how it came, where an office enters it."""

    application_id: UUID
    programme_id: UUID
    applying: Applying
    said: Said
    source: OnBehalf | None = None


async def submit_application(
    command: SubmitApplication,
    unit: Unit,
    *,
    calls: OpenCalls,
    pending: PendingApplications,
    eligibility: Eligibility,
) -> Decided:
    """Apply for a role in a programme whose call is open.

    Raises NoOpenCall, QuestionUnknown, AnswerUnfit, EvidenceUnknown, and what ``enter_application`` raises.
    """
    call = await open_call(calls, command.programme_id)
    applicant = await unit.load(Organisation, command.applying.organisation_id)
    content = await content_of(command.said, unit, call, applicant, command.applying.role)
    return await enter_application(
        command.application_id,
        command.applying,
        Submission(content, source=command.source),
        unit,
        call=call,
        pending=pending,
        eligibility=eligibility,
        texts=command.said.texts,
    )


async def enter_application(
    application_id: UUID,
    applying: Applying,
    submission: Submission,
    unit: Unit,
    *,
    call: OpenCall,
    pending: PendingApplications,
    eligibility: Eligibility,
    texts: Sequence[SealedText] = (),
) -> Decided:
    """Enter an application, with what the conditions of its role find. texts: typed with it, none if known already.

    Raises NotFound, what ``Application.submit`` raises, and ApplicationPending once it is written.
    """
    applicant = await unit.load(Organisation, applying.organisation_id)
    members = [await unit.load(Organisation, each) for each in submission.content.members]
    findings = await eligibility.findings(call, applying.role, applicant, members, occasion().now)
    application = Application.submit(
        application_id,
        call=call,
        applicant=applicant,
        role=applying.role,
        strand=applying.strand,
        motivation=Grounds(applying.reason_code, submission.content.motivation, applying.acting_as),
        submission=replace(submission, findings=findings),
    )
    unit.write(pending.entering(application))
    unit.save(application, texts=texts)
    return decided(application, "application-submission", "submitted", applying.reason_code)
