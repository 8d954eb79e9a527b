"""Routes: how a programme comes to run and how far it is."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path

from interpares.common.http import CurrentAsked, Router
from interpares.programme.application import course
from interpares.programme.application import rules_commands as commands
from interpares.programme.application.decided import Decided
from interpares.programme.domain.course.events import Agreement, Responsibility
from interpares.programme.entrypoints.http.access import Access
from interpares.programme.entrypoints.http.desk import Desk, why
from interpares.programme.entrypoints.http.schemas import Answer, Deciding
from interpares.programme.entrypoints.http.schemas import rules as schemas

KeyPath = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{0,63}$")]
PROGRAMME = "/programmes/{programme_id}"
STEPS: dict[str, Callable[..., Awaitable[Decided]]] = {
    "/initiation": course.begin_initiation,
    "/opening": course.open_programme,
    "/grant-applications/refusal": course.refuse_grant,
}
TERMS: dict[str, Callable[..., Awaitable[Decided]]] = {
    "/grant-applications/grant": course.grant,
    "/term": course.set_term,
}


def course_routes(desk: Desk, access: Access) -> APIRouter:
    """Return the routes."""
    router: APIRouter = Router(tags=["course"])

    _plain_steps(router, desk, access)

    async def deciding(programme_id: UUID, body: Deciding, asked: CurrentAsked) -> dict[str, Any]:
        return await _deciding(access, programme_id, body, asked)

    @router.post(f"{PROGRAMME}/workshop")
    async def agree(programme_id: UUID, body: schemas.Workshop, asked: CurrentAsked) -> Answer:
        """Take down what the partners agreed; agreed again, it replaces what was agreed before."""
        agreement = Agreement(
            goals=body.goals,
            themes=body.themes,
            activities=body.activities,
            costs=body.costs,
            currency=body.currency,
            starts=body.starts,
            ends=body.ends,
            responsibilities=tuple(Responsibility(each.organisation_id, each.task) for each in body.responsibilities),
            participants=body.participants,
            minutes=body.minutes_hash or "",
        )
        command = commands.AgreeWorkshop(**await deciding(programme_id, body, asked), agreement=agreement)
        return await desk.carry_out(asked, course.agree_workshop, command, programme_id)

    @router.post(f"{PROGRAMME}/grant-applications", status_code=201)
    async def apply(programme_id: UUID, body: schemas.GrantApplication, asked: CurrentAsked) -> Answer:
        """Take down that the carrier applied to the funder."""
        command = commands.ApplyForGrant(
            **await deciding(programme_id, body, asked),
            amount=body.amount,
            currency=body.currency,
            submitted_on=body.submitted_on,
            document_hash=body.document_hash,
        )
        return await desk.carry_out(asked, course.apply_for_grant, command, programme_id)

    @router.post(f"{PROGRAMME}/phases/{{phase}}")
    async def begin(programme_id: UUID, phase: KeyPath, body: Deciding, asked: CurrentAsked) -> Answer:
        """Go on to a phase."""
        command = commands.BeginPhase(**await deciding(programme_id, body, asked), phase=phase)
        return await desk.carry_out(asked, course.begin_phase, command, programme_id)

    return router


async def _deciding(access: Access, programme_id: UUID, body: Deciding, asked: CurrentAsked) -> dict[str, Any]:
    reasons = why(asked, await access.office(asked.principal, programme_id), body)
    return {"programme_id": programme_id, "grounds": reasons.grounds, "texts": reasons.texts}


def _plain_steps(router: APIRouter, desk: Desk, access: Access) -> None:
    """Add the routes of steps that need nothing but their reason, or the days of the term."""

    def step(use_case: Callable[..., Awaitable[Decided]]) -> Callable[..., Awaitable[Answer]]:
        async def take(programme_id: UUID, body: Deciding, asked: CurrentAsked) -> Answer:
            command = commands.Step(**await _deciding(access, programme_id, body, asked))
            return await desk.carry_out(asked, use_case, command, programme_id)

        return take

    def term(use_case: Callable[..., Awaitable[Decided]]) -> Callable[..., Awaitable[Answer]]:
        async def take(programme_id: UUID, body: schemas.Term, asked: CurrentAsked) -> Answer:
            command = commands.SetTerm(
                **await _deciding(access, programme_id, body, asked), starts=body.starts, ends=body.ends
            )
            return await desk.carry_out(asked, use_case, command, programme_id)

        return take

    for path, use_case in STEPS.items():
        router.post(f"{PROGRAMME}{path}", name=use_case.__name__, description=use_case.__doc__)(step(use_case))
    for path, use_case in TERMS.items():
        router.post(f"{PROGRAMME}{path}", name=use_case.__name__, description=use_case.__doc__)(term(use_case))
