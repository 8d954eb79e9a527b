"""Load over HTTP from a process of its own: callers on kept connections, each sends when it has its answer.

``python -m bench.httpload`` reads what to do as JSON from its standard input and prints what came of it as JSON. It
speaks just enough HTTP/1.1 for that, so that it takes little of the machine it measures.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass
from itertools import count
from uuid import uuid4

OK = range(200, 300)
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True)
class Wish:
    """What to do. paths: one for each caller. body: JSON, empty to GET. token: bearer of every request."""

    host: str
    port: int
    paths: tuple[str, ...]
    body: str
    token: str
    seconds: float


@dataclass
class Came:
    """What came of it. failed: answers that were not 2xx, by status."""

    answered: int
    failed: dict[int, int]
    seconds: float

    @property
    def rate(self) -> float:
        """Answers 2xx a second."""
        return self.answered / self.seconds


async def load(wish: Wish) -> Came:
    """Send and count."""
    came = Came(0, {}, 0.0)
    connections = [await asyncio.open_connection(wish.host, wish.port) for _ in wish.paths]
    began = time.perf_counter()
    end = began + wish.seconds
    pairs = zip(connections, wish.paths, strict=True)
    await asyncio.gather(*(_caller(wish, path, streams, end, came) for streams, path in pairs))
    came.seconds = time.perf_counter() - began
    for _, writer in connections:
        writer.close()
    return came


async def _caller(wish: Wish, path: str, streams: Streams, end: float, came: Came) -> None:
    reader, writer = streams
    body = wish.body.encode()
    head = f"{'POST' if body else 'GET'} {path} HTTP/1.1\r\nHost: {wish.host}\r\n"
    head += f"Authorization: Bearer {wish.token}\r\n"
    if body:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    mine = uuid4()
    for number in count():
        if time.perf_counter() >= end:
            return
        key = f"Idempotency-Key: {mine}-{number}\r\n" if body else ""
        writer.write(f"{head}{key}\r\n".encode() + body)
        status = await _status(reader)
        if status in OK:
            came.answered += 1
        else:
            came.failed[status] = came.failed.get(status, 0) + 1


async def _status(reader: asyncio.StreamReader) -> int:
    """Read one answer to its end."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    (length,) = (int(line.split(":")[1]) for line in head.split("\r\n") if line.startswith("content-length:"))
    await reader.readexactly(length)
    return int(head.split(" ", 2)[1])


def main() -> None:
    """Do what standard input says."""
    given = json.loads(sys.stdin.read())
    came = asyncio.run(load(Wish(**{**given, "paths": tuple(given["paths"])})))
    sys.stdout.write(json.dumps(asdict(came)))


if __name__ == "__main__":
    main()
