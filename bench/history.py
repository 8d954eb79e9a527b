"""Synthetic histories, made by the aggregates themselves: no event here that a command could not have made."""

from __future__ import annotations

from datetime import datetime
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import yaml

from interpares.common.context import acting
from interpares.common.contracts.template import Template
from interpares.common.eventstore import MAPPER, due_snapshot
from interpares.common.testing.counter import Counter, an_occasion
from interpares.programme.domain.duties import Duty, Status, eligible
from interpares.programme.domain.grounds import Grounds
from interpares.programme.domain.moment import LocalMoment
from interpares.programme.domain.participation import Applicant
from interpares.programme.domain.programme import Programme

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from eventsourcing.persistence import StoredEvent

    from interpares.common.aggregate import Aggregate

TEMPLATE = Path(__file__).parents[1] / "templates" / "multiply.yaml"
COUNTRIES = ("AT", "BE", "DE", "ES", "IT", "NL")
ROLES = ("front-runner", "front-runner", "award-winner", "follower", "follower", "follower", "follower")
GROUNDS = Grounds(reason_code="trial", reason="5e" * 32, capacity="office", organisation=uuid4())
HASH = "0" * 64
CONFERENCE = "all.conference.1"
DECLINED = 10


class Told:
    """What an aggregate of so many events leaves in the store: its events, and the snapshot due last."""

    def __init__(self, aggregate: Aggregate, act: Callable[[], None], length: int) -> None:
        """``act``: does the next thing with the aggregate."""
        self.id = aggregate.id
        self.events: list[StoredEvent] = []
        self.snapshots: list[StoredEvent] = []
        self._keep(aggregate, 0)
        while aggregate.version < length:
            before = aggregate.version
            act()
            self._keep(aggregate, before)

    def _keep(self, aggregate: Aggregate, before: int) -> None:
        self.events += [MAPPER.to_stored_event(event) for event in aggregate.collect_events()]
        if snapshot := due_snapshot(aggregate, before):
            self.snapshots = [MAPPER.to_stored_event(snapshot)]


def counter(length: int) -> Told:
    """Return a counter of so many events."""
    with acting(an_occasion()):
        made = Counter.create(uuid4())
        return Told(made, made.increment, length)


def programme(length: int) -> Told:
    """Return a programme of so many events, or one more: 42 take part, 36 duties are offered and answered.

    Decisions come in waves, as they do where one office runs it: all are asked, all answer. Most decline; what is
    accepted after all is given back, so that it goes on for ever.
    """
    with acting(an_occasion()):
        made, _ = Programme.draft(
            uuid4(),
            title={"en": "Long"},
            office=uuid4(),
            template=_template(),
            strands=COUNTRIES,
            grounds=GROUNDS,
        )
        story = _life(made)
        return Told(made, lambda: next(story), length)


def _template() -> dict[str, Any]:
    return Template.model_validate(yaml.safe_load(TEMPLATE.read_text(encoding="utf-8"))).as_document()


def _life(programme: Programme) -> Iterator[None]:
    """Do one thing after the other; most are one event each."""
    programme.open_call(LocalMoment(datetime.fromisoformat("2199-12-31T12:00"), "Europe/Brussels"), GROUNDS)
    yield
    for number, (country, role) in enumerate(product(COUNTRIES, ROLES)):
        programme.admit(_applicant(programme.id, number, country, role), role, (), GROUNDS)
        yield
    programme.derive_duties(GROUNDS)
    yield
    hosts = {duty.id: _host(programme, duty) for duty in programme.state.duties.values() if duty.id != CONFERENCE}
    while True:
        for number in range(DECLINED + 1):
            for duty, host in hosts.items():
                programme.offer_duty(duty, (host,), None, GROUNDS)
                yield
            for duty, host in hosts.items():
                answer = programme.decline_duty if number < DECLINED else programme.accept_duty
                answer(duty, host, GROUNDS)
                yield
        for duty in hosts:
            programme.release_duty(duty, GROUNDS)
            yield
            if programme.state.duties[duty].status is Status.RELEASED:
                programme.reopen_duty(duty, GROUNDS)
                yield


def _host(programme: Programme, duty: Duty) -> UUID:
    """Return who owes a duty, or somebody who may take it."""
    return duty.owner or eligible(duty, programme.state.charter, programme.state.participations)[0]


def _applicant(programme_id: UUID, number: int, country: str, role: str) -> Applicant:
    return Applicant(
        application_id=uuid4(),
        programme_id=programme_id,
        organisation_id=uuid4(),
        country=country,
        role=role,
        strand=country,
        withdrawn=False,
        version=1,
        hash=HASH,
        position=number + 1,
    )
