"""What an amendment changes, and whether the programme stands on what it takes away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from interpares.programme.domain.amending.errors import AmendmentNotFitting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from interpares.programme.domain.charter import Charter
    from interpares.programme.domain.state import State

# Sections whose rules may go: nothing that was decided under them leans on them later.
MAY_GO = frozenset({"prerequisites", "deadlines", "manual", "goals", "audiences", "methods", "application"})


@dataclass(frozen=True)
class Changes:
    """Rules by their path, sorted."""

    changed: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]

    @property
    def touching(self) -> tuple[str, ...]:
        """The rules whose earlier applications are touched."""
        return (*self.changed, *self.removed)


def changes_between(before: dict[str, str], after: dict[str, str]) -> Changes:
    """Return what differs between two sets of rules, each with its hash by path."""
    return Changes(
        changed=tuple(sorted(path for path in before.keys() & after.keys() if before[path] != after[path])),
        added=tuple(sorted(after.keys() - before.keys())),
        removed=tuple(sorted(before.keys() - after.keys())),
    )


def refuse_undermining(state: State, after: Charter, changes: Changes) -> None:
    """Raise AmendmentNotFitting if the amendment takes away or turns over what the programme stands on."""
    for path, fact in _flaws(state, after, changes):
        raise AmendmentNotFitting(fact, field=f"template.{path}")


def _flaws(state: State, after: Charter, changes: Changes) -> Iterator[tuple[str, str]]:
    before = state.charter
    if after.template != before.template:
        yield "id", "It is another template."
    if after.version <= before.version:
        yield "version", f"Version {before.version} is in force."
    if after.lifecycle is not before.lifecycle:
        yield "lifecycle", "A lifecycle cannot be changed on the way."
    if after.by is not before.by:
        yield "strands", "What the strands are cannot be changed on the way."
    for path in changes.removed:
        section, _, key = path.partition(".")
        if section not in MAY_GO and not _unused(state, section, key):
            yield path, "The programme stands on this rule."
    for key in sorted({duty.rule for duty in state.duties.values()}):
        old, new = before.hosting[key], after.hosting[key]
        if (old.whole, old.role) != (new.whole, new.role):
            yield f"hosting.{key}", "There are duties for this role and in this scope."
    kept = [phase.key for phase in before.course.phases]
    if [phase.key for phase in after.course.phases if phase.key in kept] != kept:
        yield "phases", "Phases keep their order."


def _unused(state: State, section: str, key: str) -> bool:
    match section:
        case "hosting":
            return all(duty.rule != key for duty in state.duties.values())
        case "roles":
            return all(key not in member.roles for member in state.participations.values())
        case "pairs":
            return all(pair.kind != key for pair in state.pairs.values())
        case "accompaniment":
            return all(each.rule != key for each in state.accompaniments.values())
        case "documents":
            return all(document.kind != key for _, document in state.reviewing.all())
        case _:
            return False
