"""What each service, and whoever operates the platform, may do on NATS: its own stream, its own consumers, no more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

# Replies come back on these.
INBOX = "_INBOX.>"


def of_service(service: str, producers: Iterable[str]) -> dict[str, Any]:
    """Return the permissions of a service: publish and look after its own stream, read those of some producers.

    What others ask of it, on ``ask.<service>.…``, it may hear and answer; asking is a right to be given by name.

    Only the relay of a service writes to its stream, and a consumer is made by the service that reads through it.
    """
    own = f"EVT_{service.upper()}"
    publish = [
        f"evt.{service}.>",
        "$JS.API.INFO",
        *(f"$JS.API.STREAM.{verb}.{own}" for verb in ("INFO", "CREATE", "MSG.GET")),
        f"$JS.API.DIRECT.GET.{own}",
        f"$JS.API.DIRECT.GET.{own}.>",
    ]
    for producer in producers:
        stream, consumer = f"EVT_{producer.upper()}", f"{service}-{producer}"
        publish += [
            f"$JS.API.STREAM.INFO.{stream}",
            *(f"$JS.API.CONSUMER.{verb}.{stream}.{consumer}" for verb in ("CREATE", "INFO", "DELETE", "MSG.NEXT")),
            f"$JS.API.CONSUMER.CREATE.{stream}.{consumer}.>",
            f"$JS.API.CONSUMER.DURABLE.CREATE.{stream}.{consumer}",
            f"$JS.ACK.{stream}.{consumer}.>",
        ]
    return {"publish": publish, "subscribe": [INBOX, f"ask.{service}.>"], "allow_responses": True}


def of_operator() -> dict[str, list[str]]:
    """Return the permissions of who operates: read every stream, delete one that is to be made again, write nothing."""
    return {
        "publish": [
            "$JS.API.INFO",
            *(f"$JS.API.STREAM.{verb}" for verb in ("LIST", "NAMES")),
            *(f"$JS.API.STREAM.{verb}.*" for verb in ("INFO", "MSG.GET", "DELETE")),
            "$JS.API.DIRECT.GET.>",
            "$JS.API.CONSUMER.CREATE.>",
            *(f"$JS.API.CONSUMER.{verb}.*.*" for verb in ("INFO", "MSG.NEXT", "DELETE")),
        ],
        "subscribe": [INBOX],
    }


def accounts(passwords: Mapping[str, str], rights: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the ``accounts`` of a server's configuration. passwords, rights: by user."""
    users = [{"user": user, "password": passwords[user], "permissions": dict(may)} for user, may in rights.items()]
    return {"PLATFORM": {"jetstream": "enabled", "users": users}}
