"""Drafts of applications: saved as often as one likes, signed by several, submitted when enough have signed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from interpares.common.aggregate import Aggregate, Snapshot
from interpares.common.context import occasion
from interpares.registration.domain.applying.content import Content, Signature
from interpares.registration.domain.applying.errors import DraftSettled, SignedAlready
from interpares.registration.domain.call import OpenCall


@dataclass(frozen=True)
class State:
    """What decisions about a draft rest on."""

    programme_id: UUID
    office_id: UUID
    organisation_id: UUID
    role: str
    strand: str | None
    content: Content
    signatures: tuple[Signature, ...] = ()
    submitted: bool = False


class Change(Aggregate.Event):
    """A change of a draft; what was typed is sealed."""


class Saved(Change):
    """The draft was saved; signatures on another content count no more. acting_as: capacity of whoever saved it."""

    TOPIC = "registration.application-draft.saved.v1"

    content: Content
    acting_as: str

    def apply(self, aggregate: Draft) -> None:
        """Take up the content."""
        same = self.content == aggregate.state.content
        signatures = aggregate.state.signatures if same else ()
        aggregate.state = replace(aggregate.state, content=self.content, signatures=signatures)


class Signed(Change):
    """Somebody signed the draft as it stands."""

    TOPIC = "registration.application-draft.signed.v1"

    signature: Signature

    def apply(self, aggregate: Draft) -> None:
        """Count the signature."""
        aggregate.state = replace(aggregate.state, signatures=(*aggregate.state.signatures, self.signature))


class Submitted(Change):
    """The draft became an application."""

    TOPIC = "registration.application-draft.submitted.v1"

    application_id: UUID

    def apply(self, aggregate: Draft) -> None:
        """Settle it."""
        aggregate.state = replace(aggregate.state, submitted=True)


class Draft(Aggregate):
    """One organisation's draft for one role in one programme."""

    TOPIC = "registration.application-draft"
    Event = Change
    if TYPE_CHECKING:
        state: State

    class Created(Change, Aggregate.Created):
        """A draft was begun."""

        TOPIC = "registration.application-draft.begun.v1"

        call_id: UUID
        programme_id: UUID
        office_id: UUID
        organisation_id: UUID
        role: str
        strand: str | None
        content: Content
        acting_as: str

        def apply(self, aggregate: Draft) -> None:
            """Take up what decisions rest on."""
            aggregate.state = State(
                self.programme_id, self.office_id, self.organisation_id, self.role, self.strand, self.content
            )

    @classmethod
    def begin(
        cls,
        draft_id: UUID,
        *,
        call: OpenCall,
        organisation_id: UUID,
        role: str,
        strand: str | None,
        content: Content,
        acting_as: str,
    ) -> Draft:
        """Begin a draft under an open call. Raises DeadlinePassed, RoleNotSought."""
        call.check(role, occasion().now)
        return cls._create(
            cls.Created,
            id=draft_id,
            call_id=call.call_id,
            programme_id=call.programme_id,
            office_id=call.office_id,
            organisation_id=organisation_id,
            role=role,
            strand=strand,
            content=content,
            acting_as=acting_as,
        )

    def write(self, content: Content, acting_as: str) -> None:
        """Save another content. Raises DraftSettled."""
        self._check_open()
        self.trigger_event(Saved, content=content, acting_as=acting_as)

    def sign(self, capacity: str) -> None:
        """Sign it as it stands. Raises DraftSettled, SignedAlready."""
        self._check_open()
        actor, now = occasion().actor, occasion().now
        if any(each.actor == actor for each in self.state.signatures):
            raise SignedAlready
        self.trigger_event(Signed, signature=Signature(actor, now, self.state.content.hash, capacity))

    def submit(self, application_id: UUID) -> None:
        """Note that it became an application. Raises DraftSettled."""
        self._check_open()
        self.trigger_event(Submitted, application_id=application_id)

    def _check_open(self) -> None:
        if self.state.submitted:
            raise DraftSettled


class DraftSnapshot(Snapshot):
    """A draft at a version."""

    TOPIC = "registration.application-draft.snapshot"
    AGGREGATE = Draft
    state: State
