"""What can go wrong, in the words of the domain; the edge picks the status.

::

    Exception
    ├── DomainError              a fact of the domain stands against the wish
    │   ├── Conflict             409  it was possible, now it is not
    │   ├── Invalid              422  one field of the wish cannot be right
    │   ├── NotFound             404  it does not exist, or not for whoever asks
    │   ├── Forbidden            403  it exists, but the capacity does not suffice
    │   └── Stale                412  it was changed since whoever asks read it
    ├── KeyReused                409  an Idempotency-Key came back with another body
    ├── Busy                     503  technical and passing: the same request may succeed later
    │   └── LaterRelease         503  it rests on an event that only a later release knows
    └── TooManyTries             429  too many links from one address led nowhere

A service names its facts by subclassing: ``class HostingDutyTaken(Conflict): code = "hosting-duty-taken"``. The first
paragraph of the docstring becomes the page that documents the problem.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence

# Until the same request may meet a process of the later release.
OTHER_REPLICA_SECONDS = 1.0


class DomainError(Exception):
    """A fact of the domain stands against what was asked for.

    code: stable name for programs, ``^[a-z][a-z0-9-]{1,63}$``; part of the published interface.
    message: the fact, one sentence without personal data.
    way_out: what the user can do about it, one sentence; empty where nothing can be done. A class may set a default.
    items: where the fact has several parts, each with ``field`` and ``message``.
    """

    code: ClassVar[str] = "domain-error"
    way_out: str = ""
    items: Sequence[dict[str, str]] = ()

    def __init__(self, message: str, way_out: str | None = None) -> None:
        """State the fact, and the way out if it differs from the class's own."""
        super().__init__(message)
        self.message = message
        if way_out is not None:
            self.way_out = way_out


class Conflict(DomainError):
    """The state of things does not allow what was asked for; it may have been allowed before, or be so again."""

    code = "conflict"


class Invalid(DomainError):
    """One field of the request cannot be right, whatever the state of things.

    field: where, as a path into the body with dots, for example ``to.0`` or ``reason``.
    """

    code = "invalid"

    def __init__(self, message: str, way_out: str | None = None, *, field: str) -> None:
        """Name the field beside the fact."""
        super().__init__(message, way_out)
        self.field = field


class NotFound(DomainError):
    """There is no such thing, or none that whoever asks may know of."""

    code = "not-found"


class Forbidden(DomainError):
    """What was asked for needs a capacity that whoever asks does not hold."""

    code = "forbidden"


class Stale(DomainError):
    """What was asked for rests on a state that was read before somebody else changed it."""

    code = "stale"
    way_out = "Read it again, see what was changed, and send yours with the new ETag in If-Match."


class KeyReused(Exception):
    """The Idempotency-Key was used before, with another request; the first request stands."""

    code: ClassVar[str] = "idempotency-key-reused"
    way_out = "Send a new Idempotency-Key for a new request, or repeat the first request unchanged."

    def __init__(self, message: str = "This Idempotency-Key was used before with another request.") -> None:
        """Need nothing: the fact is always the same."""
        super().__init__(message)
        self.message = message


class Busy(Exception):
    """Not now, for a technical and passing reason; nothing was decided, or the same key tells what was.

    retry_after: seconds until a repetition makes sense.
    """

    code: ClassVar[str] = "busy"
    way_out = "Repeat the request with the same Idempotency-Key after the time given in Retry-After."

    def __init__(self, retry_after: float, message: str = "The service cannot answer this just now.") -> None:
        """Say how long to wait and, where it helps, for what."""
        super().__init__(message)
        self.retry_after = retry_after
        self.message = message


class LaterRelease(Busy):
    """It rests on something that a later release recorded; while both run side by side the other one answers it.

    what: topic of the event, which is no secret and quotes nobody.
    """

    code = "later-release"

    def __init__(self, what: str) -> None:
        """Name what is not known here."""
        super().__init__(OTHER_REPLICA_SECONDS, "This was changed by a later release than the one that answers here.")
        self.what = what


class TooManyTries(Exception):
    """From this address too many personal links were opened that lead nowhere; for a while none is looked up.

    retry_after: seconds until one is again.
    """

    code: ClassVar[str] = "too-many-tries"
    way_out = "Wait as long as Retry-After says, then open the link exactly as it was sent to you."

    def __init__(self, retry_after: float) -> None:
        """Say how long to wait."""
        self.message = "Too many links that lead nowhere were opened from here; a right one opens again in a moment."
        super().__init__(self.message)
        self.retry_after = retry_after
