"""Messages that operators gave up, with the reason; views that are being made again."""

from alembic import op

revision = "common_0002"
down_revision = "common_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.execute(
        """
        CREATE TABLE discarded (
            feed text NOT NULL,
            position bigint NOT NULL,
            aggregate text NOT NULL,
            headers jsonb NOT NULL,
            body bytea NOT NULL,
            error text NOT NULL,
            parked_at timestamptz NOT NULL,
            discarded_at timestamptz NOT NULL,
            actor uuid NOT NULL,
            reason_code text NOT NULL,
            reason text NOT NULL,
            PRIMARY KEY (feed, position)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE view_rebuilds (
            view text PRIMARY KEY,
            position bigint NOT NULL,
            started_at timestamptz NOT NULL
        )
        """
    )
