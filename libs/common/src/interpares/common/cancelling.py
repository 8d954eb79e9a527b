"""Heeding a cancellation that got lost.

``asyncio.wait_for`` of Python 3.11 returns a result that arrives together with a cancellation and drops the latter;
nats-py and psycopg wait that way, and nats-py turns some cancellations into time-outs. A loop that runs for ever
therefore asks, each time round, whether it is still wanted. Own waits use ``asyncio.timeout``, which has no such gap.
"""

from __future__ import annotations

import asyncio


def heed_cancellation() -> None:
    """Raise CancelledError if somebody has cancelled the current task, whether or not it has noticed."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
