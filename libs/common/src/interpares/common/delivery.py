"""Getting messages off a stream: a durable consumer, made again whenever it is gone or cannot see its stream."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import nats.errors
import nats.js.errors
import structlog
from nats.errors import NoRespondersError
from nats.errors import TimeoutError as NatsTimeout
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, Header
from nats.js.errors import NotFoundError

from interpares.common.cancelling import heed_cancellation

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from nats.aio.client import Client
    from nats.aio.msg import Msg
    from nats.aio.subscription import Subscription
    from nats.js import JetStreamContext

FETCH = 128
FETCH_SECONDS = 1.0
GRACE_SECONDS = 1.0
NO_RESPONDERS = "503"
ACK_SECONDS = 30.0
OUT_OF_REACH = (nats.errors.Error, nats.js.errors.Error, OSError, TimeoutError)
log = structlog.get_logger(__name__)


class Delivery:
    """Batches of one stream for one durable consumer."""

    def __init__(self, js: JetStreamContext, stream: str, consumer: str) -> None:
        self._js = js
        self._stream = stream
        self._consumer = consumer

    @asynccontextmanager
    async def batches(self) -> AsyncIterator[AsyncIterator[list[Msg]]]:
        """Lend batches in the order of the stream, for ever.

        Raises NotFoundError where stream or consumer are gone, and what nats-py raises where NATS is.
        """
        await self._ensure()
        connection = self._js._nc  # noqa: SLF001 -- the context lends its connection in no other way
        inbox = connection.new_inbox()
        subscription = await connection.subscribe(inbox)
        try:
            yield self._delivered(connection, subscription, inbox)
        finally:
            with suppress(*OUT_OF_REACH):
                await subscription.unsubscribe()

    async def _delivered(self, connection: Client, subscription: Subscription, inbox: str) -> AsyncIterator[list[Msg]]:
        """Take what comes at once; the library's own fetch would wait whether more comes."""
        next_message = f"$JS.API.CONSUMER.MSG.NEXT.{self._stream}.{self._consumer}"
        wish = json.dumps({"batch": FETCH, "expires": int(FETCH_SECONDS * 1e9)}).encode()
        while True:
            heed_cancellation()
            await connection.publish(next_message, wish, reply=inbox)
            due = FETCH
            while due > 0:
                messages = [await self._one(subscription)]
                while subscription.pending_msgs:
                    messages.append(await self._one(subscription))
                batch = [message for message in messages if message is not None and not _status(message)]
                due -= len(batch)
                if batch:
                    yield sorted(batch, key=lambda message: message.metadata.sequence.stream)
                if len(batch) < len(messages):
                    # The wish is over. A consumer that is gone, or ahead of a stream made anew, looks just the same.
                    if not batch:
                        await self._check()
                    break

    @staticmethod
    async def _one(subscription: Subscription) -> Msg | None:
        """Return the next message, None if the server does not even say that there is none."""
        try:
            message = await subscription.next_msg(timeout=FETCH_SECONDS + GRACE_SECONDS)
        except (NatsTimeout, TimeoutError):
            return None
        if _status(message) == NO_RESPONDERS:
            raise NoRespondersError
        return message

    async def _ensure(self) -> None:
        with suppress(NotFoundError):
            await self._check()
            return
        await self._js.add_consumer(
            self._stream,
            ConsumerConfig(
                durable_name=self._consumer,
                deliver_policy=DeliverPolicy.ALL,
                ack_policy=AckPolicy.EXPLICIT,
                ack_wait=ACK_SECONDS,
                max_deliver=-1,
                max_ack_pending=8 * FETCH,
            ),
        )

    async def _check(self) -> None:
        info = await self._js.consumer_info(self._stream, self._consumer)
        state = (await self._js.stream_info(self._stream)).state
        if info.delivered is not None and info.delivered.stream_seq > state.last_seq:
            log.warning("consumer-ahead-of-stream", stream=self._stream)
            await self._js.delete_consumer(self._stream, self._consumer)
            raise NotFoundError


def _status(message: Msg) -> str | None:
    """Return what the server says about the wish itself, None for a message of the stream."""
    return message.headers.get(Header.STATUS.value) if message.headers else None
