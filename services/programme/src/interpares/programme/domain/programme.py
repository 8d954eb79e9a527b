"""The Programme aggregate: drafted from a template, opened by a call; participation and hosting in their chapters."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from interpares.common.aggregate import Aggregate, Snapshot
from interpares.common.context import occasion
from interpares.programme.domain import events
from interpares.programme.domain.alternatives import instead
from interpares.programme.domain.amending.chapter import Amending
from interpares.programme.domain.charter import Lifecycle, Obtained, read_charter
from interpares.programme.domain.closing.chapter import Closing
from interpares.programme.domain.course.lifecycle import Running
from interpares.programme.domain.course.milestones import Milestones
from interpares.programme.domain.decision import RuleRef
from interpares.programme.domain.desk.chapter import Desk
from interpares.programme.domain.drafting import strands_of
from interpares.programme.domain.errors import CallAlreadyOpen, CallNotOpen
from interpares.programme.domain.expiring import Expiring
from interpares.programme.domain.manual import applying
from interpares.programme.domain.meetings.correcting import Correcting
from interpares.programme.domain.moment import LocalMoment, later
from interpares.programme.domain.money.chapter import Money
from interpares.programme.domain.revising.chapter import Revising
from interpares.programme.domain.revising.errors import EarlierDecisionUnknown
from interpares.programme.domain.revising.relations import RELATIONS
from interpares.programme.domain.selecting.chapter import Selecting
from interpares.programme.domain.state import State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from interpares.programme.domain.charter import Charter
    from interpares.programme.domain.grounds import Grounds


class Programme(
    Correcting, Selecting, Expiring, Running, Milestones, Amending, Money, Closing, Desk, Revising, Aggregate
):
    """A peer exchange that one office runs."""

    TOPIC = "programme.programme"
    Event = events.Event

    if TYPE_CHECKING:
        state: State

    class Created(events.Event, Aggregate.Created):
        """A programme was drafted from a template, which lies here whole; titles are public texts by language."""

        TOPIC = "programme.programme.drafted.v1"
        title: dict[str, str]
        office: UUID
        template: dict[str, Any]
        template_hash: str
        strands: tuple[str, ...]

        def apply(self, aggregate: Programme) -> None:
            """Begin with the rules and nobody in it."""
            aggregate.state = State(
                office=self.office, title=self.title, charter=read_charter(self.template, self.strands)
            )

    @classmethod
    def draft(
        cls,
        programme_id: UUID,
        *,
        title: dict[str, str],
        office: UUID,
        template: dict[str, Any],
        strands: tuple[str, ...],
        grounds: Grounds,
    ) -> tuple[Programme, Programme.Created]:
        """Return a new programme of an office, and its birth event.

        template: as ``Template.as_document`` returns it, checked. strands: empty for those the template lists.
        Raises StrandsNotFitting, EarlierDecisionUnknown.
        """
        for relation in RELATIONS:
            if getattr(grounds, relation) is not None:
                raise EarlierDecisionUnknown(field=relation)
        strands = strands_of(template, strands)
        charter = read_charter(template, strands)
        whole = RuleRef("template", charter.version, charter.hash)
        subject = f"programme:{programme_id}"
        decision = grounds.decide("programme-draft", subject, "drafted", concerns=(office,), rule=whole)
        programme = cls._create(
            cls.Created,
            id=programme_id,
            decision=applying(decision, charter.manual),
            title=title,
            office=office,
            template=template,
            template_hash=charter.hash,
            strands=strands,
        )
        return programme, cast("Programme.Created", programme.pending_events[-1])

    def open_call(self, deadline: LocalMoment, grounds: Grounds) -> events.CallOpened:
        """Ask organisations to apply until a deadline; after one call was closed another can follow."""
        self._not_closed()
        self._lifecycle(Lifecycle.CALL)
        if self.state.call is not None:
            message = "The call of this programme is open."
            raise CallAlreadyOpen(message)
        instant = deadline.instant("deadline")
        if not grounds.looks_back:
            later(instant, occasion().now, "deadline")
        decision = grounds.decide(
            "call-opening",
            f"programme:{self.id}",
            "open",
            rule=self.state.charter.call,
            alternatives=(instead("no-call", grounds),),
        )
        return self._happen(
            events.CallOpened,
            decision=decision,
            office=self.state.office,
            title=self.state.title,
            roles=tuple(sorted(_applied_for(self.state.charter))),
            strands=self.state.charter.strands,
            deadline=deadline,
            conditions=json.loads(self.state.charter.conditions),
        )

    def close_call(self, grounds: Grounds) -> events.CallClosed:
        """Take no more applications."""
        if self.state.call is None:
            message = "The call of this programme is not open."
            raise CallNotOpen(message)
        decision = grounds.decide(
            "call-closure",
            f"programme:{self.id}",
            "closed",
            rule=self.state.charter.call,
            alternatives=(instead("stay-open", grounds),),
        )
        return self._happen(events.CallClosed, decision=decision, call=self.state.call)


def _applied_for(charter: Charter) -> Iterator[str]:
    """Yield the roles one can apply for; a contract is no matter of a call."""
    yield from (key for key, role in charter.roles.items() if role.obtained is not Obtained.CONTRACT)


class ProgrammeSnapshot(Snapshot):
    """The guard state of a programme."""

    TOPIC = "programme.programme.snapshot"
    AGGREGATE = Programme
    STATE_VERSION = 4
    state: State
