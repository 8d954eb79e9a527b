"""The register of personal data against the schema: what lies beside the id of a person is declared, or plain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from interpares.registration.domain.privacy.register import PLAIN, REGISTER

if TYPE_CHECKING:
    from interpares.common.testing.databases import Database as Made

pytestmark = pytest.mark.integration
# A row with one of these is about a person.
IDS = ("person_id", "actor", "holder", "author", "reader", "participant_id")
COLUMNS = (
    "SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c"
    " WHERE c.table_schema = 'public' AND c.table_name NOT IN ('stored_events', 'snapshots')"
    " AND EXISTS (SELECT FROM information_schema.columns i WHERE i.table_schema = 'public'"
    " AND i.table_name = c.table_name AND i.column_name = ANY(%s))"
)
# Ids are told apart elsewhere; numbers of rows and switches say nothing.
HARMLESS = {"uuid", "bigint", "integer"}


def about_people(made: Made) -> set[tuple[str, str]]:
    with psycopg.connect(made.owner_url) as connection:
        rows = connection.execute(COLUMNS, (list(IDS),)).fetchall()
    return {(table, column) for table, column, kind in rows if kind not in HARMLESS and column not in IDS}


def test_every_column_beside_the_id_of_a_person_is_declared(registration_database: Made) -> None:
    declared = {(holding.table, column.name) for holding in REGISTER for column in holding.columns}
    plain = {(table, column) for table, columns in PLAIN.items() for column in columns}

    undeclared = about_people(registration_database) - declared - plain

    assert undeclared == {("sealed_texts", "subjects")}, (
        "say in domain/privacy/register.py why these columns are held, or that they are plain"
    )


def test_nothing_is_declared_that_is_not_there_or_twice(registration_database: Made) -> None:
    with psycopg.connect(registration_database.owner_url) as connection:
        query = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        there = set(connection.execute(query).fetchall())
    declared = [(holding.table, column.name) for holding in REGISTER for column in holding.columns]
    plain = [(table, column) for table, columns in PLAIN.items() for column in columns]
    keys = {(holding.table, holding.whose) for holding in REGISTER}

    assert {*declared, *plain, *keys} - there == set()
    assert len(set(declared) | set(plain)) == len(declared) + len(plain)


def test_a_new_text_beside_the_id_of_a_person_would_be_found(registration_database: Made) -> None:
    with psycopg.connect(registration_database.owner_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE hobbies (person_id uuid, hobby text)")
    try:
        assert ("hobbies", "hobby") in about_people(registration_database)
    finally:
        with psycopg.connect(registration_database.owner_url, autocommit=True) as connection:
            connection.execute("DROP TABLE hobbies")
