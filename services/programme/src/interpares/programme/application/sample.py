"""Organisations to try a template on: derived from it, so that each role is filled and its eligibility holds."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from interpares.programme.domain.charter import WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterator

COUNTRIES = ("AT", "BE", "DE", "HR", "LV", "PL")
PLENTY = 25_000
MOST = 20
HOLDERS = {"selection": 2, "declaration": 2, "award": 1, "contract": 1}


@dataclass(frozen=True)
class Sample:
    """An organisation that wants a role.

    themes: for a role held per theme. members: names, of a consortium; members_population: of each of them that is not
    tried itself.
    """

    name: str
    role: str
    country: str
    kind: str
    strand: str | None = None
    population: int | None = None
    funding: tuple[dict[str, Any], ...] = ()
    member_of: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    attended: tuple[str, ...] = ()
    members_population: int | None = None


def sample_strands(template: dict[str, Any]) -> tuple[str, ...]:
    """Return strands for a programme whose template leaves its countries open, none where they need no naming."""
    strands = template["strands"]
    return COUNTRIES if strands["by"] == "country" and not strands.get("keys") else ()


def sample_organisations(template: dict[str, Any], strands: tuple[str, ...]) -> tuple[Sample, ...]:
    """Return organisations for each role in each strand.

    As many as there are places, or as the grant has shares for; else two, one where there is an award or a contract.
    """
    named = tuple(strand for strand in strands if strand != WHOLE) or ("",)
    return tuple(
        _sample(template, key, role, strand, number)
        for strand in named
        for key, role in template["roles"].items()
        for number in range(1, 1 + _wanted(template, key, role))
    )


def _wanted(template: dict[str, Any], key: str, role: dict[str, Any]) -> int:
    for selection in template.get("selection", {}).values():
        if key in selection["roles"] and selection.get("places"):
            # The places are those of all its roles together.
            each, left = divmod(selection["places"], len(selection["roles"]))
            return int(each + (selection["roles"].index(key) < left))
    return _paid(template, key) or HOLDERS[role["obtained"]]


def _paid(template: dict[str, Any], key: str) -> int:
    """Return for how many holders of a role the grant suffices, 0 if they get no share of it."""
    funding = template.get("funding") or {}
    shares = [Decimal(each["amount"]) for each in funding.get("shares", ()) if each.get("role") == key]
    return min(int(Decimal(funding["total"]) // sum(shares)), MOST) if sum(shares) else 0


def _sample(template: dict[str, Any], key: str, role: dict[str, Any], strand: str, number: int) -> Sample:
    by_country = template["strands"]["by"] == "country"
    facts: dict[str, Any] = {"country": strand if by_country and strand else "DE", "kind": "municipality"}
    for predicate in role["eligibility"]:
        for name, value in _fact(predicate, facts, key, number):
            # What several predicates ask for adds up: two networks, two programmes that fund.
            facts[name] = (*facts.get(name, ()), *value) if isinstance(value, tuple) else value
    themes = tuple(template.get("themes", ()))
    place = f"{strand} " if strand else ""
    return Sample(
        name=f"{place}{key} {number}",
        role=key,
        strand=strand or None,
        themes=themes[:1] if role["per_theme"] else (),
        **facts,
    )


def _fact(predicate: dict[str, Any], facts: dict[str, Any], key: str, number: int) -> Iterator[tuple[str, Any]]:
    """Yield what makes a predicate hold; what is funded, a member or alone by nature needs nothing."""
    match predicate:
        case {"predicate": "kind", "one_of": [kind, *_]}:
            yield "kind", kind
        case {"predicate": "country", "one_of": countries}:
            yield "country", facts["country"] if facts["country"] in countries else countries[0]
        case {"predicate": "population"}:
            lowest, highest = predicate.get("at_least") or 0, predicate.get("at_most")
            fitting = max(PLENTY, lowest)
            yield "population", fitting if highest is None else min(fitting, highest)
        case {"predicate": "funding", "funded": True, "programme": programme}:
            yield "funding", ({"programme": programme},)
        case {"predicate": "membership", "member": True, "of": network}:
            yield "member_of", (network,)
        case {"predicate": "history", "formats": formats, "times": times}:
            yield "attended", tuple((formats or ["any"])[:1]) * times
        case {"predicate": "applicants", "apply": "consortium"}:
            yield "members", (f"{key} {number} partner",)
            yield "members_population", 0
        case {"predicate": "any", "of": [first, *_]}:
            yield from _fact(first, facts, key, number)
