"""Columns of a table of organisations, from facts to cells and back.

Headings: ``kind``, ``country``, ``key:AGS`` and ``name:de`` for any scheme and language, ``population``, ``languages``,
``latitude``, ``longitude``, ``funding`` as in ``smart-city:2020-01-01..2022-12-31; other``, ``member_of``,
``valid_from``, ``valid_until``. ``id``, ``members``, ``lead`` and ``merged_into`` are written, and passed over when
read: ids lead nowhere but where they were written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from interpares.common.errors import Invalid
from interpares.common.http import Day, ShortText
from interpares.registration.application.directory_ports import Fault
from interpares.registration.domain.directory.errors import DocumentUnreadable
from interpares.registration.domain.organisation import Coordinates, Facts, Funding, Key, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from uuid import UUID

PASSED_OVER = frozenset({"id", "members", "lead", "merged_into"})
PLAIN = ("population", "languages", "latitude", "longitude", "funding", "member_of", "valid_from", "valid_until")
KNOWN = frozenset({"kind", "country", *PLAIN, *PASSED_OVER})
HEADINGS = f"Headings are key:AGS, name:de, {', '.join(sorted(KNOWN))}."
LARGEST = 2**31
TEXT, DAY = TypeAdapter(ShortText), TypeAdapter(Day)
SCHEME = re.compile(r"key:([A-Za-z][A-Za-z0-9._-]{0,31})(#[0-9])?")
NAME = re.compile(r"name:([a-z]{2,3}(-[A-Z]{2})?)")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
COUNTRY = re.compile(r"[A-Z]{2}")
DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,8})?")
WORD = re.compile(r"[a-z][a-z0-9-]{0,63}")
PERIOD = re.compile(r"([^:]+)(?::([0-9-]*)\.\.([0-9-]*))?")
HELP = {
    "kind": f"Write one of {', '.join(Kind)}.",
    "country": "Write two capital letters as in ISO 3166-1, for example DE.",
    "population": "Write a whole number, or leave the cell empty.",
    "languages": "Write codes as in ISO 639 with blanks between them, for example de fr.",
    "latitude": "Write degrees in WGS 84 with a dot, for example 47.9183, and the longitude beside them.",
    "longitude": "Write degrees in WGS 84 with a dot, for example 13.7993, and the latitude beside them.",
    "funding": "Write programmes and days as in smart-city:2020-01-01..2022-12-31, with semicolons between them.",
    "member_of": "Write keys of networks with blanks between them, in small letters with hyphens.",
    "valid_from": "Write a day as in 2026-03-01, or leave the cell empty.",
    "valid_until": "Write a day as in 2026-03-01, or leave the cell empty.",
}
KEY_HELP = "Format the column as text, so that no zero in front is lost, and write the key as its register does."
NAME_HELP = "Write the name on one line, with at most 200 characters and none that cannot be printed."


class _Cell(Exception):
    """What is wrong with the cell that is read."""


@dataclass(frozen=True)
class Columns:
    """The headings of a table, checked. Raises DocumentUnreadable for a table without what every row needs."""

    headings: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse a table no row of which could be read."""
        for number, heading in enumerate(self.headings, 1):
            if heading not in KNOWN and not SCHEME.fullmatch(heading) and not NAME.fullmatch(heading):
                message = f"The heading of column {number} is not known."
                raise DocumentUnreadable.because(
                    (message, f"Headings are key:AGS, name:de, {', '.join(sorted(KNOWN))}.")
                )
        if len(set(self.headings)) != len(self.headings):
            raise DocumentUnreadable.because(("Two columns have the same heading.", "Give every column its own."))
        missing = [each for each in ("kind", "country") if each not in self.headings]
        missing += [f"{each}…" for each in ("key:", "name:") if not any(h.startswith(each) for h in self.headings)]
        if missing:
            message = f"There is no column {' and no column '.join(missing)}."
            raise DocumentUnreadable.because((message, "Add it; an export shows what the columns look like."))

    def facts(self, cells: Sequence[str]) -> tuple[Facts | None, tuple[Fault, ...]]:
        """Return what a row says, or what is wrong with it. cells: as text, in the order of the headings."""
        row = dict(zip(self.headings, cells, strict=False))
        faults: list[Fault] = []

        def read(column: str, how: Callable[[str], Any], help_with: str = "") -> Any:
            try:
                return how(row.get(column, ""))
            except _Cell as error:
                faults.append(Fault(column, str(error), help_with or HELP[column]))
                return None

        kind, country = read("kind", _kind), read("country", _country)
        keys = [key for each in self.headings if each.startswith("key:") if (key := read(each, _key(each), KEY_HELP))]
        named = [each for each in self.headings if each.startswith("name:")]
        names = {each.removeprefix("name:"): name for each in named if (name := read(each, _name, NAME_HELP))}
        plain = {each: read(each, READ[each]) for each in PLAIN}
        latitude, longitude = plain.pop("latitude"), plain.pop("longitude")
        if (latitude is None) != (longitude is None) and not faults:
            faults.append(
                Fault("longitude" if latitude else "latitude", "Half of a place is missing.", HELP["latitude"])
            )
        if faults:
            return None, tuple(faults)
        place = Coordinates(latitude, longitude) if latitude else None
        facts = Facts(kind, country, tuple(keys), names, coordinates=place, **plain)
        fault = self._against(facts)
        return (None, (fault,)) if fault else (facts, ())

    def _against(self, facts: Facts) -> Fault | None:
        """Return the fact of the domain that stands against a row, in the words of the table."""
        try:
            facts.check()
        except Invalid as error:
            head, _, number = error.field.partition(".")
            column = {"keys": "key:", "names": "name:", "coordinates": "latitude"}.get(head, head)
            if head == "keys" and number.partition(".")[0].isdecimal():
                column = f"key:{facts.keys[int(number.partition('.')[0])].scheme}"
            return Fault(column, error.message, error.way_out)
        return None


