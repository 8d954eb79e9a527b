"""A context, and people who can use it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from interpares.console.contexts import Context


@pytest.fixture
def context() -> Callable[..., Context]:
    def make(**given: Any) -> Context:
        defaults = {
            "name": "office",
            "title": "Clerk",
            "role": "office",
            "programme": "http://programme.test",
            "registration": "http://registration.test",
            "issuer": "http://issuer.test",
            "token_url": "http://issuer.test/token",
            "client_id": "office",
            "client_secret": "s3cret",
        }
        return Context(**(defaults | given))

    return make


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("INTERPARES_CONTEXT", raising=False)
    return tmp_path
