"""Routes: milestones, and what participants hand in by them."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path

from interpares.common.http import CurrentAsked, CurrentPrincipal, Router
from interpares.programme.application import course
from interpares.programme.application import rules_commands as commands
from interpares.programme.domain.programme import Programme
from interpares.programme.entrypoints.http.access import Access
from interpares.programme.entrypoints.http.desk import Desk, for_another, why
from interpares.programme.entrypoints.http.schemas import Answer
from interpares.programme.entrypoints.http.schemas import rules as schemas

KEY = r"[a-z][a-z0-9-]{0,63}"
DeliverablePath = Annotated[
    str, Path(pattern=rf"^{KEY}\.{KEY}\.{KEY}$", description="Keys of phase, milestone and deliverable.")
]
PROGRAMME = "/programmes/{programme_id}"


def deliverable_routes(desk: Desk, access: Access) -> APIRouter:
    """Return the routes."""
    router: APIRouter = Router(tags=["course"])

    @router.get(f"{PROGRAMME}/milestones")
    async def milestones(programme_id: UUID, principal: CurrentPrincipal) -> list[schemas.Milestone]:
        """Tell what is due when, and who has handed in what."""
        await access.reader(principal, programme_id)
        return _milestones(await access.programme(programme_id))

    @router.post(f"{PROGRAMME}/deliverables/{{deliverable}}", status_code=201)
    async def hand_in(
        programme_id: UUID, deliverable: DeliverablePath, body: schemas.HandIn, asked: CurrentAsked
    ) -> Answer:
        """Hand in; handed in again before it was accepted, it is the next version."""
        membership = await access.office_or(asked.principal, programme_id, body.organisation_id)
        for_another(membership, body)
        reasons = why(asked, membership, body)
        command = commands.HandIn(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            deliverable=deliverable,
            organisation_id=body.organisation_id,
            document_hash=body.document_hash,
        )
        return await desk.carry_out(asked, course.hand_in, command, programme_id)

    async def answered(
        programme_id: UUID, deliverable: str, body: schemas.DeliverableAnswer, asked: CurrentAsked
    ) -> commands.AnswerDeliverable:
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        return commands.AnswerDeliverable(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            deliverable=deliverable,
            organisation_id=body.organisation_id,
        )

    @router.post(f"{PROGRAMME}/deliverables/{{deliverable}}/acceptance")
    async def accept(
        programme_id: UUID, deliverable: DeliverablePath, body: schemas.DeliverableAnswer, asked: CurrentAsked
    ) -> Answer:
        """Accept what was handed in last."""
        command = await answered(programme_id, deliverable, body, asked)
        return await desk.carry_out(asked, course.accept_deliverable, command, programme_id)

    @router.post(f"{PROGRAMME}/deliverables/{{deliverable}}/return")
    async def send_back(
        programme_id: UUID, deliverable: DeliverablePath, body: schemas.DeliverableAnswer, asked: CurrentAsked
    ) -> Answer:
        """Send back what was handed in last."""
        command = await answered(programme_id, deliverable, body, asked)
        return await desk.carry_out(asked, course.return_deliverable, command, programme_id)

    return router


def _milestones(programme: Programme) -> list[schemas.Milestone]:
    state = programme.state
    return [
        schemas.Milestone(
            phase=phase.key,
            milestone=key,
            due=milestone.due(state.course.starts),
            deliverables=[
                _deliverable(programme, f"{phase.key}.{key}.{name}", roles)
                for name, roles in sorted(milestone.deliverables.items())
            ],
        )
        for phase in state.charter.course.phases
        for key, milestone in sorted(phase.milestones.items())
    ]


def _deliverable(programme: Programme, path: str, roles: tuple[str, ...]) -> schemas.Deliverable:
    state, handed = programme.state, []
    for member in sorted(state.participations.values(), key=lambda member: member.number):
        known: Any = state.course.deliverables.get(f"{path}.{member.organisation}")
        owes = member.active and (not roles or any(member.holds(role) for role in roles))
        if known or owes:
            status, version = (known.status.value, known.version) if known else ("missing", 0)
            handed.append(schemas.Handed(organisation_id=member.organisation, status=status, version=version))
    return schemas.Deliverable(deliverable=path, handed=handed)
