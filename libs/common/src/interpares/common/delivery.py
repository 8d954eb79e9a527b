"""Getting messages off a stream: a durable consumer, made again whenever it is gone or cannot see its stream."""

from __future__ import annotations

from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import nats.errors
import nats.js.errors
import structlog
from nats.errors import TimeoutError as NatsTimeout
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError

from interpares.common.cancelling import heed_cancellation

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from nats.aio.msg import Msg
    from nats.js import JetStreamContext

FETCH = 128
FETCH_SECONDS = 1.0
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
        subscription = await self._js.pull_subscribe_bind(self._consumer, self._stream)
        try:
            yield self._fetched(subscription)
        finally:
            with suppress(*OUT_OF_REACH):
                await subscription.unsubscribe()

    async def _fetched(self, subscription: JetStreamContext.PullSubscription) -> AsyncIterator[list[Msg]]:
        while True:
            heed_cancellation()
            try:
                batch = await subscription.fetch(FETCH, timeout=FETCH_SECONDS)
            except (NatsTimeout, TimeoutError):
                # Nothing came. A consumer that stands ahead of a stream made anew would look just the same.
                await self._check()
                continue
            yield sorted(batch, key=lambda message: message.metadata.sequence.stream)

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
