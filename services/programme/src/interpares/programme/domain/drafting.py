"""What must hold of a template and of strands before a programme can be drafted from them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from interpares.programme.domain.charter import WHOLE, Obtained, Quantifier
from interpares.programme.domain.errors import RuleNotExecuted, StrandsNotFitting

if TYPE_CHECKING:
    from collections.abc import Iterator

COUNTRY = re.compile(r"[A-Z]{2}")
EXECUTED = frozenset({"vocabulary", "id", "version", "title", "lifecycle", "strands", "roles", "hosting", "funding"})
DESCRIPTIVE = frozenset({"summary", "audiences", "themes", "methods", "formats", "goals"})


def refuse_unexecuted(template: dict[str, Any]) -> None:
    """Raise RuleNotExecuted for the first rule of a well-formed template that this service does not execute."""
    for path in _unexecuted(template):
        raise RuleNotExecuted(path=path)


def _unexecuted(template: dict[str, Any]) -> Iterator[str]:
    if template["lifecycle"] != "call":
        yield "lifecycle"
    if template["strands"]["by"] not in {"country", "one"}:
        yield "strands.by"
    for key, role in sorted(template["roles"].items()):
        obtained = () if role["obtained"] in set(Obtained) else ("obtained",)
        yield from (f"roles.{key}.{word}" for word in (*obtained, *_said(role, "per_theme", "held", "eligibility")))
    for key, rule in sorted(template["hosting"].items()):
        if rule["quantifier"] not in set(Quantifier):
            yield f"hosting.{key}.quantifier"
    for key, goal in sorted(template.get("goals", {}).items()):
        yield from (f"goals.{key}.{word}" for word in _said(goal, "indicators"))
    # A section this release has never heard of is a rule too.
    yield from _said(template, *sorted(template.keys() - EXECUTED - DESCRIPTIVE))


def _said(part: dict[str, Any], *words: str) -> tuple[str, ...]:
    return tuple(word for word in words if part.get(word))


def strands_of(template: dict[str, Any], wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Return the strands of a programme: those wanted, else those of the template. Raises StrandsNotFitting."""
    if template["strands"]["by"] == "one":
        if wanted:
            message = "The programme is not divided into strands."
            raise StrandsNotFitting(message, field="strands")
        return (WHOLE,)
    listed = tuple(template["strands"].get("keys", ()))
    strands = wanted or listed
    countries = all(COUNTRY.fullmatch(strand) for strand in strands)
    if not strands or not countries or len(set(strands)) < len(strands) or (listed and set(strands) - set(listed)):
        message = "The strands do not fit the template."
        raise StrandsNotFitting(message, field="strands")
    return tuple(sorted(strands))
