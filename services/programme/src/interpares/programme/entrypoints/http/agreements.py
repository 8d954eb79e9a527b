"""Routes: the agreement on a meeting, and what stands between the meeting and its confirmation."""

from decimal import Decimal
from uuid import UUID

from fastapi import APIRouter

from interpares.common.context import acting
from interpares.common.database import Database
from interpares.common.errors import Invalid
from interpares.common.http import (
    After,
    AtLeastPosition,
    CurrentAsked,
    CurrentOccasion,
    CurrentPrincipal,
    Limit,
    Page,
    Router,
    decode_cursor,
    page_of,
)
from interpares.common.views import view_at_least
from interpares.programme.application import agree, meetings, meetings_commands
from interpares.programme.domain.meetings.agreement import Cost, Terms
from interpares.programme.domain.meetings.convening import Gate
from interpares.programme.domain.meetings.errors import LACKS
from interpares.programme.domain.meetings.prerequisites import Missing
from interpares.programme.entrypoints.http.access import Access
from interpares.programme.entrypoints.http.desk import Desk, for_another, why
from interpares.programme.entrypoints.http.parties import Parties
from interpares.programme.entrypoints.http.schemas import Answer
from interpares.programme.entrypoints.http.schemas import agreements as schemas
from interpares.programme.entrypoints.http.schemas import meetings as meeting_schemas
from interpares.programme.projections.heard_prerequisites import HeardPrerequisites
from interpares.programme.projections.meeting_lists import MeetingLists
from interpares.programme.projections.meetings import VIEW

MEETING = "/programmes/{programme_id}/meetings/{meeting_id}"


def agreement_routes(database: Database, desk: Desk, access: Access, parties: Parties) -> APIRouter:
    """Return the routes."""
    router: APIRouter = Router(tags=["agreements"])
    lists, prerequisites = MeetingLists(database), HeardPrerequisites(database)

    @router.post(f"{MEETING}/agreement")
    async def draft(programme_id: UUID, meeting_id: UUID, body: schemas.Agreement, asked: CurrentAsked) -> Answer:
        """Lay a version before both sides; approvals of earlier versions are void."""
        membership = await parties.of_meeting(asked.principal, programme_id, meeting_id)
        reasons = why(asked, membership, body)
        typed = asked.sealed(body.terms.text, body.about) if body.terms.text else None
        command = meetings_commands.DraftAgreement(
            programme_id=programme_id,
            meeting_id=meeting_id,
            grounds=reasons.grounds,
            texts=(*reasons.texts, typed) if typed else reasons.texts,
            terms=_terms(body.terms, typed.hash if typed else ""),
        )
        return await desk.carry_out(asked, agree.draft_agreement, command, programme_id)

    @router.post(f"{MEETING}/agreement/approval")
    async def approve(programme_id: UUID, meeting_id: UUID, body: schemas.Approval, asked: CurrentAsked) -> Answer:
        """Approve the version one has read, by its hash, for one's side."""
        membership = await access.office_or(asked.principal, programme_id, body.organisation_id)
        if membership.organisation_id != body.organisation_id:
            for_another(membership, body)
        reasons = why(asked, membership, body)
        command = meetings_commands.ApproveAgreement(
            programme_id=programme_id,
            meeting_id=meeting_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            side=body.organisation_id,
            hash=body.hash,
        )
        return await desk.carry_out(asked, agree.approve_agreement, command, programme_id)

    @router.get(f"{MEETING}/agreements")
    async def list_versions(  # noqa: PLR0917 -- path, caller, page
        programme_id: UUID,
        meeting_id: UUID,
        principal: CurrentPrincipal,
        after: After = None,
        limit: Limit = 50,
        at_least: AtLeastPosition = None,
    ) -> Page[schemas.AgreementShown]:
        """List the versions of the agreement, for those with a part in the meeting."""
        await parties.insider(principal, programme_id, meeting_id)
        await view_at_least(database, VIEW, at_least)
        (last,) = decode_cursor(after, int) if after else (0,)
        rows = await lists.agreements(meeting_id, last, limit + 1)
        found = [schemas.AgreementShown.model_validate(row) for row in rows]
        return page_of(found, limit, lambda each: (each.version,))

    @router.get(f"{MEETING}/gate")
    async def gate(
        programme_id: UUID, meeting_id: UUID, principal: CurrentPrincipal, occasion: CurrentOccasion
    ) -> meeting_schemas.GateShown:
        """Say what is missing before the meeting can be confirmed, for those with a part in it."""
        await parties.insider(principal, programme_id, meeting_id)
        programme = await access.programme(programme_id)
        with acting(occasion):
            return _shown(await meetings.gate_of(programme, meeting_id, prerequisites))

    return router


def _terms(body: schemas.Terms, text: str) -> Terms:
    costs = []
    for index, cost in enumerate(body.costs):
        amount = Decimal(cost.amount.value) if cost.amount else None
        if amount is not None and amount != amount.quantize(Decimal("0.01")):
            message, way_out = "An amount has at most two digits behind the point.", "Round it."
            raise Invalid(message, way_out, field=f"terms.costs.{index}.amount.value")
        costs.append(Cost(cost.code, cost.borne_by, amount, cost.amount.currency if cost.amount else ""))
    return Terms(
        host_tasks=body.host_tasks,
        other_tasks=body.other_tasks,
        costs=tuple(costs),
        interpretation=body.interpretation,
        text=text,
        counterpart=body.counterpart,
    )


def _shown(gate: Gate) -> meeting_schemas.GateShown:
    return meeting_schemas.GateShown(
        open=gate.open,
        lacks=[meeting_schemas.Lacking(code=code, message=LACKS[code]) for code in gate.lacks],
        unapproved=list(gate.unapproved),
        missing=[_missing(each) for each in gate.due.missing],
        exceptions=[
            meeting_schemas.InPlace(organisation_id=each.organisation, prerequisite=each.prerequisite, until=each.until)
            for each in gate.due.excepted
        ],
        coming=[_missing(each) for each in gate.coming.missing],
        evidence=[
            {"ref": each.ref, "version": each.version, "hash": each.hash, "position": each.position}
            for each in gate.due.evidence
        ],
    )


def _missing(missing: Missing) -> meeting_schemas.Missing:
    return meeting_schemas.Missing(
        organisation_id=missing.organisation,
        prerequisite=missing.prerequisite,
        due_before=missing.due_before.value,
        ground=missing.ground,
        since=missing.since,
        message=missing.says(),
    )
