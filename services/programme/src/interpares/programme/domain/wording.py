"""The wording of a template: each rule by its path in it, with the hash of how it is written.

A rule is an entry of a section that holds rules by key (``roles.host``, ``phases.0``), or a whole section (``term``).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from interpares.common.canonical import canonical_json
from interpares.programme.domain.decision import RuleRef

# What names the template rather than rules anything, and what holds whole where entries of others stand alone.
NAMING = frozenset({"vocabulary", "id", "version", "title", "summary"})
WHOLE_SECTIONS = frozenset({"lifecycle", "term", "strands", "consortia", "application", "funding"})


def digest(value: Any) -> str:
    """Return the hex SHA-256 of the canonical JSON of a part of a template."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


@dataclass(frozen=True)
class Wording:
    """A template as ``Template.as_document`` returns it."""

    template: dict[str, Any]

    def section(self, name: str) -> dict[str, Any]:
        """Return the entries of a section by key; those of a list by their index, as text."""
        part = self.template.get(name, {})
        return {str(index): each for index, each in enumerate(part)} if isinstance(part, list) else part

    def ref(self, *path: str) -> RuleRef:
        """Return the reference to a rule."""
        return RuleRef(".".join(path), self.template["version"], digest(part_of(self.template, path)))

    def hashes(self) -> dict[str, str]:
        """Return the hash of each rule by its path."""
        rules: dict[str, str] = {}
        for name, part in self.template.items():
            if name in NAMING:
                continue
            if name in WHOLE_SECTIONS:
                rules[name] = digest(part)
            else:
                rules |= {f"{name}.{key}": digest(each) for key, each in self.section(name).items()}
        return rules


def part_of(template: dict[str, Any], path: tuple[str, ...]) -> Any:
    """Return the part of a template that a path leads to. Raises KeyError, IndexError, ValueError if to nowhere."""
    part: Any = template
    for step in path:
        part = part[int(step)] if isinstance(part, list) else part[step]
    return part
