"""Show prerequisites, confirm them, revoke them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from interpares.registration.application.decided import decided
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.organisation import Organisation
from interpares.registration.domain.person import Person
from interpares.registration.domain.prerequisites.fact import Evidence, Fact
from interpares.registration.domain.prerequisites.refusals import EvidenceUnknown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from interpares.common.sealed import SealedText
    from interpares.registration.application.decided import Decided
    from interpares.registration.application.file_ports import Files
    from interpares.registration.application.ports import Unit
    from interpares.registration.application.requirements import Requirements
    from interpares.registration.domain.prerequisites.fact import Validity
    from interpares.registration.domain.prerequisites.shown import Kind, Shown


@dataclass(frozen=True)
class Showing:
    """What is shown. file_id, link: of the evidence. texts: sealed titles of tasks. note: typed with it."""

    shown: Shown
    file_id: UUID | None
    link: str | None
    validity: Validity
    texts: tuple[SealedText, ...]
    note: SealedText
    reason_code: str
    acting_as: str


@dataclass(frozen=True)
class ShowPrerequisite:
    """Fields as in the event ``Fact.Created``."""

    fact_id: UUID
    organisation_id: UUID
    programme_id: UUID | None
    prerequisite: str
    kind: Kind
    showing: Showing


@dataclass(frozen=True)
class ShowPrerequisiteAnew:
    """A new version of a fact."""

    fact_id: UUID
    showing: Showing


@dataclass(frozen=True)
class ConfirmPrerequisite:
    """version: the one that was looked at. acting_as: the capacity in which whoever confirms does so."""

    fact_id: UUID
    version: int
    reason_code: str
    reason: SealedText
    acting_as: str


@dataclass(frozen=True)
class RevokePrerequisite:
    """acting_as: the capacity in which whoever revokes it does so."""

    fact_id: UUID
    reason_code: str
    reason: SealedText
    acting_as: str


async def show_prerequisite(
    command: ShowPrerequisite, unit: Unit, *, files: Files, requirements: Requirements
) -> Decided:
    """Show a prerequisite of an organisation.

    Raises NotFound for organisation and people, EvidenceUnknown, and what ``Fact.show`` raises.
    """
    organisation = await unit.load(Organisation, command.organisation_id)
    showing = command.showing
    fact = Fact.show(
        command.fact_id,
        organisation_id=organisation.id,
        organisation_kind=organisation.state.kind,
        programme_id=command.programme_id,
        prerequisite=command.prerequisite,
        kind=command.kind,
        shown=await _asked_for(showing.shown, command.programme_id, command.prerequisite, requirements),
        evidence=await _evidence(showing, organisation.id, files),
        validity=showing.validity,
        grounds=Grounds(showing.reason_code, showing.note.hash, showing.acting_as),
    )
    await _check_people(showing.shown, unit)
    unit.save(fact, texts=(showing.note, *showing.texts))
    return decided(fact, "prerequisite-showing", "shown", showing.reason_code)


async def show_prerequisite_anew(
    command: ShowPrerequisiteAnew, unit: Unit, *, files: Files, requirements: Requirements
) -> Decided:
    """Show a new version. Raises NotFound, EvidenceUnknown, and what ``Fact.show_anew`` raises."""
    fact, showing = await unit.load(Fact, command.fact_id), command.showing
    state = fact.state
    fact.show_anew(
        shown=await _asked_for(showing.shown, state.programme_id, state.prerequisite, requirements),
        evidence=await _evidence(showing, state.organisation_id, files),
        validity=showing.validity,
        grounds=Grounds(showing.reason_code, showing.note.hash, showing.acting_as),
    )
    await _check_people(showing.shown, unit)
    unit.save(fact, texts=(showing.note, *showing.texts))
    return decided(fact, "prerequisite-showing", "shown", showing.reason_code)


async def confirm_prerequisite(command: ConfirmPrerequisite, unit: Unit) -> Decided:
    """Confirm what was shown. Raises NotFound, and what ``Fact.confirm`` raises."""
    fact = await unit.load(Fact, command.fact_id)
    fact.confirm(command.version, Grounds(command.reason_code, command.reason.hash, command.acting_as))
    unit.save(fact, texts=(command.reason,))
    return decided(fact, "prerequisite-confirmation", "confirmed", command.reason_code)


async def revoke_prerequisite(command: RevokePrerequisite, unit: Unit) -> Decided:
    """Show it no longer. Raises NotFound, FactRevoked."""
    fact = await unit.load(Fact, command.fact_id)
    fact.revoke(Grounds(command.reason_code, command.reason.hash, command.acting_as))
    unit.save(fact, texts=(command.reason,))
    return decided(fact, "prerequisite-revocation", "revoked", command.reason_code)


async def _evidence(showing: Showing, organisation_id: UUID, files: Files) -> Evidence | None:
    if showing.file_id is not None:
        file = await files.one(showing.file_id)
        if file is None or file.organisation_id != organisation_id or file.erased_at is not None:
            raise EvidenceUnknown
        return Evidence(file.id, showing.link, file.sha256)
    if showing.link is not None:
        return Evidence(None, showing.link, hashlib.sha256(showing.link.encode()).hexdigest())
    return None


async def _asked_for(shown: Shown, programme_id: UUID | None, prerequisite: str, requirements: Requirements) -> Shown:
    """Add to the disciplines asked for those the programme asks for."""
    if shown.team is None or programme_id is None:
        return shown
    more = await requirements.disciplines(programme_id, prerequisite)
    asked = tuple(dict.fromkeys((*more, *shown.team.asked)))
    return replace(shown, team=replace(shown.team, asked=asked))


async def _check_people(shown: Shown, unit: Unit) -> None:
    """Load everybody who is named, so that nobody is made up. Raises NotFound."""
    for person_id in _people(shown):
        await unit.load(Person, person_id)


def _people(shown: Shown) -> Iterator[UUID]:
    if shown.head:
        yield shown.head.person_id
    if shown.team:
        yield from (member.person_id for member in shown.team.members)
