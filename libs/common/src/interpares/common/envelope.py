"""The message: CloudEvents 1.0, structured JSON, with what continuity and tracing need in its headers."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from interpares.common.canonical import canonical_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from interpares.common.contracts.contract import Contract
    from interpares.common.eventstore import Recorded

CONTENT_TYPE = "application/cloudevents+json"


@dataclass(frozen=True)
class Publication:
    """What leaves the service for one stored event.

    programme_id: the programme it belongs to, None where it belongs to none.
    """

    contract: Contract
    programme_id: UUID | None = None


@dataclass(frozen=True)
class Message:
    """An event as it travels.

    position: of the event in its store; previous: position of the message before it on this feed, 0 for the first.
    body: the CloudEvent as JSON bytes.
    """

    subject: str
    headers: dict[str, str]
    body: bytes
    position: int
    previous: int


class UnfitMessage(ValueError):
    """A message that is no event of the feed: its headers or its body are not what a relay writes."""


def to_message(service: str, recorded: Recorded, publication: Publication, previous: int) -> Message:
    """Return the message for an event: equal events make equal bytes, so a rebuilt stream can be compared."""
    event, contract = recorded.event, publication.contract
    _, aggregate, name, version = type(event).TOPIC.split(".")
    programme = str(publication.programme_id) if publication.programme_id else "_"
    event_id = str(event.event_id)
    body = canonical_json(
        {
            "specversion": "1.0",
            "id": event_id,
            "type": contract.TYPE,
            "source": f"/services/{service}",
            "subject": f"{aggregate}/{event.originator_id}",
            "time": event.timestamp.isoformat(),
            "datacontenttype": "application/json",
            "dataschema": f"/schemas/{contract.TYPE}.json",
            "programmeid": programme,
            "data": contract.model_dump(mode="json"),
        }
    )
    headers = {
        "content-type": CONTENT_TYPE,
        "ce-id": event_id,
        "ce-type": contract.TYPE,
        "Nats-Msg-Id": event_id,
        "traceparent": event.metadata.traceparent,
        "tracestate": event.metadata.tracestate,
        "correlation": str(event.metadata.correlation_id),
        "feed": service,
        "position": str(recorded.position),
        "previous": str(previous),
        "digest": hashlib.sha256(body).hexdigest(),
    }
    subject = f"evt.{service}.{programme}.{aggregate}.{name}.{version}"
    return Message(subject, {key: value for key, value in headers.items() if value}, body, recorded.position, previous)


def from_wire(subject: str, headers: Mapping[str, str] | None, body: bytes) -> Message:
    """Return what arrived as a message. Raises UnfitMessage where it was altered or is no event."""
    given = dict(headers or {})
    try:
        position, previous, digest = int(given["position"]), int(given["previous"]), given["digest"]
    except (KeyError, ValueError) as error:
        message = f"message on {subject} lacks a position"
        raise UnfitMessage(message) from error
    if hashlib.sha256(body).hexdigest() != digest:
        message = f"message at {position} does not match its digest"
        raise UnfitMessage(message)
    return Message(subject, given, body, position, previous)


@dataclass(frozen=True)
class Arrived:
    """An event of another service, opened. ``position`` and ``digest`` say which version of which fact it is."""

    id: UUID
    position: int
    digest: str
    type: str
    aggregate: str
    time: datetime
    correlation_id: UUID
    traceparent: str
    tracestate: str
    data: dict[str, Any]


def opened(message: Message) -> Arrived:
    """Return the CloudEvent of a message. Raises UnfitMessage where it is none."""
    try:
        body = json.loads(message.body)
        event_id = UUID(body["id"])
        return Arrived(
            id=event_id,
            position=message.position,
            digest=message.headers["digest"],
            type=body["type"],
            aggregate=body["subject"],
            time=datetime.fromisoformat(body["time"]),
            correlation_id=UUID(message.headers.get("correlation", str(event_id))),
            traceparent=message.headers.get("traceparent", ""),
            tracestate=message.headers.get("tracestate", ""),
            data=body["data"],
        )
    except (KeyError, TypeError, ValueError) as error:
        text = f"message at {message.position} is no CloudEvent"
        raise UnfitMessage(text) from error
