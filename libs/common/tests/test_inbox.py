"""The inbox and what it answers to JetStream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.common.inbox import Inbox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from interpares.common.envelope import Message


class Wire:
    def __init__(self, position: int) -> None:
        self.subject = "evt.counting._.counter.incremented.v1"
        self.data = b"{}"
        digest = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
        self.headers = {"position": str(position), "previous": str(position - 1), "digest": digest}
        self.answers: list[str] = []

    async def ack(self) -> None:
        self.answers.append("ack")

    async def nak(self, delay: float) -> None:
        self.answers.append("nak")


class HalfDone:
    """Effects whose first write was committed although its answer was lost: the next batch is found recorded."""

    async def have(self, messages: Sequence[Message], last: int) -> int:
        return 2  # what the database says: positions 1 and 2 had their effect, under the id "behind 0"


async def test_only_what_had_its_effect_is_acknowledged() -> None:
    """JetStream never brings an acknowledged message again: the gap would be left to the HTTP feed alone."""
    inbox = Inbox("listening", "counting", None, HalfDone(), None, None, ask_every=1.0)  # type: ignore[arg-type]
    wires = [Wire(position) for position in (1, 2, 3, 4)]
    await inbox.take(wires)  # type: ignore[arg-type]
    assert inbox.position == 2
    assert [wire.answers for wire in wires] == [["ack"], ["ack"], ["nak"], ["nak"]]
