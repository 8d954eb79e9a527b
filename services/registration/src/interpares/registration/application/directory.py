"""Changing the directory: what is on record of an organisation, mergers, twin towns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from interpares.common.errors import Stale
from interpares.registration.application.decided import decided
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.organisation import Organisation
from interpares.registration.domain.twinning import Twinning

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from interpares.common.sealed import SealedText
    from interpares.registration.application.decided import Decided
    from interpares.registration.application.directory_ports import DirectoryKeys, Twinnings
    from interpares.registration.application.ports import Unit
    from interpares.registration.domain.organisation import Facts


@dataclass(frozen=True)
class UpdateOrganisation:
    """facts: the whole, as it is to be. version: that whoever updates has read, None where they do not say."""

    organisation_id: UUID
    facts: Facts
    correction: bool
    effective_on: date | None
    version: int | None
    reason_code: str
    reason: SealedText
    acting_as: str


async def update_organisation(command: UpdateOrganisation, unit: Unit, *, keys: DirectoryKeys) -> Decided:
    """Put other facts on record: as a correction where they were wrong, as a change where they became different.

    A key that an organisation no longer has still leads to it, and nobody else can have it; a wrong key is let go.
    Raises NotFound, Stale, what ``Organisation.update`` raises, and KeyTaken once it is written.
    """
    organisation = await unit.load(Organisation, command.organisation_id)
    if command.version is not None and command.version != organisation.version:
        message = "The organisation was changed since you read it."
        raise Stale(message)
    known = organisation.state.known_keys
    await _check_members(unit, command.facts)
    organisation.update(
        command.facts,
        Grounds(command.reason_code, command.reason.hash, command.acting_as),
        correction=command.correction,
        effective_on=command.effective_on,
    )
    held = {key.folded for key in known}
    now = {key.folded for key in organisation.state.known_keys}
    unit.write(*keys.releasing(organisation.id, [key for key in known if key.folded not in now]))
    unit.write(*keys.claiming(organisation.id, [key for key in command.facts.keys if key.folded not in held]))
    unit.save(organisation, texts=(command.reason,))
    outcome = "corrected" if command.correction else "changed"
    return decided(organisation, "organisation-update", outcome, command.reason_code)


@dataclass(frozen=True)
class MergeOrganisations:
    """merged: organisations that become part of the successor from a day on."""

    successor_id: UUID
    merged: tuple[UUID, ...]
    from_day: date
    reason_code: str
    reason: SealedText
    acting_as: str


async def merge_organisations(command: MergeOrganisations, unit: Unit) -> Decided:
    """Let organisations become part of another one, all of them or none.

    Raises NotFound, MergedIntoItself, OrganisationMerged, ValidityReversed.
    """
    grounds = Grounds(command.reason_code, command.reason.hash, command.acting_as)
    successor = await unit.load(Organisation, command.successor_id)
    successor.absorb(command.merged, command.from_day, grounds)
    for each in command.merged:
        merged = await unit.load(Organisation, each)
        merged.merge_into(successor, command.from_day, grounds)
        unit.save(merged)
    answer = decided(successor, "organisation-merger", "merged", command.reason_code)
    unit.save(successor, texts=(command.reason,))
    return answer


@dataclass(frozen=True)
class EnterTwinning:
    """between: the two organisations, in any order. starts: None where nobody knows."""

    twinning_id: UUID
    between: tuple[UUID, UUID]
    starts: date | None
    reason_code: str
    reason: SealedText
    acting_as: str


async def enter_twinning(command: EnterTwinning, unit: Unit, *, twinnings: Twinnings) -> Decided:
    """Link two organisations. Raises NotFound, TwinnedWithItself, and TwinnedAlready once it is written."""
    for each in command.between:
        await unit.load(Organisation, each)
    twinning = Twinning.enter(
        command.twinning_id,
        command.between,
        command.starts,
        Grounds(command.reason_code, command.reason.hash, command.acting_as),
    )
    unit.write(twinnings.entering(twinning.id, twinning.state.between))
    unit.save(twinning, texts=(command.reason,))
    return decided(twinning, "twinning", "entered", command.reason_code)


@dataclass(frozen=True)
class EndTwinning:
    """ends: the last day of the link."""

    twinning_id: UUID
    ends: date
    reason_code: str
    reason: SealedText
    acting_as: str


async def end_twinning(command: EndTwinning, unit: Unit, *, twinnings: Twinnings) -> Decided:
    """End a link. Raises NotFound, TwinningOver, ValidityReversed."""
    twinning = await unit.load(Twinning, command.twinning_id)
    twinning.end(command.ends, Grounds(command.reason_code, command.reason.hash, command.acting_as))
    unit.write(twinnings.ending(twinning.id))
    unit.save(twinning, texts=(command.reason,))
    return decided(twinning, "twinning-end", "ended", command.reason_code)


async def _check_members(unit: Unit, facts: Facts) -> None:
    for each in facts.members:
        await unit.load(Organisation, each)
