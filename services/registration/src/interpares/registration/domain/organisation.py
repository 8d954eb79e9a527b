"""Organisations: what takes part, sends people, runs programmes. Known by official keys, called by names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from interpares.common.aggregate import Aggregate, Snapshot
from interpares.registration.domain.directory.errors import (
    ForRegistrars,
    MergedIntoItself,
    NothingChanged,
    OrganisationMerged,
    OrganisationOver,
)
from interpares.registration.domain.directory.facts import Coordinates, Facts, Funding, Kind
from interpares.registration.domain.directory.keys import Key
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.membership import Capacity

__all__ = ["Coordinates", "Facts", "Funding", "Key", "Kind", "Organisation", "OrganisationSnapshot", "State"]


@dataclass(frozen=True)
class Origin:
    """A line of a document that was imported. document: hex SHA-256 of it. line: as a spreadsheet counts them."""

    import_id: UUID
    document: str
    line: int


@dataclass(frozen=True)
class State:
    """What decisions about an organisation rest on.

    known_keys: all that lead to it, those it has no longer included. merged_into: what it became part of.
    """

    facts: Facts
    known_keys: tuple[Key, ...]
    merged_into: UUID | None = None

    @property
    def kind(self) -> Kind:
        """What it is."""
        return self.facts.kind

    @property
    def country(self) -> str:
        """Where it is."""
        return self.facts.country


# What an organisation is known by, and what others have to do with it: registrars vouch for that. The rest coordinators
# know best of their own.
VOUCHED_FOR = frozenset({"kind", "country", "keys", "members", "lead", "valid_from", "valid_until"})


class Change(Aggregate.Event):
    """A change of an organisation."""


class Updated(Change):
    """What is on record of the organisation changed; the whole is told anew.

    changed: names of the fields that differ. correction: it had never been as it was on record, rather than became
    different; keys that were wrong lead here no more. effective_on: day from which on it is so; None for a correction.
    reason: hex hash of the sealed text. acting_as: capacity of whoever decided so.
    """

    TOPIC = "registration.organisation.updated.v1"

    facts: Facts
    changed: tuple[str, ...]
    correction: bool
    effective_on: date | None
    reason_code: str
    reason: str
    acting_as: str

    def apply(self, aggregate: Organisation) -> None:
        """Take up what decisions rest on."""
        known = dict.fromkeys(self.facts.keys if self.correction else (*aggregate.state.known_keys, *self.facts.keys))
        aggregate.state = replace(aggregate.state, facts=self.facts, known_keys=tuple(known))


class Merged(Change):
    """The organisation became part of another one from a day on; it keeps its keys, its history and its links.

    facts: as they stay on record, with the day before as the last one. reason, acting_as: as in ``Updated``.
    """

    TOPIC = "registration.organisation.merged.v1"

    facts: Facts
    into: UUID
    from_day: date
    reason_code: str
    reason: str
    acting_as: str

    def apply(self, aggregate: Organisation) -> None:
        """Nobody acts for it from here on."""
        aggregate.state = replace(aggregate.state, facts=self.facts, merged_into=self.into)


class Absorbed(Change):
    """Others became part of this organisation from a day on. reason, acting_as: as in ``Updated``."""

    TOPIC = "registration.organisation.absorbed.v1"

    organisations: tuple[UUID, ...]
    from_day: date
    reason_code: str
    reason: str
    acting_as: str

    def apply(self, _aggregate: Organisation) -> None:
        """Change nothing that decisions rest on."""


class Organisation(Aggregate):
    """One organisation."""

    TOPIC = "registration.organisation"
    Event = Change
    if TYPE_CHECKING:
        state: State

    class Created(Change, Aggregate.Created):
        """An organisation was registered; fields as in ``Facts``.

        acting_as: capacity of whoever registered it. reason: hex hash of the sealed text, empty where none was typed.
        origin: the line it was imported from, None where it was entered by hand.
        """

        TOPIC = "registration.organisation.registered.v1"

        kind: Kind
        country: str
        keys: tuple[Key, ...]
        names: dict[str, str]
        population: int | None
        languages: tuple[str, ...]
        coordinates: Coordinates | None
        acting_as: str
        funding: tuple[Funding, ...] = ()
        member_of: tuple[str, ...] = ()
        members: tuple[UUID, ...] = ()
        lead: UUID | None = None
        valid_from: date | None = None
        valid_until: date | None = None
        reason_code: str = ""
        reason: str = ""
        origin: Origin | None = None

        @property
        def facts(self) -> Facts:
            """What is on record from here on."""
            return Facts(
                self.kind,
                self.country,
                self.keys,
                self.names,
                self.population,
                self.languages,
                self.coordinates,
                self.funding,
                self.member_of,
                self.members,
                self.lead,
                self.valid_from,
                self.valid_until,
            )

        def apply(self, aggregate: Organisation) -> None:
            """Take up what decisions rest on."""
            aggregate.state = State(self.facts, self.keys)

    @classmethod
    def register(
        cls,
        organisation_id: UUID,
        facts: Facts,
        *,
        acting_as: str,
        reason_code: str = "",
        reason: str = "",
        origin: Origin | None = None,
    ) -> Organisation:
        """Register an organisation. Raises what ``Facts.check`` raises."""
        facts.check()
        return cls._create(
            cls.Created,
            id=organisation_id,
            **vars(facts),
            acting_as=acting_as,
            reason_code=reason_code,
            reason=reason,
            origin=origin,
        )

    def update(self, facts: Facts, grounds: Grounds, *, correction: bool, effective_on: date | None) -> None:
        """Put other facts on record, as a coordinator such as registrars need not vouch for.

        Raises OrganisationMerged, NothingChanged, ForRegistrars, what ``Facts.check`` raises.
        """
        self._check_goes_on()
        facts.check()
        changed = facts.differing(self.state.facts)
        if not changed:
            raise NothingChanged
        beyond = [field for field in changed if field in VOUCHED_FOR]
        if beyond and grounds.capacity == Capacity.COORDINATOR:
            raise ForRegistrars(beyond)
        self.trigger_event(
            Updated,
            facts=facts,
            changed=changed,
            correction=correction,
            effective_on=None if correction else effective_on,
            reason_code=grounds.reason_code,
            reason=grounds.reason,
            acting_as=grounds.capacity,
        )

    def merge_into(self, successor: Organisation, from_day: date, grounds: Grounds) -> None:
        """Become part of another organisation from a day on. Raises MergedIntoItself, OrganisationMerged."""
        if successor.id == self.id:
            raise MergedIntoItself
        self._check_goes_on()
        ended = replace(self.state.facts, valid_until=from_day - timedelta(days=1))
        ended.check()
        self.trigger_event(
            Merged,
            facts=ended,
            into=successor.id,
            from_day=from_day,
            reason_code=grounds.reason_code,
            reason=grounds.reason,
            acting_as=grounds.capacity,
        )

    def absorb(self, organisations: tuple[UUID, ...], from_day: date, grounds: Grounds) -> None:
        """Note that others became part of this one. Raises MergedIntoItself, OrganisationMerged."""
        if len(set(organisations)) != len(organisations):
            raise MergedIntoItself
        self._check_goes_on()
        self.trigger_event(
            Absorbed,
            organisations=organisations,
            from_day=from_day,
            reason_code=grounds.reason_code,
            reason=grounds.reason,
            acting_as=grounds.capacity,
        )

    def check_acts_on(self, day: date) -> None:
        """Raise OrganisationMerged or OrganisationOver where nobody can act for it on a day."""
        self._check_goes_on()
        if not self.state.facts.exists_on(day):
            raise OrganisationOver

    def _check_goes_on(self) -> None:
        if self.state.merged_into is not None:
            raise OrganisationMerged


class OrganisationSnapshot(Snapshot):
    """An organisation at a version."""

    TOPIC = "registration.organisation.snapshot"
    AGGREGATE = Organisation
    STATE_VERSION = 2
    state: State
