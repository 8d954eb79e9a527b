"""Who takes part without having applied, and consortia that change."""

from typing import ClassVar
from uuid import UUID

from interpares.common.contracts.programme.deciding import Decided


class OrganisationJoined(Decided):
    """An organisation takes part in a role without having applied; ``members`` are those of its consortium."""

    TYPE: ClassVar[str] = "programme.organisation-joined.v1"

    organisation_id: UUID
    role: str
    strand: str
    themes: tuple[str, ...] = ()
    members: tuple[UUID, ...] = ()


class ConsortiumChanged(Decided):
    """A participant takes part with these members from now on."""

    TYPE: ClassVar[str] = "programme.consortium-changed.v1"

    organisation_id: UUID
    members: tuple[UUID, ...]
