"""Leaf hashes beside the events; commands, sealed texts, positions, parked messages, memberships."""

from alembic import op

revision = "common_0001"
down_revision = None
branch_labels = ("common",)
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.execute("ALTER TABLE stored_events ADD COLUMN leaf bytea NOT NULL CHECK (length(leaf) = 32)")
    op.execute(
        """
        CREATE TABLE commands (
            command_id uuid PRIMARY KEY,
            request_hash bytea NOT NULL,
            result jsonb NOT NULL,
            position bigint NOT NULL,
            recorded_at timestamptz NOT NULL
        )
        """
    )
    op.execute(
        """
        CREATE TABLE sealed_texts (
            hash text PRIMARY KEY,
            salt bytea,
            text text,
            author uuid NOT NULL,
            subjects uuid[] NOT NULL,
            recorded_at timestamptz NOT NULL,
            CHECK ((salt IS NULL) = (text IS NULL))
        )
        """
    )
    op.execute("CREATE INDEX sealed_texts_author ON sealed_texts (author)")
    op.execute("CREATE INDEX sealed_texts_subjects ON sealed_texts USING gin (subjects)")
    op.execute("CREATE TABLE view_positions (view text PRIMARY KEY, position bigint NOT NULL)")
    op.execute(
        """
        CREATE TABLE inbox_positions (
            feed text PRIMARY KEY,
            position bigint NOT NULL,
            confirmed_at timestamptz
        )
        """
    )
    op.execute(
        """
        CREATE TABLE parked (
            feed text NOT NULL,
            position bigint NOT NULL,
            aggregate text NOT NULL,
            headers jsonb NOT NULL,
            body bytea NOT NULL,
            error text NOT NULL,
            parked_at timestamptz NOT NULL,
            PRIMARY KEY (feed, position)
        )
        """
    )
    op.execute("CREATE INDEX parked_aggregate ON parked (feed, aggregate)")
    op.execute(
        """
        CREATE TABLE memberships (
            membership_id uuid PRIMARY KEY,
            actor uuid NOT NULL,
            organisation_id uuid NOT NULL,
            capacity text NOT NULL
        )
        """
    )
    op.execute("CREATE INDEX memberships_actor ON memberships (actor)")
