"""Invitations, facilitators, privacy."""

from alembic import op

revision = "registration_0003"
down_revision = "registration_0002"
branch_labels = None
depends_on = None

# Hashes of tokens, of links that lead somewhere; which expired ones are still there is retention's affair.
PERSONAL_LINKS = """
    CREATE TABLE personal_links (
        link_id uuid PRIMARY KEY,
        key bytea NOT NULL UNIQUE CHECK (length(key) = 32),
        purpose text NOT NULL,
        about uuid NOT NULL,
        holder uuid NOT NULL,
        expires_at timestamptz NOT NULL,
        UNIQUE (purpose, about)
    )
"""
TABLES: tuple[str, ...] = (PERSONAL_LINKS,)


def upgrade() -> None:
    """Apply."""
    for table in TABLES:
        op.execute(table)
