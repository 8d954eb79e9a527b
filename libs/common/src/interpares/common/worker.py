"""Long-running tasks of a process, and what happens when one fails.

What passes by itself (a lost connection, a database or a broker that restarts) is logged and tried again after a pause.
Anything else is a bug: it ends the process, which whoever runs it starts anew.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import nats.errors
import nats.js.errors
import structlog

from interpares.common.cancelling import heed_cancellation
from interpares.common.database import AWAY
from interpares.common.errors import Busy, LaterRelease

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping
    from typing import Any

PASSING = (
    Busy,
    OSError,
    TimeoutError,
    *AWAY,
    nats.errors.Error,
    nats.js.errors.Error,
)
PAUSE_SECONDS = 1.0
log = structlog.get_logger(__name__)


def passes(error: BaseException) -> bool:
    """Tell whether a failure passes by itself; of a group, whether all in it do."""
    if isinstance(error, BaseExceptionGroup):
        return all(passes(each) for each in error.exceptions)
    return isinstance(error, PASSING)


async def persist(name: str, task: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a task for ever, starting it again after failures that pass.

    Each run is a task of its own: a TaskGroup of Python 3.11 that failed leaves a mark of cancellation on the task it
    ran in, and a later run would take it for meant.
    """
    while True:
        heed_cancellation()
        run = asyncio.create_task(task(), name=name)
        try:
            await run
        except asyncio.CancelledError:
            heed_cancellation()
            log.warning("task-interrupted", task=name, error="cancelled from within")
        except Exception as error:
            if not passes(error):
                raise
            log.warning("task-interrupted", task=name, error=_kinds(error))
        await asyncio.sleep(PAUSE_SECONDS)


async def work(tasks: Mapping[str, Callable[[], Coroutine[Any, Any, None]]]) -> None:
    """Run tasks side by side until cancelled; a bug in one of them ends all."""
    async with asyncio.TaskGroup() as group:
        for name, task in tasks.items():
            group.create_task(persist(name, task), name=name)


def _kinds(error: BaseException) -> str:
    if isinstance(error, BaseExceptionGroup):
        return ", ".join(sorted({_kinds(each) for each in error.exceptions}))
    return f"LaterRelease {error.what}" if isinstance(error, LaterRelease) else type(error).__name__
