"""Which strands a programme has: those of its template, or those it is drafted with."""

from __future__ import annotations

import re
from typing import Any

from interpares.programme.domain.charter import WHOLE
from interpares.programme.domain.errors import StrandsNotFitting

COUNTRY = re.compile(r"[A-Z]{2}")


def strands_of(template: dict[str, Any], wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Return the strands of a programme: those wanted, else those of the template. Raises StrandsNotFitting."""
    match template["strands"]:
        case {"by": "one"}:
            return _undivided(wanted, (WHOLE,))
        case {"by": "pair"}:
            return _undivided(wanted, ())
        case {"by": "cluster", "clusters": clusters}:
            return _listed(wanted, tuple(clusters))
        case by_country:
            strands = _listed(wanted, tuple(by_country.get("keys", ())))
            if not all(COUNTRY.fullmatch(strand) for strand in strands):
                raise _not_fitting()
            return strands


def _undivided(wanted: tuple[str, ...], strands: tuple[str, ...]) -> tuple[str, ...]:
    if wanted:
        message = "The strands of this programme cannot be named: it has one, or they come with its pairs."
        raise StrandsNotFitting(message, field="strands")
    return strands


def _listed(wanted: tuple[str, ...], listed: tuple[str, ...]) -> tuple[str, ...]:
    strands = wanted or listed
    if not strands or len(set(strands)) < len(strands) or (listed and set(strands) - set(listed)):
        raise _not_fitting()
    return tuple(sorted(strands))


def _not_fitting() -> StrandsNotFitting:
    return StrandsNotFitting("The strands do not fit the template.", field="strands")
