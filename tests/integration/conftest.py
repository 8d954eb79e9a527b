"""Two installations for the whole session: one that runs undisturbed, one on which things are broken."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from tests.integration.receiver import Receiver, receiving
from tests.integration.stage import Stage, staged

from interpares.console.story.cast import cast

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

HERE = Path(__file__).parent
MAX_AGE_SECONDS = 6.0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of this folder in order: what shares an installation stands together, wherever it may be run."""
    places = [index for index, item in enumerate(items) if item.path.is_relative_to(HERE)]
    tests = sorted((items[index] for index in places), key=lambda item: "fragile" in getattr(item, "fixturenames", ()))
    for index, test in zip(places, tests, strict=True):
        items[index] = test


@pytest.fixture(scope="session")
def receiver() -> Iterator[Receiver]:
    """What receives the traces of ``stage``."""
    with receiving() as running:
        yield running


@pytest.fixture(scope="session")
def hasty_export() -> Iterator[None]:
    """Export spans at once rather than every five seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OTEL_BSP_SCHEDULE_DELAY", "100")
        yield


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stage(receiver: Receiver, hasty_export: None) -> AsyncIterator[Stage]:
    """An installation with the whole cast of MULTIPLY; nothing on it may be broken."""
    async with staged(cast(), otlp_endpoint=receiver.url) as running:
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def fragile() -> AsyncIterator[Stage]:
    """An installation with the towns of one country, where memberships that cannot be confirmed count but shortly.

    What a test takes away there, it gives back.
    """
    everybody = cast()
    towns = tuple(town for town in everybody.towns if town.country == "AT")
    async with staged(replace(everybody, towns=towns), membership_max_age_seconds=str(MAX_AGE_SECONDS)) as running:
        yield running
