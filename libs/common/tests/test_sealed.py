"""Sealed texts."""

from __future__ import annotations

from uuid import uuid4

from interpares.common.sealed import opens, seal


def test_the_hash_opens_with_salt_and_text_only() -> None:
    sealed = seal("because", uuid4())

    assert opens(sealed.hash, sealed.salt, "because")
    assert not opens(sealed.hash, sealed.salt, "because not")
    assert not opens(sealed.hash, b"", "because")


def test_equal_texts_have_different_hashes() -> None:
    author = uuid4()

    assert seal("because", author).hash != seal("because", author).hash


def test_the_text_does_not_show_when_printed() -> None:
    assert "because" not in repr(seal("because", uuid4()))
