"""Views that explain: what a decision says beyond its record, and how decisions are related."""

from alembic import op

revision = "programme_0003"
down_revision = "programme_0002"
branch_labels = None
depends_on = None

TABLES: tuple[str, ...] = (
    "ALTER TABLE decision_log ADD COLUMN details jsonb NOT NULL DEFAULT '{}'",
    "CREATE INDEX decision_log_subject ON decision_log (programme_id, subject)",
    *(
        f"CREATE INDEX decision_log_{relation} ON decision_log ((record ->> '{relation}'))"
        f" WHERE record ->> '{relation}' IS NOT NULL"
        for relation in ("corrects", "supersedes", "revokes")
    ),
    """
    CREATE TABLE heard_rankings (
        ranking_id uuid NOT NULL,
        programme_id uuid NOT NULL,
        role text NOT NULL,
        strand text,
        version integer NOT NULL,
        rule text NOT NULL,
        hash text NOT NULL,
        digest text NOT NULL,
        position bigint NOT NULL,
        entries jsonb NOT NULL,
        PRIMARY KEY (ranking_id)
    )
    """,
    "CREATE INDEX heard_rankings_role ON heard_rankings (programme_id, role, position)",
    """
    CREATE TABLE heard_attendance (
        programme_id uuid NOT NULL,
        meeting_id uuid NOT NULL,
        organisation_id uuid NOT NULL,
        version integer NOT NULL,
        attended jsonb NOT NULL,
        PRIMARY KEY (programme_id, meeting_id, organisation_id)
    )
    """,
    "CREATE INDEX heard_attendance_organisation ON heard_attendance (organisation_id)",
)


def upgrade() -> None:
    """Apply."""
    for table in TABLES:
        op.execute(table)
