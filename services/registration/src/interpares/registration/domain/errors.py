"""What stands against a wish in registration.

::

    DomainError
    ├── Conflict    KeyTaken, PersonKnown, CapacityHeld, MembershipOver,
    │               NoOpenCall, DeadlinePassed, ApplicationPending, ApplicationSettled
    ├── Invalid     ReasonMissing, KeyMissing, KeyRepeated, NameMissing, PlaceOutOfRange, PlatformOnly,
    │               RoleNotSought, StrandNotSought
    └── Forbidden   CapacityNotYours, OwnMembership
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.common.errors import Conflict, Forbidden, Invalid

if TYPE_CHECKING:
    from collections.abc import Iterable


class KeyTaken(Conflict):
    """Another organisation is registered under this official key.

    A key names one organisation. Which one holds it is not told here: search the list of organisations.
    """

    code = "organisation-key-taken"
    way_out = "Search the list of organisations before registering, or correct the key."

    @classmethod
    def under(cls, scheme: str, value: str) -> KeyTaken:
        """Name the key, never its holder."""
        return cls(f"The key {scheme} {value} is taken.")


class PersonKnown(Conflict):
    """A person is registered for this account already.

    One account at the identity provider is one person here.
    """

    code = "person-known"
    way_out = "Grant a membership to the person who is registered for this account."

    def __init__(self) -> None:
        """Need nothing: neither the account nor the person is named."""
        super().__init__("A person is registered for this account already.")


class CapacityHeld(Conflict):
    """The person acts for the organisation in this capacity already."""

    code = "capacity-held"
    way_out = "Nothing needs to be done: the membership that is held goes on."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("This person acts for the organisation in this capacity already.")


class MembershipOver(Conflict):
    """The membership has ended and can't be ended again."""

    code = "membership-over"
    way_out = "Nothing needs to be done; to let the person act again, grant a new membership."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("This membership has ended already.")


class NoOpenCall(Conflict):
    """The programme has no open call, so nobody can apply to it."""

    code = "no-open-call"
    way_out = "The list of calls tells which programmes can be applied to."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("This programme has no open call.")


class DeadlinePassed(Conflict):
    """The deadline of the call has passed."""

    code = "deadline-passed"
    way_out = "Ask the programme office whether it opens another call."

    def __init__(self) -> None:
        """Need nothing: the call tells its deadline."""
        super().__init__("The deadline of this call has passed.")


class ApplicationPending(Conflict):
    """The organisation has applied to the programme for this role, and that application is not decided yet."""

    code = "application-pending"
    way_out = "Wait for the decision, or withdraw the pending application first."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("An application of this organisation for this role in this programme is pending.")


class ApplicationSettled(Conflict):
    """The application is no longer pending, so it can't be withdrawn."""

    code = "application-settled"

    @classmethod
    def being(cls, status: str) -> ApplicationSettled:
        """Say how it was settled, and what that leaves to do."""
        leave = "Withdraw from the programme instead." if status == "admitted" else "Nothing needs to be done."
        return cls(f"This application is {status} already.", leave)


class ReasonMissing(Invalid):
    """A decision needs its why: a reason code and a typed reason.

    A reason code is a word such as ``new-in-office``: small letters, digits and hyphens, 2 to 64 characters.
    """

    code = "reason-missing"
    way_out = "Give a reason code and say why in your own words."

    @classmethod
    def in_field(cls, field: str) -> ReasonMissing:
        """Name the field that is missing or no reason."""
        return cls("A decision needs its why.", field=field)


class KeyMissing(Invalid):
    """An organisation needs at least one official key: names are never ids."""

    code = "organisation-key-missing"
    way_out = "Give an official key, or one from a register of your own with the scheme named after it."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("An organisation needs at least one key.", field="keys")


class KeyRepeated(Invalid):
    """The same key is given twice."""

    code = "organisation-key-repeated"
    way_out = "Give every key once."

    @classmethod
    def at(cls, index: int) -> KeyRepeated:
        """Say where the repetition stands."""
        return cls("The same key is given twice.", field=f"keys.{index}")


class NameMissing(Invalid):
    """An organisation needs a name in at least one language."""

    code = "organisation-name-missing"
    way_out = 'Give a name by language, for example {"de": "Gmunden"}.'

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("An organisation needs a name.", field="names")


class PlaceOutOfRange(Invalid):
    """The coordinates lie on no place on earth."""

    code = "place-out-of-range"
    way_out = "Give degrees in WGS 84: latitude from -90 to 90, longitude from -180 to 180."

    @classmethod
    def in_field(cls, field: str) -> PlaceOutOfRange:
        """Name the coordinate."""
        return cls("These coordinates lie on no place on earth.", field=f"coordinates.{field}")


class PlatformOnly(Invalid):
    """Operators act for the platform, and nobody else does."""

    code = "platform-only"
    way_out = "Grant the capacity operator for the platform's own id, and any other for an organisation."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("Operators act for the platform, and nobody else does.", field="capacity")


class RoleNotSought(Invalid):
    """The call does not seek this role."""

    code = "role-not-sought"

    @classmethod
    def among(cls, roles: Iterable[str]) -> RoleNotSought:
        """Name the roles that are sought."""
        return cls("The call does not seek this role.", f"It seeks: {', '.join(roles)}.", field="role")


class StrandNotSought(Invalid):
    """The call has no such strand, or has several and none was named."""

    code = "strand-not-sought"

    @classmethod
    def among(cls, strands: Iterable[str]) -> StrandNotSought:
        """Name the strands of the call."""
        return cls("This is no strand of the call.", f"Its strands are: {', '.join(strands)}.", field="strand")


class CapacityNotYours(Forbidden):
    """Operators grant and end every capacity, a programme office those of coordinators and facilitators only."""

    code = "capacity-not-yours"
    way_out = "Ask an operator of the platform."

    @classmethod
    def to_give(cls, capacity: str) -> CapacityNotYours:
        """Name the capacity."""
        return cls(f"The capacity {capacity} is not yours to grant or end.")


class OwnMembership(Forbidden):
    """Nobody but an operator grants a membership to themselves."""

    code = "own-membership"
    way_out = "Ask a colleague or an operator to grant it."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("You can't grant a membership to yourself.")
