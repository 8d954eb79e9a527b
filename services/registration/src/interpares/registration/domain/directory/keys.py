"""Official keys, and how those of well-known registers are written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from interpares.registration.domain.directory.errors import KeyMalformed
from interpares.registration.domain.errors import KeyMissing, KeyRepeated


@dataclass(frozen=True)
class Key:
    """An official key, for example scheme ``LAU`` and value ``06A-60101``."""

    scheme: str
    value: str

    @property
    def folded(self) -> tuple[str, str]:
        """Scheme and value for comparison: small and capital letters make no difference."""
        return self.scheme.casefold(), self.value.casefold()


@dataclass(frozen=True)
class Scheme:
    """A register whose keys have a form. pattern: of the folded value. form: the same in words."""

    name: str
    pattern: re.Pattern[str]
    form: str


# LAU codes look different in every country, and registers outside the European Union are open: neither has a form here.
SCHEMES = {
    scheme.name.casefold(): scheme
    for scheme in (
        Scheme("AGS", re.compile(r"[0-9]{8}"), "eight digits, for example 09162000"),
        Scheme("ARS", re.compile(r"[0-9]{12}"), "twelve digits, for example 091620000000"),
        Scheme("NUTS-3", re.compile(r"[a-z]{2}[a-z0-9]{3}"), "a country and three more characters, for example DE212"),
        Scheme("Wikidata", re.compile(r"q[1-9][0-9]{0,18}"), "a Q and a number, for example Q1726"),
    )
}


def check_keys(keys: Sequence[Key]) -> None:
    """Raise KeyMissing, KeyRepeated or KeyMalformed."""
    if not keys:
        raise KeyMissing
    seen = set[tuple[str, str]]()
    for index, key in enumerate(keys):
        if key.folded in seen:
            raise KeyRepeated.at(index)
        seen.add(key.folded)
        name, value = key.folded
        scheme = SCHEMES.get(name)
        if scheme is not None and not scheme.pattern.fullmatch(value):
            raise KeyMalformed.at(index, scheme.name, scheme.form)
