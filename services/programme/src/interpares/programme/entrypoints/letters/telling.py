"""How codes, ids, instants and amounts are told in a language."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal

from interpares.common.pages import sentence
from interpares.programme.entrypoints.letters.language import Tongue

# Where no place is named, instants are told on the clock of central Europe, with the name of the zone.
ZONE = ZoneInfo("Europe/Brussels")
DAY = len("2026-01-31")


class Telling:
    """Tells in one language; ``names``: of organisations by id and language; ``template``: of the programme."""

    def __init__(self, tongue: Tongue, names: dict[str, dict[str, str]], template: dict[str, Any]) -> None:
        self.tongue = tongue
        self._names = names
        self._template = template

    def sentence(self, source: str, **values: Any) -> str:
        """Return a sentence with its gaps filled. Raises TemplateError if a value for a gap is missing."""
        tools = {
            "on_day": self.day,
            "moment": self.moment,
            "local": self.local,
            "number": self.number,
            "money": self.money,
            "word": self.word,
        }
        return sentence(source).render(**tools, **values)

    def frame(self, key: str, **values: Any) -> str:
        """Return a sentence of the frame."""
        return self.sentence(self.tongue.frame[key], **values)

    def attempt(self, source: str, **values: Any) -> str:
        """Return a sentence, empty if a value for a gap is missing."""
        from jinja2 import TemplateError  # noqa: PLC0415 -- loaded with the first sentence

        try:
            return self.sentence(source, **values)
        except (TemplateError, TypeError, ValueError, LookupError, ArithmeticError):
            return ""

    def word(self, code: str) -> str:
        """Return what a code means; one nobody has met is told as its plain words, in quotation marks."""
        return self.tongue.words.get(code) or self.quoted(plain(code))

    def title(self, decision_type: str) -> str:
        """Return what a type of decision is called; one nobody has met is told by the words it is made of."""
        if decision_type in self.tongue.titles:
            return self.tongue.titles[decision_type]
        parts = decision_type.split("-")
        if all(part in self.tongue.parts for part in parts):
            return ": ".join(self.tongue.parts[part] for part in parts)
        if self.tongue.parts:
            return self.quoted(plain(decision_type))
        return plain(decision_type).capitalize()

    def quoted(self, text: str) -> str:
        """Return a text in the quotation marks of the language."""
        left, right = self.tongue.quotes
        return f"{left}{text}{right}"

    def label(self, part: Any, key: str) -> str:
        """Return what a part of the template is called, its key if it has no name."""
        label = part.get("label") or part.get("title") or {} if isinstance(part, dict) else {}
        return self.chosen(label) or key

    def chosen(self, texts: dict[str, str]) -> str:
        """Return a text in the language of the letter, else in one that readers may know, empty if there is none."""
        for language in (self.tongue.code, "en", "de", *sorted(texts)):
            if texts.get(language):
                return str(texts[language])
        return ""

    def section(self, section: str, key: str) -> str:
        """Return what the template calls one of its parts."""
        return self.label((self._template.get(section) or {}).get(key), key)

    def duty(self, duty: str, form: str = "") -> str:
        """Return what a duty is called: its rule, its format where known, its number."""
        strand, _, rest = duty.partition(".")
        rule, _, ordinal = rest.rpartition(".")
        called = self.section("formats", form) if form else self.section("hosting", rule)
        return f"{called} ({strand}, {self.number(ordinal) if ordinal.isdecimal() else ordinal})"

    def name(self, organisation: dict[str, Any] | str | None) -> str:
        """Return the name of an organisation, its id if registration has not told of it."""
        if organisation is None:
            return ""
        organisation_id = organisation if isinstance(organisation, str) else organisation["organisation_id"]
        known = self._names.get(organisation_id) or ({} if isinstance(organisation, str) else organisation["names"])
        return self.chosen(known) or organisation_id

    def joined(self, texts: Iterable[str]) -> str:
        """Return texts as an enumeration."""
        *others, last = tuple(texts) or ("",)
        return self.tongue.frame["joined"].format(", ".join(others), last) if others else last

    def day(self, instant: str) -> str:
        """Return the day of an ISO instant, or an ISO day, in words."""
        day = date.fromisoformat(instant) if len(instant) == DAY else _on_clock(instant).date()
        return str(format_date(day, "long", locale=self.tongue.locale))

    def calendar_day(self, day: str) -> str:
        """Return an ISO day, in words."""
        return str(format_date(date.fromisoformat(day), "long", locale=self.tongue.locale))

    def moment(self, instant: str) -> str:
        """Return an ISO instant, with the name of the zone."""
        return self._clock(_on_clock(instant), ZONE)

    def local(self, moment: dict[str, str]) -> str:
        """Return a moment on the clock of a place."""
        zone = ZoneInfo(moment["zone"])
        there = datetime.fromisoformat(moment["local"]).replace(tzinfo=zone)
        return self._clock(there, zone)

    def _clock(self, moment: datetime, zone: ZoneInfo) -> str:
        """Return a moment to the minute, with the name of the zone."""
        day = format_date(moment.astimezone(zone).date(), "long", locale=self.tongue.locale)
        time = format_datetime(moment, self.tongue.frame["clock"], tzinfo=zone, locale=self.tongue.locale)
        return f"{day}, {time}"

    def number(self, value: int | str) -> str:
        """Return a number."""
        return str(format_decimal(Decimal(str(value)), locale=self.tongue.locale))

    def money(self, amount: str, currency: str) -> str:
        """Return an amount with its currency."""
        return str(format_currency(Decimal(str(amount)), currency, locale=self.tongue.locale))


def plain(code: str) -> str:
    """Return the words a code is made of."""
    return code.replace("-", " ").replace("_", " ")


def _on_clock(instant: str) -> datetime:
    return datetime.fromisoformat(instant).astimezone(ZONE)
