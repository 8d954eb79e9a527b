"""Choosing among applicants."""

from typing import ClassVar
from uuid import UUID

from interpares.common.contracts.programme.deciding import Decided


class SelectionCriteriaFixed(Decided):
    """By what applicants for some roles will be chosen. criteria: weights by key; places: per strand, None: no end."""

    TYPE: ClassVar[str] = "programme.selection-criteria-fixed.v1"

    selection: str
    roles: tuple[str, ...]
    strands: tuple[str, ...]
    criteria: dict[str, int]
    places: int | None


class SelectionDecided(Decided):
    """All applicants of a round are decided about, each by a decision of its own. Lists of applications, best first."""

    TYPE: ClassVar[str] = "programme.selection-decided.v1"

    round: str
    admitted: tuple[UUID, ...]
    waiting: tuple[UUID, ...]
    declined: tuple[UUID, ...]


class ApplicationWaitlisted(Decided):
    """An applicant waits for a place to become free. place: on the waiting list, from 1."""

    TYPE: ClassVar[str] = "programme.application-waitlisted.v1"

    application_id: UUID
    organisation_id: UUID
    place: int
