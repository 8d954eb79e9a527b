"""Events are printed as they arrive, for people and for programs."""

import asyncio
import hashlib
import json
from collections.abc import Callable

import pytest

from interpares.common.streams import event_stream
from interpares.common.testing.processes import eventually
from interpares.console.contexts import Context
from interpares.console.failures import Refused
from interpares.console.subscription import connected
from interpares.console.tailing import SERVICES, tail

pytestmark = pytest.mark.integration
MakeContext = Callable[..., Context]
Capture = pytest.CaptureFixture[str]
SECONDS = 20.0


async def publish(url: str, *types: str, first_previous: int = 0) -> None:
    async with connected(url) as connection:
        js = connection.jetstream()
        for service in SERVICES:
            await js.add_stream(event_stream(service))
        for position, event_type in enumerate(types, start=1):
            data = {"duty": "AT.award-meeting.1", "to": ["o1"]}
            event = json.dumps({"type": event_type, "time": "2026-03-01T09:30:00+00:00", "data": data}).encode()
            headers = {
                "position": str(position),
                "previous": str(position - 1 + first_previous),
                "digest": hashlib.sha256(event).hexdigest(),
                "ce-type": event_type,
            }
            await js.publish("evt.programme.p.programme.x.v1", event, headers=headers)


async def printed(context: Context, capsys: Capture, lines: int, wanted: str = "", *, as_json: bool) -> list[str]:
    told: list[str] = []

    async def enough() -> bool:
        told.extend(capsys.readouterr().out.splitlines())
        return len(told) >= lines

    tailing = asyncio.create_task(tail(context, None, wanted, everything=True, as_json=as_json))
    await eventually(enough, timeout=SECONDS, what="output")
    tailing.cancel()
    await asyncio.gather(tailing, return_exceptions=True)
    return told


async def test_people_get_a_line_per_event(nats_url: str, context: MakeContext, capsys: Capture) -> None:
    await publish(nats_url, "programme.duty-offered.v1")
    [line] = await printed(context(nats_url=nats_url), capsys, 1, as_json=False)
    assert line.split() == ["2026-03-01", "09:30:00", "1", "programme.duty-offered.v1", "duty=AT.award-meeting.1"]


async def test_programs_get_the_events_of_the_types_they_want(
    nats_url: str, context: MakeContext, capsys: Capture
) -> None:
    await publish(nats_url, "programme.duty-offered.v1", "programme.duty-accepted.v1")
    [line] = await printed(context(nats_url=nats_url), capsys, 1, "accepted", as_json=True)
    assert json.loads(line)["type"] == "programme.duty-accepted.v1"


async def test_a_gap_is_told(nats_url: str, context: MakeContext) -> None:
    await publish(nats_url, "programme.duty-offered.v1", first_previous=5)
    with pytest.raises(Refused, match="message 1 follows 5, but 0 was the last to arrive"):
        await asyncio.wait_for(tail(context(nats_url=nats_url), None, "", everything=True, as_json=True), SECONDS)
