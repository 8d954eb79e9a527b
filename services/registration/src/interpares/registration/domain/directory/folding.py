"""Names for comparison: how a name is looked for by somebody who writes it without umlauts, accents or care.

Every name has two plain forms, since some write ``ä`` as ``ae`` and others as ``a``. A word is found by its beginning,
by its end, or by its skeleton, so that one slip of the pen, wherever it is, leaves a way to it.
"""

from __future__ import annotations

import re
import unicodedata

SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae", "œ": "oe", "ł": "l"})
PLAIN = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_word = re.compile(r"[^\W_]+")
_silent = re.compile(r"[aeiouyh]")
_doubled = re.compile(r"(.)\1+")


def fold(text: str) -> str:
    """Return a text in small letters without accents and with single blanks; ``ä`` becomes ``a``, ``ß`` ``ss``."""
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold().translate(PLAIN))
    return " ".join("".join(each for each in parts if not unicodedata.combining(each)).split())


def spell(text: str) -> str:
    """Return a text as ``fold`` does, but with umlauts written as two letters: ``ä`` becomes ``ae``."""
    return fold(unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold()).translate(SPELLED))


def forms(name: str) -> tuple[str, ...]:
    """Return the plain forms of a name, each once."""
    return tuple(dict.fromkeys((fold(name), spell(name))))


def words(name: str) -> tuple[str, ...]:
    """Return the words of all plain forms of a name, each once."""
    return tuple(dict.fromkeys(word for form in forms(name) for word in _word.findall(form)))


def skeleton(word: str) -> str:
    """Return what is left of a folded word without vowels and doubled letters, the first letter excepted."""
    return _doubled.sub(r"\1", word[:1] + _silent.sub("", word[1:]))
