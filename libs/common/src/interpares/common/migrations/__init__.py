"""Alembic environment of all services, and the tables every service has."""
