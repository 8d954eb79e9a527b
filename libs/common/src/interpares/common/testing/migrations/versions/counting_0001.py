"""The tables of the counting service."""

from alembic import op

revision = "counting_0001"
down_revision = None
branch_labels = ("counting",)
depends_on = "common_0001"


def upgrade() -> None:
    """Apply."""
    op.execute("CREATE TABLE increments (event_id uuid PRIMARY KEY)")
    op.execute("CREATE TABLE heard (position bigint PRIMARY KEY)")
