"""What stands against a wish about personal data.

::

    DomainError
    ├── Conflict    PersonGone, HoldInForce, HoldOver, RequestDecided
    ├── Invalid     DateNotAhead, GroundMissing, NothingToRectify
    └── Forbidden   OwnRequest
"""

from __future__ import annotations

from datetime import date

from interpares.common.errors import Conflict, Forbidden, Invalid


class PersonGone(Conflict):
    """The data of this person were erased; nothing can be changed about them any more."""

    code = "person-erased"
    way_out = "Nothing needs to be done. If the person is to take part again, register them anew."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("The data of this person were erased.")


class HoldInForce(Conflict):
    """A legal duty to keep these data stands against erasing them."""

    code = "hold-in-force"

    @classmethod
    def until(cls, day: date) -> HoldInForce:
        """Say up to when, and what can be decided instead."""
        return cls(
            f"These data have to be kept until {day.isoformat()}.",
            f"Restrict them until {day.isoformat()}, or lift the hold if its ground is gone.",
        )


class HoldOver(Conflict):
    """There is no such hold on the data of this person, or it was lifted before."""

    code = "hold-over"
    way_out = "Nothing needs to be done: no such hold is in force."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("No such hold is in force.")


class RequestDecided(Conflict):
    """The request was decided already."""

    code = "erasure-request-decided"
    way_out = "Read the decision; a new fact needs a new request."

    def __init__(self) -> None:
        """Need nothing: the request tells how."""
        super().__init__("This request was decided already.")


class DateNotAhead(Invalid):
    """The day up to which data are restricted or held has to lie in the future."""

    code = "date-not-ahead"
    way_out = "Give a day after today."

    def __init__(self) -> None:
        """Need nothing: there is one such field."""
        super().__init__("This day is not in the future.", field="until")


class GroundMissing(Invalid):
    """Refusing or restricting needs a ground in law, and restricting needs the day it ends; erasing needs neither."""

    code = "erasure-ground-missing"

    @classmethod
    def in_field(cls, field: str, way_out: str) -> GroundMissing:
        """Name the field that is missing, or should be."""
        return cls("What is given does not fit the outcome.", way_out, field=field)


class NothingToRectify(Invalid):
    """A rectification has to change something."""

    code = "nothing-to-rectify"
    way_out = "Give at least one of given_name, family_name and email."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("This changes nothing.", field="given_name")


class OwnRequest(Forbidden):
    """Nobody decides about their own request."""

    code = "own-erasure-request"
    way_out = "Ask a colleague or an operator to decide it."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("This request is your own.")
