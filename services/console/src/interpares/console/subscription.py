"""A service's event stream as a subscriber sees it: in order, without gaps, through restarts of NATS."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from urllib.parse import urlsplit

import nats
import nats.errors
import nats.js.errors
from nats.aio.client import Client as Connection
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from interpares.common.cancelling import heed_cancellation
from interpares.common.envelope import Message, from_wire
from interpares.common.streams import stream_name
from interpares.console.failures import Unreachable

CONNECT_SECONDS = 5.0
FETCH_SECONDS = 1.0
PAUSE_SECONDS = 0.2
# Of a consumer nobody asks any more, NATS keeps nothing after this long.
ABANDONED_SECONDS = 60.0


class Gap(Exception):
    """A message says that another one came before it, and that one never arrived."""


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Connection]:
    """Connect for the block; a connection that is lost in it is taken up again. Raises Unreachable."""
    try:
        # Without a limit on reconnecting the client would not give up on the first connection either.
        async with asyncio.timeout(CONNECT_SECONDS):
            connection = await nats.connect(
                url,
                name="interpares console",
                connect_timeout=2,
                reconnect_time_wait=0.2,
                max_reconnect_attempts=-1,
                error_cb=_ignore,
            )
    except (OSError, TimeoutError, nats.errors.Error) as error:
        place = urlsplit(url)
        raise Unreachable(
            title="NATS does not answer",
            detail=f"{place.hostname}:{place.port}: {type(error).__name__}.",
            way_out="Is the demo still running? interpares doctor looks at every address.",
        ) from error
    try:
        yield connection
    finally:
        await connection.close()


async def follow(
    connection: Connection, service: str, *, programme: str | None = None, from_now: bool = False
) -> AsyncGenerator[Message, None]:
    """Yield the messages of a service's stream, once each, in order, for ever.

    programme: only those of one programme; then continuity cannot be checked, since what lies between is left out.
    from_now: leave out what is there already.
    Raises Gap where a message is missing, UnfitMessage where one was altered.
    """
    js = connection.jetstream()
    subject = f"evt.{service}.{programme or '*'}.>"
    reader = _Reader(js, stream_name(service), subject)
    if from_now:
        await reader.skip()
    last = None if from_now else 0
    async with aclosing(reader.messages()) as messages:
        async for message in messages:
            if last is not None and message.position <= last:
                continue
            if last is not None and message.previous > last and not programme:
                text = f"message {message.position} follows {message.previous}, but {last} was the last to arrive"
                raise Gap(text)
            last = message.position
            yield message


class _Reader:
    """Reads a stream by sequence; a consumer or a stream that is lost is made or found again."""

    def __init__(self, js: JetStreamContext, stream: str, subject: str) -> None:
        self._js = js
        self._stream = stream
        self._subject = subject
        self._next = 1

    async def skip(self) -> None:
        """Begin behind what is there."""
        self._next = (await self._js.stream_info(self._stream)).state.last_seq + 1

    async def messages(self) -> AsyncGenerator[Message, None]:
        """Yield what the stream holds and gets; after the stream was lost and rebuilt, from its start again."""
        while True:
            try:
                subscription = await self._subscribed()
                delivered = 0
                while True:
                    heed_cancellation()
                    raw = await self._one(subscription)
                    if raw is None:
                        continue
                    delivered += 1
                    if raw.metadata.sequence.consumer != delivered:
                        # One was sent into a connection that broke; a new consumer begins with it.
                        break
                    self._next = raw.metadata.sequence.stream + 1
                    yield from_wire(raw.subject, raw.headers, raw.data)
            except (nats.errors.Error, nats.js.errors.Error, TimeoutError):
                await asyncio.sleep(PAUSE_SECONDS)

    async def _subscribed(self) -> JetStreamContext.PullSubscription:
        state = (await self._js.stream_info(self._stream)).state
        if state.last_seq + 1 < self._next:
            self._next = 1
        config = ConsumerConfig(
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=self._next,
            ack_policy=AckPolicy.NONE,
            inactive_threshold=ABANDONED_SECONDS,
        )
        return await self._js.pull_subscribe(self._subject, stream=self._stream, config=config)

    async def _one(self, subscription: JetStreamContext.PullSubscription) -> Msg | None:
        try:
            # One by one: a batch that is not full comes only when its time is over.
            return (await subscription.fetch(1, timeout=FETCH_SECONDS))[0]
        except TimeoutError:
            # Silence may mean that the consumer is gone with its stream; this raises if so.
            await subscription.consumer_info()
            return None


async def _ignore(_: Exception) -> None:
    """A lost connection is taken up again; there is nobody to tell."""
