"""The table of personal links. It holds hashes of tokens only, and only those of links that lead somewhere.

A link that was used or withdrawn is deleted, an expired one is passed over by the same statement that finds a live
one: one look into one index, whatever the token.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.common.writes import Row
from interpares.registration.domain.links import LinkDead, PersonalLink, Purpose

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from interpares.common.database import Database

FIND = (
    "SELECT link_id, about, holder, expires_at FROM personal_links WHERE key = %s AND purpose = %s AND expires_at > %s"
)
INSERT = "INSERT INTO personal_links (link_id, key, purpose, about, holder, expires_at) VALUES (%s, %s, %s, %s, %s, %s)"
DELETE = "DELETE FROM personal_links WHERE purpose = %s AND about = %s"


class PersonalLinkTable:
    """Implements ``PersonalLinks``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def opened(self, key: bytes, purpose: Purpose, now: datetime) -> PersonalLink:
        """See the port."""
        rows = await self._database.fetch(FIND, (key, purpose.value, now))
        if not rows:
            raise LinkDead
        row = rows[0]
        return PersonalLink(row["link_id"], purpose, row["about"], row["holder"], row["expires_at"])

    def issuing(self, link: PersonalLink, key: bytes) -> Sequence[Row]:
        """See the port."""
        values = (link.link_id, key, link.purpose.value, link.about, link.holder, link.expires_at)
        return self.ending(link.purpose, link.about), Row(INSERT, values)

    def ending(self, purpose: Purpose, about: UUID) -> Row:
        """See the port."""
        return Row(DELETE, (purpose.value, about))
