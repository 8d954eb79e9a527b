"""Prerequisites, files, seats, participants."""

from alembic import op

revision = "registration_0004"
down_revision = "registration_0003"
branch_labels = None
depends_on = None

# Names of files are typed, so they lie here and not in the log; contents lie in a room of their own.
FILES = """
    CREATE TABLE files (
        file_id uuid PRIMARY KEY,
        organisation_id uuid NOT NULL,
        name text,
        media_type text NOT NULL,
        size bigint NOT NULL,
        sha256 text NOT NULL,
        subjects uuid[] NOT NULL,
        stored_at timestamptz NOT NULL,
        erased_at timestamptz
    )
"""
TABLES: tuple[str, ...] = (
    FILES,
    "CREATE INDEX files_organisation ON files (organisation_id, file_id)",
    "CREATE INDEX files_subjects ON files USING gin (subjects)",
)


def upgrade() -> None:
    """Apply."""
    for table in TABLES:
        op.execute(table)
