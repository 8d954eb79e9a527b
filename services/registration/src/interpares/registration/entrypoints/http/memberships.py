"""Granting and ending memberships."""

from functools import partial
from uuid import UUID

from fastapi import APIRouter

from interpares.common.commands import Commands
from interpares.common.eventstore import EventStore
from interpares.common.http import CurrentAsked, Router
from interpares.registration.application.decided import Decided
from interpares.registration.application.end_membership import EndMembership, end_membership
from interpares.registration.application.grant_membership import GrantMembership, grant_membership
from interpares.registration.application.ports import Memberships
from interpares.registration.domain.membership import Membership
from interpares.registration.entrypoints.http.asking import new_id
from interpares.registration.entrypoints.http.authority import known
from interpares.registration.entrypoints.http.registrars import Registrars
from interpares.registration.entrypoints.http.schemas.memberships import NewMembership
from interpares.registration.entrypoints.http.schemas.words import Answer, CreatingAnswer, Reasoned


def membership_routes(
    commands: Commands, events: EventStore, memberships: Memberships, registrars: Registrars
) -> APIRouter:
    """Return the routes."""
    router = Router(tags=["memberships"])
    grant = partial(grant_membership, memberships=memberships)
    end = partial(end_membership, memberships=memberships)

    @router.post("/memberships", status_code=201, operation_id="grantMembership")
    async def grant_one(body: NewMembership, asked: CurrentAsked) -> CreatingAnswer:
        """Let a person act for an organisation. Offices grant coordinator and facilitator, operators anything.

        Whoever acts for organisations other offices deal with has to be invited, and joins by their own account.
        """
        acting_as = await registrars.over(asked.principal, body.organisation_id, "organisation")
        known(await registrars.of_person(asked.principal, body.person_id), "person")
        command = GrantMembership(
            membership_id=new_id(),
            person_id=body.person_id,
            organisation_id=body.organisation_id,
            capacity=body.capacity,
            reason_code=body.reason_code,
            reason=asked.sealed(body.reason, body.about),
            acting_as=acting_as,
        )
        return CreatingAnswer.to(await asked.run(commands, grant, command, Decided))

    @router.post("/memberships/{membership_id}/end", operation_id="endMembership")
    async def end_one(membership_id: UUID, body: Reasoned, asked: CurrentAsked) -> Answer:
        """Stop a person from acting for an organisation; whoever may grant a capacity may end it."""
        membership = known(await events.load(Membership, membership_id), "membership")
        command = EndMembership(
            membership_id=membership_id,
            reason_code=body.reason_code,
            reason=asked.sealed(body.reason, body.about),
            acting_as=await registrars.over(asked.principal, membership.state.organisation_id, "membership"),
        )
        return Answer.to(await asked.run(commands, end, command, Decided, lane=membership_id))

    return router
