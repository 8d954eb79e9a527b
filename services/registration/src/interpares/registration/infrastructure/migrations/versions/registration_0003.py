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
# Whom invitations are for, until they have come or will not.
INVITEES = """
    CREATE TABLE invitees (
        invitation_id uuid PRIMARY KEY,
        email text NOT NULL,
        given_name text,
        family_name text
    )
"""
INVITATIONS = """
    CREATE TABLE invitations (
        invitation_id uuid PRIMARY KEY,
        organisation_id uuid NOT NULL,
        capacity text NOT NULL,
        sent_at timestamptz NOT NULL,
        sent_as text NOT NULL,
        expires_at timestamptz NOT NULL,
        status text NOT NULL,
        closed_at timestamptz
    )
"""
MANDATES = """
    CREATE TABLE mandates (
        mandate_id uuid PRIMARY KEY,
        kind text NOT NULL,
        person_id uuid NOT NULL,
        actor uuid NOT NULL,
        organisation_id uuid NOT NULL,
        capacity text NOT NULL,
        starts_on date NOT NULL,
        ends_on date NOT NULL,
        days integer,
        arranged_at timestamptz NOT NULL,
        arranged_as text NOT NULL,
        reason_code text NOT NULL,
        status text NOT NULL,
        ended_at timestamptz,
        ended_as text
    )
"""
QUALIFICATIONS = """
    CREATE TABLE facilitator_qualifications (
        qualification_id uuid PRIMARY KEY,
        person_id uuid NOT NULL,
        title text NOT NULL,
        awarded_by text NOT NULL,
        awarded_on date NOT NULL,
        valid_until date
    )
"""
FACILITATORS = "CREATE TABLE facilitators (facilitator_id uuid PRIMARY KEY, person_id uuid NOT NULL)"
AVAILABILITY = """
    CREATE TABLE facilitator_availability (
        window_id uuid PRIMARY KEY,
        person_id uuid NOT NULL,
        starts_on date NOT NULL,
        ends_on date NOT NULL,
        days integer NOT NULL,
        taken integer NOT NULL
    )
"""
DAYS = "CREATE TABLE facilitator_days (mandate_id uuid PRIMARY KEY, window_id uuid NOT NULL, days integer NOT NULL)"
TABLES: tuple[str, ...] = (
    PERSONAL_LINKS,
    INVITEES,
    INVITATIONS,
    "CREATE INDEX invitations_organisation ON invitations (organisation_id, invitation_id)",
    "CREATE INDEX invitations_open ON invitations (expires_at) WHERE status = 'open'",
    MANDATES,
    "CREATE INDEX mandates_organisation ON mandates (organisation_id, mandate_id)",
    "CREATE INDEX mandates_person ON mandates (person_id)",
    "CREATE INDEX mandates_due ON mandates (ends_on) WHERE status <> 'over'",
    QUALIFICATIONS,
    "CREATE INDEX facilitator_qualifications_person ON facilitator_qualifications (person_id)",
    FACILITATORS,
    AVAILABILITY,
    "CREATE INDEX facilitator_availability_person ON facilitator_availability (person_id)",
    DAYS,
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
