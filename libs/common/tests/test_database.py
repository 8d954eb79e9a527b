"""A pooler may stand before the pool; what needs a session of its own goes past it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from interpares.common.database import Database
from interpares.common.errors import Busy

if TYPE_CHECKING:
    from interpares.common.testing.databases import Database as Made

NOWHERE = "postgresql://nobody@127.0.0.1:1/none"


async def test_what_needs_a_session_goes_past_the_pooler(database: Made) -> None:
    through = Database(NOWHERE, direct=database.service_url, wait=0.2)
    await through.open()
    try:
        async with await through.dedicated() as connection:
            assert connection.info.dbname == database.name
        with pytest.raises(Busy):
            await through.fetch("SELECT 1")
    finally:
        await asyncio.wait_for(through.close(), 10)


async def test_without_a_pooler_there_is_one_way(database: Made) -> None:
    only = Database(database.service_url)
    await only.open()
    try:
        async with await only.dedicated() as connection:
            assert connection.info.dbname == database.name
        assert await only.fetch("SELECT 1 AS one") == [{"one": 1}]
    finally:
        await only.close()
