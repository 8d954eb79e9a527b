"""``migrate`` makes a database with its roles where it is given somebody who may."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from interpares.common.provisioning import provision_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from interpares.common.testing.databases import PostgresServer

OWNER, SERVICE = "provisioned_owner", "provisioned_service"


def url(server: PostgresServer, role: str, password: str, name: str = "provisioned") -> str:
    return f"postgresql://{role}:{password}@{urlsplit(server.superuser_url).netloc.rpartition('@')[2]}/{name}"


@pytest.fixture
def admin(postgres: PostgresServer) -> Iterator[str]:
    """No superuser: who may make databases and roles, as a cloud lends it."""
    password = secrets.token_urlsafe(8)
    with psycopg.connect(postgres.superuser_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE ROLE provisioner LOGIN CREATEDB CREATEROLE PASSWORD {}").format(sql.Literal(password))
        )
        yield url(postgres, "provisioner", password, "postgres")
        connection.execute("DROP DATABASE IF EXISTS provisioned WITH (FORCE)")
        connection.execute("DROP ROLE IF EXISTS provisioned_owner, provisioned_service")
        connection.execute("DROP ROLE provisioner")


def test_roles_can_do_their_own_and_no_more(postgres: PostgresServer, admin: str) -> None:
    owner, service = url(postgres, OWNER, "one"), url(postgres, SERVICE, "two")
    provision_database(admin, owner, service)
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("CREATE TABLE mine (x int)")
    with psycopg.connect(service) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT * FROM mine")


def test_again_it_changes_what_differs_passwords_included(postgres: PostgresServer, admin: str) -> None:
    provision_database(admin, url(postgres, OWNER, "one"), url(postgres, SERVICE, "two"))
    provision_database(admin, url(postgres, OWNER, "one"), url(postgres, SERVICE, "three"))
    psycopg.connect(url(postgres, SERVICE, "three")).close()
    psycopg.connect(url(postgres, OWNER, "one")).close()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url(postgres, SERVICE, "two"))
