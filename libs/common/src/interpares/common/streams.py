"""The JetStream streams, declared once; ``migrate`` provisions them and the relay restores one that was lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from nats.js.api import DiscardPolicy, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import NotFoundError

if TYPE_CHECKING:
    from nats.js import JetStreamContext

MAX_BYTES = 1 << 30
DUPLICATE_WINDOW_SECONDS = 120.0
log = structlog.get_logger(__name__)


def stream_name(service: str) -> str:
    """Return the name of a service's event stream."""
    return f"EVT_{service.upper()}"


def event_stream(service: str, *, max_bytes: int = MAX_BYTES, replicas: int = 1) -> StreamConfig:
    """Return the declaration of a service's event stream: kept on disk, never thinned out, refused when full."""
    return StreamConfig(
        name=stream_name(service),
        description=f"events of {service}, written by its relay only",
        subjects=[f"evt.{service}.>"],
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        discard=DiscardPolicy.NEW,
        max_bytes=max_bytes,
        duplicate_window=DUPLICATE_WINDOW_SECONDS,
        num_replicas=replicas,
        deny_delete=True,
        deny_purge=True,
    )


async def provision(js: JetStreamContext, config: StreamConfig) -> None:
    """Make the stream if it is missing. An existing one is left as it is: operators may have enlarged it."""
    assert config.name is not None  # noqa: S101 -- event_stream names it
    try:
        await js.stream_info(config.name)
    except NotFoundError:
        await js.add_stream(config)
        log.warning("stream-provisioned", stream=config.name)
