"""A plugin: of the tests collected, only those that are given a server. What needs none proves nothing anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

# Fixtures of interpares.common.testing that stand for a server, directly or behind whatever is made on it.
SERVERS = {"postgres", "nats_url"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the others."""
    given = [item for item in items if SERVERS & set(getattr(item, "fixturenames", ()))]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(given)])
    items[:] = given
