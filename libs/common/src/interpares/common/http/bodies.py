"""What may stand in a request: strict JSON, and the field types of bodies, queries and headers.

Strict means: UTF-8, every member once, finite numbers that fit 64 bits, a bounded depth, and texts without control,
bidirectional or half characters. Anything else is refused with 422 and the field named, before a model sees it.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from typing import Annotated, Any, Final, NoReturn
from zoneinfo import available_timezones

from fastapi import Header, Query
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

DEPTH: Final = 32
INT64: Final = 2**63
# Control characters but for line break and tab; marks that turn the reading direction; halves of a pair.
UNFIT: Final = "\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069"
# Categories of characters that show nothing: spaces, separators, format marks.
BLANK: Final = frozenset({"Zs", "Zl", "Zp", "Cf", "Cc"})
_unfit = re.compile(f"[{UNFIT}\\ud800-\\udfff]")
Path = tuple[int | str, ...]


class Body(BaseModel):
    """The base of every request body: unknown fields are refused, and what was read stays as it is."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, allow_inf_nan=False)


def refused(where: Path, message: str) -> RequestValidationError:
    """Return the refusal of one field; where: its path, beginning with ``body``, ``query``, ``path`` or ``header``."""
    return RequestValidationError([{"type": "value_error", "loc": where, "msg": "", "ctx": {"error": message}}])


def parse(content: bytes) -> Any:
    """Return what strict JSON stands for. Raises RequestValidationError."""
    try:
        value = json.loads(content.decode(), object_pairs_hook=_object, parse_constant=_not_finite, parse_float=_finite)
    except UnicodeDecodeError as error:
        raise refused(("body",), "This is not UTF-8.") from error
    except RecursionError as error:
        raise refused(("body",), "This is nested too deeply.") from error
    except ValueError as error:
        raise refused(("body",), str(error) if isinstance(error, _Unfit) else "This is not JSON.") from error
    for where, message in _faults(value):
        raise refused(("body", *where), message)
    return value


def printable(where: Path, value: str) -> None:
    """Refuse a path, query or header value that no text of ours can be."""
    if _unfit.search(value):
        raise refused(where, "Contains a character that no text may contain.")


class _Unfit(ValueError):
    """JSON that the standard library takes and we do not."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        message = "An object names one of its fields twice."
        raise _Unfit(message)
    return value


def _not_finite(_text: str) -> NoReturn:
    message = "Numbers need to be finite."
    raise _Unfit(message)


def _finite(text: str) -> float:
    value = float(text)
    return value if abs(value) != float("inf") else _not_finite(text)


def _faults(value: Any) -> Iterator[tuple[Path, str]]:
    """Walk without recursion; yield the path of each fault and a sentence."""
    waiting: list[tuple[Path, Any]] = [((), value)]
    while waiting:
        where, item = waiting.pop()
        if len(where) > DEPTH:
            yield (), "This is nested too deeply."
        elif isinstance(item, str) and _unfit.search(item):
            yield where, "Contains a character that no text may contain."
        elif isinstance(item, int) and not -INT64 <= item < INT64:
            yield where, "This number is too large."
        elif isinstance(item, dict):
            if any(_unfit.search(key) for key in item):
                yield where, "A field's name contains a character that no text may contain."
            waiting.extend(((*where, key), each) for key, each in item.items())
        elif isinstance(item, list):
            waiting.extend(((*where, index), each) for index, each in enumerate(item))


def _says_something(value: str) -> str:
    if all(unicodedata.category(character) in BLANK for character in value):
        message = "Needs to say something."
        raise ValueError(message)
    return value


def _recent(value: datetime) -> datetime:
    # Far instants overflow when a zone is applied; none can be meant.
    if not datetime(1900, 1, 1, tzinfo=UTC) <= value < datetime(2200, 1, 1, tzinfo=UTC):
        message = "Needs to lie between 1900 and 2200."
        raise ValueError(message)
    return value


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _known_zone(value: str) -> str:
    if value not in _zones():
        message = "Needs to be a time zone such as Europe/Brussels."
        raise ValueError(message)
    return value


# Written so that pydantic and the readers of our OpenAPI document all understand them.
_TEXT = f"^[^{UNFIT}]*[^\\s{UNFIT}][^{UNFIT}]*$"
_LINE = f"^[^\\n\\t{UNFIT}]*[^\\s{UNFIT}][^\\n\\t{UNFIT}]*$"

Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=4000, pattern=_TEXT),
    AfterValidator(_says_something),
]
ShortText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=_LINE),
    AfterValidator(_says_something),
]
ReasonText = Annotated[Text, Field(description="Why, in your own words; sealed, never part of an event.")]
ReasonCode = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9-]{1,63}$", description="Why, in one plain word or a few joined by hyphens.")
]
Language = Annotated[str, Field(pattern="^[a-z]{2,3}$", description="ISO 639 code")]
Translated = Annotated[
    dict[Language, ShortText],
    Field(min_length=1, max_length=30, json_schema_extra={"additionalProperties": False}),
]
Count = Annotated[int, Field(ge=0, lt=2**31)]
Position = Annotated[int, Field(ge=0, lt=INT64)]
Instant = Annotated[AwareDatetime, AfterValidator(_recent)]
Day = Annotated[date, Field(ge=date(1900, 1, 1), lt=date(2200, 1, 1))]
ZoneName = Annotated[str, Field(max_length=64, description="IANA time zone"), AfterValidator(_known_zone)]

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="Repeating a request under the same key yields the first result; nothing is done twice.",
    ),
]
AtLeastPosition = Annotated[
    int | None,
    Header(
        alias="X-At-Least-Position",
        ge=0,
        lt=INT64,
        description="Answer from a view that has reached this position, as an earlier answer gave it.",
    ),
]
After = Annotated[
    str | None,
    Query(
        max_length=512,
        pattern="^[A-Za-z0-9_-]+$",
        description="Cursor: go on where ``next`` of the page before left off.",
    ),
]
Limit = Annotated[int, Query(ge=1, le=200, description="Entries on a page at most.")]
