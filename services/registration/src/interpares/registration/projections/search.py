"""Finding organisations by a name as somebody remembers it: without umlauts, with a slip of the pen, in part.

Words of the directory that begin, end or sound like the words asked for lead to candidates; how near their names are is
measured on these only.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from interpares.common.database import Database
from interpares.registration.domain.directory.folding import forms, skeleton, words
from interpares.registration.projections.organisations import FILTER, ListedOrganisation, Where, listed

BEGINNING = 3
CANDIDATES = 500
NEAR = 72.0
# Names that several ways lead to come first: one slip of the pen leaves at least two of them.
CANDIDATE_IDS = f"""
    WITH hits AS (
        SELECT organisation_id, max((word LIKE ANY(%(beginnings)s))::integer
            + (backwards LIKE ANY(%(endings)s))::integer + (skeleton = ANY(%(skeletons)s))::integer) AS ways
        FROM organisation_words
        WHERE (word LIKE ANY(%(beginnings)s) OR backwards LIKE ANY(%(endings)s) OR skeleton = ANY(%(skeletons)s))
            AND organisation_id IN (SELECT organisation_id FROM organisations WHERE {FILTER})
        GROUP BY organisation_id ORDER BY ways DESC, organisation_id LIMIT %(candidates)s
    )
    SELECT organisation_id, array_agg(form) AS forms FROM hits JOIN organisation_names USING (organisation_id)
    GROUP BY organisation_id
"""  # noqa: S608 -- constants only


@dataclass(frozen=True)
class Found:
    """An organisation that was found. score: 100 where its name is as it was asked for, less the further it is."""

    score: int
    organisation: ListedOrganisation


class OrganisationSearch:
    """Searches the directory."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, text: str, where: Where, *, after: tuple[int, UUID] | None, limit: int) -> list[Found]:
        """Return what is nearest to a text, nearest first, from behind score and id ``after``."""
        asked = words(text)
        wanted = {
            "beginnings": [f"{word[:BEGINNING]}%" for word in asked],
            "endings": [f"{word[: -BEGINNING - 1 : -1]}%" for word in asked if len(word) > BEGINNING],
            "skeletons": [skeleton(word) for word in asked],
            "candidates": CANDIDATES,
            **where.as_params(),
        }
        rows = await self._database.fetch(CANDIDATE_IDS, wanted) if asked else []
        scored = ((nearness(text, row["forms"]), row["organisation_id"]) for row in rows)
        ranked = sorted((-score, organisation_id) for score, organisation_id in scored if score >= NEAR)
        if after is not None:
            ranked = [each for each in ranked if each > (-after[0], after[1])]
        return await self._listed(ranked[:limit])

    async def _listed(self, ranked: list[tuple[int, UUID]]) -> list[Found]:
        rows = await self._database.fetch(
            "SELECT * FROM organisations WHERE organisation_id = ANY(%s)", ([each for _, each in ranked],)
        )
        known: dict[UUID, dict[str, Any]] = {row["organisation_id"]: row for row in rows}
        return [Found(-score, listed(known[each])) for score, each in ranked]


def nearness(text: str, named: list[str]) -> int:
    """Return how near the nearest name is to a text, 0 to 100; one that has it among other words is less near."""
    from rapidfuzz import fuzz  # noqa: PLC0415 -- only who has searched has it in memory

    asked = forms(text)
    return round(
        max(
            max(fuzz.ratio(one, name), 0.97 * fuzz.token_sort_ratio(one, name), 0.93 * fuzz.partial_ratio(one, name))
            for one in asked
            for name in named
        )
    )
