"""The worker's task that registers what confirmed imports are waiting for, some rows at a time.

Rows and the organisations they become are one transaction, and an organisation's id follows from document and key: who
goes on after a kill registers what is left, and nothing twice.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import structlog
from uuid_utils.compat import uuid7

from interpares.common.context import Occasion, acting
from interpares.common.errors import DomainError
from interpares.registration.application.decided import RowsImported
from interpares.registration.application.import_organisations import (
    ImportRows,
    RefuseRow,
    import_row,
    import_rows,
    refuse_row,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from interpares.common.commands import Commands, UnitOfWork
    from interpares.registration.application.directory_ports import ImportedRow
    from interpares.registration.infrastructure.imports import ImportTable, OpenImport
    from interpares.registration.infrastructure.keys import KeyTable

C = TypeVar("C")

# Rows of one transaction of their own, and of all that are on their way at once: whatever else the worker does between
# two steps, each step carries many rows, and no transaction keeps others waiting for long.
CHUNK, WINDOW = 250, 2000
PAUSE_SECONDS = 0.5
log = structlog.get_logger(__name__)


class Importer:
    """Registers what waits."""

    def __init__(self, commands: Commands, imports: ImportTable, keys: KeyTable) -> None:
        self._commands = commands
        self._imports = imports
        self._keys = keys

    async def run(self) -> None:
        """Go on for ever; a confirmed import is looked for every half second."""
        while True:
            if not await self.go_on():
                await asyncio.sleep(PAUSE_SECONDS)

    async def go_on(self) -> bool:
        """Register the next rows; tell whether any were waiting."""
        found = await self._imports.waiting(WINDOW)
        if found is None:
            return False
        if not found.rows:
            await self._imports.finish(found.import_id)
            log.info("import-finished", import_id=str(found.import_id))
            return True
        taken = await self._keys.holders([key for row in found.rows for key in row.facts.keys])
        apart = [row for row in found.rows if any(key.folded in taken for key in row.facts.keys)]
        lines = {row.line for row in apart}
        together = [row for row in found.rows if row.line not in lines]
        register = partial(import_rows, keys=self._keys, imports=self._imports)
        chunks = [together[start : start + CHUNK] for start in range(0, len(together), CHUNK)]
        await asyncio.gather(*(self._register(found, chunk, register) for chunk in chunks))
        for row in apart:
            await self._register_one(found, row)
        return True

    async def _register_one(self, found: OpenImport, row: ImportedRow) -> None:
        try:
            await self._register(found, [row], partial(import_row, keys=self._keys, imports=self._imports))
        except DomainError as error:
            refuse = partial(refuse_row, imports=self._imports)
            await self._run(found, refuse, RefuseRow(found.import_id, row.line, error))

    async def _register(
        self,
        found: OpenImport,
        rows: list[ImportedRow],
        use_case: Callable[[ImportRows, UnitOfWork], Awaitable[RowsImported]],
    ) -> None:
        await self._run(found, use_case, ImportRows(found.import_id, found.document, rows, found.acting_as))

    async def _run(
        self, found: OpenImport, use_case: Callable[[C, UnitOfWork], Awaitable[RowsImported]], command: C
    ) -> None:
        command_id = uuid7()
        occasion = Occasion(found.actor, command_id, found.import_id, causation_id=None, now=datetime.now(UTC))
        with acting(occasion):
            await self._commands.run(use_case, command, lane=command_id, returns=RowsImported)
