"""A service's database on any PostgreSQL server: one owner role that migrates, one service role that works."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

OLDEST = 17
NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")


@dataclass(frozen=True)
class Database:
    """A database with its two roles, as URLs ``postgresql://role:password@host:port/name``.

    The owner role owns the database and its schema ``public``, no more; the service role may connect, no more: what it
    may read and write is for the migrations to grant.
    """

    name: str
    owner_url: str
    service_url: str

    @property
    def owner_role(self) -> str:
        """The role that migrates."""
        return f"{self.name}_owner"

    @property
    def service_role(self) -> str:
        """The role the service works under."""
        return f"{self.name}_service"


class PostgresServer:
    """A PostgreSQL server on which services get databases; a context manager that starts and stops it."""

    @property
    def superuser_url(self) -> str:
        """The URL of a role that may make databases and roles."""
        raise NotImplementedError

    def start(self) -> None:
        """Have the server answer."""
        raise NotImplementedError

    def stop(self) -> None:
        """Leave nothing behind of what ``start`` and ``create_service`` made."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stop."""
        self.stop()

    def create_service(self, name: str) -> Database:
        """Make the database ``name`` with the roles ``<name>_owner`` and ``<name>_service``.

        name: a lower-case letter, then at most 30 letters, digits and underscores.
        """
        if not NAME.fullmatch(name):
            message = f"{name!r} can't name a database: use a lower-case letter, then letters, digits, underscores"
            raise ValueError(message)
        passwords = {f"{name}_owner": secrets.token_urlsafe(18), f"{name}_service": secrets.token_urlsafe(18)}
        owner, service = (sql.Identifier(role) for role in passwords)
        database = sql.Identifier(name)
        with psycopg.connect(self.superuser_url, autocommit=True) as connection:
            for role, password in passwords.items():
                connection.execute(
                    sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(role), sql.Literal(password))
                )
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, owner))
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
            connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, service))
        owner_url, service_url = (_url(self.superuser_url, role, passwords[role], name) for role in passwords)
        return Database(name, owner_url, service_url)

    def drop_service(self, database: Database) -> None:
        """Drop a database with its two roles, whoever is still connected."""
        with psycopg.connect(self.superuser_url, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database.name)))
            for role in (database.owner_role, database.service_role):
                connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))


class GivenPostgres(PostgresServer):
    """A server that runs already and is not ours: every database gets a name of its own and goes with ``stop``."""

    def __init__(self, superuser_url: str) -> None:
        """Take the URL of a superuser."""
        self._superuser_url = superuser_url
        self._made: list[Database] = []

    @property
    def superuser_url(self) -> str:
        """The URL given."""
        return self._superuser_url

    def start(self) -> None:
        """Check that the server answers and is of version 17 at least."""
        with psycopg.connect(self._superuser_url) as connection:
            version = connection.info.server_version // 10_000
        if version < OLDEST:
            message = f"the PostgreSQL server given is of version {version}; give one of version {OLDEST} or later"
            raise RuntimeError(message)

    def stop(self) -> None:
        """Drop every database made here."""
        for database in tuple(self._made):
            self.drop_service(database)

    def create_service(self, name: str) -> Database:
        """Make a database and its roles; the name gets an ending nobody else has."""
        database = super().create_service(f"{name}_{secrets.token_hex(4)}")
        self._made.append(database)
        return database

    def drop_service(self, database: Database) -> None:
        """Drop a database with its two roles, whoever is still connected."""
        super().drop_service(database)
        if database in self._made:
            self._made.remove(database)


def _url(superuser_url: str, role: str, password: str, name: str) -> str:
    parts = urlsplit(superuser_url)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{role}:{quote(password)}@{place}", path=f"/{name}"))
