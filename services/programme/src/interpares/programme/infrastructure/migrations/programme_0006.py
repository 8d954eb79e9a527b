"""Views of documents and their reviews."""

from alembic import op

revision = "programme_0006"
down_revision = "programme_0005"
branch_labels = None
depends_on = None

TABLES: tuple[str, ...] = (
    """
    CREATE TABLE documents (
        programme_id uuid NOT NULL,
        document_id uuid NOT NULL,
        kind text NOT NULL,
        owners uuid[] NOT NULL,
        title text NOT NULL,
        conflicts uuid[] NOT NULL,
        withdrawn boolean NOT NULL,
        entered_at timestamptz NOT NULL,
        last_decision uuid NOT NULL,
        PRIMARY KEY (programme_id, document_id)
    )
    """,
    """
    CREATE TABLE document_versions (
        programme_id uuid NOT NULL,
        document_id uuid NOT NULL,
        version integer NOT NULL,
        language text NOT NULL,
        document_hash text NOT NULL,
        entered_at timestamptz NOT NULL,
        reviewers_at_least integer,
        last_decision uuid NOT NULL,
        PRIMARY KEY (programme_id, document_id, version)
    )
    """,
    """
    CREATE TABLE reviews (
        programme_id uuid NOT NULL,
        review_id uuid NOT NULL,
        document_id uuid NOT NULL,
        version integer NOT NULL,
        reviewer_id uuid NOT NULL,
        status text NOT NULL,
        asked_at timestamptz NOT NULL,
        due date,
        answered_at timestamptz,
        text text,
        last_decision uuid NOT NULL,
        PRIMARY KEY (programme_id, review_id)
    )
    """,
    "CREATE INDEX reviews_document ON reviews (programme_id, document_id, version)",
)


def upgrade() -> None:
    """Apply."""
    for table in TABLES:
        op.execute(table)
