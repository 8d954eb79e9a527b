"""The rules seats are given by, and giving them: a pure calculation, the same whenever it is made again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from interpares.registration.domain.seats.refusals import QuotaWithoutSense


class By(StrEnum):
    """What people are counted by."""

    ORGANISATION = "organisation"
    AUDIENCE = "audience"
    LANGUAGE = "language"


@dataclass(frozen=True)
class Quota:
    """How many people of an organisation, an audience or a language.

    key: which one; None for each of them. at_least: a mix to be reported, and where it is enforced, seats that are
    kept free for them. at_most: how many seats they may take; None if not limited.
    """

    by: By
    key: str | None
    at_least: int = 0
    at_most: int | None = None
    enforced: bool = False


@dataclass(frozen=True)
class Rules:
    """How seats of a meeting are given.

    overtaking: whether groups behind may take seats that the one before them can't use. respond_days: how long a seat
    is held for somebody who has not answered.
    """

    quotas: tuple[Quota, ...] = ()
    overtaking: bool = True
    respond_days: int = 14

    def check(self) -> None:
        """Raise QuotaWithoutSense."""
        for index, quota in enumerate(self.quotas):
            most = quota.at_most
            if (most is None and not quota.at_least) or (most is not None and most < quota.at_least):
                raise QuotaWithoutSense.at(index)


@dataclass(frozen=True)
class Facts:
    """What is known of the meeting. seats: for people of others than the host, None if not limited."""

    status: str
    host_id: UUID | None
    invited: tuple[UUID, ...]
    seats: int | None
    audiences: tuple[str, ...]
    languages: tuple[str, ...]
    starts_at: datetime | None


@dataclass(frozen=True)
class Place:
    """A seat, or a place on the waiting list. respond_by: until when it is held; None while it waits or is accepted."""

    seat_id: UUID
    participant_id: UUID
    organisation_id: UUID
    audience: str
    language: str
    accepted: bool = False
    respond_by: datetime | None = None

    def key(self, by: By) -> str:
        """Return what it counts as."""
        if by is By.ORGANISATION:
            return str(self.organisation_id)
        return self.audience if by is By.AUDIENCE else self.language


@dataclass(frozen=True)
class Group:
    """People nominated together: they get seats together or wait together. number: in the order they came."""

    nomination_id: UUID
    number: int
    organisation_id: UUID
    places: tuple[Place, ...]
    seated: bool = False


@dataclass(frozen=True)
class Counted:
    """A quota for one key, and how many are seated under it."""

    quota: Quota
    key: str
    seated: int

    @property
    def kept(self) -> int:
        """Seats still kept free for it."""
        return max(0, self.quota.at_least - self.seated) if self.quota.enforced else 0

    @property
    def met(self) -> bool:
        """Whether the mix is there."""
        return self.seated >= self.quota.at_least


def counted(rules: Rules, facts: Facts, places: Iterable[Place]) -> tuple[Counted, ...]:
    """Return every quota for every key it is about. places: those of others than the host that are seated."""
    seated = list(places)
    return tuple(
        Counted(quota, key, sum(place.key(quota.by) == key for place in seated))
        for quota in rules.quotas
        for key in ([quota.key] if quota.key is not None else _keys(quota.by, facts))
    )


def kept(quotas: Iterable[Counted]) -> int:
    """Return how many seats are kept free."""
    return sum(each.kept for each in quotas)


def obstacle(rules: Rules, facts: Facts, seated: list[Place], more: Iterable[Place]) -> str | None:
    """Return the rule that stands against seating more people, in words; None if none does."""
    coming = [place for place in more if place.organisation_id != facts.host_id]
    after = [*seated, *coming]
    if facts.seats is not None and coming and len(after) > facts.seats:
        return "all seats are taken"
    quotas = counted(rules, facts, after)
    for each in quotas:
        over = each.quota.at_most is not None and each.seated > each.quota.at_most
        if over and any(place.key(each.quota.by) == each.key for place in coming):
            return f"{each.quota.by.value} has at most {each.quota.at_most}"
    # Whoever takes a seat that was kept for them needs no other; after a loss of seats that may be all that is left.
    needed, before = len(after) + kept(quotas), len(seated) + kept(counted(rules, facts, seated))
    if facts.seats is not None and needed > max(facts.seats, before):
        return "what is left is reserved"
    return None


def guests(facts: Facts, groups: Iterable[Group]) -> list[Place]:
    """Return the seated places of others than the host."""
    return [
        place for group in groups if group.seated for place in group.places if place.organisation_id != facts.host_id
    ]


def moving_up(rules: Rules, facts: Facts, groups: tuple[Group, ...]) -> Iterator[UUID]:
    """Yield the nominations that get their seats now, in order; whoever came first is asked first."""
    seated = guests(facts, groups)
    for group in groups:
        if group.seated:
            continue
        if obstacle(rules, facts, seated, group.places) is None:
            seated += [place for place in group.places if place.organisation_id != facts.host_id]
            yield group.nomination_id
        elif not rules.overtaking:
            return


def moving_back(facts: Facts, groups: tuple[Group, ...]) -> Iterator[UUID]:
    """Yield the nominations that lose their seats because there are fewer; whoever came last goes first."""
    over = 0 if facts.seats is None else len(guests(facts, groups)) - facts.seats
    for group in reversed(groups):
        taken = sum(place.organisation_id != facts.host_id for place in group.places) if group.seated else 0
        if over > 0 and taken:
            over -= taken
            yield group.nomination_id


def _keys(by: By, facts: Facts) -> tuple[str, ...]:
    if by is By.ORGANISATION:
        return tuple(str(each) for each in facts.invited)
    return facts.audiences if by is By.AUDIENCE else facts.languages
