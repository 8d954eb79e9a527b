"""Logs: one JSON object per line on stdout, with the trace id, and without anything people typed.

Log calls name an event and facts: ``log.info("membership-ended", membership=str(id))``. Everything libraries log goes
the same way. A deny-list drops keys that could carry personal data or secrets, and an exception is written as type and
place only: messages of drivers and validators quote the values they complain about.
"""

from __future__ import annotations

import logging
import sys
import traceback
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog

from interpares.common import telemetry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import TextIO

    from structlog.typing import EventDict, Processor, WrappedLogger

DENIED = frozenset(
    {
        "about",
        "answer",
        "args",
        "authorization",
        "body",
        "caused_by",
        "client_secret",
        "cookie",
        "data",
        "display_name",
        "email",
        "family_name",
        "given_name",
        "headers",
        "input",
        "kwargs",
        "motivation",
        "name",
        "names",
        "note",
        "password",
        "payload",
        "phone",
        "query",
        "query_string",
        "reason",
        "salt",
        "secret",
        "sub",
        "subject",
        "text",
        "texts",
        "token",
        "url",
    }
)
# Their own lines quote addresses with query strings or repeat what the edge logs without them.
QUIET = ("httpcore2", "httpx2", "uvicorn.access", "faststream.access")
OWN_HANDLERS = ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi", "faststream", "faststream.access.nats")
FRAMES = 12


def configure(service: str, role: str, level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send all logging of the process, structlog's and the standard library's, through one formatter.

    service, role: put on every line. stream: stdout unless a test wants it elsewhere.
    """

    def whence(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return {"service": service, "role": role, **event}

    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        whence,
        traced,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                placed,
                discreet,
                structlog.processors.JSONRenderer(default=_plain, ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in OWN_HANDLERS:
        logger = logging.getLogger(name)
        logger.handlers = []
        logger.propagate = True
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)


def traced(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Add the id of the trace in force."""
    trace_id = telemetry.current_trace_id()
    return {**event, "trace_id": trace_id} if trace_id else event


def placed(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace an exception by the types in its chain and the innermost frames of the first, without messages."""
    info = event.pop("exc_info", None)
    event.pop("stack_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["exception"] = [_kind(each) for each in _chain(error)]
        event["at"] = _frames(error.__traceback__)
    return event


def discreet(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Drop every denied key, however deep, and what asyncio quotes of a task that failed unheard."""
    if event.get("logger") == "asyncio":
        event["event"] = str(event["event"]).partition("\n")[0]
    return {key: _without_denied(value) for key, value in event.items() if key.lower() not in DENIED}


def _without_denied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_denied(each) for key, each in value.items() if str(key).lower() not in DENIED}
    if isinstance(value, list | tuple | set | frozenset):
        return [_without_denied(each) for each in value]
    return value


def _plain(value: Any) -> str:
    # What else might be put on a line could print what it holds.
    return str(value) if isinstance(value, UUID | date) else type(value).__name__


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        if isinstance(error, BaseExceptionGroup):
            for each in error.exceptions:
                yield from _chain(each)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _kind(error: BaseException) -> str:
    # A PostgreSQL error says by its code what happened without quoting a row.
    code = getattr(error, "sqlstate", None)
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    return f"{kind} [{code}]" if code else kind


def _frames(tracked: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(tracked)[-FRAMES:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
