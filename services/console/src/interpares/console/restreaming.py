"""``interpares streams rebuild``: deleting a stream, and watching its relay make it again."""

from __future__ import annotations

import asyncio
from typing import Any

from nats.js.errors import NotFoundError

from interpares.common.streams import stream_name
from interpares.console import looking
from interpares.console.client import Client, Json
from interpares.console.failures import Refused
from interpares.console.operating import STREAM, ServiceName, confirm, streams_of
from interpares.console.progress import working
from interpares.console.subscription import connected

LOOK_SECONDS = 0.3
STALL_SECONDS = 60.0


async def rebuild(context: str | None, service: ServiceName, *, watch: bool, yes: bool, as_json: bool) -> Json:
    """Delete a service's stream, unless only to ``watch``; return its state once it holds everything again."""
    async with looking.client(context) as client:
        url = streams_of(client.context)
        before = await _state(client, service)
        if not watch:
            confirm(f"Delete {before['stream']} with {before['messages'] or 0} messages, to be made again?", yes=yes)
            await _delete(url, service)
        return await _watched(client, service, as_json=as_json)


async def _state(client: Client, service: ServiceName) -> Json:
    state = await client.get(service, STREAM)
    if not state["reachable"]:
        raise Refused(
            title="NATS is out of reach",
            detail=f"The API of {service} cannot reach it.",
            way_out="Commands go on meanwhile; start NATS, then try again.",
        )
    return state


async def _delete(url: str, service: ServiceName) -> None:
    async with connected(url) as connection:
        try:
            await connection.jetstream().delete_stream(stream_name(service.value))
        except NotFoundError:
            return


async def _watched(client: Client, service: ServiceName, *, as_json: bool) -> Json:
    loop = asyncio.get_running_loop()
    held, moved = 0, loop.time()
    with working("rebuilding", as_json=as_json) as work:
        while True:
            state: dict[str, Any] = await _state(client, service)
            messages = int(state["messages"] or 0)
            if messages != held:
                moved = loop.time()
            work.reach(
                state["head"] if state["complete"] else int(state["last_position"] or 0),
                state["head"],
                counted=max(messages - held, 0),
            )
            held = messages
            if state["complete"]:
                return state
            if loop.time() - moved > STALL_SECONDS:
                raise Refused(
                    title="The stream does not grow",
                    detail=f"For {STALL_SECONDS:.0f} s it has held {messages} messages.",
                    way_out="Look at the log of the service's worker; then interpares streams rebuild --watch.",
                )
            await asyncio.sleep(LOOK_SECONDS)
