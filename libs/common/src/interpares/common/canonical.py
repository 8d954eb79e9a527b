"""Canonical bytes: one event, one byte string, one leaf hash, for ever.

Canonical JSON has sorted keys, no blanks, UTF-8 without escapes beyond what JSON demands, and no floating point
numbers; for such values it agrees with RFC 8785. The canonical bytes of an event are the canonical JSON of
``{"originator_id", "originator_version", "state", "topic"}`` where ``state`` is the stored state as it lies in the
store. The leaf hash is that of RFC 6962: SHA-256 over a zero byte and the canonical bytes.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from uuid import UUID

LEAF_PREFIX = b"\x00"


class NotCanonical(ValueError):
    """A value has no canonical form; a floating point number, for instance: use Decimal, which is written as text."""


def _refuse(value: Any) -> Any:
    message = f"{type(value).__name__} has no canonical form"
    raise NotCanonical(message)


def _refuse_floats(value: Any) -> None:
    items = [value]
    for item in items:  # grows while it is gone through
        if type(item) is str:
            continue
        if isinstance(item, dict):
            items.extend(item.values())
        elif isinstance(item, list | tuple):
            items.extend(item)
        elif isinstance(item, float):
            _refuse(item)


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_refuse)


def canonical_json(value: Any) -> bytes:
    """Return the canonical JSON of a value made of dict, list, str, int, bool and None.

    Raises NotCanonical for anything else.
    """
    _refuse_floats(value)
    return _ENCODER.encode(value).encode()


def event_bytes(originator_id: UUID, originator_version: int, topic: str, state: bytes) -> bytes:
    """Return the canonical bytes of an event; ``state`` is its stored state, itself canonical JSON."""
    head = f'{{"originator_id":"{originator_id}","originator_version":{originator_version},"state":'
    return head.encode() + state + b',"topic":' + json.dumps(topic).encode() + b"}"


def leaf_hash(originator_id: UUID, originator_version: int, topic: str, state: bytes) -> bytes:
    """Return the 32 bytes that stand for the event in a Merkle tree."""
    return hashlib.sha256(LEAF_PREFIX + event_bytes(originator_id, originator_version, topic, state)).digest()
