"""Programmes, participations, duty ledger, decision log; applications and organisations as heard from registration."""

from alembic import op

revision = "programme_0001"
down_revision = None
branch_labels = ("programme",)
depends_on = None

TABLES = (
    """
    CREATE TABLE programmes (
        programme_id uuid PRIMARY KEY,
        office_id uuid NOT NULL,
        title jsonb NOT NULL,
        template jsonb NOT NULL,
        template_hash text NOT NULL,
        strands text[] NOT NULL,
        stage text NOT NULL,
        deadline_local timestamp,
        deadline_zone text,
        drafted_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE participations (
        programme_id uuid NOT NULL,
        organisation_id uuid NOT NULL,
        application_id uuid NOT NULL,
        strand text NOT NULL,
        roles text[] NOT NULL,
        active boolean NOT NULL,
        admitted_at timestamptz NOT NULL,
        PRIMARY KEY (programme_id, organisation_id)
    )
    """,
    "CREATE INDEX participations_organisation ON participations (organisation_id)",
    """
    CREATE TABLE duty_ledger (
        programme_id uuid NOT NULL,
        duty text NOT NULL,
        strand text NOT NULL,
        rule text NOT NULL,
        ordinal integer NOT NULL,
        format text NOT NULL,
        status text NOT NULL,
        owner_id uuid,
        host_id uuid,
        offered_to uuid[] NOT NULL,
        declined_by uuid[] NOT NULL,
        respond_by timestamptz,
        last_decision uuid NOT NULL,
        PRIMARY KEY (programme_id, strand, rule, ordinal),
        UNIQUE (programme_id, duty)
    )
    """,
    """
    CREATE TABLE decision_log (
        position bigint PRIMARY KEY,
        decision_id uuid NOT NULL UNIQUE,
        programme_id uuid NOT NULL,
        type text NOT NULL,
        subject text NOT NULL,
        outcome text NOT NULL,
        concerns uuid[] NOT NULL,
        actor uuid NOT NULL,
        reason_code text NOT NULL,
        decided_at timestamptz NOT NULL,
        recorded_at timestamptz NOT NULL,
        follows uuid,
        record jsonb NOT NULL
    )
    """,
    "CREATE INDEX decision_log_programme ON decision_log (programme_id, position)",
    "CREATE INDEX decision_log_follows ON decision_log (follows) WHERE follows IS NOT NULL",
    """
    CREATE TABLE heard_organisations (
        organisation_id uuid PRIMARY KEY,
        kind text NOT NULL,
        country text NOT NULL,
        keys jsonb NOT NULL,
        names jsonb NOT NULL
    )
    """,
    """
    CREATE TABLE heard_applications (
        application_id uuid PRIMARY KEY,
        programme_id uuid NOT NULL,
        organisation_id uuid NOT NULL,
        kind text NOT NULL,
        country text NOT NULL,
        role text NOT NULL,
        strand text,
        withdrawn boolean NOT NULL,
        version integer NOT NULL,
        digest text NOT NULL,
        position bigint NOT NULL,
        submitted_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX heard_applications_programme ON heard_applications (programme_id, position)",
    "CREATE INDEX heard_applications_organisation ON heard_applications (organisation_id)",
)


def upgrade() -> None:
    """Apply."""
    for statement in TABLES:
        op.execute(statement)
