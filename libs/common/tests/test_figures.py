"""Metrics tell the truth when things go wrong, and every message of a batch has spans of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar
from uuid import uuid4

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from interpares.common import telemetry
from interpares.common.telemetry import REGISTRY, continued, current_traceparent
from interpares.common.testing.counter import SERVICE, Incremented, an_occasion, publish
from interpares.common.testing.counting import until
from interpares.common.testing.edge import edge_settings
from interpares.common.testing.nats import EmbeddedNats
from interpares.common.testing.piping import (
    StoreFeed,
    both,
    count,
    equals,
    listening,
    producing,
    stream_holds,
)
from interpares.common.views import Views
from interpares.common.wakeups import Wakeups

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opentelemetry.sdk.trace import ReadableSpan

    from interpares.common.testing.counting import Counting
    from interpares.common.testing.databases import Database as Made

pytestmark = pytest.mark.integration
TIMES = 20


def figure(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, labels)


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    telemetry.configure(SERVICE, "worker", edge_settings(), [SimpleSpanProcessor(exporter)])
    yield exporter
    telemetry.shutdown()


async def test_while_nats_is_away_the_lag_of_the_relay_grows(migrated: Made) -> None:
    async def lags(events: int) -> bool:
        lag = figure("interpares_relay_lag_events") or 0
        return lag >= events if events else not lag

    with EmbeddedNats() as server:
        async with both(migrated, migrated) as (counting, _), producing(counting, server.url):
            await count(counting, 1, TIMES)
            await until(lambda: stream_holds(server.url, TIMES), "all is published")
            await until(lambda: lags(0), "nothing lags")
            server.kill()
            await count(counting, 1, TIMES)
            await until(lambda: lags(TIMES), "what is not published lags")
            await until(_relay_began_again, "the relay has begun again")
            await until(lambda: lags(TIMES), "it still lags")
            server.start()
            await until(lambda: lags(0), "nothing lags any more")
    assert figure("interpares_relay_leading") == 0


async def _relay_began_again() -> bool:
    return figure("interpares_relay_leading") == 0


async def test_only_the_inbox_that_leads_tells_figures(migrated: Made, other_migrated: Made, nats_url: str) -> None:
    async with both(migrated, other_migrated) as (counting, listener), producing(counting, nats_url):
        async with listening(listener, nats_url):
            await count(counting, 1, TIMES)
            await until(lambda: equals(listener.heard, TIMES), "all is heard")
            assert figure("interpares_inbox_position", feed=SERVICE) == TIMES + 1
            assert figure("interpares_inbox_parked", feed=SERVICE) == 0
        for name in ("position", "parked", "lag_seconds", "confirmed_timestamp_seconds"):
            assert figure(f"interpares_inbox_{name}", feed=SERVICE) is None


async def test_the_position_of_a_view_is_told_although_nothing_happens(counting: Counting) -> None:
    class Nothing:
        VIEW: ClassVar[str] = "nothing"
        TABLES: ClassVar[tuple[str, ...]] = ()

        def project(self, recorded: object) -> tuple[()]:
            return ()

    await count(counting, 1, TIMES)
    views = Views(counting.database, Wakeups(counting.database), [Nothing()])
    await views.advance(Nothing())
    telemetry.VIEW_POSITION.clear()
    assert await views.advance(Nothing()) == 0
    assert figure("interpares_view_position", view="nothing") == TIMES + 1


async def decided(counting: Counting, number: int) -> list[str]:
    """Take decisions in a trace of its own each; return the contexts their events carry."""
    counter, contexts = uuid4(), []
    await counting.create(counter)
    for _ in range(number):
        with continued("", "", "decide"):
            traceparent, _ = current_traceparent()
            await counting.increment(counter, occasion=an_occasion(traceparent=traceparent))
            contexts.append(traceparent)
    return contexts


def parents(spans: InMemorySpanExporter, name: str) -> list[str]:
    """Return trace and parent of each span of that name as a traceparent."""
    found: list[ReadableSpan] = [span for span in spans.get_finished_spans() if span.name == name]
    return [
        f"00-{span.parent.trace_id:032x}-{span.parent.span_id:016x}-{span.parent.trace_flags:02x}"
        for span in found
        if span.parent
    ]


async def test_each_message_of_a_batch_is_a_child_of_its_own_decision(
    spans: InMemorySpanExporter, migrated: Made, other_migrated: Made, nats_url: str
) -> None:
    async with both(migrated, other_migrated) as (counting, listener):
        contexts = await decided(counting, TIMES)
        messages, _ = await StoreFeed(counting, publish).after(0)
        # One batch, straight from the store: no relay between.
        await listener.effects().have(messages, 0)
        async with producing(counting, nats_url):
            await until(lambda: stream_holds(nats_url, TIMES), "all is published")

    assert parents(spans, f"receive {Incremented.TYPE}") == contexts
    assert parents(spans, f"publish {Incremented.TYPE}") == contexts
    receives = {span.context.span_id for span in spans.get_finished_spans() if span.name.startswith("receive")}
    (append,) = [span for span in spans.get_finished_spans() if span.name == "append" and span.links]
    assert {link.context.span_id for link in append.links} == receives
