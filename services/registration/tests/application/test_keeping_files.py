"""Keeping files and letting them go."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from interpares.common.errors import NotFound
from interpares.common.sealed import seal
from interpares.common.writes import Row
from interpares.registration.application.erase_file import EraseFile, erase_file
from interpares.registration.application.store_file import FileStored, StoreFile, store_file
from interpares.registration.domain.file import Erased, MediaType, StoredFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.registration.tests.application.conftest import FakeUnit

    from interpares.common.context import Occasion
    from interpares.registration.application.file_ports import FileNote

FILE, TOWN, PERSON = UUID(int=80), UUID(int=81), UUID(int=82)
WHY = seal("Sent by mistake.", UUID(int=1))


class FakeFiles:
    async def one(self, file_id: UUID) -> FileNote | None:
        raise NotImplementedError

    async def page(self, organisation_id: UUID, *, after: UUID | None, limit: int) -> list[FileNote]:
        raise NotImplementedError

    async def about(self, person_id: UUID, actor: UUID) -> list[FileNote]:
        raise NotImplementedError

    def entering(self, file: StoredFile, name: str, subjects: Sequence[UUID]) -> Row:
        return Row(("enter", file.id, name, subjects))

    def erasing(self, file_id: UUID) -> Row:
        return Row(("erase", file_id))


STORE = StoreFile(FILE, TOWN, "Beschluss.pdf", MediaType.PDF, 7, "b" * 64, (PERSON,), "coordinator")


async def test_a_file_is_kept_with_its_name_in_the_table_only(unit: FakeUnit, now_acting: Occasion) -> None:
    answer = await store_file(STORE, unit, files=FakeFiles())

    ((events, texts),) = unit.saved
    assert answer == FileStored(FILE, "b" * 64, 7)
    assert unit.written == [("enter", FILE, "Beschluss.pdf", (PERSON,))]
    assert ([type(event) for event in events], texts) == ([StoredFile.Created], ())
    assert "Beschluss" not in repr(events)


async def test_a_file_goes_with_a_reason(unit: FakeUnit, now_acting: Occasion) -> None:
    await store_file(STORE, unit, files=FakeFiles())
    unit.given(StoredFile.store(FILE, organisation_id=TOWN, media_type=MediaType.PDF, size=7, sha256="", acting_as=""))

    answer = await erase_file(EraseFile(FILE, "sent-by-mistake", WHY, "office"), unit, files=FakeFiles())

    assert (answer.type, answer.outcome, answer.created_id) == ("file-erasure", "erased", None)
    assert unit.written[-1] == ("erase", FILE)
    assert [type(event) for event in unit.saved[-1][0]] == [Erased]
    assert unit.saved[-1][1] == (WHY,)


async def test_there_has_to_be_one(unit: FakeUnit, now_acting: Occasion) -> None:
    with pytest.raises(NotFound):
        await erase_file(EraseFile(FILE, "sent-by-mistake", WHY, "office"), unit, files=FakeFiles())
