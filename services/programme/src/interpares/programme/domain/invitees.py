"""Who is invited by a rule, as the template has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class InviteeRule:
    """Who is invited besides the host.

    roles: holders of these roles, all participants if empty. whole: of the whole programme, not of the strand.
    attended: of their staff only those who took part in a meeting of one of these formats; everybody if empty.
    """

    roles: tuple[str, ...] = ()
    whole: bool = False
    attended: tuple[str, ...] = ()


def read_invitees(written: list[dict[str, Any]]) -> tuple[InviteeRule, ...]:
    """Return who is invited, as a hosting rule or a meeting without a duty has it in the template."""
    return tuple(
        InviteeRule(tuple(each["roles"]), each["scope"] == "programme", tuple(each["attended"])) for each in written
    )
