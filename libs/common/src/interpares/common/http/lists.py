"""Pages of a list, and the opaque cursors that join them."""

import base64
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from interpares.common.errors import Invalid
from interpares.common.http.bodies import INT64

T = TypeVar("T")
Key = int | str | UUID | datetime


class Page(BaseModel, Generic[T]):
    """A page of a list. next: cursor of the page after it, null on the last one."""

    model_config = ConfigDict(frozen=True)

    items: tuple[T, ...]
    next: str | None = Field(description="Send it as ``after`` to read on; null where the list ends.")


def encode_cursor(*keys: Key) -> str:
    """Return the cursor of an entry: the keys its list is sorted by."""
    plain = [key if isinstance(key, int | str) else str(key) for key in keys]
    return base64.urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, *kinds: type[Key]) -> tuple[Any, ...]:
    """Return the keys of a cursor, one of each kind. Raises Invalid for one this list did not hand out."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        keys = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        return tuple(_READ[kind](key) for kind, key in zip(kinds, keys, strict=True))
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        message, way_out = "This cursor was not handed out for this list.", "Start from the first page, without after."
        raise Invalid(message, way_out, field="after") from error


def page_of(rows: list[T], limit: int, key: Callable[[T], tuple[Key, ...]]) -> Page[T]:
    """Return the page of up to ``limit + 1`` rows read: one more than wanted tells that there is a next page."""
    shown = rows[:limit]
    return Page(items=tuple(shown), next=encode_cursor(*key(shown[-1])) if len(rows) > limit else None)


def _int(value: Any) -> int:
    if type(value) is not int or not -INT64 <= value < INT64:
        raise ValueError
    return value


def _str(value: Any) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError
    value.encode()
    return value


def _datetime(value: Any) -> datetime:
    read = datetime.fromisoformat(value)
    if read.tzinfo is None:
        raise ValueError
    return read


_READ: Mapping[type[Key], Callable[[Any], Key]] = {int: _int, str: _str, UUID: UUID, datetime: _datetime}
