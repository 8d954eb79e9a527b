"""Views over real PostgreSQL: made again from the first event they are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from psycopg.sql import SQL, Identifier

from interpares.registration.domain.directory.folding import fold
from interpares.registration.main import SERVICE

if TYPE_CHECKING:
    from services.registration.tests.conftest import Registration

WHY = {"reason_code": "left-the-town", "reason": "Moved away."}


async def contents(registration: Registration) -> dict[str, list[dict[str, Any]]]:
    tables = [table for projector in SERVICE.projectors for table in projector.TABLES]
    query = SQL("SELECT * FROM {0} AS entry ORDER BY entry::text")
    return {table: await registration.parts.database.fetch(query.format(Identifier(table))) for table in tables}


@pytest.mark.integration
async def test_a_view_made_again_is_the_same(registration: Registration) -> None:
    town = await registration.organisation()
    person = await registration.person("made-again")
    membership = await registration.grant(person, "coordinator", town)
    await registration.post("root", f"/memberships/{membership}/end", WHY)
    await registration.get("root", "/organisations")
    before = await contents(registration)

    for projector in SERVICE.projectors:
        await registration.views.rebuild(projector)

    assert await contents(registration) == before
    assert before["organisations"]
    assert any(row["ended_at"] for row in before["organisation_memberships"])


@pytest.mark.parametrize(
    ("text", "found_as"),
    [("Bad  Ischl", "bad ischl"), ("Sant Cugat del Vallès", "sant cugat del valles"), ("GROẞENHAIN", "grossenhain")],
)
def test_names_are_found_without_capitals_and_accents(text: str, found_as: str) -> None:
    assert fold(text) == found_as
