"""Whatever is done to a stream is named by its position, and nothing else is."""

import hashlib
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import pytest

from interpares.common.feed import FeedItem
from interpares.console import verification
from interpares.console.verification import Comparison, Difference, Held

COUNT = 120


def item(position: int, previous: int) -> FeedItem:
    body = f'{{"position":{position}}}'
    headers = {
        "ce-id": f"id-{position}",
        "ce-type": "t.v1",
        "position": str(position),
        "previous": str(previous),
        "digest": hashlib.sha256(body.encode()).hexdigest(),
        "traceparent": "decided",
    }
    return FeedItem(subject="evt.x._.y.z.v1", headers=headers, body=body)


# Every third position stays inside the service.
FEED = [item(3 * n, 3 * (n - 1)) for n in range(1, COUNT + 1)]
STREAM = [
    Held(n, each.subject, {**each.headers, "traceparent": "published", "Nats-Expected-Stream": "X"}, each.body.encode())
    for n, each in enumerate(FEED, start=1)
]
LAST = 3 * COUNT


class Stream:
    def __init__(self, held: list[Held], late: list[Held] | None = None) -> None:
        self.held, self.late = list(held), list(late or ())

    async def next(self) -> list[Held]:
        batch, self.held = self.held[:7], self.held[7:]
        return batch

    async def later(self) -> list[Held]:
        batch, self.late = self.late[:1], self.late[1:]
        return batch


async def pages(items: list[FeedItem]) -> AsyncIterator[list[FeedItem]]:
    for start in range(0, len(items), 11):
        yield items[start : start + 11]


async def compared(
    held: list[Held], *, late: list[Held] | None = None, feed: list[FeedItem] = FEED, after: int = 0
) -> list[Difference]:
    behind = [each for each in feed if int(each.headers["position"]) > after]
    comparison = Comparison(Stream(held, late), pages(behind), after, LAST)
    found = [difference async for difference in comparison.differences() if difference is not None]
    assert comparison.compared == len(behind)
    return found


@pytest.fixture(autouse=True)
def small_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "WINDOW", 20)


def body(held: Held, text: bytes, **headers: str) -> Held:
    return replace(held, body=text, headers={**held.headers, **headers})


async def test_a_whole_stream_is_whole() -> None:
    assert await compared(STREAM) == []
    assert await compared([], feed=[]) == []


@pytest.mark.parametrize("gone", [0, 1, 57, COUNT - 1])
async def test_a_message_that_is_gone_is_named(gone: int) -> None:
    left = [held for held in STREAM if held.sequence != gone + 1]
    assert await compared(left) == [Difference("missing", 3 * (gone + 1), None, "the stream does not hold it")]


async def test_a_long_gap_and_a_lost_end_are_named_whole() -> None:
    found = await compared([*STREAM[:10], *STREAM[70:100]])
    assert [each.position for each in found] == [3 * n for n in (*range(11, 71), *range(101, COUNT + 1))]
    assert {each.kind for each in found} == {"missing"}


FORGED = b'{"position":0}'
ALTERATIONS: list[tuple[Callable[[Held], Held], str]] = [
    (lambda held: body(held, FORGED), "the body does not match its digest"),
    (
        lambda held: body(held, FORGED, digest=hashlib.sha256(FORGED).hexdigest()),
        "the body is another, with a digest that matches it",
    ),
    (lambda held: replace(held, subject="evt.x._.y.other.v1"), "the subject is another"),
    (lambda held: body(held, held.body, previous="1"), "headers differ: previous"),
    (lambda held: body(held, held.body, **{"ce-type": "u", "ce-id": "i"}), "headers differ: ce-id, ce-type"),
]


@pytest.mark.parametrize(("alter", "fact"), ALTERATIONS)
async def test_an_altered_message_is_named_with_what_differs(alter: Callable[[Held], Held], fact: str) -> None:
    altered = [*STREAM[:56], alter(STREAM[56]), *STREAM[57:]]
    assert await compared(altered) == [Difference("altered", 171, 57, fact)]


@pytest.mark.parametrize("claimed", ["7", "3", "100000", "no number", "171"])
async def test_a_foreign_message_is_named_and_the_rest_compared(claimed: str) -> None:
    foreign = Held(999, "evt.x._.y.z.v1", {"position": claimed}, b"")
    (found,) = await compared([*STREAM[:57], foreign, *STREAM[57:]])
    assert (found.kind, found.sequence) == ("foreign", 999)


async def test_a_changed_position_is_a_missing_and_a_foreign_message() -> None:
    moved = [*STREAM[:9], body(STREAM[9], STREAM[9].body, position="99999"), *STREAM[10:]]
    assert [(each.kind, each.position) for each in await compared(moved)] == [("missing", 30), ("foreign", 99999)]


async def test_two_that_changed_places_are_named() -> None:
    swapped = [*STREAM[:9], STREAM[10], STREAM[9], *STREAM[11:]]
    found = await compared(swapped)
    assert {each.position for each in found} <= {30, 33}
    assert found


async def test_what_is_only_on_its_way_is_no_difference() -> None:
    assert await compared(STREAM[:-3], late=STREAM[-3:]) == []
    newer = replace(STREAM[-1], sequence=COUNT + 1, headers={**STREAM[-1].headers, "position": str(LAST + 1)})
    assert await compared(STREAM[:-3], late=[*STREAM[-3:], newer]) == []
    (found,) = await compared(STREAM[:-3], late=STREAM[-3:-1])
    assert (found.kind, found.position) == ("missing", LAST)


async def test_a_later_run_begins_where_the_earlier_one_came_to() -> None:
    altered = [body(STREAM[0], b""), *STREAM[1:56], body(STREAM[56], b""), *STREAM[57:]]
    assert [each.position for each in await compared(altered)] == [3, 171]
    assert [each.position for each in await compared(altered, after=60)] == [171]


@pytest.mark.parametrize("seed", range(50))
async def test_of_several_faults_each_is_named(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 -- a test's
    touched: dict[int, str] = {}
    stream: list[Any] = []
    for held in STREAM:
        match chance.choices(("keep", "lose", "alter"), (20, 1, 1))[0]:
            case "keep":
                stream.append(held)
            case "lose":
                touched[held.position or 0] = "missing"
            case _:
                stream.append(body(held, b"altered"))
                touched[held.position or 0] = "altered"
    assert {each.position: each.kind for each in await compared(stream)} == touched
