"""What the predicates of a template mean: each is tried on what is known of an applicant and says what it found."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from interpares.common.contracts.template.eligibility import (
    AnyPredicate,
    ApplicantsPredicate,
    CountryPredicate,
    FundingPredicate,
    HistoryPredicate,
    KindPredicate,
    MembershipPredicate,
    NonePredicate,
    OrganisationKind,
    PopulationPredicate,
    Predicate,
)
from interpares.common.contracts.template.words import Country, Key, Part


class FundedBy(Part):
    """A programme funds, or funded, an organisation from a day to a day, both included; an open side has no limit."""

    programme: Key
    starts: date | None = None
    ends: date | None = None

    def covers(self, day: date) -> bool:
        """Tell whether the funding runs on a day."""
        return (self.starts is None or self.starts <= day) and (self.ends is None or day <= self.ends)


class Facts(Part):
    """What is known of an applicant.

    population: inhabitants, None if nobody knows. members_population: of all members of its consortium.
    attended, hosted: how many meetings, by format. applied_on: day of the application; deadline: last day of the call.
    """

    kind: OrganisationKind
    country: Country
    population: int | None = None
    members_population: tuple[int | None, ...] = ()
    consortium: bool = False
    funding: tuple[FundedBy, ...] = ()
    member_of: tuple[Key, ...] = ()
    attended: dict[Key, int] = Field(default_factory=dict)
    hosted: dict[Key, int] = Field(default_factory=dict)
    applied_on: date
    deadline: date | None = None


class Finding(Part):
    """What a predicate found. ``found`` is a code, a number or a day; ``unknown`` where a fact is missing.

    A fact that is missing does not speak for the applicant: ``unknown`` does not hold.
    """

    index: int
    predicate: str
    outcome: Literal["holds", "fails", "unknown"]
    found: str


def evaluate(predicates: tuple[Predicate, ...], facts: Facts) -> tuple[Finding, ...]:
    """Return one finding per predicate, in their order; the applicant is eligible if all of them hold."""
    findings = []
    for index, predicate in enumerate(predicates):
        held, found = _try(predicate, facts)
        outcome: Literal["holds", "fails", "unknown"] = "unknown" if held is None else "holds" if held else "fails"
        findings.append(Finding(index=index, predicate=predicate.predicate, outcome=outcome, found=found))
    return tuple(findings)


def _try(predicate: Predicate, facts: Facts) -> tuple[bool | None, str]:  # noqa: PLR0911 -- one return a predicate
    match predicate:
        case KindPredicate():
            return facts.kind in predicate.one_of, facts.kind.value
        case CountryPredicate():
            return facts.country in predicate.one_of, facts.country
        case PopulationPredicate():
            return _population(predicate, facts)
        case FundingPredicate():
            return _funding(predicate, facts)
        case MembershipPredicate():
            member = predicate.of in facts.member_of
            return member is predicate.member, f"{'member' if member else 'not-member'}:{predicate.of}"
        case HistoryPredicate():
            return _history(predicate, facts)
        case ApplicantsPredicate():
            found = "consortium" if facts.consortium else "alone"
            return found == predicate.apply, found
        case AnyPredicate():
            return _any([_try(each, facts) for each in predicate.of])
        case NonePredicate():
            held, found = _any([_try(each, facts) for each in predicate.of])
            return None if held is None else not held, found


def _population(predicate: PopulationPredicate, facts: Facts) -> tuple[bool | None, str]:
    counted = facts.members_population if predicate.summed and facts.members_population else (facts.population,)
    if None in counted:
        return None, "unknown"
    total = sum(each for each in counted if each is not None)
    enough = predicate.at_least is None or total >= predicate.at_least
    return enough and (predicate.at_most is None or total <= predicate.at_most), str(total)


def _funding(predicate: FundingPredicate, facts: Facts) -> tuple[bool | None, str]:
    day = predicate.at if isinstance(predicate.at, date) else facts.deadline
    if predicate.at == "application":
        day = facts.applied_on
    if day is None:
        return None, "unknown"
    funded = any(each.programme == predicate.programme and each.covers(day) for each in facts.funding)
    return funded is predicate.funded, f"{'funded' if funded else 'not-funded'}:{day.isoformat()}"


def _history(predicate: HistoryPredicate, facts: Facts) -> tuple[bool | None, str]:
    def counted(meetings: dict[str, int]) -> int:
        return sum(number for form, number in meetings.items() if not predicate.formats or form in predicate.formats)

    attended, hosted = counted(facts.attended), counted(facts.hosted)
    times = {"attended": attended, "hosted": hosted, "attended-or-hosted": attended + hosted}[predicate.has]
    return times >= predicate.times, str(times)


def _any(tried: list[tuple[bool | None, str]]) -> tuple[bool | None, str]:
    """Return whether one of them holds, and what it found; of several that do not, what the first found."""
    for held, found in tried:
        if held:
            return True, found
    if any(held is None for held, _ in tried):
        return None, "unknown"
    return False, tried[0][1]
