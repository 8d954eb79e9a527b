"""A fact an organisation shows, through all its versions: shown, confirmed by somebody else, shown anew, revoked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from interpares.common.aggregate import Aggregate, Snapshot
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.organisation import Kind as OrganisationKind
from interpares.registration.domain.prerequisites.refusals import (
    ConfirmedByOthers,
    EvidenceMissing,
    FactConfirmed,
    FactIncomplete,
    FactRevoked,
    FactSuperseded,
    ValidityReversed,
)
from interpares.registration.domain.prerequisites.shown import Kind, Organ, Shown

OFFICE = "office"


@dataclass(frozen=True)
class Evidence:
    """What a fact is shown by: a file or a link. sha256: hex, of the file's content or of the link as UTF-8."""

    file_id: UUID | None
    link: str | None
    sha256: str


@dataclass(frozen=True)
class Validity:
    """Days a fact holds, both included; no last day means until it is revoked."""

    valid_from: date
    valid_until: date | None = None

    def __post_init__(self) -> None:
        """Raise ValidityReversed where it ends before it begins."""
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise ValidityReversed


@dataclass(frozen=True)
class State:
    """What decisions about a fact rest on, and what is told of it. version: newest shown; confirmed: 0 if none is.

    lacking: what keeps the newest version from being confirmed. organ: that took it, where it is a resolution.
    """

    organisation_id: UUID
    organisation_kind: OrganisationKind
    programme_id: UUID | None
    prerequisite: str
    kind: Kind
    version: int
    validity: Validity
    evidence_hash: str
    lacking: tuple[str, ...]
    organ: Organ | None
    confirmed: int = 0
    revoked: bool = False


class Change(Aggregate.Event):
    """A change of a fact; people are ids and typed texts are hashes."""


class ShownAnew(Change):
    """A new version was shown; the one that was confirmed before counts until this one is. Fields as in ``Created``."""

    TOPIC = "registration.prerequisite.shown-anew.v1"

    version: int
    shown: Shown
    evidence: Evidence
    validity: Validity
    note: str
    reason_code: str
    acting_as: str

    def apply(self, aggregate: Fact) -> None:
        """Take up the newest version."""
        aggregate.state = replace(
            aggregate.state,
            version=self.version,
            validity=self.validity,
            evidence_hash=self.evidence.sha256,
            lacking=self.shown.lacking(),
            organ=self.shown.resolution.organ if self.shown.resolution else None,
        )


class Confirmed(Change):
    """Somebody confirmed the newest version: the office, or the organ whose resolution it is.

    The event says once more what it is about, so that it can be read alone. by: ``office`` or the organ.
    reason: hex hash of the sealed text. acting_as: capacity of whoever entered it.
    """

    TOPIC = "registration.prerequisite.confirmed.v1"

    organisation_id: UUID
    programme_id: UUID | None
    prerequisite: str
    kind: Kind
    version: int
    validity: Validity
    evidence_hash: str
    by: str
    reason_code: str
    reason: str
    acting_as: str

    def apply(self, aggregate: Fact) -> None:
        """It counts from here on."""
        aggregate.state = replace(aggregate.state, confirmed=self.version)


class Revoked(Change):
    """The fact is no longer shown. version: the one confirmed last, 0 if none was. reason, acting_as: as above."""

    TOPIC = "registration.prerequisite.revoked.v1"

    organisation_id: UUID
    programme_id: UUID | None
    prerequisite: str
    kind: Kind
    version: int
    reason_code: str
    reason: str
    acting_as: str

    def apply(self, aggregate: Fact) -> None:
        """It counts no more."""
        aggregate.state = replace(aggregate.state, revoked=True)


