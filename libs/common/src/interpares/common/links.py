"""Personal links: who has one need not sign in, or may bind an account, for one purpose and for a while.

A link is a random token. It travels in the header ``X-Personal-Link``, which a page fills from behind the ``#`` of the
address in a mail; only where a page has to do without scripts it stands in the path, which our logs and traces never
name. Only its hash is kept. A token has 256 random bits, so nobody guesses one, and a fast hash is enough: there is no
list of likely tokens to try. Who tries all the same is slowed down (``http.tries``).
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field

TOKEN_BYTES = 32


@dataclass(frozen=True)
class NewLink:
    """A link that was just made. token: what its holder gets, once; key: its SHA-256, which is kept."""

    token: str = field(repr=False)
    key: bytes = field(repr=False)


def new_link() -> NewLink:
    """Return a link nobody has."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    return NewLink(token, key_of(token))


def key_of(token: str) -> bytes:
    """Return what is kept of a token; any text has one, so a token that is none is looked up like any other."""
    return hashlib.sha256(token.encode()).digest()
