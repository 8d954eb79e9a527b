"""One decision is one trace: from the request over store, relay and stream to what the other service makes of it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pytest
from tests.integration.receiver import traceparent
from tests.integration.stage import WHY

from interpares.common.testing.counting import until

if TYPE_CHECKING:
    from tests.integration.receiver import Receiver, Span
    from tests.integration.stage import Stage

pytestmark = [pytest.mark.integration, pytest.mark.asyncio(loop_scope="session")]

PROGRAMME_API = "interpares-programme api"
PROGRAMME_WORKER = "interpares-programme worker"
REGISTRATION_API = "interpares-registration api"
REGISTRATION_WORKER = "interpares-registration worker"
DEADLINE = {"local": "2099-12-01T12:00", "zone": "Europe/Vienna"}


def named(spans: list[Span]) -> dict[str, Span]:
    """Return spans by process and name; each occurs once."""
    by_name = {f"{span.whence}: {span.name}": span for span in spans}
    assert len(by_name) == len(spans)
    return by_name


def lineage(spans: dict[str, Span]) -> dict[str, str]:
    """Return the name of the parent by the name of the child; an id where the parent is not in the trace."""
    by_id = {span.id: name for name, span in spans.items()}
    return {name: by_id.get(span.parent, span.parent) for name, span in spans.items()}


async def pointed_to(receiver: Receiver, cause: Span) -> bool:
    appends = [span for span in receiver.spans() if (span.whence, span.name) == (cause.whence, "append")]
    return any(cause.id in span.links for span in appends)


async def test_a_call_is_one_trace_through_both_services(stage: Stage, receiver: Receiver) -> None:
    scene = await stage.drafted("AT")
    trace_id, caller = secrets.token_hex(16), secrets.token_hex(8)

    answer = await stage.post(
        "office",
        "programme",
        f"{scene.path}/call",
        WHY | {"deadline": DEADLINE},
        traceparent=traceparent(trace_id, caller),
    )

    assert answer.status_code == 200
    request = f"{PROGRAMME_API}: POST /api/v1/programmes/{{programme_id}}/call"
    publish = f"{PROGRAMME_WORKER}: publish programme.call-opened.v1"
    receive = f"{REGISTRATION_WORKER}: receive programme.call-opened.v1"
    spans = named(await receiver.trace(trace_id, 4))
    # Should the feed over HTTP have been asked in between, it brought the event straight from the store.
    brought_by = publish if lineage(spans)[receive] == publish else request
    assert lineage(spans) == {
        request: caller,
        f"{PROGRAMME_API}: append": request,
        publish: request,
        receive: brought_by,
    }
    assert {name.partition(": ")[2].partition(" ")[0]: span.kind for name, span in spans.items()} == {
        "POST": "server",
        "append": "internal",
        "publish": "producer",
        "receive": "consumer",
    }
    # Registration writes what it heard in batches, so its append points to every cause instead of having one parent.
    await until(lambda: pointed_to(receiver, spans[receive]), "registration's append points to what it received")


async def test_what_arrives_over_the_stream_names_the_relay_as_its_cause(stage: Stage, receiver: Receiver) -> None:
    scene = await stage.exchange("IT")

    def through() -> list[Span]:
        spans = receiver.spans()
        published = {span.id for span in spans if span.name == "publish programme.participation-admitted.v1"}
        return [span for span in spans if span.name.startswith("receive") and span.parent in published]

    async def all_there() -> bool:
        return len(through()) >= len(scene.cast.towns) - 1

    # The feed, asked every few seconds, may have been quicker for the one or the other.
    await until(all_there, "admissions have arrived over the stream")


async def test_no_span_tells_who_or_why(stage: Stage, receiver: Receiver) -> None:
    scene = await stage.exchange("ES")
    people = [stage.scene.cast.office.clerk, *(town.coordinator for town in scene.cast.towns)]
    canary = f"The reason {secrets.token_hex(8)} is nobody's business."
    trace_id = secrets.token_hex(16)

    await stage.post(
        "office",
        "programme",
        f"{scene.path}/call/closure",
        WHY | {"reason": canary},
        traceparent=traceparent(trace_id),
    )
    await receiver.trace(trace_id, 4)

    everything = b"".join(receiver.bodies)
    secret = [canary]
    for person in people:
        actor = stage.actor(person.subject)
        secret += [str(actor), actor.hex, person.subject, person.email, person.given_name, person.family_name]
    assert [text for text in secret if text.encode() in everything] == []
    assert scene.programme
