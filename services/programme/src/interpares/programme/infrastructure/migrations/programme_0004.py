"""Views of meetings, agreements, deadlines and exceptions; prerequisites as heard from registration."""

from alembic import op

revision = "programme_0004"
down_revision = "programme_0003"
branch_labels = None
depends_on = None

TABLES: tuple[str, ...] = (
    "ALTER TABLE duty_ledger ADD COLUMN meeting_id uuid",
    """
    CREATE TABLE meetings (
        meeting_id uuid PRIMARY KEY,
        programme_id uuid NOT NULL,
        revision integer NOT NULL,
        status text NOT NULL,
        rule text NOT NULL,
        format text NOT NULL,
        strand text NOT NULL,
        duty text,
        host_id uuid,
        organiser_id uuid,
        asked_by_id uuid,
        follows text,
        title jsonb NOT NULL,
        mode text NOT NULL,
        venue jsonb,
        starts_local timestamp,
        ends_local timestamp,
        zone text,
        starts_at timestamptz,
        ends_at timestamptz,
        audiences text[] NOT NULL,
        themes text[] NOT NULL,
        languages text[] NOT NULL,
        seats integer,
        guests uuid[] NOT NULL,
        invited uuid[] NOT NULL,
        attended uuid[] NOT NULL,
        agreement_version integer,
        agreement_hash text,
        agreement_sides uuid[] NOT NULL,
        approved_by uuid[] NOT NULL,
        last_decision uuid NOT NULL
    )
    """,
    "CREATE INDEX meetings_programme ON meetings (programme_id, meeting_id)",
    """
    CREATE TABLE meeting_history (
        position bigint PRIMARY KEY,
        meeting_id uuid NOT NULL,
        decision_id uuid NOT NULL,
        type text NOT NULL,
        outcome text NOT NULL,
        reason_code text NOT NULL,
        revision integer,
        agreement_version integer,
        changed text[] NOT NULL,
        decided_at timestamptz NOT NULL,
        recorded_at timestamptz NOT NULL,
        source text NOT NULL
    )
    """,
    "CREATE INDEX meeting_history_meeting ON meeting_history (meeting_id, position)",
    """
    CREATE TABLE meeting_agreements (
        meeting_id uuid NOT NULL,
        version integer NOT NULL,
        hash text NOT NULL,
        sides uuid[] NOT NULL,
        content jsonb NOT NULL,
        drafted_by uuid NOT NULL,
        drafted_at timestamptz NOT NULL,
        approvals jsonb NOT NULL,
        PRIMARY KEY (meeting_id, version)
    )
    """,
    """
    CREATE TABLE meeting_deadlines (
        programme_id uuid NOT NULL,
        meeting_id uuid NOT NULL,
        key text NOT NULL,
        day date NOT NULL,
        owed_by text NOT NULL,
        organisations uuid[] NOT NULL,
        PRIMARY KEY (meeting_id, key)
    )
    """,
    "CREATE INDEX meeting_deadlines_day ON meeting_deadlines (programme_id, day, meeting_id, key)",
    """
    CREATE TABLE prerequisite_exceptions (
        exception_id uuid PRIMARY KEY,
        programme_id uuid NOT NULL,
        organisation_id uuid NOT NULL,
        prerequisite text NOT NULL,
        until date NOT NULL,
        reason_code text NOT NULL,
        granted_at timestamptz NOT NULL,
        ended_at timestamptz,
        replaced_by uuid
    )
    """,
    "CREATE INDEX prerequisite_exceptions_programme ON prerequisite_exceptions (programme_id, exception_id)",
    """
    CREATE TABLE heard_prerequisites (
        fact_id uuid PRIMARY KEY,
        organisation_id uuid NOT NULL,
        programme_id uuid,
        prerequisite text NOT NULL,
        kind text NOT NULL,
        version integer NOT NULL,
        valid_from date NOT NULL,
        valid_until date,
        revoked_on date,
        evidence_hash text NOT NULL,
        position bigint NOT NULL
    )
    """,
    "CREATE INDEX heard_prerequisites_organisation ON heard_prerequisites (organisation_id)",
)


def upgrade() -> None:
    """Apply."""
    for table in TABLES:
        op.execute(table)
