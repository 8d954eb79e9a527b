"""What stands against a seat.

::

    DomainError
    ├── Conflict    SeatsTaken, MeetingOver, MeetingNotBegun, SeatGone, SeatWaits, SeatAccepted, AlreadyNominated,
    │               QuotasBeyondSeats
    └── Invalid     AudienceUnknown, LanguageUnknown, NotInvited, QuotaWithoutSense, NotSeated, AudienceReserved,
                    NotAmongThem, PartsBeyondAttendance
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.common.errors import Conflict, Invalid

if TYPE_CHECKING:
    from collections.abc import Iterable


class SeatsTaken(Conflict):
    """There are not enough free seats by the rules of this meeting, and waiting was not wished for."""

    code = "seats-taken"
    way_out = "Nominate with waiting, or ask the host whether it has room for more."

    @classmethod
    def by(cls, rule: str) -> SeatsTaken:
        """Name the rule that stands against it."""
        return cls(f"There are not enough free seats: {rule}.")


class MeetingOver(Conflict):
    """The meeting was cancelled or has been held, so its seats are settled."""

    code = "meeting-over"

    @classmethod
    def being(cls, status: str) -> MeetingOver:
        """Say what became of the meeting."""
        return cls(f"This meeting is {status}.", "Look for the meetings that are planned.")


class MeetingNotBegun(Conflict):
    """Attendance is recorded once the meeting has begun."""

    code = "meeting-not-begun"
    way_out = "Record it on the day, or ask the programme office to correct the date."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("This meeting has not begun.")


class SeatGone(Conflict):
    """The seat was given up, has expired, or the meeting was cancelled."""

    code = "seat-gone"
    way_out = "Nominate anew."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("There is no such seat any more.")


class SeatWaits(Conflict):
    """The nomination is on the waiting list, so there is no seat to accept yet."""

    code = "seat-waits"
    way_out = "Wait for a seat, or withdraw the nomination."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("This nomination is on the waiting list.")


class SeatAccepted(Conflict):
    """The seat was accepted already."""

    code = "seat-accepted"
    way_out = "Nothing needs to be done."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("This seat was accepted already.")


class AlreadyNominated(Conflict):
    """The person is nominated for this meeting already."""

    code = "already-nominated"
    way_out = "Nothing needs to be done."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("This person is nominated for the meeting already.")


class QuotasBeyondSeats(Conflict):
    """The quotas reserve more seats than there are beside those that are taken."""

    code = "quotas-beyond-seats"
    way_out = "Reserve fewer seats, or ask the host for more room."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("The quotas reserve more seats than are left.")


class AudienceUnknown(Invalid):
    """The meeting is for other audiences."""

    code = "audience-unknown"

    @classmethod
    def at(cls, index: int, audiences: Iterable[str]) -> AudienceUnknown:
        """Say who was meant and for whom the meeting is."""
        known = f"It is for: {', '.join(audiences)}."
        return cls("The meeting is not for this audience.", known, field=f"people.{index}.audience")


class LanguageUnknown(Invalid):
    """The meeting is held in other languages."""

    code = "language-unknown"

    @classmethod
    def at(cls, index: int, languages: Iterable[str]) -> LanguageUnknown:
        """Say who was meant and in what languages the meeting is held."""
        known = f"It is held in: {', '.join(languages)}."
        return cls("The meeting is not held in this language.", known, field=f"people.{index}.language")


class NotInvited(Invalid):
    """The organisation is neither invited to the meeting nor its host."""

    code = "not-invited"
    way_out = "Ask the programme office for an invitation."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("This organisation is not invited.", field="organisation_id")


class QuotaWithoutSense(Invalid):
    """A quota asks for more than it allows, or for nothing."""

    code = "quota-without-sense"
    way_out = "Give at_least, at_most or both, the first not above the second."

    @classmethod
    def at(cls, index: int) -> QuotaWithoutSense:
        """Say which quota."""
        return cls("This quota asks for nothing, or for more than it allows.", field=f"quotas.{index}")


class NotSeated(Invalid):
    """Somebody among those who attended had no seat for this organisation."""

    code = "not-seated"
    way_out = "Nominate them first, then record who attended."

    @classmethod
    def at(cls, index: int) -> NotSeated:
        """Say who was meant."""
        return cls("This participant had no seat for the organisation.", field=f"attended.{index}")


class AudienceReserved(Invalid):
    """The name of an audience is one by which those who spoke or reviewed are counted."""

    code = "audience-reserved"
    way_out = "Count people under their audience, and say with spoke or reviewed what they did."

    @classmethod
    def being(cls, audience: str) -> AudienceReserved:
        """Say which name."""
        return cls(f"No audience is called {audience}.", field=f"others.{audience}")


class NotAmongThem(Invalid):
    """Somebody is said to have spoken or reviewed who is not among those who attended."""

    code = "not-among-them"
    way_out = "Add them to those who attended."

    @classmethod
    def at(cls, part: str, index: int) -> NotAmongThem:
        """Say who was meant, and where. part: ``spoke``, ``reviewed``."""
        return cls("This participant is not among those who attended.", field=f"{part}.{index}")


class PartsBeyondAttendance(Invalid):
    """More further people are said to have spoken or reviewed than attended."""

    code = "parts-beyond-attendance"
    way_out = "Count everybody who spoke or reviewed among the others who attended."

    @classmethod
    def of(cls, part: str) -> PartsBeyondAttendance:
        """Say what they are said to have done. part: as above."""
        return cls(f"More further people {part} than attended.", field=f"others_{part}")
