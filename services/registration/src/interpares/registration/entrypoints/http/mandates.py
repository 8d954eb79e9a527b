"""Who acts for a while, who comes after whom, and what facilitators offer."""

from functools import partial
from uuid import UUID

from fastapi import APIRouter

from interpares.common.commands import Commands
from interpares.common.database import Database
from interpares.common.eventstore import EventStore
from interpares.common.http import After, AtLeastPosition, CurrentAsked, CurrentPrincipal, Limit, Page, Router, page_of
from interpares.common.policy import Capacity
from interpares.common.views import view_at_least
from interpares.registration.application.decided import Decided
from interpares.registration.application.joining.hand_over import HandOver, hand_over
from interpares.registration.application.joining.mandates import (
    Accompany,
    EndMandate,
    Substitute,
    accompany,
    end_mandate,
    substitute,
)
from interpares.registration.application.joining.ports import MembershipsOfOne
from interpares.registration.application.ports import People
from interpares.registration.domain.mandate import Mandate, Term
from interpares.registration.domain.membership import Membership
from interpares.registration.entrypoints.http.asking import behind, new_id
from interpares.registration.entrypoints.http.authority import known
from interpares.registration.entrypoints.http.registrars import Registrars
from interpares.registration.entrypoints.http.schemas.joining import NewAccompaniment, NewHandover, NewSubstitution
from interpares.registration.entrypoints.http.schemas.words import Answer, CreatingAnswer, Reasoned
from interpares.registration.projections.joining import Joining, JoiningProjector, ListedMandate


def mandate_routes(
    commands: Commands,
    events: EventStore,
    database: Database,
    *,
    people: People,
    memberships: MembershipsOfOne,
    registrars: Registrars,
) -> APIRouter:
    """Return the routes."""
    router = Router(tags=["memberships"])
    joining = Joining(database)
    hand, stand_in = partial(hand_over, memberships=memberships), partial(substitute, memberships=memberships)
    go_along, end = partial(accompany, memberships=memberships), partial(end_mandate, memberships=memberships)

    async def check_known(person_id: UUID, principal: CurrentPrincipal) -> None:
        person = await people.one(person_id)
        known(person if person and await registrars.sees(principal, person) else None, "person")

    @router.post("/organisations/{organisation_id}/handovers", operation_id="handOver")
    async def hand_one(organisation_id: UUID, body: NewHandover, asked: CurrentAsked) -> Answer:
        """Let somebody leave an organisation and somebody else go on in all their capacities, in one step.

        Access ends at once; what the organisation decided stays, and other services learn whose tasks are now whose.
        """
        acting_as = await registrars.opener(asked.principal, organisation_id, "organisation")
        for person_id in (body.leaving, body.successor):
            await check_known(person_id, asked.principal)
        command = HandOver(
            organisation_id=organisation_id,
            leaving=body.leaving,
            successor=body.successor,
            membership_ids=tuple(new_id() for _ in Capacity),
            reason_code=body.reason_code,
            reason=asked.sealed(body.reason, body.about),
            acting_as=acting_as,
        )
        return Answer.to(await asked.run(commands, hand, command, Decided))

    @router.post("/memberships/{membership_id}/substitutes", status_code=201, operation_id="substitute")
    async def substitute_one(membership_id: UUID, body: NewSubstitution, asked: CurrentAsked) -> CreatingAnswer:
        """Let somebody act in the place of a member from one day to another; it begins and ends by itself."""
        membership = known(await events.load(Membership, membership_id), "membership")
        acting_as = await registrars.opener(asked.principal, membership.state.organisation_id, "membership")
        await check_known(body.person_id, asked.principal)
        command = Substitute(
            mandate_id=new_id(),
            membership_id=membership_id,
            person_id=body.person_id,
            term=Term(body.starts_on, body.ends_on),
            new_membership_id=new_id(),
            reason_code=body.reason_code,
            reason=asked.sealed(body.reason, body.about),
            acting_as=acting_as,
        )
        return CreatingAnswer.to(await asked.run(commands, stand_in, command, Decided))

    @router.post("/organisations/{organisation_id}/accompaniments", status_code=201, operation_id="accompany")
    async def accompany_one(organisation_id: UUID, body: NewAccompaniment, asked: CurrentAsked) -> CreatingAnswer:
        """Let a facilitator accompany an organisation: they see what is about it, and nothing else, while it lasts."""
        command = Accompany(
            mandate_id=new_id(),
            organisation_id=organisation_id,
            person_id=body.person_id,
            term=Term(body.starts_on, body.ends_on),
            days=body.days,
            new_membership_id=new_id(),
            reason_code=body.reason_code,
            reason=asked.sealed(body.reason, body.about),
            acting_as=await registrars.over(asked.principal, organisation_id, "organisation"),
        )
        return CreatingAnswer.to(await asked.run(commands, go_along, command, Decided))

    @router.get("/organisations/{organisation_id}/mandates", operation_id="listMandates")
    async def list_all(
        organisation_id: UUID,
        principal: CurrentPrincipal,
        after: After = None,
        limit: Limit = 50,
        position: AtLeastPosition = None,
    ) -> Page[ListedMandate]:
        """List who acts or acted for an organisation for a while, by opaque ids."""
        await registrars.check_sees_members(principal, organisation_id)
        start = behind(after)
        await view_at_least(database, JoiningProjector.VIEW, position)
        rows = await joining.mandates(organisation_id, after=start, limit=limit + 1)
        return page_of(rows, limit, lambda row: (row.id,))

    @router.post("/mandates/{mandate_id}/end", operation_id="endMandate")
    async def end_one(mandate_id: UUID, body: Reasoned, asked: CurrentAsked) -> Answer:
        """End a mandate before its last day."""
        mandate = known(await events.load(Mandate, mandate_id), "mandate")
        command = EndMandate(
            mandate_id=mandate_id,
            reason_code=body.reason_code,
            reason=asked.sealed(body.reason, body.about),
            acting_as=await registrars.opener(asked.principal, mandate.state.organisation_id, "mandate"),
        )
        return Answer.to(await asked.run(commands, end, command, Decided, lane=mandate_id))

    return router
