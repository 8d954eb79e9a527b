"""How a command ends when it does not succeed: what to print and which exit code.

::

    0  done
    1  Refused      a service or a check says no
    2  Usage        the command line, or what it refers to, is wrong (typer's own code too)
    3  Unreachable  a service, the issuer or NATS does not answer
"""

from __future__ import annotations

from typing import Any, ClassVar


class Failure(Exception):
    """A command did not succeed.

    title: what happened, a few words. detail: the fact, one sentence. way_out: what the user can do.
    facts: more, for programs that read ``--json``.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, *, title: str, detail: str = "", way_out: str = "", **facts: Any) -> None:
        super().__init__(detail or title)
        self.title = title
        self.detail = detail
        self.way_out = way_out
        self.facts = facts

    def as_json(self) -> dict[str, Any]:
        """Return all of it, without what is empty."""
        told = {"title": self.title, "detail": self.detail, "way_out": self.way_out, **self.facts}
        return {name: value for name, value in told.items() if value}


class Refused(Failure):
    """Somebody who may say no said no."""


class Usage(Failure):
    """What was typed cannot be meant."""

    exit_code = 2


class Unreachable(Failure):
    """Somebody who should answer does not."""

    exit_code = 3


class Problem(Refused):
    """A service refused, in its own words (RFC 9457).

    status: of the HTTP answer. code: stable name of the fact. trace_id: under which the service logged the request.
    errors: fields that are wrong, each ``{"field", "message"}``.
    """

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        self.status = status
        self.code = str(body.get("code", ""))
        self.trace_id = str(body.get("trace_id", ""))
        self.errors: list[dict[str, str]] = list(body.get("errors") or ())
        super().__init__(
            title=str(body.get("title") or f"The service answered {status}"),
            detail=str(body.get("detail") or ""),
            way_out=str(body.get("way_out") or ""),
            status=status,
            code=self.code,
            trace_id=self.trace_id,
            errors=self.errors,
        )
