"""The state of a programme as of a moment, and what changed between two: replayed from its events, never from a view.

Recorded time: what was in the log by then. Effective time: what was in effect then, as far as the log knows; a decision
that is not yet in effect holds back what was decided about the same subject later, and what follows from it. Both can
be asked for together: what was in effect at one moment, as one knew it at another. A corrected instant counts as
corrected.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from interpares.programme.domain.programme import Programme
from interpares.programme.domain.revising.events import DecisionCorrected, Part
from interpares.programme.domain.state import State

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

    from interpares.programme.domain.events import Event

STATE = TypeAdapter(State)
# What an event cannot find that builds on one which is not in effect yet.
NOT_THERE = (LookupError, AttributeError, TypeError, ValueError, StopIteration)


@dataclass(frozen=True)
class Moment:
    """What is looked back to. recorded: by when it must be in the log; effective: by when in effect; None for ever."""

    recorded: datetime | None = None
    effective: datetime | None = None


@dataclass
class Past:
    """A programme as of a moment. taken: the decisions it rests on, as they were recorded."""

    programme: Programme
    taken: list[Event] = field(default_factory=list)

    @property
    def state(self) -> dict[str, Any]:
        """The whole guard state as JSON values; of the rules only which they are."""
        state: dict[str, Any] = STATE.dump_python(self.programme.state, mode="json", exclude={"charter"})
        charter = self.programme.state.charter
        return state | {"charter": {"template": charter.template, "version": charter.version, "hash": charter.hash}}


def past_of(history: Sequence[Event], moment: Moment) -> Past | None:
    """Return the programme as of a moment, None if there was none yet. ``history``: all its events."""
    wanted = in_effect(history, moment)
    while wanted:
        past = _replayed(wanted, lambda _event, _past: None)
        if isinstance(past, Past):
            return past
        wanted = [event for event in wanted if event is not past]
    return None


def in_effect(history: Sequence[Event], moment: Moment) -> list[Event]:
    """Return the events that count at a moment, in the order they were recorded; none before the programme was."""
    known = [event for event in history if moment.recorded is None or event.timestamp <= moment.recorded]
    corrected = {
        event.corrected: datetime.fromisoformat(part.now)
        for event in known
        if isinstance(event, DecisionCorrected)
        for part in event.parts
        if part.part is Part.EFFECTIVE_AT
    }
    counting: list[Event] = []
    held_back: set[str | UUID] = set()
    for event in known:
        decision = event.decision
        effective = corrected.get(event.event_id, decision.effective_at)
        waits = decision.subject in held_back or decision.follows in held_back
        if waits or (moment.effective is not None and effective > moment.effective):
            held_back |= {decision.subject, event.event_id}
        else:
            counting.append(event)
    return counting if counting and isinstance(counting[0], Programme.Created) else []


def _replayed(events: Sequence[Event], watch: Callable[[Event, Past], None]) -> Past | Event:
    """Return the programme these events lead to, or the first of them that cannot happen without another."""
    first, *others = events
    programme: Any = first.mutate(None)
    past = Past(programme, [first])
    watch(first, past)
    for event in others:
        try:
            event.apply(programme)
        except NOT_THERE:
            return event
        programme.state.revisions.note(event.event_id, event.decision)
        past.taken.append(event)
        watch(event, past)
    return past


@dataclass(frozen=True)
class Change:
    """What differs: where, with dots; before and after, None for nothing; and the decisions that touched it."""

    path: str
    before: Any
    after: Any
    decisions: tuple[UUID, ...]


@dataclass(frozen=True)
class Difference:
    """What changed between two moments, and by which decisions."""

    changes: tuple[Change, ...]
    decisions: tuple[Event, ...]


def difference(history: Sequence[Event], earlier: Moment, later: Moment) -> Difference:
    """Return what changed from one moment to another."""
    before, after = past_of(history, earlier), past_of(history, later)
    known = {event.event_id for event in before.taken} if before else set()
    new = tuple(event for event in after.taken if event.event_id not in known) if after else ()
    touched: dict[str, list[UUID]] = {}
    if after is not None:
        _watch(after.taken, {event.event_id for event in new}, touched)
    old_leaves = leaves(before.state) if before else {}
    new_leaves = leaves(after.state) if after else {}
    changes = tuple(
        Change(path, old_leaves.get(path), new_leaves.get(path), tuple(touched.get(path, ())))
        for path in sorted(old_leaves.keys() | new_leaves.keys())
        if old_leaves.get(path) != new_leaves.get(path)
        # What was empty and has leaves now is told by them.
        and {} not in (old_leaves.get(path), new_leaves.get(path))
    )
    return Difference(changes, new)


def _watch(taken: Sequence[Event], new: set[UUID], touched: dict[str, list[UUID]]) -> None:
    """Replay, and note by path which of the new decisions changed what."""
    seen: dict[str, Any] = {}

    def watch(event: Event, past: Past) -> None:
        nonlocal seen
        index = len(past.taken) - 1
        upcoming = index + 1 < len(taken) and taken[index + 1].event_id in new
        if event.event_id not in new and not upcoming:
            return
        now = leaves(past.state)
        if event.event_id in new:
            for path in seen.keys() | now.keys():
                if seen.get(path) != now.get(path):
                    touched.setdefault(path, []).append(event.event_id)
        seen = now

    _replayed(taken, watch)


def leaves(value: Any, path: str = "") -> dict[str, Any]:
    """Return the leaves of nested objects by their paths, with dots; lists and empty objects are leaves."""
    if not isinstance(value, dict) or not value:
        return {path: value}
    found: dict[str, Any] = {}
    for key, each in value.items():
        found |= leaves(each, f"{path}.{key}" if path else key)
    return found
