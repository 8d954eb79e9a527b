"""The event feed over HTTP: the same messages in the same order as on the stream, straight from the store.

Other services ask it when NATS is silent: to fill a gap, to go on while NATS is down, and to learn up to when they know
everything.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import httpx2
from fastapi import APIRouter, Query
from pydantic import BaseModel

from interpares.common.envelope import Message, UnfitMessage, from_wire, to_message
from interpares.common.http import Router

if TYPE_CHECKING:
    from interpares.common.eventstore import EventStore
    from interpares.common.relay import Publish

READ, LEAST = 500, 50
MOST = 2**63 - 1
TOKEN_MARGIN_SECONDS = 30.0


class FeedItem(BaseModel):
    """A message as it stands on the stream."""

    subject: str
    headers: dict[str, str]
    body: str


class FeedPage(BaseModel):
    """What follows a position. ``complete``: nothing more was there to publish when the answer was made."""

    items: list[FeedItem]
    complete: bool


def feed_router(service: str, store: EventStore, publish: Publish) -> APIRouter:
    """Return the route that serves a service's feed."""
    router: APIRouter = Router(tags=["feed"])

    @router.get("/feed", operation_id="readFeed")
    async def read_feed(
        after: Annotated[int, Query(ge=0, le=MOST)] = 0, limit: Annotated[int, Query(ge=1, le=1000)] = 200
    ) -> FeedPage:
        """Return the messages behind a position; read again from the last one's until it is complete."""
        return await feed_page(service, store, publish, after, limit)

    return router


async def feed_page(service: str, store: EventStore, publish: Publish, after: int, limit: int) -> FeedPage:
    """Return up to ``limit`` messages behind a position."""
    previous, read, items = after, after, list[FeedItem]()
    while True:
        # Not many more than are missing: what is read too much is decoded in vain.
        chunk = min(max(limit - len(items), LEAST), READ)
        events = await store.read(read, chunk)
        for recorded in events:
            read = recorded.position
            publication = publish(recorded)
            if publication is None:
                continue
            message = to_message(service, recorded, publication, previous)
            previous = recorded.position
            items.append(FeedItem(subject=message.subject, headers=message.headers, body=message.body.decode()))
            if len(items) == limit:
                return FeedPage(items=items, complete=False)
        if len(events) < chunk:
            return FeedPage(items=items, complete=True)


class ServiceToken:
    """The access token a service gets for itself: OAuth 2.0 client credentials."""

    def __init__(self, url: str, client_id: str, client_secret: str, http: httpx2.AsyncClient) -> None:
        self._url = url
        self._credentials = (client_id, client_secret)
        self._http = http
        self._token = ""
        self._until = 0.0

    async def value(self) -> str:
        """Return a token that is valid for a while. Raises httpx2.HTTPError where the issuer gives none."""
        if time.monotonic() > self._until:
            answer = await self._http.post(
                self._url, data={"grant_type": "client_credentials"}, auth=httpx2.BasicAuth(*self._credentials)
            )
            answer.raise_for_status()
            body = answer.json()
            self._token = body["access_token"]
            self._until = time.monotonic() + float(body.get("expires_in", 60)) - TOKEN_MARGIN_SECONDS
        return self._token


class HttpFeed:
    """A producer's feed, read over HTTP."""

    def __init__(self, url: str, token: ServiceToken, http: httpx2.AsyncClient) -> None:
        """``url``: of the producer's API, for example ``http://registration:8000``."""
        self._url = f"{url.rstrip('/')}/api/v1/feed"
        self._token = token
        self._http = http

    async def after(self, position: int) -> tuple[list[Message], bool]:
        """Return the messages behind a position and whether these are all. Raises OSError where they can't be had."""
        try:
            headers = {"authorization": f"Bearer {await self._token.value()}"}
            answer = await self._http.get(self._url, params={"after": position}, headers=headers)
            answer.raise_for_status()
            page = FeedPage.model_validate_json(answer.content)
            return [from_wire(item.subject, item.headers, item.body.encode()) for item in page.items], page.complete
        except (httpx2.HTTPError, ValueError, KeyError, UnfitMessage) as error:
            message = f"{self._url}: {type(error).__name__}"
            raise OSError(message) from error
