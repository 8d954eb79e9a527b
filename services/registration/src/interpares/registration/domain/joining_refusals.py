"""What stands against inviting, handing over, substituting and accompanying.

::

    DomainError
    ├── Conflict    InvitationOver, MandateOver, NotAvailable, QualificationUnknown, WindowUnknown
    └── Invalid     TermUpsideDown, TermPast, NamesMissing, NothingToHandOver
"""

from __future__ import annotations

from interpares.common.errors import Conflict, Invalid


class InvitationOver(Conflict):
    """The invitation was accepted, withdrawn, or nobody came in time."""

    code = "invitation-over"
    way_out = "Send a new invitation if the person shall still join."

    def __init__(self) -> None:
        """Need nothing: the invitation tells how it ended."""
        super().__init__("This invitation is over.")


class MandateOver(Conflict):
    """The term is over, or was ended before its day."""

    code = "mandate-over"
    way_out = "Arrange a new one if somebody shall still act."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("This term is over already.")


class NotAvailable(Conflict):
    """The facilitator has not said to be available then, or has fewer days left than are needed."""

    code = "facilitator-not-available"

    @classmethod
    def with_days(cls, left: int | None) -> NotAvailable:
        """Say how many days are left in the period the term lies in, None where it lies in none."""
        if left is None:
            return cls("The facilitator is not available throughout this term.", "Choose a term within a period given.")
        return cls(f"The facilitator has {left} days left in this period.", "Agree on fewer days, or another period.")


class QualificationUnknown(Conflict):
    """There is no such qualification of this person."""

    code = "qualification-unknown"
    way_out = "Nothing needs to be done: it is not on record."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("No such qualification is on record.")


class WindowUnknown(Conflict):
    """There is no such period of availability, or it is in use."""

    code = "availability-unknown"
    way_out = "End what was agreed in this period first, or leave it as it is."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("No such period can be withdrawn.")


class TermUpsideDown(Invalid):
    """The last day lies before the first."""

    code = "term-upside-down"
    way_out = "Give a last day that is not before the first."

    def __init__(self) -> None:
        """Need nothing: there is one such field."""
        super().__init__("This ends before it begins.", field="ends_on")


class TermPast(Invalid):
    """The last day is past, so nobody can act in this term."""

    code = "term-past"
    way_out = "Give a last day that is today or later."

    def __init__(self) -> None:
        """Need nothing: there is one such field."""
        super().__init__("This term is past.", field="ends_on")


class NamesMissing(Invalid):
    """Whoever is not known here yet has to say what they are called."""

    code = "names-missing"
    way_out = "Give given_name and family_name."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("Nobody is registered for your account yet.", field="given_name")


class NothingToHandOver(Invalid):
    """Whoever leaves holds nothing in this organisation."""

    code = "nothing-to-hand-over"
    way_out = "Name somebody who acts for this organisation now."

    def __init__(self) -> None:
        """Need nothing: there is one such field."""
        super().__init__("This person does not act for the organisation.", field="leaving")
