"""How duties follow from the role rules.

Deriving again only adds what is missing. A holder of a role that comes later first takes open duties nobody owes any
more, then new ones are made for the rest.

Where hosting under one rule counts towards another, its host owes one duty less there. As long as nobody hosts, one
holder is presumed to: the one with the fewest duties under the other rule, of several the one admitted last. It is left
one duty short, so the sum is right from the first derivation on, and stays with that holder until another takes over.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from interpares.programme.domain.charter import WHOLE, Charter, HostingRule, Lifecycle, Quantifier
from interpares.programme.domain.duties import TAKEN, Duties, Duty, Status, eligible
from interpares.programme.domain.participation import Participation, Participations, holders

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date


@dataclass(frozen=True)
class DerivedDuty:
    """A duty that follows from the rules; owner None if it goes to a pool."""

    strand: str
    rule: str
    ordinal: int
    format: str
    owner: UUID | None


@dataclass(frozen=True)
class Assignment:
    """An open duty that found somebody who owes it."""

    duty: str
    owner: UUID


@dataclass(frozen=True)
class Presumption:
    """Who for now owes one duty less under a rule, as if it hosted the duty that counts towards that rule."""

    duty: str
    rule: str
    organisation: UUID


@dataclass(frozen=True)
class Derivation:
    """What a derivation adds."""

    duties: tuple[DerivedDuty, ...]
    assigned: tuple[Assignment, ...]
    presumed: tuple[Presumption, ...]


def derive(charter: Charter, participations: Participations, duties: Duties, on: date | None = None) -> Derivation:
    """Return what is missing in the ledger. on: the day on which nobody whose time in a role is over owes anything."""
    draft = _Draft(charter, participations, duties, on)
    for rule in charter.hosting_in_order():
        if rule.quantifier is Quantifier.EACH:
            draft.owe_each(rule)
        else:
            draft.seek(rule)
    return Derivation(tuple(draft.derived), tuple(draft.assigned), tuple(draft.presumed))


def lacking(wanted: Iterable[str], have: Iterable[str]) -> list[str]:
    """Return the formats that are wanted and not there, in the order wanted."""
    left = Counter(have)
    missing = []
    for form in wanted:
        if left[form]:
            left[form] -= 1
        else:
            missing.append(form)
    return missing


class _Draft:
    """The ledger while it is being completed."""

    def __init__(self, charter: Charter, participations: Participations, duties: Duties, on: date | None) -> None:
        self._charter = charter
        self._participations = participations
        self._on = on
        self._ledger: defaultdict[tuple[str, str], list[Duty]] = defaultdict(list)
        for duty in sorted(duties.values(), key=lambda duty: duty.key):
            self._ledger[duty.rule, duty.strand].append(duty)
        self.derived: list[DerivedDuty] = []
        self.assigned: list[Assignment] = []
        self.presumed: list[Presumption] = []

    def seek(self, rule: HostingRule) -> None:
        """Add the duties of the split that a strand lacks, wherever somebody could take them.

        What is open to whoever offers in a standing programme comes anew once somebody has taken it.
        """
        renewed = rule.quantifier is Quantifier.OPEN and self._charter.lifecycle is Lifecycle.STANDING
        pool = holders(self._participations, rule.role, on=self._on)
        for strand in sorted({strand for member in pool for strand in _strands(rule, member)}):
            have = [duty.format for duty in self._ledger[rule.key, strand] if not (renewed and duty.status in TAKEN)]
            for form in lacking(rule.formats, have):
                self._add(rule, strand, form, None)

    def owe_each(self, rule: HostingRule) -> None:
        """Add for each holder what it lacks of its share."""
        less = self._counted(rule)
        for member in holders(self._participations, rule.role, on=self._on):
            spared = less[member.organisation]
            for strand in _strands(rule, member):
                owed = [duty.format for duty in self._ledger[rule.key, strand] if duty.charged_to(member.organisation)]
                missing = lacking(rule.formats, owed)
                room = len(rule.formats) - len(owed)
                due = missing[: max(room - spared, 0)]
                spared -= min(spared, max(room, 0))
                for form in due:
                    self._owe(rule, strand, form, member.organisation)

    def _owe(self, rule: HostingRule, strand: str, form: str, owner: UUID) -> None:
        duties = self._ledger[rule.key, strand]
        for index, duty in enumerate(duties):
            free = duty.status is Status.OPEN and duty.owner is None and not duty.charged_to(owner)
            if free and duty.format == form:
                duties[index] = replace(duty, owner=owner)
                self.assigned.append(Assignment(duty.id, owner))
                return
        self._add(rule, strand, form, owner)

    def _add(self, rule: HostingRule, strand: str, form: str, owner: UUID | None) -> None:
        duties = self._ledger[rule.key, strand]
        ordinal = 1 + max((duty.ordinal for duty in duties), default=0)
        duties.append(Duty(strand, rule.key, ordinal, form, owner))
        self.derived.append(DerivedDuty(strand, rule.key, ordinal, form, owner))

    def _counted(self, rule: HostingRule) -> Counter[UUID]:
        """Return how many duties less each holder owes under a rule because others count towards it."""
        less: Counter[UUID] = Counter()
        members = holders(self._participations, rule.role, on=self._on)
        numbers = {member.organisation: member.number for member in members}
        owed = {
            member.organisation: sum(
                duty.charged_to(member.organisation)
                for strand in _strands(rule, member)
                for duty in self._ledger[rule.key, strand]
            )
            for member in members
        }
        counting = [
            duty
            for (key, _), duties in self._ledger.items()
            for duty in duties
            if self._charter.hosting[key].counts_towards == rule.key and duty.status is not Status.LAPSED
        ]
        for duty in sorted(counting, key=lambda duty: duty.key):
            bearer = duty.host or duty.owner
            pool = eligible(duty, self._charter, self._participations, self._on)
            if bearer is None and pool:
                bearer = min(pool, key=lambda member: (less[member], owed[member], -numbers[member]))
                self.presumed.append(Presumption(duty.id, rule.key, bearer))
            if bearer is not None:
                less[bearer] += 1
        return less


def _strands(rule: HostingRule, member: Participation) -> tuple[str, ...]:
    return (WHOLE,) if rule.whole else member.strands
