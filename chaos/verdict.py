"""The comparison of a whole installation at rest, and the figures that come of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import nats
import nats.errors
import nats.js.errors

from chaos.comparison import Comparison
from chaos.effects import compare_effects
from chaos.evidence import Store, stream
from chaos.pipe import compare_store, compare_stream
from chaos.rebuild import compare_views
from interpares.common.streams import stream_name
from interpares.programme.main import SERVICE as PROGRAMME
from interpares.registration.main import SERVICE as REGISTRATION

if TYPE_CHECKING:
    from chaos.history import History
    from interpares.common.service import Service
    from interpares.console.installation import Installation

SERVICES = {service.name: service for service in (REGISTRATION, PROGRAMME)}
BEHIND = (
    "SELECT view, position, head FROM view_positions, (SELECT max(notification_id) AS head FROM stored_events) AS e"
    " WHERE position < head"
)
READERS = {"registration": "programme", "programme": "registration"}


async def awaited(installation: Installation) -> list[str]:
    """Return what is not yet at the end of what is stored: relays, inboxes, views; nothing once all is at rest."""
    late: list[str] = []
    for name, service in SERVICES.items():
        store, reader = _store(installation, name), _store(installation, READERS[name])
        last = await asyncio.to_thread(_last_published, store, service)
        if (streamed := await _streamed(installation.nats.url, name)) != last:
            late.append(f"the stream of {name} ends at {streamed}, not at {last}")
        heard = reader.rows("SELECT position FROM inbox_positions WHERE feed = %s", name)
        if [row["position"] for row in heard] != [last]:
            late.append(f"{READERS[name]} has heard {name} up to {heard[0]['position'] if heard else 0}, not {last}")
        late += [
            f"the view {row['view']} of {name} stands at {row['position']}, not at {row['head']}"
            for row in store.rows(BEHIND)
        ]
    return late


async def compare(installation: Installation, history: History) -> Comparison:
    """Compare everything."""
    comparison = Comparison()
    stores = {name: _store(installation, name) for name in SERVICES}
    events = {name: await asyncio.to_thread(store.events) for name, store in stores.items()}
    for name, service in SERVICES.items():
        told = history.acknowledged.get(name, ())
        compare_store(comparison, name, told, stores[name].keyed(), events[name])
        found = await stream(installation.nats.url, name)
        compare_stream(comparison, name, events[name], service.publish, found)
        await compare_views(comparison, service, installation.services[name].database, installation.postgres)
    compare_effects(
        comparison,
        (stores["programme"], events["programme"]),
        (stores["registration"], events["registration"]),
    )
    return comparison


def false_conflicts(installation: Installation, history: History) -> int:
    """Return how many commands were refused although they are recorded as done."""
    return sum(len(_store(installation, name).keyed().keys() & history.refused) for name in SERVICES)


def _store(installation: Installation, name: str) -> Store:
    return Store(installation.services[name].database.service_url)


def _last_published(store: Store, service: Service) -> int:
    return max((each.position for each in store.events() if service.publish(each.recorded)), default=0)


async def _streamed(url: str, service: str) -> int:
    """Return the position of the last message of a stream, -1 while it cannot be told."""
    try:
        connection = await nats.connect(url, max_reconnect_attempts=0, allow_reconnect=False)
    except (OSError, TimeoutError, nats.errors.Error):
        return -1
    try:
        js, name = connection.jetstream(), stream_name(service)
        state = (await js.stream_info(name)).state
        return int(((await js.get_msg(name, seq=state.last_seq)).headers or {})["position"])
    except (TimeoutError, nats.errors.Error, nats.js.errors.Error):
        return -1
    finally:
        await connection.close()
