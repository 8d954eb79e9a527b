"""Erasing texts in any service: theirs and about them, not what they wrote for an organisation; confirmed once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from interpares.common.commands import UnitOfWork
from interpares.common.context import Occasion, acting
from interpares.common.contracts.registration import PersonErased
from interpares.common.envelope import Arrived
from interpares.common.erasing import THEIRS, Erasure, confirmation, on_person_erased, texts_of
from interpares.common.eventstore import Recorded
from interpares.common.leftovers import Leftover, left_over, texts_left
from interpares.common.sealed import seal
from interpares.common.testing.golden import ORIGINATOR, example_of
from interpares.common.writes import Append, CommandRecord, Row

if TYPE_CHECKING:
    from interpares.common.testing.counting import Counting


@dataclass(frozen=True)
class Canary:
    person_id: UUID
    actor: UUID


def arrived(canary: Canary) -> Arrived:
    data: dict[str, Any] = {"person_id": str(canary.person_id), "actor": str(canary.actor)}
    now = datetime.now(UTC)
    return Arrived(uuid4(), 1, "", PersonErased.TYPE, "person/x", now, uuid4(), "", "", data)


async def hear(counting: Counting, canary: Canary, service: UUID) -> None:
    unit, command_id = UnitOfWork(counting.store), uuid4()
    with acting(Occasion(service, command_id, command_id, None, datetime.now(UTC))):
        await on_person_erased(arrived(canary), unit)
        await counting.appender.append(unit.as_append(CommandRecord(command_id, b"", {})))


async def test_a_persons_texts_are_emptied_with_their_salts_and_others_stay(counting: Counting) -> None:
    canary, other, service = Canary(uuid4(), uuid4()), uuid4(), uuid4()
    texts = {
        "written": seal("written privately", canary.actor),
        "official": seal("written officially", canary.actor, official=True),
        "about": seal("about them", other, [canary.person_id], official=True),
        "about-actor": seal("about their account", other, [uuid4(), canary.actor]),
        "others": seal("of somebody else", other, [uuid4()]),
    }
    await counting.appender.append(Append(CommandRecord(uuid4(), b"", {}), texts=tuple(texts.values())))
    held = await texts_of(counting.database, canary.person_id, canary.actor)
    assert {row["text"] for row in held} == {text.text for name, text in texts.items() if name != "others"}
    assert await texts_left(counting.database, THEIRS, canary.person_id, canary.actor) == 3

    await hear(counting, canary, service)
    await hear(counting, canary, service)

    rows = await counting.database.fetch("SELECT hash, salt, text FROM sealed_texts")
    kept = {row["hash"] for row in rows if row["text"] is not None and row["salt"] is not None}
    assert kept == {texts["official"].hash, texts["others"].hash}
    assert len(rows) == 5
    assert await texts_left(counting.database, THEIRS, canary.person_id, canary.actor) == 0
    events = [each.event for each in await counting.store.read(0, 100)]
    assert [(event.person_id, event.actor) for event in events if isinstance(event, Erasure.Created)] == [
        (canary.person_id, canary.actor)
    ]


def test_a_confirmation_is_published_and_nothing_else() -> None:
    event = example_of(Erasure.Created, originator_id=ORIGINATOR, originator_version=1)
    publication = confirmation(Recorded(1, event))

    assert publication is not None
    assert publication.contract.TYPE == "privacy.texts-erased.v1"
    assert confirmation(Recorded(1, object())) is None


async def test_what_is_left_is_found_in_every_column_however_it_is_written(counting: Counting) -> None:
    word = f"Überkanari{uuid4().hex}"
    await counting.appender.append(
        Append(
            CommandRecord(uuid4(), word.upper().encode(), {"deep": [{"x": f"a {word} b"}]}),
            texts=(seal(word, uuid4()),),
            rows=(Row("INSERT INTO view_positions VALUES (%s, 7)", (word.lower(),)),),
        )
    )

    found = await left_over(counting.database, ["nowhere-to-be-found", word])

    assert found == [
        Leftover("commands.request_hash", 1),
        Leftover("commands.result", 1),
        Leftover("sealed_texts.text", 1),
        Leftover("view_positions.view", 1),
    ]
    assert await left_over(counting.database, ["nowhere-to-be-found"]) == []
