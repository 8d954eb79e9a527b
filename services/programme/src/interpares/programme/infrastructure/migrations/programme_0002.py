"""Views of what follows from the rules: phases, milestones, pairs, consortia, accompaniment."""

from alembic import op

revision = "programme_0002"
down_revision = "programme_0001"
branch_labels = None
depends_on = None

TABLES: tuple[str, ...] = ()


def upgrade() -> None:
    """Apply."""
    for table in TABLES:
        op.execute(table)
