"""Alembic revisions of the programme service."""
