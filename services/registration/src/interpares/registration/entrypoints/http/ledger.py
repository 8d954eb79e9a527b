"""The ledger of erasures: kept beside the database, replayed after a restore."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from interpares.common.http import After, Router, page_of
from interpares.common.http.lists import Page
from interpares.registration.application.privacy.ports import Ledger
from interpares.registration.entrypoints.http.asking import behind
from interpares.registration.entrypoints.http.schemas.privacy import LedgerEntry, Replay, Replayed

Again = Callable[[UUID], Awaitable[bool]]
LedgerLimit = Annotated[int, Query(ge=1, le=500)]


def ledger_routes(ledger: Ledger, again: Again) -> APIRouter:
    """Return the routes. again: erases somebody whom a restore brought back; tells whether there was anybody."""
    router = Router(tags=["privacy"])

    @router.get("/privacy/ledger", operation_id="readLedger")
    async def read_ledger(after: After = None, limit: LedgerLimit = 200) -> Page[LedgerEntry]:
        """Return the ledger, to be kept where no restore reaches it."""
        rows = [LedgerEntry(**vars(each)) for each in await ledger.page(behind(after), limit + 1)]
        return page_of(rows, limit, lambda row: (row.person_id,))

    @router.post("/privacy/ledger/replay", operation_id="replayLedger")
    async def replay(body: Replay) -> Replayed:
        """Erase again whoever a restore brought back. Repeating it changes nothing."""
        return Replayed(erased=[person_id for person_id in body.people if await again(person_id)])

    return router
