"""Views that explain: selection rounds, reciprocity and coverage."""

from alembic import op

revision = "programme_0003"
down_revision = "programme_0002"
branch_labels = None
depends_on = None

TABLES: tuple[str, ...] = ()


def upgrade() -> None:
    """Apply."""
    for table in TABLES:
        op.execute(table)
