"""Whether a sealed text was typed for an organisation."""

from alembic import op

revision = "common_0003"
down_revision = "common_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.execute("ALTER TABLE sealed_texts ADD COLUMN official boolean NOT NULL DEFAULT false")
