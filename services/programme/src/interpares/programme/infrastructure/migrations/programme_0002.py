"""What follows from the rules: versions of the template, how roles are held, what is known of organisations."""

from alembic import op

revision = "programme_0002"
down_revision = "programme_0001"
branch_labels = None
depends_on = None

TABLES: tuple[str, ...] = (
    """
    ALTER TABLE programmes ADD COLUMN template_version integer NOT NULL DEFAULT 1,
        ADD COLUMN term_starts date, ADD COLUMN term_ends date, ADD COLUMN phase text
    """,
    """
    CREATE TABLE programme_templates (
        programme_id uuid NOT NULL,
        version integer NOT NULL,
        template jsonb NOT NULL,
        template_hash text NOT NULL,
        decision_id uuid NOT NULL,
        PRIMARY KEY (programme_id, version)
    )
    """,
    """
    ALTER TABLE participations ALTER COLUMN application_id DROP NOT NULL,
        ADD COLUMN holdings jsonb NOT NULL DEFAULT '[]', ADD COLUMN members uuid[] NOT NULL DEFAULT '{}',
        ADD COLUMN pairs text[] NOT NULL DEFAULT '{}'
    """,
    """
    ALTER TABLE heard_organisations ADD COLUMN population integer, ADD COLUMN funding jsonb NOT NULL DEFAULT '[]',
        ADD COLUMN member_of text[] NOT NULL DEFAULT '{}', ADD COLUMN version integer NOT NULL DEFAULT 1,
        ADD COLUMN digest text NOT NULL DEFAULT '', ADD COLUMN position bigint NOT NULL DEFAULT 0
    """,
    "ALTER TABLE heard_applications ADD COLUMN members uuid[] NOT NULL DEFAULT '{}'",
    """
    CREATE TABLE meetings_past (
        meeting_id uuid NOT NULL,
        organisation_id uuid NOT NULL,
        format text NOT NULL,
        hosted boolean NOT NULL,
        PRIMARY KEY (organisation_id, meeting_id)
    )
    """,
    "CREATE INDEX meetings_past_meeting ON meetings_past (meeting_id)",
)


def upgrade() -> None:
    """Apply."""
    for table in TABLES:
        op.execute(table)
