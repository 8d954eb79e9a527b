"""That rules were amended; stored for ever like all events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from interpares.programme.domain.charter import read_charter
from interpares.programme.domain.events import Event

if TYPE_CHECKING:
    from interpares.programme.domain.programme import Programme


class RulesAmended(Event):
    """Another version of the template is in force, which lies here whole.

    changed, added, removed: rules by their path. touched: earlier decisions that applied a rule which was changed or
    removed; they stand. strands: all that the programme has from here on.
    """

    TOPIC = "programme.programme.rules-amended.v1"
    template: dict[str, Any]
    template_hash: str
    strands: tuple[str, ...]
    changed: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    touched: tuple[UUID, ...]

    def apply(self, aggregate: Programme) -> None:
        """Apply the new rules from here on; what was derived stays until duties are derived again."""
        aggregate.state.charter = read_charter(self.template, self.strands)
