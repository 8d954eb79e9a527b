"""What the pipe promises, compared for any service: answers against the store, the store against its stream."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from interpares.common.envelope import to_message

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from chaos.comparison import Comparison
    from chaos.evidence import Streamed, Written
    from chaos.history import Acknowledged
    from interpares.common.relay import Publish

Fact = tuple[Any, ...]


def compare_store(
    comparison: Comparison,
    service: str,
    acknowledged: Sequence[Acknowledged],
    keyed: Mapping[UUID, int],
    events: Sequence[Written],
) -> None:
    """Compare what clients were told with what the store holds: each command once, with its events, in one transaction.

    keyed: position by id of every recorded command that came with a key. Every client must have been answered.
    """
    told = {each.command_id: each for each in acknowledged}
    comparison.add(
        f"{service}: acknowledged against recorded commands",
        [(each.command_id, each.position) for each in told.values()],
        keyed.items(),
        ordered=False,
    )
    comparison.add(
        f"{service}: acknowledged against events",
        [(each.command_id, each.position, each.fact) for each in told.values()],
        _carried_out(told, keyed, events),
        ordered=False,
    )
    comparison.add(
        f"{service}: leaf hashes",
        [(each.position, each.computed_leaf) for each in events],
        [(each.position, each.leaf) for each in events],
    )


def _carried_out(told: Mapping[UUID, Acknowledged], keyed: Mapping[UUID, int], events: Iterable[Written]) -> list[Fact]:
    """Return for each keyed command its id, its last position, and the fact it was answered with.

    A command whose events were written by several transactions was carried out several times and is returned as often.
    """
    done: dict[UUID, dict[str, list[Written]]] = defaultdict(lambda: defaultdict(list))
    for each in events:
        command = each.event.metadata.command_id
        if command in keyed or command in told:
            done[command][each.transaction].append(each)
    facts: list[Fact] = []
    for command, executions in done.items():
        made, *_ = executions.values()
        names = [name for each in made for name in (each.event.event_id, each.event.originator_id)]
        fact = told[command].fact if command in told else None
        facts += [(command, made[-1].position, fact if fact in names else names[0])] * len(executions)
    return facts


def compare_stream(
    comparison: Comparison, service: str, events: Iterable[Written], publish: Publish, found: Iterable[Streamed]
) -> None:
    """Compare a stream with what the store says it must be: order, chain of ``previous``, subjects, bodies."""
    comparison.add(
        f"{service}: store against stream",
        _published(service, events, publish),
        [
            (each.position, each.previous, each.subject, each.event_id, each.digest)
            for each in found
            if each.digest == each.said
        ],
    )


def _published(service: str, events: Iterable[Written], publish: Publish) -> list[Fact]:
    facts: list[Fact] = []
    previous = 0
    for each in events:
        publication = publish(each.recorded)
        if publication is not None:
            message = to_message(service, each.recorded, publication, previous)
            previous = each.position
            digest = hashlib.sha256(message.body).hexdigest()
            facts.append((message.position, message.previous, message.subject, message.headers["ce-id"], digest))
    return facts
