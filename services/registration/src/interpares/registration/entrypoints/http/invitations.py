"""Invitations: sent to an address, accepted by whoever has the link."""

from datetime import timedelta
from functools import partial
from uuid import UUID

from fastapi import APIRouter

from interpares.common.commands import Commands
from interpares.common.database import Database
from interpares.common.http import (
    After,
    AtLeastPosition,
    CurrentAsked,
    CurrentCaller,
    CurrentLinked,
    CurrentOccasion,
    CurrentPrincipal,
    Limit,
    Page,
    Router,
    page_of,
)
from interpares.common.links import new_link
from interpares.common.views import view_at_least
from interpares.registration.application.decided import Decided
from interpares.registration.application.joining.invite import (
    AcceptInvitation,
    Invite,
    Joined,
    RenewInvitation,
    WithdrawInvitation,
    accept_invitation,
    invite,
    renew_invitation,
    withdraw_invitation,
)
from interpares.registration.application.joining.ports import Invitee, Invitees
from interpares.registration.application.personal_links import PersonalLinks
from interpares.registration.application.ports import Memberships, People
from interpares.registration.application.privacy.ports import Reads
from interpares.registration.domain.links import LinkDead, Purpose
from interpares.registration.entrypoints.http.asking import behind, new_id
from interpares.registration.entrypoints.http.authority import known
from interpares.registration.entrypoints.http.registrars import Registrars
from interpares.registration.entrypoints.http.schemas.joining import (
    Acceptance,
    InvitationAnswer,
    InvitationShown,
    InvitedTo,
    JoinedAnswer,
    NewInvitation,
    Renewal,
    RenewalAnswer,
)
from interpares.registration.entrypoints.http.schemas.words import Answer, Reasoned
from interpares.registration.projections.joining import Joining, JoiningProjector, ListedInvitation
from interpares.registration.projections.organisations import Organisations


