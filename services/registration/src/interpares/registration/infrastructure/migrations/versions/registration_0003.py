"""Invitations, facilitators, privacy."""

from alembic import op

revision = "registration_0003"
down_revision = "registration_0002"
branch_labels = None
depends_on = None

# Hashes of tokens, of links that lead somewhere; which expired ones are still there is retention's affair.
PERSONAL_LINKS = """
    CREATE TABLE personal_links (
        link_id uuid PRIMARY KEY,
        key bytea NOT NULL UNIQUE CHECK (length(key) = 32),
        purpose text NOT NULL,
        about uuid NOT NULL,
        holder uuid NOT NULL,
        expires_at timestamptz NOT NULL,
        UNIQUE (purpose, about)
    )
"""
REGISTERED_AT = "ALTER TABLE people ADD COLUMN registered_at timestamptz NOT NULL DEFAULT now()"
RESTRICTIONS = "CREATE TABLE restrictions (person_id uuid PRIMARY KEY, until date NOT NULL)"
READS = """
    CREATE TABLE personal_data_reads (
        read_id uuid PRIMARY KEY,
        read_at timestamptz NOT NULL,
        reader uuid NOT NULL,
        person_id uuid NOT NULL,
        why text NOT NULL,
        route text NOT NULL
    )
"""
# The service role may add to it and read it, see ``interpares.common.schema``.
LEDGER = """
    CREATE TABLE erasure_ledger (
        person_id uuid PRIMARY KEY,
        actor uuid NOT NULL,
        cause text NOT NULL,
        erased_at timestamptz NOT NULL
    )
"""
CONFIRMATIONS = """
    CREATE TABLE erasure_confirmations (
        person_id uuid NOT NULL,
        service text NOT NULL,
        confirmed_at timestamptz NOT NULL,
        PRIMARY KEY (person_id, service)
    )
"""
REQUESTS = """
    CREATE TABLE erasure_requests (
        request_id uuid PRIMARY KEY,
        person_id uuid NOT NULL,
        actor uuid NOT NULL,
        received_on date NOT NULL,
        channel text NOT NULL,
        filed_at timestamptz NOT NULL,
        filed_as text NOT NULL,
        wish_code text NOT NULL,
        wish text NOT NULL,
        status text NOT NULL,
        decided_at timestamptz,
        decided_as text,
        ground text,
        until date,
        reason_code text,
        reason text
    )
"""
HOLDS = """
    CREATE TABLE holds (
        hold_id uuid PRIMARY KEY,
        person_id uuid NOT NULL,
        until date NOT NULL,
        ground text NOT NULL,
        held_at timestamptz NOT NULL,
        lifted_at timestamptz
    )
"""
TABLES: tuple[str, ...] = (
    PERSONAL_LINKS,
    REGISTERED_AT,
    RESTRICTIONS,
    READS,
    "CREATE INDEX personal_data_reads_person ON personal_data_reads (person_id, read_id)",
    LEDGER,
    CONFIRMATIONS,
    REQUESTS,
    "CREATE INDEX erasure_requests_person ON erasure_requests (person_id)",
    HOLDS,
    "CREATE INDEX holds_person ON holds (person_id)",
)


def upgrade() -> None:
    """Apply."""
    for table in TABLES:
        op.execute(table)