def headings_for(organisations: Sequence[Facts]) -> tuple[str, ...]:
    """Return the headings that hold all facts of some organisations."""
    schemes = dict.fromkeys(heading for facts in organisations for heading in _key_headings(facts))
    names = sorted({f"name:{language}" for facts in organisations for language in facts.names})
    return (
        "id",
        "kind",
        "country",
        *sorted(schemes or {"key:LAU": None}),
        *(names or ["name:en"]),
        *PLAIN,
        "members",
        "lead",
        "merged_into",
    )


def cells_of(organisation_id: UUID, facts: Facts, merged_into: UUID | None) -> Mapping[str, str]:
    """Return the cells of a row, by heading; those that are missing are empty."""
    place = facts.coordinates
    return {
        "id": str(organisation_id),
        "kind": facts.kind.value,
        "country": facts.country,
        **dict(zip(_key_headings(facts), (key.value for key in facts.keys), strict=True)),
        **{f"name:{language}": name for language, name in facts.names.items()},
        "population": "" if facts.population is None else str(facts.population),
        "languages": " ".join(facts.languages),
        "latitude": place.latitude if place else "",
        "longitude": place.longitude if place else "",
        "funding": "; ".join(map(_period, facts.funding)),
        "member_of": " ".join(facts.member_of),
        "valid_from": facts.valid_from.isoformat() if facts.valid_from else "",
        "valid_until": facts.valid_until.isoformat() if facts.valid_until else "",
        "members": " ".join(map(str, facts.members)),
        "lead": str(facts.lead) if facts.lead else "",
        "merged_into": str(merged_into) if merged_into else "",
    }


def _key_headings(facts: Facts) -> list[str]:
    seen: dict[str, int] = {}
    headings = []
    for key in facts.keys:
        seen[key.scheme] = seen.get(key.scheme, 0) + 1
        headings.append(f"key:{key.scheme}" + (f"#{seen[key.scheme]}" if seen[key.scheme] > 1 else ""))
    return headings


def _period(funding: Funding) -> str:
    if funding.starts is None and funding.ends is None:
        return funding.programme
    days = (day.isoformat() if day else "" for day in (funding.starts, funding.ends))
    return f"{funding.programme}:{'..'.join(days)}"


def _kind(text: str) -> Kind:
    try:
        return Kind(text)
    except ValueError:
        raise _Cell("This is no kind of organisation.") from None  # noqa: EM101, TRY003 -- a sentence for a cell


def _matching(pattern: re.Pattern[str], message: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not pattern.fullmatch(text):
            raise _Cell(message)
        return text

    return read


def _optional(how: Callable[[str], Any], empty: Any = None) -> Callable[[str], Any]:
    return lambda text: how(text) if text else empty


def _several(pattern: re.Pattern[str], message: str) -> Callable[[str], tuple[str, ...]]:
    each = _matching(pattern, message)
    return lambda text: tuple(map(each, re.split(r"[\s,;]+", text)))


_country = _matching(COUNTRY, "This is no country code.")


def _text(text: str) -> str:
    try:
        return TEXT.validate_python(text)
    except ValidationError:
        raise _Cell("This is too long, or has characters that cannot be printed.") from None  # noqa: EM101, TRY003


_name = _optional(_text)


def _key(heading: str) -> Callable[[str], Key | None]:
    scheme = heading.removeprefix("key:").partition("#")[0]
    return _optional(lambda text: Key(scheme, _text(text)))


def _count(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or int(text[:12]) >= LARGEST:
        raise _Cell("This is no number of inhabitants.")  # noqa: EM101, TRY003
    return int(text[:12])


def _day(text: str) -> date:
    try:
        return DAY.validate_python(date.fromisoformat(text))
    except ValueError:
        raise _Cell("This is no day.") from None  # noqa: EM101, TRY003


def _fundings(text: str) -> tuple[Funding, ...]:
    fundings = []
    for part in filter(None, re.split(r"\s*;\s*", text)):
        found = PERIOD.fullmatch(part)
        if not found or not WORD.fullmatch(found[1]):
            raise _Cell("This is no funding.")  # noqa: EM101, TRY003
        fundings.append(Funding(found[1], *(_day(day) if day else None for day in (found[2], found[3]))))
    return tuple(fundings)


READ: Mapping[str, Callable[[str], Any]] = {
    "population": _optional(_count),
    "languages": _optional(_several(LANGUAGE, "This is no language code."), ()),
    "latitude": _optional(_matching(DEGREES, "These are no degrees.")),
    "longitude": _optional(_matching(DEGREES, "These are no degrees.")),
    "funding": _fundings,
    "member_of": _optional(_several(WORD, "This is no key of a network."), ()),
    "valid_from": _optional(_day),
    "valid_until": _optional(_day),
}
