"""The ledger beside the database: added to, never rewritten, and read by ``migrate`` after a restore."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from unittest.mock import create_autospec
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError

from interpares.common.messaging import Connection
from interpares.common.testing.edge import edge_settings
from interpares.registration.application.privacy.ports import Entry
from interpares.registration.infrastructure.ledger_file import LedgerFile, append, read
from interpares.registration.main import after_migration, tasks
from interpares.registration.settings import RegistrationSettings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from services.registration.tests.conftest import Registration


class FakeLedger:
    def __init__(self, people: Sequence[UUID]) -> None:
        self.people = sorted(people)

    async def page(self, after: UUID | None, limit: int) -> Sequence[Entry]:
        behind = [each for each in self.people if after is None or each > after]
        return [entry(each) for each in behind[:limit]]


def entry(person_id: UUID) -> Entry:
    return Entry(person_id, uuid4(), "request", datetime(2026, 3, 1, tzinfo=UTC))


async def test_what_the_file_lacks_is_added_once(tmp_path: Path) -> None:
    people = [uuid4() for _ in range(1200)]
    path = tmp_path / "ledger.jsonl"

    added = [await LedgerFile(path, FakeLedger(people[:700])).once()]
    added += [await LedgerFile(path, FakeLedger(people)).once() for _ in range(2)]

    assert added == [700, 500, 0]
    assert sorted(read(path)) == sorted(people)


def test_a_line_that_was_cut_off_loses_itself_only(tmp_path: Path) -> None:
    path, first, second = tmp_path / "ledger.jsonl", uuid4(), uuid4()
    append(path, [entry(first)])
    with path.open("a") as file:
        file.write('{"person_id": "018')
    append(path, [entry(second)])

    assert read(path) == [first, second]


def test_without_a_file_nobody_is_in_it(tmp_path: Path) -> None:
    assert read(tmp_path / "none") == []


@pytest.mark.integration
async def test_migrate_erases_again_whom_a_restore_brought_back(registration: Registration, tmp_path: Path) -> None:
    person, staying = await registration.person(f"p-{uuid4()}"), await registration.person(f"p-{uuid4()}")
    path = tmp_path / "ledger.jsonl"
    append(path, [entry(UUID(person)), entry(uuid4())])
    settings = registration.parts.settings.model_copy(update={"erasure_ledger": path})
    parts = replace(registration.parts, settings=settings)
    assert "ledger" in tasks(parts, create_autospec(Connection, instance=True))

    await after_migration(parts, Namespace(operator=None))
    await after_migration(parts, Namespace(operator=None))

    assert (await registration.get("root", f"/people/{person}")).status_code == 404
    assert (await registration.get("root", f"/people/{staying}")).status_code == 200


def test_a_ledger_in_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """Else nobody would stand in it, and nobody be erased again."""
    edge_settings(RegistrationSettings, erasure_ledger=str(tmp_path / "ledger"))
    with pytest.raises(ValidationError, match="a folder that is there"):
        edge_settings(RegistrationSettings, erasure_ledger=str(tmp_path / "nowhere" / "ledger"))
