"""Views of meetings, agreements, prerequisites and exceptions."""

from alembic import op

revision = "programme_0004"
down_revision = "programme_0003"
branch_labels = None
depends_on = None

TABLES: tuple[str, ...] = ()


def upgrade() -> None:
    """Apply."""
    for table in TABLES:
        op.execute(table)
