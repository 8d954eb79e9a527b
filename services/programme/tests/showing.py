"""A stand-in for what registration told of prerequisites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.programme.application.ports import Prerequisites
from interpares.programme.domain.meetings.prerequisites import Shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from interpares.programme.domain.meetings.prerequisites import Proofs


class Showing(Prerequisites):
    """Knows what it was given, and remembers who was asked about."""

    def __init__(self, proofs: Proofs | None = None) -> None:
        self.proofs = proofs or {}
        self.asked: list[UUID] = []

    async def shown(self, programme_id: UUID, organisations: Sequence[UUID]) -> Proofs:
        """Return what the organisations showed."""
        assert programme_id
        self.asked += organisations
        return {each: self.proofs.get(each, Shown()) for each in organisations}
