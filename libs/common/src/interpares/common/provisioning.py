"""Making a service's database with its two roles, where the operator leaves that to ``migrate``.

The owner role owns the database and migrates it; the service role may connect, and gets from the migrations what it may
read and write. Run again it changes what differs, passwords included, so that changing the DSNs changes the passwords.
"""

from __future__ import annotations

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier, Literal


def provision_database(admin_url: str, owner_url: str, service_url: str) -> None:
    """Make the database and the roles that two DSNs name, as far as they are missing.

    admin_url: DSN of a role with CREATEDB and CREATEROLE, on any database of that server.
    """
    owner, service = conninfo_to_dict(owner_url), conninfo_to_dict(service_url)
    name = str(owner["dbname"])
    with psycopg.connect(admin_url, autocommit=True, connect_timeout=10) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext('interpares-provision'))")
        for parts in (owner, service):
            _role(connection, str(parts["user"]), str(parts.get("password", "")))
        database, owning = Identifier(name), Identifier(str(owner["user"]))
        if not connection.execute("SELECT FROM pg_database WHERE datname = %s", (name,)).fetchall():
            # Since PostgreSQL 16 whoever makes a role may not act as it at once.
            connection.execute(SQL("GRANT {} TO CURRENT_USER").format(owning))
            connection.execute(SQL("CREATE DATABASE {} OWNER {}").format(database, owning))
        connection.execute(SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
        connection.execute(SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, Identifier(str(service["user"]))))


def _role(connection: psycopg.Connection, name: str, password: str) -> None:
    known = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (name,)).fetchall()
    verb = SQL("ALTER") if known else SQL("CREATE")
    # Hashed here, so that the password stands in no statement and no log of the server.
    hashed = connection.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256")
    connection.execute(SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, Identifier(name), Literal(hashed.decode())))
