"""What clients remember: every answer, under the command id it was given for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from interpares.common.http.gate import KEYED

if TYPE_CHECKING:
    from collections.abc import Mapping


def command_id(actor: UUID, key: str) -> UUID:
    """Return the id under which a service records a command: it follows from who sends it and the key."""
    return uuid5(KEYED, f"{actor}:{key}")


@dataclass(frozen=True)
class Acknowledged:
    """An answer 2xx. fact: id of the decision, or of what came to be where the answer names no decision."""

    command_id: UUID
    position: int
    fact: UUID

    @classmethod
    def of(cls, command: UUID, answer: Mapping[str, Any]) -> Acknowledged:
        """Read an answer."""
        fact = answer["decision"]["id"] if answer.get("decision") else answer["id"]
        return cls(command, int(answer["position"]), UUID(fact))


@dataclass
class History:
    """What all clients were told.

    acknowledged: by service. refused: command ids that ended in a refusal of the domain. changed: repetitions that were
    answered differently. repeated: how often a command was sent again. surprises: other statuses that no fault excuses.
    """

    acknowledged: dict[str, list[Acknowledged]] = field(default_factory=dict)
    refused: set[UUID] = field(default_factory=set)
    changed: list[UUID] = field(default_factory=list)
    surprises: Counter[str] = field(default_factory=Counter)
    repeated: int = 0

    def acknowledge(self, service: str, told: Acknowledged) -> None:
        """Remember an answer."""
        self.acknowledged.setdefault(service, []).append(told)

    def compare(self, first: Acknowledged, again: Acknowledged) -> None:
        """Note whether a repetition was answered as the first time."""
        if first != again:
            self.changed.append(first.command_id)

    @property
    def total(self) -> int:
        """The number of commands acknowledged."""
        return sum(map(len, self.acknowledged.values()))
