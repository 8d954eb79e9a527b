"""Who is invited to a meeting: to that of a hosting duty, or to one without a duty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from datetime import date

    from interpares.programme.domain.invitees import InviteeRule
    from interpares.programme.domain.participation import Participation, Participations


@dataclass(frozen=True)
class Invitation:
    """An organisation that is invited.

    attended: of its staff only those who took part in a meeting of one of these formats; everybody if empty.
    """

    organisation: UUID
    attended: tuple[str, ...] = ()


def invitations(
    rules: tuple[InviteeRule, ...],
    participations: Participations,
    strand: str | None,
    *,
    besides: UUID | None = None,
    on: date | None = None,
) -> tuple[Invitation, ...]:
    """Return who is invited by some rules, in the order of admission; whoever hosts is no guest.

    strand: of the meeting, None for one in the scope of the programme. besides: the host.
    Whom one rule invites with all its staff, another does not restrict.
    """
    invited: dict[UUID, set[str] | None] = {}
    for rule in rules:
        for member in _meant(rule, participations, strand, on):
            before = invited.get(member.organisation, set())
            everybody = not rule.attended or before is None
            invited[member.organisation] = None if everybody else {*(before or ()), *rule.attended}
    numbers = {member.organisation: member.number for member in participations.values()}
    return tuple(
        Invitation(organisation, tuple(sorted(invited[organisation] or ())))
        for organisation in sorted(invited, key=lambda each: numbers[each])
        if organisation != besides
    )


def _meant(
    rule: InviteeRule, participations: Participations, strand: str | None, on: date | None
) -> list[Participation]:
    return [
        member
        for member in participations.values()
        if member.active
        and (rule.whole or strand is None or strand in member.strands)
        and (not rule.roles or any(member.holds(role, on) for role in rule.roles))
    ]
