"""Views of money and outputs; tasks and drafts of the office desk."""

from alembic import op

revision = "programme_0005"
down_revision = "programme_0004"
branch_labels = None
depends_on = None

TABLES: tuple[str, ...] = (
    """
    CREATE TABLE money_accounts (
        programme_id uuid PRIMARY KEY,
        currency text NOT NULL,
        total numeric NOT NULL,
        categories jsonb NOT NULL,
        awarded boolean NOT NULL
    )
    """,
    """
    CREATE TABLE money_shares (
        programme_id uuid NOT NULL,
        organisation_id uuid NOT NULL,
        amount numeric NOT NULL,
        approximate boolean NOT NULL,
        PRIMARY KEY (programme_id, organisation_id)
    )
    """,
    """
    CREATE TABLE money_pledges (
        programme_id uuid NOT NULL,
        organisation_id uuid NOT NULL,
        money numeric,
        hours numeric,
        PRIMARY KEY (programme_id, organisation_id)
    )
    """,
    """
    CREATE TABLE vouchers (
        programme_id uuid NOT NULL,
        number integer NOT NULL,
        decision_id uuid NOT NULL,
        day date NOT NULL,
        payee uuid NOT NULL,
        amount numeric NOT NULL,
        currency text NOT NULL,
        category text NOT NULL,
        organisation_id uuid,
        document_hash text NOT NULL,
        reason_code text NOT NULL,
        despite text[] NOT NULL,
        cancelled_by uuid,
        PRIMARY KEY (programme_id, number)
    )
    """,
    """
    CREATE TABLE contributions (
        programme_id uuid NOT NULL,
        number integer NOT NULL,
        decision_id uuid NOT NULL,
        organisation_id uuid NOT NULL,
        effort text NOT NULL,
        amount numeric NOT NULL,
        day date NOT NULL,
        document_hash text NOT NULL,
        cancelled_by uuid,
        PRIMARY KEY (programme_id, number)
    )
    """,
    """
    CREATE TABLE outputs (
        programme_id uuid NOT NULL,
        output_id uuid NOT NULL,
        kind text NOT NULL,
        source text NOT NULL,
        text text NOT NULL,
        themes text[] NOT NULL,
        recorded_at timestamptz NOT NULL,
        standing text NOT NULL,
        owner_id uuid,
        due date,
        meeting_id uuid,
        last_decision uuid NOT NULL,
        PRIMARY KEY (programme_id, output_id)
    )
    """,
    "CREATE INDEX outputs_source ON outputs (programme_id, source)",
    """
    CREATE TABLE output_checks (
        programme_id uuid NOT NULL,
        output_id uuid NOT NULL,
        months integer NOT NULL,
        due date NOT NULL,
        status text NOT NULL,
        level integer NOT NULL,
        finding text,
        note text,
        decision_id uuid,
        PRIMARY KEY (programme_id, output_id, months)
    )
    """,
    """
    CREATE TABLE desk_tasks (
        programme_id uuid NOT NULL,
        task text NOT NULL,
        owner uuid NOT NULL,
        deputy uuid,
        last_decision uuid NOT NULL,
        PRIMARY KEY (programme_id, task)
    )
    """,
    """
    CREATE TABLE desk_reminders (
        programme_id uuid NOT NULL,
        item text NOT NULL,
        organisation_id uuid NOT NULL,
        reminded_at timestamptz NOT NULL,
        last_decision uuid NOT NULL,
        PRIMARY KEY (programme_id, item, organisation_id)
    )
    """,
    """
    CREATE TABLE desk_milestones (
        programme_id uuid NOT NULL,
        deliverable text NOT NULL,
        roles text[] NOT NULL,
        day date,
        after_months integer,
        PRIMARY KEY (programme_id, deliverable)
    )
    """,
    "CREATE TABLE desk_terms (programme_id uuid PRIMARY KEY, starts date NOT NULL)",
    """
    CREATE TABLE desk_deliverables (
        programme_id uuid NOT NULL,
        deliverable text NOT NULL,
        organisation_id uuid NOT NULL,
        status text NOT NULL,
        since timestamptz NOT NULL,
        PRIMARY KEY (programme_id, deliverable, organisation_id)
    )
    """,
    """
    CREATE TABLE desk_objections (
        programme_id uuid NOT NULL,
        objection_id uuid PRIMARY KEY,
        organisation_id uuid NOT NULL,
        since timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE draft_versions (
        draft_id uuid NOT NULL,
        version integer NOT NULL,
        programme_id uuid NOT NULL,
        status text NOT NULL,
        asks text NOT NULL,
        path text NOT NULL,
        body text NOT NULL,
        written_by uuid NOT NULL,
        decision_id uuid,
        recorded_at timestamptz NOT NULL,
        PRIMARY KEY (draft_id, version)
    )
    """,
    """
    CREATE TABLE takeovers (
        programme_id uuid NOT NULL,
        document_hash text NOT NULL,
        lines jsonb NOT NULL,
        looked_at timestamptz NOT NULL,
        PRIMARY KEY (programme_id, document_hash)
    )
    """,
    "CREATE INDEX draft_versions_programme ON draft_versions (programme_id, draft_id)",
    "CREATE INDEX output_checks_due ON output_checks (due) WHERE status IN ('pending', 'due', 'escalated')",
)


def upgrade() -> None:
    """Apply."""
    for table in TABLES:
        op.execute(table)