def invitation_routes(
    commands: Commands,
    database: Database,
    *,
    invitees: Invitees,
    links: PersonalLinks,
    reads: Reads,
    registrars: Registrars,
) -> APIRouter:
    """Return the routes for whoever invites."""
    router = Router(tags=["invitations"])
    joining = Joining(database)
    send = partial(invite, invitees=invitees, links=links)
    renew = partial(renew_invitation, links=links)
    withdraw = partial(withdraw_invitation, invitees=invitees, links=links)

    async def seen(invitation_id: UUID, principal: CurrentPrincipal, position: int | None = None) -> ListedInvitation:
        await view_at_least(database, JoiningProjector.VIEW, position)
        invitation = known(await joining.invitation(invitation_id), "invitation")
        await registrars.opener(principal, invitation.organisation_id, "invitation")
        return invitation

    @router.post("/organisations/{organisation_id}/invitations", status_code=201, operation_id="invite")
    async def invite_one(organisation_id: UUID, body: NewInvitation, asked: CurrentAsked) -> InvitationAnswer:
        """Invite somebody to act for an organisation: its coordinators invite coordinators, offices facilitators too.

        The link is answered once and nowhere kept; send it to the person behind the # of an address.
        """
        link, expires_at = new_link(), asked.occasion.now + timedelta(days=body.valid_days)
        command = Invite(
            invitation_id=new_id(),
            organisation_id=organisation_id,
            capacity=body.capacity,
            invitee=Invitee(body.email, body.given_name, body.family_name),
            link_id=new_id(),
            link_key=link.key,
            expires_at=expires_at,
            reason_code=body.reason_code,
            reason=asked.sealed(body.reason, body.about),
            acting_as=await registrars.opener(asked.principal, organisation_id, "organisation"),
        )
        handled = await asked.run(commands, send, command, Decided)
        shown = Answer.to(handled)
        return InvitationAnswer(
            id=known(handled.result.created_id, "invitation"),
            decision=shown.decision,
            position=shown.position,
            link=None if handled.repeated else link.token,
            expires_at=expires_at,
        )

    @router.get("/organisations/{organisation_id}/invitations", operation_id="listInvitations")
    async def list_all(
        organisation_id: UUID,
        principal: CurrentPrincipal,
        after: After = None,
        limit: Limit = 50,
        position: AtLeastPosition = None,
    ) -> Page[ListedInvitation]:
        """List the invitations of an organisation in the order they were sent, without saying whom."""
        await registrars.opener(principal, organisation_id, "organisation")
        start = behind(after)
        await view_at_least(database, JoiningProjector.VIEW, position)
        rows = await joining.invitations(organisation_id, after=start, limit=limit + 1)
        return page_of(rows, limit, lambda row: (row.id,))

    @router.get("/invitations/{invitation_id}", operation_id="readInvitation")
    async def read_one(
        invitation_id: UUID, principal: CurrentPrincipal, occasion: CurrentOccasion, position: AtLeastPosition = None
    ) -> InvitationShown:
        """Return an invitation with whom it is for."""
        invitation = await seen(invitation_id, principal, position)
        invitee = await invitees.one(invitation_id)
        if invitee is not None:
            await reads.note(
                reader=principal.actor, person_id=invitation_id, why="invited", route="invitation", now=occasion.now
            )
        return InvitationShown(
            invitation=invitation,
            email=invitee.email if invitee else None,
            given_name=invitee.given_name if invitee else None,
            family_name=invitee.family_name if invitee else None,
        )

    @router.post("/invitations/{invitation_id}/renewal", operation_id="renewInvitation")
    async def renew_one(invitation_id: UUID, body: Renewal, asked: CurrentAsked) -> RenewalAnswer:
        """Make a new link; the one before leads nowhere from then on."""
        invitation = await seen(invitation_id, asked.principal)
        link, expires_at = new_link(), asked.occasion.now + timedelta(days=body.valid_days)
        command = RenewInvitation(
            invitation_id=invitation_id,
            link_id=new_id(),
            link_key=link.key,
            expires_at=expires_at,
            reason_code=body.reason_code,
            reason=asked.sealed(body.reason, body.about),
            acting_as=await registrars.opener(asked.principal, invitation.organisation_id, "invitation"),
        )
        handled = await asked.run(commands, renew, command, Decided, lane=invitation_id)
        shown = Answer.to(handled)
        token = None if handled.repeated else link.token
        return RenewalAnswer(decision=shown.decision, position=shown.position, link=token, expires_at=expires_at)

    @router.post("/invitations/{invitation_id}/withdrawal", operation_id="withdrawInvitation")
    async def withdraw_one(invitation_id: UUID, body: Reasoned, asked: CurrentAsked) -> Answer:
        """Take an invitation back; whom it was for is forgotten."""
        invitation = await seen(invitation_id, asked.principal)
        command = WithdrawInvitation(
            invitation_id=invitation_id,
            reason_code=body.reason_code,
            reason=asked.sealed(body.reason, body.about),
            acting_as=await registrars.opener(asked.principal, invitation.organisation_id, "invitation"),
        )
        return Answer.to(await asked.run(commands, withdraw, command, Decided, lane=invitation_id))

    return router


def invited_routes(
    commands: Commands,
    database: Database,
    *,
    invitees: Invitees,
    links: PersonalLinks,
    people: People,
    memberships: Memberships,
) -> APIRouter:
    """Return the routes for whoever is invited."""
    router = Router(tags=["invitations"])
    joining, organisations = Joining(database), Organisations(database)
    accept = partial(accept_invitation, invitees=invitees, links=links, people=people, memberships=memberships)

    @router.get("/invitation", operation_id="readMyInvitation")
    async def read_mine(linked: CurrentLinked) -> InvitedTo:
        """Return what a link leads to. Every link that leads nowhere gets the same answer, whatever the reason."""
        link = await links.opened(linked.key, Purpose.INVITATION, linked.occasion.now)
        invitation = await joining.invitation(link.about)
        organisation = await organisations.one(invitation.organisation_id) if invitation else None
        if invitation is None or organisation is None:
            raise LinkDead
        return InvitedTo(
            organisation_id=organisation.id,
            names=organisation.names,
            capacity=invitation.capacity,
            expires_at=link.expires_at,
        )

    @router.post("/invitation/acceptance", operation_id="acceptInvitation")
    async def accept_mine(
        body: Acceptance, linked: CurrentLinked, asked: CurrentAsked, caller: CurrentCaller
    ) -> JoinedAnswer:
        """Join as whoever is signed in: the account is bound to a person, and may act for the organisation at once."""
        command = AcceptInvitation(
            link_key=linked.key,
            person_id=new_id(),
            membership_id=new_id(),
            subject=caller.subject,
            given_name=body.given_name,
            family_name=body.family_name,
        )
        handled = await asked.run(commands, accept, command, Joined)
        return JoinedAnswer(**vars(handled.result), position=handled.position)

    return router
