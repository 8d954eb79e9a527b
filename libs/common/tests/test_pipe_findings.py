"""Found by chaos and bench; each test is a minimal reproduction, with what would mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg

from interpares.common import append
from interpares.common.inbox import Inbox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from interpares.common.envelope import Message
    from interpares.common.testing.databases import Database as Made


async def test_the_plan_for_recording_commands_does_not_grow_with_the_store(migrated: Made) -> None:
    """On a young store the join is planned as a hash join over a sequential scan, and the writer's connection keeps
    that plan until an ANALYZE: 600 appends a second at the start, 20 with 170,000 events, measured.

    Mended by one statement: ``WITH written AS (INSERT INTO stored_events ... RETURNING originator_id,
    originator_version, notification_id) INSERT INTO commands ... LEFT JOIN written``: then 900/s at any size, one round
    trip less, and at 128 callers 10,000/s instead of 2,200.
    """
    types = "uuid[], bytea[], jsonb[], uuid[], bigint[]"
    statement = append.INSERT_COMMANDS
    for number, each in enumerate(types.split(", "), 1):
        statement = statement.replace(f"%s::{each}", f"${number}::{each}", 1)
    async with await psycopg.AsyncConnection.connect(migrated.service_url, autocommit=True) as connection:
        await connection.execute("SET plan_cache_mode = force_generic_plan")
        await connection.execute(f"PREPARE recording ({types}) AS {statement}".encode())
        cursor = await connection.execute("EXPLAIN EXECUTE recording ('{}', '{}', '{}', '{}', '{}')")
        plan = "\n".join(row for (row,) in await cursor.fetchall())
    assert "Seq Scan on stored_events" not in plan, plan


class Wire:
    def __init__(self, position: int) -> None:
        self.subject = "evt.counting._.counter.incremented.v1"
        self.data = b"{}"
        digest = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
        self.headers = {"position": str(position), "previous": str(position - 1), "digest": digest}
        self.answers: list[str] = []

    async def ack(self) -> None:
        self.answers.append("ack")


class HalfDone:
    """Effects whose first write was committed although its answer was lost: the next batch is found recorded."""

    async def have(self, messages: Sequence[Message], last: int) -> int:
        return 2  # what the database says: positions 1 and 2 had their effect, under the id "behind 0"


async def test_only_what_had_its_effect_is_acknowledged() -> None:
    """JetStream never brings an acknowledged message again, so a gap is left that only the HTTP feed can fill.

    Mended by acknowledging no further than ``self.position`` after ``have``.
    """
    inbox = Inbox("listening", "counting", None, HalfDone(), None, None, ask_every=1.0)  # type: ignore[arg-type]
    wires = [Wire(position) for position in (1, 2, 3, 4)]
    await inbox.take(wires)  # type: ignore[arg-type]
    assert inbox.position == 2
    assert [wire.answers for wire in wires] == [["ack"], ["ack"], [], []]
