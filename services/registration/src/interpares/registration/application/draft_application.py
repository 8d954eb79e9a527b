"""Drafts of applications: begin, save, sign, submit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from interpares.common.errors import Stale
from interpares.registration.application.decided import decided
from interpares.registration.application.saying import content_of, open_call
from interpares.registration.application.submit_application import Applying, enter_application
from interpares.registration.domain.applying.content import Submission
from interpares.registration.domain.draft import Draft
from interpares.registration.domain.organisation import Organisation

if TYPE_CHECKING:
    from interpares.registration.application.applying_ports import Eligibility
    from interpares.registration.application.decided import Decided
    from interpares.registration.application.ports import OpenCalls, PendingApplications, Unit
    from interpares.registration.application.saying import Said

# An application's id follows from its draft, so that two who submit it at once make one application.
SUBMITTED = UUID("0192f0c0-0000-7000-8000-000000000005")
REASON_CODE = "drafted"


@dataclass(frozen=True)
class BeginDraft:
    """acting_as: the capacity of whoever begins it."""

    draft_id: UUID
    programme_id: UUID
    organisation_id: UUID
    role: str
    strand: str | None
    said: Said
    acting_as: str


async def begin_draft(command: BeginDraft, unit: Unit, *, calls: OpenCalls) -> Decided:
    """Begin a draft; nothing needs to be complete. Raises NoOpenCall and what ``Draft.begin``, ``content_of`` raise."""
    call = await open_call(calls, command.programme_id)
    applicant = await unit.load(Organisation, command.organisation_id)
    draft = Draft.begin(
        command.draft_id,
        call=call,
        organisation_id=applicant.id,
        role=command.role,
        strand=command.strand,
        content=await content_of(command.said, unit, call, applicant, command.role),
        acting_as=command.acting_as,
    )
    unit.save(draft, texts=command.said.texts)
    return decided(draft, "application-draft", "begun", REASON_CODE)


@dataclass(frozen=True)
class SaveDraft:
    """version: that whoever saves has read."""

    draft_id: UUID
    version: int
    said: Said
    acting_as: str


async def save_draft(command: SaveDraft, unit: Unit, *, calls: OpenCalls) -> Decided:
    """Save another content; every content before stays in the history. Raises Stale, DraftSettled, and so on."""
    draft = await unit.load(Draft, command.draft_id)
    if command.version != draft.version:
        message = "The draft was saved by somebody else, or signed, since you read it."
        raise Stale(message)
    call = await open_call(calls, draft.state.programme_id)
    applicant = await unit.load(Organisation, draft.state.organisation_id)
    draft.write(await content_of(command.said, unit, call, applicant, draft.state.role), command.acting_as)
    unit.save(draft, texts=command.said.texts)
    return decided(draft, "application-draft", "saved", REASON_CODE)


@dataclass(frozen=True)
class SignDraft:
    """version: that whoever signs has read: nobody signs what they have not seen."""

    draft_id: UUID
    version: int
    acting_as: str


async def sign_draft(
    command: SignDraft, unit: Unit, *, calls: OpenCalls, pending: PendingApplications, eligibility: Eligibility
) -> Decided:
    """Sign a draft as it stands; the last signature the call asks for submits it.

    Raises Stale, DraftSettled, SignedAlready, and, with the last signature, what ``enter_application`` raises.
    """
    draft = await unit.load(Draft, command.draft_id)
    if command.version != draft.version:
        message = "The draft was changed or signed since you read it."
        raise Stale(message)
    call = await open_call(calls, draft.state.programme_id)
    draft.sign(command.acting_as)
    if len(draft.state.signatures) < call.form.signatories_at_least:
        unit.save(draft)
        return decided(draft, "application-draft", "signed", REASON_CODE)
    application_id = uuid5(SUBMITTED, str(draft.id))
    draft.submit(application_id)
    unit.save(draft)
    return await enter_application(
        application_id,
        Applying(draft.state.organisation_id, draft.state.role, draft.state.strand, REASON_CODE, command.acting_as),
        Submission(draft.state.content, signatures=draft.state.signatures, draft_id=draft.id),
        unit,
        call=call,
        pending=pending,
        eligibility=eligibility,
    )
