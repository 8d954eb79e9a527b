"""The ledger beside the database: a file of JSON lines on a volume of its own, which no restore takes back."""

from __future__ import annotations

import asyncio
import json
import os
from typing import TYPE_CHECKING
from uuid import UUID

from interpares.common.cancelling import heed_cancellation
from interpares.common.leadership import leading

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from interpares.common.database import Database
    from interpares.registration.application.privacy.ports import Entry, Ledger

LOOK_SECONDS = 5.0
PAGE = 500


def read(path: Path) -> list[UUID]:
    """Return the people in a ledger file, none where there is no file. A line that was cut off is passed over."""
    if not path.exists():
        return []
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            found.append(UUID(json.loads(line)["person_id"]))
        except (ValueError, KeyError, TypeError):
            continue
    return found


def append(path: Path, entries: Sequence[Entry]) -> None:
    """Add entries and return once they are on disk."""
    lines = [
        json.dumps({"person_id": str(e.person_id), "cause": e.cause, "erased_at": e.erased_at.isoformat()})
        for e in entries
    ]
    # A line that was cut off must not swallow the next one.
    with path.open("a+b") as file:
        file.seek(0, os.SEEK_END)
        whole = "\n".join(["", *lines]) if _cut_off(path) else "\n".join(lines)
        file.write(f"{whole}\n".encode())
        file.flush()
        os.fsync(file.fileno())


def _cut_off(path: Path) -> bool:
    content = path.read_bytes() if path.exists() else b""
    return bool(content) and not content.endswith(b"\n")


class LedgerFile:
    """Keeps the file up to date."""

    def __init__(self, path: Path, ledger: Ledger) -> None:
        self._path = path
        self._ledger = ledger

    async def once(self) -> int:
        """Add what the file lacks; return how much that was."""
        known = set(await asyncio.to_thread(read, self._path))
        missing: list[Entry] = []
        after: UUID | None = None
        while page := await self._ledger.page(after, PAGE):
            missing += [entry for entry in page if entry.person_id not in known]
            after = page[-1].person_id
        if missing:
            await asyncio.to_thread(append, self._path, missing)
        return len(missing)

    async def run(self, database: Database) -> None:
        """Look now and then, as long as no other replica does."""
        async with leading(database, "erasure-ledger") as lock:
            while True:
                heed_cancellation()
                await self.once()
                await asyncio.sleep(LOOK_SECONDS)
                await lock.execute("SELECT 1")
