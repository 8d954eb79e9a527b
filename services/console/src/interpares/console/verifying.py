"""``interpares streams verify``: what stands between the command line and the comparison."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import nats.errors
import nats.js.errors

from interpares.common.feed import FeedItem, FeedPage
from interpares.common.streams import stream_name
from interpares.console import looking
from interpares.console.client import Client, Json
from interpares.console.failures import Unreachable
from interpares.console.operating import STREAM, ServiceName, streams_of
from interpares.console.output import console, print_json
from interpares.console.progress import working
from interpares.console.reading import StreamReader
from interpares.console.subscription import connected
from interpares.console.verification import Comparison, Difference

PAGE = 1000


async def verify(context: str | None, service: ServiceName, after: int, *, as_json: bool) -> Json:
    """Compare a service's stream with its feed behind a position, print each difference, return the verdict.

    Raises Refused where there is no stream, Unreachable where it goes away meanwhile.
    """
    try:
        return await _verify(context, service, after, as_json=as_json)
    except (nats.errors.Error, nats.js.errors.Error, TimeoutError) as error:
        raise Unreachable(
            title="The stream went away",
            detail=f"{stream_name(service.value)}: {type(error).__name__}.",
            way_out="Try again; --after POSITION spares what has been compared.",
        ) from error


async def _verify(context: str | None, service: ServiceName, after: int, *, as_json: bool) -> Json:
    async with looking.client(context) as client, connected(streams_of(client.context)) as connection:
        reader = StreamReader(connection.jetstream(), service.value)
        # In this order: what the stream holds by now the feed has.
        messages = await reader.begin()
        head = int((await client.get(service, STREAM))["head"])
        comparison = Comparison(reader, _feed(client, service, after, head), after, head)
        found: list[Difference] = []
        with working("verifying", as_json=as_json) as work:
            compared = 0
            async for difference in comparison.differences():
                if difference is None:
                    work.reach(comparison.position, head, counted=comparison.compared - compared)
                    compared = comparison.compared
                else:
                    found.append(difference)
                    _show(difference, as_json=as_json)
            # What comes behind the last message is not for others.
            work.reach(head, head, counted=0)
    return {
        "service": service.value,
        "stream": stream_name(service.value),
        "messages": messages,
        "compared": comparison.compared,
        "up_to": comparison.position,
        "seconds": round(work.seconds, 2),
        "differences": len(found),
        "positions": [each.position for each in found],
        "first": found[0].as_json() if found else None,
    }


def _show(difference: Difference, *, as_json: bool) -> None:
    if as_json:
        print_json(difference.as_json())
        return
    sequence = "" if difference.sequence is None else f" (sequence {difference.sequence})"
    console().print(f"{difference.position}: {difference.kind}, {difference.fact}{sequence}", markup=False)


async def _feed(client: Client, service: ServiceName, after: int, until: int) -> AsyncIterator[list[FeedItem]]:
    """Yield the pages of a service's feed between two positions; the next one is fetched while one is looked at."""

    async def page(after: int) -> FeedPage:
        return FeedPage.model_validate(await client.get(service, "/feed", after=after, limit=PAGE))

    fetching = asyncio.create_task(page(after))
    try:
        while True:
            got = await fetching
            items = [item for item in got.items if int(item.headers["position"]) <= until]
            last = len(items) < len(got.items) or got.complete
            if not last:
                fetching = asyncio.create_task(page(int(items[-1].headers["position"])))
            if items:
                yield items
            if last:
                return
    finally:
        fetching.cancel()
