"""What was acknowledged, and what the stores hold: the two sides of every question about what was lost."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from chaos.evidence import Store, stream
from interpares.console.client import Client, Json
from interpares.console.failures import Failure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from drill.installation import Drilled

SERVICES = ("programme", "registration")
CANARY = "Kanarienvogel"
# Positions and leaf hashes say all there is to say about events.
EVENTS = "SELECT notification_id AS position, encode(leaf, 'hex') AS leaf FROM stored_events ORDER BY 1"


@dataclass
class Acknowledged:
    """Positions of decisions that clients got an answer for, by service."""

    positions: dict[str, set[int]] = field(default_factory=lambda: {name: set() for name in SERVICES})

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(map(len, self.positions.values()))


class Witness(Client):
    """A client that notes every decision it got an answer for."""

    acknowledged: Acknowledged

    async def post(self, service: str, path: str, body: Mapping[str, Any], *, key: str | None = None) -> Json:
        """Command, and note its position."""
        answer = await super().post(service, path, body, key=key)
        self.acknowledged.positions[service].add(int(answer["position"]))
        return answer


async def keep_deciding(operator: Witness) -> None:
    """Register organisations one after the other until a server does not answer any more."""
    while True:
        organisation = {
            "kind": "municipality",
            "country": "DE",
            "keys": [{"scheme": "drill", "value": uuid4().hex}],
            "names": {"de": "Musterstadt"},
            "languages": ["de"],
        }
        try:
            await operator.post("registration", "/organisations", organisation)
        except Failure:
            return


async def stored(installation: Drilled) -> dict[str, dict[int, str]]:
    """Return the leaf hash of every event by position, by service."""

    def read(name: str) -> dict[int, str]:
        rows = Store(installation.services[name].database.service_url).rows(EVENTS)
        return {row["position"]: row["leaf"] for row in rows}

    return {name: await asyncio.to_thread(read, name) for name in SERVICES}


def lost(before: Mapping[str, Mapping[int, str]], after: Mapping[str, Mapping[int, str]]) -> list[str]:
    """Return what the stores held and do not hold any more, or hold differently."""
    return [
        f"{name} {position}"
        for name, events in before.items()
        for position, leaf in events.items()
        if after[name].get(position) != leaf
    ]


def unanswered_for(acknowledged: Acknowledged, after: Mapping[str, Mapping[int, str]]) -> list[str]:
    """Return acknowledged decisions that no store holds."""
    return [
        f"{name} {position}"
        for name, positions in acknowledged.positions.items()
        for position in sorted(positions)
        if position not in after[name]
    ]


async def broken_streams(installation: Drilled, after: Mapping[str, Mapping[int, str]]) -> list[str]:
    """Return what is wrong with the streams: a message the store has not, a chain that does not hold."""
    wrong = []
    for name in SERVICES:
        previous = 0
        for message in await stream(installation.nats.url, name):
            if message.position not in after[name]:
                wrong.append(f"{name} {message.position} is on the stream and in no store")
            if message.previous != previous:
                wrong.append(f"{name} {message.position} follows {message.previous}, not {previous}")
            if message.digest != message.said:
                wrong.append(f"{name} {message.position} is not what its digest says")
            previous = message.position
    return wrong


def reappeared(installation: Drilled) -> list[str]:
    """Return where somebody who was erased can be read."""
    found = []
    for name in SERVICES:
        store = Store(installation.services[name].database.owner_url)
        tables = store.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        found += [
            f"{name}.{table['tablename']}"
            for table in tables
            if any(CANARY in row for row in store.table(table["tablename"]))
        ]
    return found
