"""Views of money and outputs; tasks and drafts of the office desk."""

from alembic import op

revision = "programme_0005"
down_revision = "programme_0004"
branch_labels = None
depends_on = None

TABLES: tuple[str, ...] = ()


def upgrade() -> None:
    """Apply."""
    for table in TABLES:
        op.execute(table)
