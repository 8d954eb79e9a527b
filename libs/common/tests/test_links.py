"""Personal links: random, kept as a hash only, and silent about themselves."""

from __future__ import annotations

import hashlib

from interpares.common.links import key_of, new_link


def test_a_link_is_long_random_and_kept_as_its_hash() -> None:
    links = [new_link() for _ in range(100)]

    assert len({link.token for link in links}) == 100
    assert all(len(link.token) == 43 for link in links)
    assert [link.key for link in links] == [hashlib.sha256(link.token.encode()).digest() for link in links]
    assert links[0].token not in repr(links[0])


def test_whatever_somebody_sends_is_looked_up_alike() -> None:
    assert [len(key_of(text)) for text in ("", "x", "ü" * 200)] == [32, 32, 32]
