"""Alembic environment: revisions of libs/common and of one service, over the owner's connection."""

from alembic import context
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

url = make_url(context.config.attributes["url"]).set(drivername="postgresql+psycopg")
with create_engine(url, poolclass=NullPool).connect() as connection:
    context.configure(connection=connection)
    # Whoever waits for a table makes everybody wait who comes after: better given up, and tried again by who runs it.
    connection.execute(text("SET lock_timeout = '5s'"))
    connection.commit()
    with context.begin_transaction():
        context.run_migrations()
