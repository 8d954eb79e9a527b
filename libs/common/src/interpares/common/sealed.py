"""What people type is sealed: the text lies beside the log, the event holds only its salted hash.

Erasing a person empties the texts they wrote as private persons and those about them; the hash in the event stays and
keeps the proof.
The salt makes sure that nobody can confirm a guessed text from the hash alone once the salt is gone.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

SALT_BYTES = 32


@dataclass(frozen=True)
class SealedText:
    """A typed text with the hash that stands for it in events.

    hash: hex SHA-256 of salt and UTF-8 text, 64 characters.
    author: opaque id of who typed it; subjects: ids of the people it is about.
    official: typed for an organisation, so that it is kept when its author is erased, unless it is about them.
    """

    hash: str
    salt: bytes
    text: str
    author: UUID
    subjects: tuple[UUID, ...]
    official: bool = False

    def __repr__(self) -> str:
        """Leave the text out: a traceback or a log line must not unseal it."""
        return f"SealedText(hash={self.hash!r})"


def digest(salt: bytes, text: str) -> str:
    """Return the hex SHA-256 that an event holds for a text sealed under a salt."""
    return hashlib.sha256(salt + text.encode()).hexdigest()


def seal(text: str, author: UUID, subjects: Sequence[UUID] = (), *, official: bool = False) -> SealedText:
    """Seal a text under a fresh salt."""
    salt = secrets.token_bytes(SALT_BYTES)
    return SealedText(digest(salt, text), salt, text, author, tuple(subjects), official)


def opens(sealed_hash: str, salt: bytes, text: str) -> bool:
    """Tell whether salt and text are what the hash in an event stands for."""
    return secrets.compare_digest(digest(salt, text), sealed_hash)
