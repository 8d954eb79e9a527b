"""Comparing a stream with the feed it was made from, message by message.

The feed comes straight from the event store, so it is the truth. Both are in order and usually equal; where they are
not, what is next on the one is looked for among what comes next on the other, so that one missing, altered or foreign
message is named and the rest still compared.
"""

from __future__ import annotations

import hashlib
from collections import Counter, deque
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from interpares.common.feed import FeedItem

WINDOW = 2000
# The relay puts its own span there.
OWN = frozenset({"traceparent", "tracestate"})


@dataclass(frozen=True)
class Held:
    """A message as the stream holds it."""

    sequence: int
    subject: str
    headers: dict[str, str]
    body: bytes

    @property
    def position(self) -> int | None:
        """What it says its position is, None where that is no number."""
        given = self.headers.get("position", "")
        return int(given) if given.isascii() and given.isdigit() else None


@dataclass(frozen=True)
class Difference:
    """kind: missing (from the stream), altered, or foreign (not in the feed there). fact: what differs.

    position: in the feed; what a foreign message claims. sequence: on the stream, None for a missing message.
    """

    kind: str
    position: int | None
    sequence: int | None
    fact: str

    def as_json(self) -> dict[str, Any]:
        """Return all of it."""
        return asdict(self)


class Source(Protocol):
    """The messages of a stream, batch by batch."""

    async def next(self) -> list[Held]:
        """Return what comes next, nothing once all is read that was there at the beginning."""
        ...

    async def later(self) -> list[Held]:
        """Return what came since, nothing after a while in which nothing came."""
        ...


class Comparison:
    """Compares a stream with a feed.

    compared: how many messages of the feed were looked for so far; position: of the last of them.
    """

    def __init__(self, stream: Source, feed: AsyncIterator[list[FeedItem]], after: int, until: int) -> None:
        """``after``, ``until``: positions between which the feed is given; the stream begins where it will."""
        self._source = stream
        self._pages = feed
        self._after = after
        self._until = until
        self._stream: deque[Held] = deque()
        self._ahead: Counter[int] = Counter()
        self._feed: deque[FeedItem] = deque()
        self._all_held = self._all_fed = self._silent = False
        self._matched = self.position = after
        self.compared = 0

    async def differences(self) -> AsyncIterator[Difference | None]:
        """Yield each difference, in the order of the feed; None now and then where there is none."""
        while True:
            await self._fill()
            if not self._feed and not self._stream:
                return
            for _ in range(WINDOW // 2):
                if not self._feed and not self._stream:
                    break
                difference = self._step()
                if difference is not None:
                    yield difference
                if not self._enough():
                    break
            yield None

    def _enough(self) -> bool:
        return (self._silent or bool(self._stream)) and (self._all_fed or bool(self._feed))

    async def _fill(self) -> None:
        while not self._all_fed and len(self._feed) < WINDOW:
            page = await anext(self._pages, None)
            self._all_fed = page is None
            self._feed.extend(page or ())
        while not self._all_held and len(self._stream) < WINDOW:
            self._all_held = not self._take(await self._source.next())
        # What the feed has beyond the stream may only be on its way.
        while self._all_held and self._feed and not self._stream and not self._silent:
            self._silent = not self._take(await self._source.later(), late=True)

    def _take(self, batch: list[Held], *, late: bool = False) -> bool:
        for held in batch:
            position = held.position or 0
            if 0 < position <= self._after or (late and position > self._until):
                continue
            self._stream.append(held)
            self._ahead[position] += 1
        return bool(batch)

    def _step(self) -> Difference | None:
        """Compare what is next on both sides."""
        if not self._feed:
            return _foreign(self._pop())
        wanted = _position(self._feed[0])
        if self._stream and self._stream[0].position == wanted:
            item, held = self._next_item(), self._pop()
            before, self._matched = self._matched, wanted
            fact = _fact(item, held, before)
            return Difference("altered", wanted, held.sequence, fact) if fact else None
        if self._ahead[wanted]:
            return _foreign(self._pop())
        self._next_item()
        return Difference("missing", wanted, None, "the stream does not hold it")

    def _next_item(self) -> FeedItem:
        item = self._feed.popleft()
        self.compared += 1
        self.position = _position(item)
        return item

    def _pop(self) -> Held:
        held = self._stream.popleft()
        position = held.position or 0
        self._ahead[position] -= 1
        if not self._ahead[position]:
            del self._ahead[position]
        return held


def _position(item: FeedItem) -> int:
    return int(item.headers["position"])


def _foreign(held: Held) -> Difference:
    return Difference("foreign", held.position, held.sequence, "the feed has no such message there")


def _fact(item: FeedItem, held: Held, before: int) -> str:
    """Return what differs between a message of the feed and that of the stream, empty where nothing does."""
    if hashlib.sha256(held.body).hexdigest() != held.headers.get("digest"):
        return "the body does not match its digest"
    if held.body != item.body.encode():
        return "the body is another, with a digest that matches it"
    if held.subject != item.subject:
        return "the subject is another"
    names = [name for name, value in item.headers.items() if name not in OWN and held.headers.get(name) != value]
    # Where messages before it are missing it may follow the last one that is there.
    if names == ["previous"] and held.headers.get("previous") == str(before):
        return ""
    return f"headers differ: {', '.join(sorted(names))}" if names else ""
