"""An organisation as registration tells of it, and what is known of it when it wants a role."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Known:
    """An organisation.

    population: inhabitants, None if nobody knows. funding: programme, starts, ends of each, as registration tells it.
    version, hash, position: of the fact told.
    """

    organisation_id: UUID
    kind: str
    country: str
    population: int | None
    funding: tuple[dict[str, Any], ...]
    member_of: tuple[str, ...]
    version: int
    hash: str
    position: int


@dataclass(frozen=True)
class Circumstances:
    """What predicates are tried on.

    members_population: of all of a consortium, the organisation included; empty if it is alone. attended, hosted: how
    many meetings, by format. applied_on: the day it wants the role; deadline: last day of the call, None without one.
    """

    organisation: Known
    applied_on: date
    deadline: date | None = None
    members_population: tuple[int | None, ...] = ()
    attended: dict[str, int] = field(default_factory=dict)
    hosted: dict[str, int] = field(default_factory=dict)
