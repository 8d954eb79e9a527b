"""The directory, imports, ranking."""

from alembic import op

revision = "registration_0002"
down_revision = "registration_0001"
branch_labels = None
depends_on = None

TABLES: tuple[str, ...] = ()


def upgrade() -> None:
    """Apply."""
    for table in TABLES:
        op.execute(table)
