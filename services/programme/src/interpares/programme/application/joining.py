"""Take part without having applied, and change with whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.common.context import occasion
from interpares.programme.application.assessing import Wish
from interpares.programme.application.decided import Decided, decided
from interpares.programme.application.meetings import proofs_of
from interpares.programme.domain.errors import UnknownOrganisation
from interpares.programme.domain.joining import Joiner
from interpares.programme.domain.programme import Programme

if TYPE_CHECKING:
    from interpares.programme.application.assessing import Assessing
    from interpares.programme.application.ports import Organisations, Prerequisites, Unit
    from interpares.programme.application.rules_commands import ChangeConsortium, Join


async def join(
    command: Join, unit: Unit, *, organisations: Organisations, prerequisites: Prerequisites, assessing: Assessing
) -> Decided:
    """Let an organisation take part.

    Raises ProgrammeNotRunning, UnknownOrganisation, UnknownRole, RoleNeedsApplication, RoleNotDeclared, UnknownStrand,
    AlreadyParticipates, NotEligible, PrerequisitesMissing, and what stands against its themes, time, contract or
    members.
    """
    programme = await unit.load(Programme, command.programme_id)
    known = await organisations.told(command.organisation_id)
    if known is None:
        message = "Nobody has told of this organisation here."
        raise UnknownOrganisation(message)
    joiner = Joiner(
        organisation_id=known.organisation_id,
        country=known.country,
        version=known.version,
        hash=known.hash,
        position=known.position,
        members=command.members,
    )
    wish = Wish(
        role=command.role,
        organisation=known.organisation_id,
        applied_on=occasion().now.date(),
        members=command.members,
        excepted=command.excepted,
    )
    joined = programme.join(
        joiner,
        command.role,
        command.grounds,
        strand=command.strand,
        terms=command.terms,
        assessment=await assessing.assess(programme, wish),
        proofs=await proofs_of(programme, (known.organisation_id,), prerequisites),
    )
    unit.save(programme, texts=command.texts)
    return decided(joined, created_id=known.organisation_id)


async def change_consortium(command: ChangeConsortium, unit: Unit) -> Decided:
    """Take part with other members. Raises NotParticipating, ConsortiumNotFitting, MemberElsewhere."""
    programme = await unit.load(Programme, command.programme_id)
    changed = programme.change_consortium(command.organisation_id, command.members, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(changed)
