"""Invite somebody, renew or withdraw the invitation, accept it, let it lapse."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003 -- commands are read by their annotations
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 -- as above

from interpares.common.context import occasion
from interpares.registration.application.decided import Decided, decided
from interpares.registration.application.ports import PersonalData
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.invitation import Invitation
from interpares.registration.domain.joining_refusals import NamesMissing
from interpares.registration.domain.links import LinkDead, PersonalLink, Purpose
from interpares.registration.domain.membership import Capacity, Following, Membership
from interpares.registration.domain.organisation import Organisation
from interpares.registration.domain.person import Person

if TYPE_CHECKING:
    from interpares.common.sealed import SealedText
    from interpares.registration.application.joining.ports import Invitee, Invitees
    from interpares.registration.application.personal_links import PersonalLinks
    from interpares.registration.application.ports import Memberships, People, Unit


@dataclass(frozen=True)
class Invite:
    """link_key: hash of the link's token. invitee: personal data, kept in a table until they have come."""

    invitation_id: UUID
    organisation_id: UUID
    capacity: Capacity
    invitee: Invitee
    link_id: UUID
    link_key: bytes = field(repr=False)
    expires_at: datetime
    reason_code: str
    reason: SealedText
    acting_as: str


@dataclass(frozen=True)
class RenewInvitation:
    """The link before leads nowhere any more."""

    invitation_id: UUID
    link_id: UUID
    link_key: bytes = field(repr=False)
    expires_at: datetime
    reason_code: str
    reason: SealedText
    acting_as: str


@dataclass(frozen=True)
class WithdrawInvitation:
    """Nobody shall come by it."""

    invitation_id: UUID
    reason_code: str
    reason: SealedText
    acting_as: str


@dataclass(frozen=True)
class AcceptInvitation:
    """Whoever acts now has the link. subject: of their account; names: as they give them, where they are new here."""

    link_key: bytes = field(repr=False)
    person_id: UUID
    membership_id: UUID
    subject: str = field(repr=False)
    given_name: str | None = field(repr=False)
    family_name: str | None = field(repr=False)


@dataclass(frozen=True)
class LapseInvitation:
    """Its time may be over."""

    invitation_id: UUID


@dataclass(frozen=True)
class Lapsed:
    """done: whether it was."""

    done: bool


@dataclass(frozen=True)
class Joined:
    """Who came, and as what."""

    person_id: UUID
    membership_id: UUID
    organisation_id: UUID
    capacity: Capacity


async def invite(command: Invite, unit: Unit, *, invitees: Invitees, links: PersonalLinks) -> Decided:
    """Invite somebody to act for an organisation. Raises NotFound, CapacityNotYours."""
    await unit.load(Organisation, command.organisation_id)
    invitation = Invitation.send(
        command.invitation_id,
        organisation_id=command.organisation_id,
        capacity=command.capacity,
        expires_at=command.expires_at,
        grounds=Grounds(command.reason_code, command.reason.hash, command.acting_as),
    )
    unit.write(invitees.entering(invitation.id, command.invitee))
    unit.write(*links.issuing(_link(command, command.expires_at), command.link_key))
    unit.save(invitation, texts=(command.reason,))
    return decided(invitation, "invitation", "sent", command.reason_code)


async def renew_invitation(command: RenewInvitation, unit: Unit, *, links: PersonalLinks) -> Decided:
    """Make a new link for the same invitation. Raises NotFound, InvitationOver, CapacityNotYours."""
    invitation = await unit.load(Invitation, command.invitation_id)
    invitation.renew(command.expires_at, Grounds(command.reason_code, command.reason.hash, command.acting_as))
    unit.write(*links.issuing(_link(command, command.expires_at), command.link_key))
    unit.save(invitation, texts=(command.reason,))
    return decided(invitation, "invitation-renewal", "renewed", command.reason_code)


async def withdraw_invitation(
    command: WithdrawInvitation, unit: Unit, *, invitees: Invitees, links: PersonalLinks
) -> Decided:
    """Take an invitation back. Raises NotFound, InvitationOver, CapacityNotYours."""
    invitation = await unit.load(Invitation, command.invitation_id)
    invitation.withdraw(Grounds(command.reason_code, command.reason.hash, command.acting_as))
    _close(invitation, unit, invitees, links)
    unit.save(invitation, texts=(command.reason,))
    return decided(invitation, "invitation-withdrawal", "withdrawn", command.reason_code)


async def lapse_invitation(command: LapseInvitation, unit: Unit, *, invitees: Invitees, links: PersonalLinks) -> Lapsed:
    """Forget whom nobody heard of again. Raises NotFound."""
    invitation = await unit.load(Invitation, command.invitation_id)
    if not invitation.lapse():
        return Lapsed(done=False)
    _close(invitation, unit, invitees, links)
    unit.save(invitation)
    return Lapsed(done=True)


async def accept_invitation(
    command: AcceptInvitation,
    unit: Unit,
    *,
    invitees: Invitees,
    links: PersonalLinks,
    people: People,
    memberships: Memberships,
) -> Joined:
    """Let whoever has the link join: their account is bound to a person, the person gets the membership.

    Whoever is a person here already joins as that person. Raises LinkDead for every link that leads nowhere,
    NamesMissing, OwnMembership, and CapacityHeld once it is written.
    """
    actor, now = occasion().actor, occasion().now
    link = await links.opened(command.link_key, Purpose.INVITATION, now)
    invitation = await unit.load(Invitation, link.about)
    invitee = await invitees.one(invitation.id)
    if invitee is None:
        raise LinkDead
    known = await people.acting_as(actor)
    person_id = known.person_id if known else command.person_id
    grounds = invitation.accept(person_id=person_id, membership_id=command.membership_id)
    if known is None:
        if command.given_name is None or command.family_name is None:
            raise NamesMissing
        data = PersonalData(command.given_name, command.family_name, invitee.email, command.subject)
        unit.write(people.entering(person_id, actor, data))
        unit.save(Person.register(person_id, actor))
    state = invitation.state
    membership = Membership.follow(
        command.membership_id,
        person_id=person_id,
        actor=actor,
        organisation_id=state.organisation_id,
        capacity=state.capacity,
        following=Following.INVITATION,
        decided_by=invitation.id,
        grounds=grounds,
    )
    unit.write(*memberships.granting(membership))
    unit.save(membership)
    _close(invitation, unit, invitees, links)
    unit.save(invitation)
    return Joined(person_id, membership.id, state.organisation_id, state.capacity)


def _close(invitation: Invitation, unit: Unit, invitees: Invitees, links: PersonalLinks) -> None:
    unit.write(invitees.forgetting(invitation.id), links.ending(Purpose.INVITATION, invitation.id))


def _link(command: Invite | RenewInvitation, expires_at: datetime) -> PersonalLink:
    # Nobody acts under an invitation before they have an account, so it stands for itself.
    return PersonalLink(command.link_id, Purpose.INVITATION, command.invitation_id, command.invitation_id, expires_at)
