"""Routes: pairs of participants."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from interpares.common.http import After, CurrentAsked, CurrentPrincipal, Limit, Page, Router, decode_cursor, page_of
from interpares.common.policy import Capacity
from interpares.programme.application import pairing
from interpares.programme.application import rules_commands as commands
from interpares.programme.entrypoints.http.access import Access
from interpares.programme.entrypoints.http.desk import Desk, for_another, why
from interpares.programme.entrypoints.http.schemas import Answer, Deciding
from interpares.programme.entrypoints.http.schemas import rules as schemas

PairPath = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{0,63}-[0-9]{1,6}$", description="Such as twins-1.")]
PAIRS = "/programmes/{programme_id}/pairs"


def pairing_routes(desk: Desk, access: Access) -> APIRouter:
    """Return the routes."""
    router: APIRouter = Router(tags=["pairs"])

    @router.get(PAIRS)
    async def list_pairs(
        programme_id: UUID, principal: CurrentPrincipal, after: After = None, limit: Limit = 50
    ) -> Page[schemas.Pair]:
        """List pairs, those that were declined or ended as well."""
        await access.reader(principal, programme_id)
        programme = await access.programme(programme_id)
        (last,) = decode_cursor(after, str) if after else ("",)
        found = [
            schemas.Pair(
                pair=pair.id,
                kind=pair.kind,
                members=list(pair.members),
                consented=list(pair.consented),
                status=pair.status,
            )
            for pair in sorted(programme.state.pairs.values(), key=lambda pair: pair.id)
            if pair.id > last
        ]
        return page_of(found[: limit + 1], limit, lambda each: (each.pair,))

    @router.post(PAIRS, status_code=201)
    async def propose(programme_id: UUID, body: schemas.PairProposal, asked: CurrentAsked) -> Answer:
        """Propose a pair: the office, or one of the two, which consents by that."""
        own = [
            each.organisation_id
            for each in asked.principal.memberships
            if each.capacity is Capacity.COORDINATOR and each.organisation_id in body.members
        ]
        by = own[0] if own else None
        reasons = why(asked, await access.office_or(asked.principal, programme_id, by), body)
        command = commands.ProposePair(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            kind=body.kind,
            members=body.members,
            by=by,
        )
        return await desk.carry_out(asked, pairing.propose_pair, command, programme_id)

    async def answered(
        programme_id: UUID, pair: str, body: schemas.PairAnswer, asked: CurrentAsked
    ) -> commands.AnswerPair:
        membership = await access.office_or(asked.principal, programme_id, body.organisation_id)
        for_another(membership, body)
        reasons = why(asked, membership, body)
        return commands.AnswerPair(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            pair=pair,
            organisation_id=body.organisation_id,
        )

    @router.post(f"{PAIRS}/{{pair}}/consent")
    async def consent(programme_id: UUID, pair: PairPath, body: schemas.PairAnswer, asked: CurrentAsked) -> Answer:
        """Consent for one side; with the consent of both they are a pair."""
        command = await answered(programme_id, pair, body, asked)
        return await desk.carry_out(asked, pairing.consent_to_pair, command, programme_id)

    @router.post(f"{PAIRS}/{{pair}}/refusal")
    async def refuse(programme_id: UUID, pair: PairPath, body: schemas.PairAnswer, asked: CurrentAsked) -> Answer:
        """Decline for one side."""
        command = await answered(programme_id, pair, body, asked)
        return await desk.carry_out(asked, pairing.decline_pair, command, programme_id)

    @router.post(f"{PAIRS}/{{pair}}/end")
    async def end(programme_id: UUID, pair: PairPath, body: Deciding, asked: CurrentAsked) -> Answer:
        """Part two; the duties of their strand lapse."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = commands.EndPair(programme_id=programme_id, grounds=reasons.grounds, texts=reasons.texts, pair=pair)
        return await desk.carry_out(asked, pairing.end_pair, command, programme_id)

    return router
