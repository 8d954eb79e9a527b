"""What operators look at and set right in a running service: parked messages, views, the stream.

Every service serves this router, to operators only. Everything that takes long is done in pieces: a request works for a
few seconds and says how far it came, and whoever sends it again goes on from there. So nothing is lost with a
connection, a client or a process, and repeating a request is always safe.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import structlog
from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from interpares.common.effects import Effects
from interpares.common.errors import NotFound
from interpares.common.eventstore import EventStore
from interpares.common.feed import feed_page
from interpares.common.http import (
    API,
    After,
    Body,
    CurrentAsked,
    Limit,
    Page,
    Position,
    ReasonCode,
    ReasonText,
    Router,
    decode_cursor,
    page_of,
)
from interpares.common.parked import Parked
from interpares.common.policy import Capacity, Policy
from interpares.common.rebuilding import Rebuild, rebuilds
from interpares.common.streams import stream_name
from interpares.common.streamstate import stream_state
from interpares.common.unparking import Discard, Discarded, Flowed, Unparking

if TYPE_CHECKING:
    from interpares.common.service import Parts, Service

OPERATORS = frozenset({Capacity.OPERATOR})
PREFIX = f"{API}/operations"
MESSAGE = f"{PREFIX}/parked/{{feed}}/{{position}}"
POLICY: Policy = {
    ("GET", f"{PREFIX}/parked"): OPERATORS,
    ("GET", MESSAGE): OPERATORS,
    ("POST", f"{MESSAGE}/retry"): OPERATORS,
    ("POST", f"{MESSAGE}/discard"): OPERATORS,
    ("GET", f"{PREFIX}/discarded"): OPERATORS,
    ("GET", f"{PREFIX}/views"): OPERATORS,
    ("POST", f"{PREFIX}/views/{{view}}/rebuild"): OPERATORS,
    ("GET", f"{PREFIX}/stream"): OPERATORS,
}
Name = Annotated[str, Path(pattern="^[a-z][a-z0-9_-]{0,62}$")]
log = structlog.get_logger(__name__)


class Answer(BaseModel):
    """What an answer is made from: rows and dataclasses of ours."""

    model_config = ConfigDict(from_attributes=True)


class ParkedMessage(Answer):
    """A message that could not be handled. waiting: how many of its aggregate are parked behind it."""

    feed: str
    position: int
    aggregate: str
    type: str | None
    cause: str
    parked_at: datetime
    waiting: int


class WholeMessage(ParkedMessage):
    """With all it carries. event: the CloudEvent, null where nobody can read it."""

    headers: dict[str, str]
    event: Any


class DiscardedMessage(Answer):
    """A message that was given up. reason: null once it was erased."""

    feed: str
    position: int
    aggregate: str
    type: str | None
    cause: str
    parked_at: datetime
    discarded_at: datetime
    actor: UUID
    reason_code: str
    reason: str | None


class Discarding(Body):
    """Why a message is given up. about: people the reason is about."""

    reason_code: ReasonCode
    reason: ReasonText
    about: Annotated[tuple[UUID, ...], Field(max_length=100)] = ()


class Outcome(Answer):
    """What came of an aggregate's parked messages.

    handled: how many had their effect now. left: how many are parked still; next: position of the first of them.
    cause: why that one failed again; null where there was only no more time, so that the same request goes on.
    """

    handled: int
    left: int
    next: int | None
    cause: str | None


class View(Answer):
    """How far a view is. head: position of the last event; rebuilt_to: how far a rebuild under way has come."""

    view: str
    position: int
    head: int
    behind: int
    rebuilt_to: int | None


class Rebuilt(Answer):
    """How far a rebuild has come. events: read by this request; done: the new view is in its place."""

    view: str
    position: int
    head: int
    events: int
    done: bool


class Stream(Answer):
    """What the service's stream holds.

    reachable: whether NATS answers. messages: null where there is no stream. last_position: of the last message; head:
    of the last event in the store. complete: nothing is left to publish.
    """

    stream: str
    reachable: bool
    messages: int | None = None
    bytes: int | None = None
    last_position: int | None = None
    head: int
    complete: bool


def operations_router(service: "Service", parts: "Parts") -> APIRouter:
    """Return the routes for operators."""
    router: APIRouter = Router(prefix="/operations", tags=["operations"])
    _parked_routes(router, service, parts)
    _view_routes(router, service, parts)

    @router.get("/stream")
    async def show_stream() -> Stream:
        """Tell what the stream holds, and what the store has."""
        name, head = stream_name(service.name), await parts.store.head()
        try:
            state = await stream_state(parts.settings.nats_url.get_secret_value(), service.name)
        except OSError:
            return Stream(stream=name, reachable=False, head=head, complete=False)
        if state is None:
            return Stream(stream=name, reachable=True, head=head, complete=False)
        rest = await feed_page(service.name, parts.store, service.publish, state.last_position, 1)
        return Stream(
            stream=name,
            reachable=True,
            messages=state.messages,
            bytes=state.bytes,
            last_position=state.last_position,
            head=head,
            complete=not rest.items,
        )

    return router


def _parked_routes(router: APIRouter, service: "Service", parts: "Parts") -> None:
    parked = Parked(parts.database)
    # A store of its own: aggregates the API keeps in memory belong to its commands.
    store = EventStore(parts.database)
    effects = {
        feed: Effects(service.name, feed, parts.database, store, parts.appender, handlers)
        for feed, handlers in service.subscriptions.items()
    }
    unparking = Unparking(service.name, parts.database, effects)

    @router.get("/parked")
    async def list_parked(after: After = None, limit: Limit = 50) -> Page[ParkedMessage]:
        """List the first parked message of each aggregate, by feed and position."""
        rows = await parked.page(decode_cursor(after, str, int) if after else ("", 0), limit + 1)
        found = [ParkedMessage.model_validate(row) for row in rows]
        return page_of(found, limit, lambda each: (each.feed, each.position))

    @router.get("/parked/{feed}/{position}")
    async def show_parked(feed: Name, position: Position) -> WholeMessage:
        """Show one parked message."""
        return WholeMessage.model_validate(await parked.get(feed, position))

    @router.post("/parked/{feed}/{position}/retry")
    async def retry(feed: Name, position: Position, asked: CurrentAsked) -> Outcome:
        """Handle a message and then those that wait behind it, in order, until one fails again."""
        log.info("retry", feed=feed, position=position, actor=str(asked.occasion.actor))
        return _outcome(await unparking.retry(feed, position))

    @router.post("/parked/{feed}/{position}/discard")
    async def discard(feed: Name, position: Position, body: Discarding, asked: CurrentAsked) -> Outcome:
        """Give a message up, for good and with a reason; then handle those that wait behind it."""
        log.warning("discard", feed=feed, position=position, actor=str(asked.occasion.actor), code=body.reason_code)
        command = Discard(feed, position, body.reason_code, asked.sealed(body.reason, body.about))
        given_up = await asked.run(parts.commands, unparking.discard, command, Discarded)
        return _outcome(await unparking.flow(feed, given_up.result.aggregate))

    @router.get("/discarded")
    async def list_discarded(after: After = None, limit: Limit = 50) -> Page[DiscardedMessage]:
        """List the messages that were given up, in that order, with who did it and why."""
        behind = decode_cursor(after, datetime, str, int) if after else None
        found = [DiscardedMessage.model_validate(row) for row in await parked.discarded(behind, limit + 1)]
        return page_of(found, limit, lambda each: (each.discarded_at, each.feed, each.position))


def _outcome(flowed: Flowed) -> Outcome:
    return Outcome.model_validate(flowed)


def _view_routes(router: APIRouter, service: "Service", parts: "Parts") -> None:
    projectors = {projector.VIEW: projector for projector in service.projectors}

    @router.get("/views")
    async def list_views() -> Page[View]:
        """List the views and how far each is."""
        head = await parts.store.head()
        under_way = await rebuilds(parts.database)
        rows = await parts.database.fetch("SELECT view, position FROM view_positions")
        positions = {row["view"]: row["position"] for row in rows}
        found = []
        for view in projectors:
            position = positions.get(view, 0)
            # The view may have taken in events that came after the head was read.
            behind, rebuilt_to = max(head - position, 0), under_way.get(view)
            found.append(
                View(view=view, position=position, head=position + behind, behind=behind, rebuilt_to=rebuilt_to)
            )
        return Page(items=tuple(found), next=None)

    @router.post("/views/{view}/rebuild")
    async def rebuild(view: Name, asked: CurrentAsked) -> Rebuilt:
        """Begin to make a view again, or go on; send it until it is done. The view is served as ever meanwhile."""
        projector = projectors.get(view)
        if projector is None:
            message, way_out = "There is no such view.", "List the views."
            raise NotFound(message, way_out)
        log.info("rebuild", view=view, actor=str(asked.occasion.actor))
        progress = await Rebuild(parts.database, projector).go_on()
        head = await parts.store.head()
        return Rebuilt(view=view, position=progress.position, head=head, events=progress.events, done=progress.done)
