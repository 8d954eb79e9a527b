"""Who takes part: organisations, their strand and their roles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID


@dataclass(frozen=True)
class Participation:
    """An organisation in the programme.

    number: counts admissions from 1; the order in which organisations come everywhere.
    active: False once it has withdrawn; its roles are gone then.
    """

    organisation: UUID
    strand: str
    number: int
    roles: tuple[str, ...]
    active: bool = True


Participations: TypeAlias = "dict[str, Participation]"


@dataclass(frozen=True)
class Applicant:
    """An application as registration tells of it.

    strand: what the applicant asked for, None if it left that open. country: two letters.
    version, hash, position: of the fact told, so that an admission can name its evidence.
    """

    application_id: UUID
    programme_id: UUID
    organisation_id: UUID
    country: str
    role: str
    strand: str | None
    withdrawn: bool
    version: int
    hash: str
    position: int


def holders(participations: Participations, role: str, strand: str | None = None) -> tuple[Participation, ...]:
    """Return the participations that hold a role, in one strand or in all, in the order of admission."""
    found = [
        participation
        for participation in participations.values()
        if role in participation.roles and strand in {None, participation.strand}
    ]
    return tuple(sorted(found, key=lambda participation: participation.number))
