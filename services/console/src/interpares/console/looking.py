"""What several commands look up: the programmes a context can see, and names to show instead of ids."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from interpares.console.client import Client, http
from interpares.console.contexts import chosen
from interpares.console.failures import Problem, Refused

# Whoever typed a command waits for its answer, so what is down is told soon.
PATIENCE_SECONDS = 3.0


@asynccontextmanager
async def client(context: str | None) -> AsyncIterator[Client]:
    """Lend a client that acts as a context. Raises Usage where none can be meant."""
    found = chosen(context)
    async with http() as connection:
        yield Client(found, connection, patience=PATIENCE_SECONDS)


async def programmes(client: Client, wanted: str | None) -> list[str]:
    """Return the programme wanted, else all the context can see. Raises Refused where there is none."""
    if wanted:
        return [wanted]
    visible = [str(each["id"]) async for each in client.items("programme", "/programmes")]
    if not visible:
        raise Refused(
            title="No programme",
            detail=f"The context {client.context.name} can see none.",
            way_out="Choose another context; interpares contexts lists them.",
        )
    return visible


async def names(client: Client) -> dict[str, str]:
    """Return names of organisations by id; empty for a context that may not list them."""
    try:
        listed = client.items("registration", "/organisations")
        return {str(each["id"]): next(iter(each["names"].values())) async for each in listed}
    except Problem:
        return {}


async def meetings(client: Client, programme: str) -> dict[str, str]:
    """Return titles of the meetings of a programme by id; empty where they cannot be read."""
    try:
        listed = client.items("programme", f"/programmes/{programme}/meetings")
        return {str(each["id"]): told(each["title"]) or str(each["id"]) async for each in listed}
    except Problem:
        return {}


def told(texts: Mapping[str, Any]) -> str:
    """Return a text in the language of the console, else in the first there is; empty where there is none."""
    return str(texts.get("en") or next(iter(texts.values()), ""))
