"""Reading a whole stream as it is, fast: what it holds when reading begins, then what comes late."""

from __future__ import annotations

from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError

from interpares.common.streams import stream_name
from interpares.console.failures import Refused
from interpares.console.verification import Held

BATCH = 500
WAIT_SECONDS = 5.0
ABANDONED_SECONDS = 60.0


class StreamReader:
    """The messages of a service's stream, in its order."""

    def __init__(self, js: JetStreamContext, service: str) -> None:
        self._js = js
        self._service = service
        self._stream = stream_name(service)
        self._subscription: JetStreamContext.PullSubscription | None = None
        self._delivered = 0
        self._next = 1
        self._last = 0
        self._pending = 0
        self._newer: list[Held] = []

    async def begin(self) -> int:
        """Look at the stream; return how many messages it holds. Raises Refused where there is none."""
        try:
            state = (await self._js.stream_info(self._stream)).state
        except NotFoundError as error:
            raise Refused(
                title="No stream",
                detail=f"There is no stream {self._stream}.",
                way_out="The relay of the service's worker makes it again; is the worker running?",
            ) from error
        self._next, self._last, self._pending = max(state.first_seq, 1), state.last_seq, state.messages
        return state.messages

    async def next(self) -> list[Held]:
        """Return what comes next, nothing once all is read that was there at the beginning."""
        if self._next > self._last or not self._pending:
            return []
        # Asking for more than there is would mean to wait for it.
        batch = await self._fetch(min(BATCH, self._pending))
        self._newer = [held for held in batch if held.sequence > self._last]
        return batch[: len(batch) - len(self._newer)]

    async def later(self) -> list[Held]:
        """Return what came since, nothing after some seconds in which nothing came."""
        newer, self._newer = self._newer, []
        return newer or await self._fetch(1)

    async def _fetch(self, number: int) -> list[Held]:
        """Fetch in order; where a message was sent into a connection that broke, a new consumer begins with it."""
        while True:
            subscription = self._subscription or await self._subscribed()
            try:
                batch = await subscription.fetch(number, timeout=WAIT_SECONDS)
            except TimeoutError:
                if (await subscription.consumer_info()).num_pending:
                    continue
                return []
            held = []
            for raw in batch:
                self._delivered += 1
                if raw.metadata.sequence.consumer != self._delivered:
                    self._subscription = None
                    break
                held.append(Held(raw.metadata.sequence.stream, raw.subject, dict(raw.headers or {}), raw.data))
                self._next, self._pending = raw.metadata.sequence.stream + 1, raw.metadata.num_pending
            if held:
                return held

    async def _subscribed(self) -> JetStreamContext.PullSubscription:
        config = ConsumerConfig(
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=self._next,
            ack_policy=AckPolicy.NONE,
            inactive_threshold=ABANDONED_SECONDS,
        )
        subject = f"evt.{self._service}.>"
        self._subscription = await self._js.pull_subscribe(subject, stream=self._stream, config=config)
        self._delivered = 0
        return self._subscription
