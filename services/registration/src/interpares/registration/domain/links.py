"""Personal links: what each is for, and to what it leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from interpares.common.errors import NotFound


class Purpose(StrEnum):
    """The one thing a link is for."""

    INVITATION = "invitation"
    PARTICIPATION = "participation"


@dataclass(frozen=True)
class PersonalLink:
    """A link that leads somewhere.

    about: id of what it leads to, an invitation or a participant. holder: opaque id its holder acts under.
    expires_at: the instant (UTC) from which on it leads nowhere.
    """

    link_id: UUID
    purpose: Purpose
    about: UUID
    holder: UUID
    expires_at: datetime


class LinkDead(NotFound):
    """This link leads nowhere: it never was one, has expired, was used or was withdrawn.

    Which of these it is nobody is told, so that nobody learns anything by trying.
    """

    code = "link-dead"
    way_out = "Ask whoever sent you the link for a new one."

    def __init__(self) -> None:
        """Need nothing: the answer is always the same."""
        super().__init__("This link leads nowhere.")
