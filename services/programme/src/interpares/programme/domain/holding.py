"""What must hold when an organisation gets a role: its strand, themes, time, contract, and the roles it has already."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from interpares.programme.domain.charter import WHOLE, Division, Held, Obtained
from interpares.programme.domain.errors import (
    AlreadyParticipates,
    ConsortiumNotFitting,
    ContractMissing,
    HeldNotFitting,
    MemberElsewhere,
    RoleAlreadyHeld,
    RoleExclusive,
    ThemesNotFitting,
    UnknownStrand,
)
from interpares.programme.domain.participation import UNPAIRED, Holding

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from interpares.programme.domain.charter import Charter, RoleRule
    from interpares.programme.domain.participation import Participation, Participations

DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Terms:
    """How a role is wanted. held: None for as long as the template has it. contract: hex SHA-256, empty if none."""

    themes: tuple[str, ...] = ()
    held: Held | None = None
    contract: str = ""

    def holding(self, rule: RoleRule, charter: Charter, day: date) -> Holding:
        """Return how the role will be held. Raises ThemesNotFitting, HeldNotFitting."""
        unknown = set(self.themes) - set(charter.themes) if charter.themes else set()
        if bool(self.themes) != rule.per_theme or unknown:
            message = f"The themes do not fit the role {rule.key}."
            raise ThemesNotFitting(message, field="themes")
        held = rule.held if self.held is None else self.held
        if (held.starts and held.over(held.starts)) or held.over(day) or not held.within(rule.held):
            message = f"The role {rule.key} cannot be held at that time."
            raise HeldNotFitting(message, field="held")
        return Holding(rule.key, tuple(sorted(set(self.themes))), held)

    def signed(self, rule: RoleRule) -> str:
        """Return the contract. Raises ContractMissing."""
        fitting = DIGEST.fullmatch(self.contract) if rule.obtained is Obtained.CONTRACT else not self.contract
        if not fitting:
            message = f"The role {rule.key} is obtained by {rule.obtained}."
            raise ContractMissing(message, field="contract")
        return self.contract


PLAIN = Terms()


def strand_of(charter: Charter, country: str, *wanted: str | None) -> str:
    """Return the strand an organisation gets: its country, the cluster wanted first, or what all have.

    wanted: by the office, by the applicant; None where they leave it open. Raises UnknownStrand.
    """
    named = [each for each in wanted if each is not None]
    if charter.by is Division.CLUSTER:
        strand = named[0] if named else ""
        fitting = strand in charter.strands
    elif charter.by is Division.PAIR:
        strand, fitting = UNPAIRED, not named
    else:
        strand = country if charter.by_country else WHOLE
        fitting = strand in charter.strands and set(named) <= {strand}
    if not fitting:
        message = "The organisation belongs to no strand of this programme, or not to the one it applied for."
        raise UnknownStrand(message, field="strand" if charter.by is Division.CLUSTER else "application_id")
    return strand


def refuse_beside(rule: RoleRule, wanted: Holding, member: Participation, charter: Charter) -> None:
    """Raise RoleAlreadyHeld or RoleExclusive if the roles a participant has leave no room for one more."""
    held = member.holding(rule.key)
    if rule.key in member.roles and (not rule.per_theme or set(wanted.themes) <= set(held.themes)):
        message = "The organisation holds this role already."
        raise RoleAlreadyHeld(message)
    for role in member.roles:
        if role != rule.key and (rule.exclusive or charter.roles[role].exclusive):
            other = member.holding(role)
            per_theme = wanted.themes and other.themes
            apart = per_theme and not set(wanted.themes) & set(other.themes)
            if wanted.held.overlaps(other.held) and not apart:
                message = "The role cannot be held together with another."
                raise RoleExclusive(message)


def refuse_present(participations: Participations, organisation: UUID) -> None:
    """Raise AlreadyParticipates or MemberElsewhere if an organisation takes part, on its own or with others."""
    member = participations.get(str(organisation))
    if member is not None and member.active:
        message = "The organisation takes part in this programme already."
        raise AlreadyParticipates(message)
    if any(organisation in each.members for each in participations.values() if each.active):
        message = "The organisation takes part with a consortium already."
        raise MemberElsewhere(message)


def refuse_consortium(charter: Charter, participations: Participations, lead: UUID, members: tuple[UUID, ...]) -> None:
    """Raise ConsortiumNotFitting or MemberElsewhere unless the members may take part with the lead."""
    if not members:
        return
    rule = charter.consortia
    together = {lead, *members}
    fitting = rule is not None and rule.at_least <= len(together) <= (rule.at_most or len(together))
    if not fitting or len(together) != 1 + len(members):
        message = "The consortium does not fit the template."
        raise ConsortiumNotFitting(message, field="members")
    for other in participations.values():
        if other.active and other.organisation != lead and together & {other.organisation, *other.members}:
            message = "One of the organisations takes part in this programme already."
            raise MemberElsewhere(message)