class Fact(Aggregate):
    """One prerequisite of one organisation, for one programme or for all."""

    TOPIC = "registration.prerequisite"
    Event = Change
    if TYPE_CHECKING:
        state: State

    class Created(Change, Aggregate.Created):
        """A prerequisite was shown.

        programme_id: None if it holds for every programme. prerequisite: key of the template, empty if it is known by
        its kind only. note: hex hash of the sealed text that was typed with it. acting_as: capacity of whoever
        showed it.
        """

        TOPIC = "registration.prerequisite.shown.v1"

        organisation_id: UUID
        organisation_kind: OrganisationKind
        programme_id: UUID | None
        prerequisite: str
        kind: Kind
        shown: Shown
        evidence: Evidence
        validity: Validity
        note: str
        reason_code: str
        acting_as: str

        def apply(self, aggregate: Fact) -> None:
            """Take up what decisions rest on."""
            aggregate.state = State(
                organisation_id=self.organisation_id,
                organisation_kind=self.organisation_kind,
                programme_id=self.programme_id,
                prerequisite=self.prerequisite,
                kind=self.kind,
                version=1,
                validity=self.validity,
                evidence_hash=self.evidence.sha256,
                lacking=self.shown.lacking(),
                organ=self.shown.resolution.organ if self.shown.resolution else None,
            )

    @classmethod
    def show(
        cls,
        fact_id: UUID,
        *,
        organisation_id: UUID,
        organisation_kind: OrganisationKind,
        programme_id: UUID | None,
        prerequisite: str,
        kind: Kind,
        shown: Shown,
        evidence: Evidence | None,
        validity: Validity,
        grounds: Grounds,
    ) -> Fact:
        """Show a prerequisite. Raises EvidenceMissing, and what ``Shown.check`` raises."""
        shown.check(kind, organisation_kind)
        if evidence is None:
            raise EvidenceMissing
        return cls._create(
            cls.Created,
            id=fact_id,
            organisation_id=organisation_id,
            organisation_kind=organisation_kind,
            programme_id=programme_id,
            prerequisite=prerequisite,
            kind=kind,
            shown=shown,
            evidence=evidence,
            validity=validity,
            note=grounds.reason,
            reason_code=grounds.reason_code,
            acting_as=grounds.capacity,
        )

    def show_anew(self, *, shown: Shown, evidence: Evidence | None, validity: Validity, grounds: Grounds) -> None:
        """Show a new version. Raises FactRevoked, EvidenceMissing, and what ``Shown.check`` raises."""
        if self.state.revoked:
            raise FactRevoked
        shown.check(self.state.kind, self.state.organisation_kind)
        if evidence is None:
            raise EvidenceMissing
        self.trigger_event(
            ShownAnew,
            version=self.state.version + 1,
            shown=shown,
            evidence=evidence,
            validity=validity,
            note=grounds.reason,
            reason_code=grounds.reason_code,
            acting_as=grounds.capacity,
        )

    def confirm(self, version: int, grounds: Grounds) -> None:
        """Confirm the newest version: offices anything, others what an organ resolved.

        Raises FactRevoked, FactSuperseded, FactConfirmed, FactIncomplete, ConfirmedByOthers.
        """
        state = self.state
        if state.revoked:
            raise FactRevoked
        if version != state.version:
            raise FactSuperseded.by(state.version)
        if version == state.confirmed:
            raise FactConfirmed
        if grounds.capacity != OFFICE and state.organ is None:
            raise ConfirmedByOthers
        if state.lacking:
            raise FactIncomplete.lacking(state.lacking)
        self.trigger_event(
            Confirmed,
            organisation_id=state.organisation_id,
            programme_id=state.programme_id,
            prerequisite=state.prerequisite,
            kind=state.kind,
            version=version,
            validity=state.validity,
            evidence_hash=state.evidence_hash,
            by=grounds.capacity if state.organ is None or grounds.capacity == OFFICE else state.organ.value,
            reason_code=grounds.reason_code,
            reason=grounds.reason,
            acting_as=grounds.capacity,
        )

    def revoke(self, grounds: Grounds) -> None:
        """Show it no longer: taken back, found wrong, or its holder has left. Raises FactRevoked."""
        state = self.state
        if state.revoked:
            raise FactRevoked
        self.trigger_event(
            Revoked,
            organisation_id=state.organisation_id,
            programme_id=state.programme_id,
            prerequisite=state.prerequisite,
            kind=state.kind,
            version=state.confirmed,
            reason_code=grounds.reason_code,
            reason=grounds.reason,
            acting_as=grounds.capacity,
        )


class FactSnapshot(Snapshot):
    """A fact at a version."""

    TOPIC = "registration.prerequisite.snapshot"
    AGGREGATE = Fact
    state: State
