"""Looking for what should be gone: words and hashes in every table of a service, whatever its columns are made of."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg.sql import SQL, Composed, Identifier

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from interpares.common.database import Database

COLUMNS = (
    "SELECT c.table_schema, c.table_name, c.column_name, c.data_type FROM information_schema.columns c"
    " JOIN information_schema.tables t USING (table_schema, table_name)"
    " WHERE c.table_schema IN ('public', 'rebuilds') AND t.table_type = 'BASE TABLE'"
    " ORDER BY c.table_schema, c.table_name, c.ordinal_position"
)


@dataclass(frozen=True)
class Leftover:
    """What was found. place: ``table.column``; rows: in how many of its rows."""

    place: str
    rows: int


async def left_over(database: Database, words: Sequence[str]) -> list[Leftover]:
    """Return where one of the words lies, in whatever case and however JSON writes it; none is told apart.

    Everything is searched: events, snapshots, commands, views, also those that are being made again.
    """
    found = []
    for row in await database.fetch(COLUMNS):
        column, table = Identifier(row["column_name"]), Identifier(row["table_schema"], row["table_name"])
        query = _bytes(table, column) if row["data_type"] == "bytea" else _text(table, column)
        forms = sorted({form for word in words for form in _forms(word)})
        given = [form.encode() for form in forms] if row["data_type"] == "bytea" else forms
        (counted,) = await database.fetch(query, {"words": given})
        if counted["n"]:
            schema = "" if row["table_schema"] == "public" else f"{row['table_schema']}."
            found.append(Leftover(f"{schema}{row['table_name']}.{row['column_name']}", counted["n"]))
    return found


async def texts_left(database: Database, theirs: str, person_id: UUID, actor: UUID) -> int:
    """Return how many sealed texts of or about a person still hold a text. theirs: the condition that finds them."""
    query = f"SELECT count(*) AS n FROM sealed_texts WHERE (text IS NOT NULL OR salt IS NOT NULL) AND {theirs}"  # noqa: S608
    (counted,) = await database.fetch(query, {"person_id": person_id, "actor": actor})
    return int(counted["n"])


def _text(table: Identifier, column: Identifier) -> Composed:
    return SQL(
        "SELECT count(*) AS n FROM {} WHERE EXISTS"
        " (SELECT FROM unnest(%(words)s::text[]) AS w WHERE strpos(lower({}::text), lower(w)) > 0)"
    ).format(table, column)


def _bytes(table: Identifier, column: Identifier) -> Composed:
    # Bytes have no capitals to fold; the forms of a word cover how it may be written.
    return SQL(
        "SELECT count(*) AS n FROM {} WHERE EXISTS"
        " (SELECT FROM unnest(%(words)s::bytea[]) AS w WHERE position(w IN {}) > 0)"
    ).format(table, column)


def _forms(word: str) -> Iterator[str]:
    """Yield how a word may be written: as it is, in capitals and small letters, and escaped as in JSON."""
    for each in (word, word.lower(), word.upper(), word.casefold(), word.capitalize()):
        yield each
        yield json.dumps(each)[1:-1]
        yield json.dumps(each, ensure_ascii=False)[1:-1]
