"""Routes: what becomes of a decision."""

from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from fastapi import APIRouter

from interpares.common.database import Database
from interpares.common.http import Asked, CurrentAsked, Router
from interpares.common.sealed import SealedText
from interpares.programme.application import revise
from interpares.programme.application import revising_commands as commands
from interpares.programme.domain.revising.chapter import Telling
from interpares.programme.domain.revising.events import Part
from interpares.programme.entrypoints.http.access import Access
from interpares.programme.entrypoints.http.desk import Desk, for_another, why
from interpares.programme.entrypoints.http.schemas import revising as schemas
from interpares.programme.entrypoints.http.schemas.deciding import Answer, Deciding
from interpares.programme.projections.history import StoredHistory

PROGRAMME = "/programmes/{programme_id}"
DECISION = f"{PROGRAMME}/decisions/{{decision_id}}"


def revising_routes(database: Database, desk: Desk, access: Access) -> APIRouter:
    """Return the routes."""
    router: APIRouter = Router(tags=["decisions"])
    history = StoredHistory(database)

    @router.post(f"{DECISION}/communications")
    async def communicate(
        programme_id: UUID, decision_id: UUID, body: schemas.Communication, asked: CurrentAsked
    ) -> Answer:
        """Note to whom the decision was communicated."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = commands.Communicate(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            decision_id=decision_id,
            telling=Telling(
                to=body.to,
                channel=body.channel,
                at=body.communicated_at or asked.occasion.now,
                letter_hash=body.letter_hash or "",
            ),
        )
        return await desk.carry_out(asked, partial(revise.communicate, history=history), command, programme_id)

    @router.post(f"{DECISION}/objections", status_code=201)
    async def object_to(programme_id: UUID, decision_id: UUID, body: schemas.Objection, asked: CurrentAsked) -> Answer:
        """Object to the decision, as an organisation it is about."""
        membership = await access.office_or(asked.principal, programme_id, body.organisation_id)
        for_another(membership, body)
        reasons = why(asked, membership, body)
        command = commands.ObjectTo(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            decision_id=decision_id,
            organisation_id=body.organisation_id,
        )
        return await desk.carry_out(asked, partial(revise.object_to, history=history), command, programme_id)

    @router.post(f"{PROGRAMME}/objections/{{objection_id}}/answer")
    async def answer(
        programme_id: UUID, objection_id: UUID, body: schemas.ObjectionAnswer, asked: CurrentAsked
    ) -> Answer:
        """Answer an objection; its id is that of the decision it was recorded by."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = commands.AnswerObjection(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            objection_id=objection_id,
            outcome=body.outcome,
        )
        return await desk.carry_out(asked, revise.answer_objection, command, programme_id)

    @router.post(f"{DECISION}/correction")
    async def correct(programme_id: UUID, decision_id: UUID, body: schemas.Correction, asked: CurrentAsked) -> Answer:
        """Put the record of the decision right, in the open; what stood there stays in the log."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        right, texts = _right(asked, body)
        command = commands.Correct(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=(*reasons.texts, *texts),
            decision_id=decision_id,
            right=right,
            seen=body.seen,
        )
        return await desk.carry_out(asked, partial(revise.correct, history=history), command, programme_id)

    @router.post(f"{DECISION}/supersession")
    async def supersede(
        programme_id: UUID, decision_id: UUID, body: schemas.Supersession, asked: CurrentAsked
    ) -> Answer:
        """Say that a decision taken later has taken the place of this one."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = commands.Supersede(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            decision_id=decision_id,
            by=body.by,
        )
        return await desk.carry_out(asked, partial(revise.supersede, history=history), command, programme_id)

    @router.post(f"{DECISION}/revocation")
    async def revoke(programme_id: UUID, decision_id: UUID, body: Deciding, asked: CurrentAsked) -> Answer:
        """Revoke a decision that changed nothing but the record; any other is revoked by the command that undoes it."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = commands.Revoke(
            programme_id=programme_id, grounds=reasons.grounds, texts=reasons.texts, decision_id=decision_id
        )
        return await desk.carry_out(asked, partial(revise.revoke, history=history), command, programme_id)

    return router


def _right(asked: Asked, body: schemas.Correction) -> tuple[dict[Part, str], tuple[SealedText, ...]]:
    """Return what is right by part, and the text it refers to."""
    given = body.correction
    right: dict[Part, str] = {}
    if given.reason_code is not None:
        right[Part.REASON_CODE] = given.reason_code
    if given.file_reference is not None:
        right[Part.FILE_REFERENCE] = given.file_reference
    for part, instant in ((Part.DECIDED_AT, given.decided_at), (Part.EFFECTIVE_AT, given.effective_at)):
        if instant is not None:
            right[part] = _utc(instant)
    if given.reason is None:
        return right, ()
    sealed = asked.sealed(given.reason, body.about)
    return right | {Part.REASON: sealed.hash}, (sealed,)


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()
