"""Personal links on real PostgreSQL: one purpose, for a while, and the same silence about everything else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest

from interpares.common.links import key_of, new_link
from interpares.registration.domain.links import LinkDead, PersonalLink, Purpose
from interpares.registration.infrastructure.personal_links import PersonalLinkTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.registration.tests.conftest import Registration

    from interpares.common.writes import Row

pytestmark = pytest.mark.integration
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def written(registration: Registration, rows: Sequence[Row]) -> None:
    async with registration.parts.database.connection() as connection:
        for row in rows:
            await connection.execute(row.statement, row.params)


async def issued(registration: Registration, about: UUID | None = None) -> tuple[str, PersonalLink]:
    made = new_link()
    link = PersonalLink(uuid4(), Purpose.PARTICIPATION, about or uuid4(), uuid4(), NOW + timedelta(days=1))
    await written(registration, PersonalLinkTable(registration.parts.database).issuing(link, made.key))
    return made.token, link


async def test_a_link_leads_to_its_thing_until_it_expires(registration: Registration) -> None:
    links = PersonalLinkTable(registration.parts.database)
    token, link = await issued(registration)

    assert await links.opened(key_of(token), Purpose.PARTICIPATION, NOW) == link
    with pytest.raises(LinkDead):
        await links.opened(key_of(token), Purpose.PARTICIPATION, link.expires_at)


async def test_used_withdrawn_replaced_misused_and_invented_links_get_one_answer(registration: Registration) -> None:
    links = PersonalLinkTable(registration.parts.database)
    withdrawn, link = await issued(registration)
    await written(registration, [links.ending(Purpose.PARTICIPATION, link.about)])
    replaced, earlier = await issued(registration)
    await issued(registration, earlier.about)
    misused, _ = await issued(registration)
    expired, _ = await issued(registration)
    tried = {
        (withdrawn, Purpose.PARTICIPATION, NOW),
        (replaced, Purpose.PARTICIPATION, NOW),
        (misused, Purpose.INVITATION, NOW),
        (expired, Purpose.PARTICIPATION, NOW + timedelta(days=2)),
        ("invented", Purpose.PARTICIPATION, NOW),
        ("", Purpose.PARTICIPATION, NOW),
    }

    answers = set()
    for token, purpose, now in tried:
        with pytest.raises(LinkDead) as refused:
            await links.opened(key_of(token), purpose, now)
        answers.add((refused.value.message, refused.value.way_out))

    assert len(answers) == 1


async def test_no_token_lies_in_the_table(registration: Registration) -> None:
    token, link = await issued(registration)

    rows = await registration.parts.database.fetch("SELECT * FROM personal_links WHERE link_id = %s", (link.link_id,))

    assert bytes(rows[0]["key"]) == key_of(token)
    assert token not in str(rows)
    assert token.encode() not in bytes(rows[0]["key"])
