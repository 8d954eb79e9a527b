"""Files as the log knows them: weight and hash, never a name."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from interpares.common.aggregate import Metadata
from interpares.registration.domain.file import Erased, MediaType, State, StoredFile, StoredFileSnapshot
from interpares.registration.domain.file_refusals import FileErased
from interpares.registration.domain.grounds import Grounds

if TYPE_CHECKING:
    from interpares.common.context import Occasion

FILE, TOWN = UUID(int=80), UUID(int=81)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WHY = Grounds("sent-by-mistake", "a" * 64, "coordinator")


def made(event_class: Any, version: int, **fields: Any) -> Any:
    metadata = Metadata(UUID(int=1), UUID(int=2), UUID(int=3), None, "", "")
    return event_class(originator_id=FILE, originator_version=version, timestamp=NOW, metadata=metadata, **fields)


def stored() -> StoredFile:
    return StoredFile.store(
        FILE, organisation_id=TOWN, media_type=MediaType.PDF, size=7, sha256="b" * 64, acting_as="office"
    )


def test_a_file_is_stored(now_acting: Occasion) -> None:
    file = stored()

    expected = made(
        StoredFile.Created,
        1,
        originator_topic="registration.file",
        organisation_id=TOWN,
        media_type=MediaType.PDF,
        size=7,
        sha256="b" * 64,
        acting_as="office",
    )
    assert file.state == State(TOWN, "b" * 64)
    assert file.collect_events() == [expected]


def test_its_content_goes_and_its_hash_stays(now_acting: Occasion) -> None:
    file = stored()
    file.collect_events()

    file.erase(WHY)

    expected = made(
        Erased, 2, organisation_id=TOWN, reason_code="sent-by-mistake", reason="a" * 64, acting_as="coordinator"
    )
    assert file.state == State(TOWN, "b" * 64, erased=True)
    assert file.collect_events() == [expected]


@pytest.mark.usefixtures("now_acting")
def test_it_goes_once() -> None:
    file = stored()
    file.erase(WHY)

    with pytest.raises(FileErased):
        file.erase(WHY)


@pytest.mark.usefixtures("now_acting")
def test_a_snapshot_is_the_file_again() -> None:
    file = stored()
    file.collect_events()

    assert StoredFileSnapshot.take(file).mutate(None) == file


def test_every_type_has_an_ending() -> None:
    assert sorted(each.ending for each in MediaType) == [
        "csv",
        "docx",
        "jpg",
        "ods",
        "odt",
        "pdf",
        "png",
        "txt",
        "xlsx",
    ]
