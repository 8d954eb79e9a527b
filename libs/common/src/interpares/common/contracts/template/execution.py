"""Which rules of a template the product does not execute yet: they are refused by name, never ignored.

What only describes (labels, themes, audiences, methods, modes, organisers, invitees, goals without an indicator) is
carried along with the programme and is no rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from interpares.common.contracts.template.document import Template

# Sections that hold rules by key, with the name of one such rule: what the language says before the product does it.
_BY_KEY: dict[str, str] = {}


@dataclass(frozen=True)
class Unexecuted:
    """A rule that is in the document and beyond the product: where it stands, with dots, and what it is called."""

    path: str
    name: str


def unexecuted(template: Template) -> tuple[Unexecuted, ...]:
    """Return the rules of a template which the product does not execute yet; empty if a programme can be drafted."""
    return tuple(_sections(template))


def _sections(template: Template) -> Iterator[Unexecuted]:
    for section, name in _BY_KEY.items():
        for key in getattr(template, section):
            yield Unexecuted(f"{section}.{key}", name)
