"""People, keys, held capacities, calls, pending applications; the views organisations, memberships, applications."""

from alembic import op

revision = "registration_0001"
down_revision = None
branch_labels = ("registration",)
depends_on = None

# The only home of personal data.
PEOPLE = """
    CREATE TABLE people (
        person_id uuid PRIMARY KEY,
        actor uuid NOT NULL UNIQUE,
        given_name text NOT NULL,
        family_name text NOT NULL,
        email text NOT NULL,
        subject text NOT NULL
    )
"""
ORGANISATION_KEYS = """
    CREATE TABLE organisation_keys (
        scheme text NOT NULL,
        value text NOT NULL,
        organisation_id uuid NOT NULL,
        PRIMARY KEY (scheme, value)
    )
"""
HELD_CAPACITIES = """
    CREATE TABLE held_capacities (
        membership_id uuid PRIMARY KEY,
        actor uuid NOT NULL,
        organisation_id uuid NOT NULL,
        capacity text NOT NULL,
        UNIQUE (actor, organisation_id, capacity)
    )
"""
CALLS = """
    CREATE TABLE calls (
        call_id uuid PRIMARY KEY,
        programme_id uuid NOT NULL,
        office_id uuid NOT NULL,
        title jsonb NOT NULL,
        roles text[] NOT NULL,
        strands text[] NOT NULL,
        deadline timestamptz NOT NULL,
        deadline_local text NOT NULL,
        deadline_zone text NOT NULL,
        closed boolean NOT NULL DEFAULT false
    )
"""
PENDING_APPLICATIONS = """
    CREATE TABLE pending_applications (
        application_id uuid PRIMARY KEY,
        organisation_id uuid NOT NULL,
        programme_id uuid NOT NULL,
        role text NOT NULL,
        UNIQUE (organisation_id, programme_id, role)
    )
"""
ORGANISATIONS = """
    CREATE TABLE organisations (
        organisation_id uuid PRIMARY KEY,
        kind text NOT NULL,
        country text NOT NULL,
        keys jsonb NOT NULL,
        names jsonb NOT NULL,
        population integer,
        languages text[] NOT NULL,
        coordinates jsonb,
        registered_at timestamptz NOT NULL,
        search_key text NOT NULL
    )
"""
ORGANISATION_MEMBERSHIPS = """
    CREATE TABLE organisation_memberships (
        membership_id uuid PRIMARY KEY,
        organisation_id uuid NOT NULL,
        person_id uuid,
        actor uuid NOT NULL,
        capacity text NOT NULL,
        granted_at timestamptz NOT NULL,
        granted_as text NOT NULL,
        grant_reason_code text NOT NULL,
        ended_at timestamptz,
        ended_as text,
        end_reason_code text
    )
"""
APPLICATIONS = """
    CREATE TABLE applications (
        application_id uuid PRIMARY KEY,
        call_id uuid NOT NULL,
        programme_id uuid NOT NULL,
        office_id uuid NOT NULL,
        organisation_id uuid NOT NULL,
        kind text NOT NULL,
        country text NOT NULL,
        role text NOT NULL,
        strand text,
        status text NOT NULL,
        reason_code text NOT NULL,
        motivation_hash text NOT NULL,
        submitted_as text NOT NULL,
        submitted_at timestamptz NOT NULL,
        settled_at timestamptz,
        settled_reason_code text,
        decision_id uuid
    )
"""


def upgrade() -> None:
    """Apply."""
    op.execute(PEOPLE)
    op.execute(ORGANISATION_KEYS)
    op.execute(HELD_CAPACITIES)
    op.execute(CALLS)
    op.execute("CREATE INDEX calls_programme ON calls (programme_id, call_id)")
    op.execute(PENDING_APPLICATIONS)
    op.execute(ORGANISATIONS)
    op.execute("CREATE INDEX organisations_country ON organisations (country, organisation_id)")
    op.execute(ORGANISATION_MEMBERSHIPS)
    op.execute(
        "CREATE INDEX organisation_memberships_list ON organisation_memberships (organisation_id, membership_id)"
    )
    op.execute(APPLICATIONS)
    op.execute("CREATE INDEX applications_programme ON applications (programme_id, application_id)")
    op.execute("CREATE INDEX applications_organisation ON applications (organisation_id, application_id)")
