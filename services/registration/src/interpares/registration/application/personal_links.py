"""Personal links as use cases see them: issued, opened, withdrawn; a link that is over is no longer there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from interpares.common.writes import Row
    from interpares.registration.domain.links import PersonalLink, Purpose


class PersonalLinks(Protocol):
    """The links that lead somewhere. key: the hash of a link's token, see ``interpares.common.links``."""

    async def opened(self, key: bytes, purpose: Purpose, now: datetime) -> PersonalLink:
        """Return the link. Raises LinkDead for every other key, whatever the reason, after the same work."""
        ...

    def issuing(self, link: PersonalLink, key: bytes) -> Sequence[Row]:
        """Let a link lead somewhere; an earlier one for the same purpose and thing leads nowhere from here on."""
        ...

    def ending(self, purpose: Purpose, about: UUID) -> Row:
        """Let the link to a thing lead nowhere: it was used or is withdrawn."""
        ...
