"""Invitations, facilitators, privacy."""

from alembic import op

revision = "registration_0003"
down_revision = "registration_0002"
branch_labels = None
depends_on = None

TABLES: tuple[str, ...] = ()


def upgrade() -> None:
    """Apply."""
    for table in TABLES:
        op.execute(table)
