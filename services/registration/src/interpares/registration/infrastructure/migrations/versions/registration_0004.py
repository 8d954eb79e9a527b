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
# What programmes ask for, as heard from their calls.
REQUIREMENTS = """
    CREATE TABLE requirements (
        programme_id uuid NOT NULL,
        key text NOT NULL,
        kind text NOT NULL,
        label jsonb NOT NULL,
        kinds text[] NOT NULL,
        roles text[] NOT NULL,
        due_before text NOT NULL,
        disciplines text[] NOT NULL,
        PRIMARY KEY (programme_id, key)
    )
"""
PREREQUISITES = """
    CREATE TABLE prerequisites (
        fact_id uuid NOT NULL,
        version integer NOT NULL,
        organisation_id uuid NOT NULL,
        programme_id uuid,
        prerequisite text NOT NULL,
        kind text NOT NULL,
        shown jsonb NOT NULL,
        file_id uuid,
        link text,
        evidence_hash text NOT NULL,
        valid_from date NOT NULL,
        valid_until date,
        lacking text[] NOT NULL,
        note_hash text NOT NULL,
        shown_at timestamptz NOT NULL,
        shown_as text NOT NULL,
        confirmed_at timestamptz,
        confirmed_by text,
        confirm_reason_code text,
        revoked_at timestamptz,
        revoke_reason_code text,
        PRIMARY KEY (fact_id, version)
    )
"""
# Meetings as the programme service told of them last.
KNOWN_MEETINGS = """
    CREATE TABLE known_meetings (
        meeting_id uuid PRIMARY KEY,
        programme_id uuid NOT NULL,
        revision integer NOT NULL,
        status text NOT NULL,
        title jsonb NOT NULL,
        format text NOT NULL,
        mode text NOT NULL,
        place text,
        host_id uuid,
        organiser_id uuid,
        starts_local text,
        ends_local text,
        zone text,
        audiences text[] NOT NULL,
        languages text[] NOT NULL,
        invited uuid[] NOT NULL,
        seats integer
    )
"""
KNOWN_PROGRAMMES = """
    CREATE TABLE known_programmes (
        programme_id uuid PRIMARY KEY,
        office_id uuid NOT NULL,
        audiences jsonb NOT NULL DEFAULT '{}'
    )
"""
SEAT_PLANS = """
    CREATE TABLE seat_plans (
        plan_id uuid PRIMARY KEY,
        meeting_id uuid NOT NULL,
        programme_id uuid NOT NULL
    )
"""
SEATS = """
    CREATE TABLE seats (
        seat_id uuid PRIMARY KEY,
        plan_id uuid NOT NULL,
        nomination_id uuid NOT NULL,
        number integer NOT NULL,
        organisation_id uuid NOT NULL,
        participant_id uuid NOT NULL,
        audience text NOT NULL,
        language text NOT NULL,
        status text NOT NULL,
        respond_by timestamptz,
        nominated_at timestamptz NOT NULL,
        settled_at timestamptz
    )
"""
ATTENDANCES = """
    CREATE TABLE attendances (
        meeting_id uuid NOT NULL,
        organisation_id uuid NOT NULL,
        version integer NOT NULL,
        attended jsonb NOT NULL,
        present uuid[] NOT NULL,
        spoke integer NOT NULL,
        reviewed integer NOT NULL,
        recorded_at timestamptz NOT NULL,
        recorded_as text NOT NULL,
        PRIMARY KEY (meeting_id, organisation_id)
    )
"""
# Personal data of whoever comes without being registered; of registered people only that they come.
PARTICIPANTS = """
    CREATE TABLE participants (
        meeting_id uuid NOT NULL,
        participant_id uuid NOT NULL,
        organisation_id uuid NOT NULL,
        given_name text,
        family_name text,
        email text,
        PRIMARY KEY (meeting_id, participant_id)
    )
"""
# What people need on the day may tell of health or faith, so it goes first.
PARTICIPANT_NEEDS = """
    CREATE TABLE participant_needs (
        meeting_id uuid NOT NULL,
        participant_id uuid NOT NULL,
        dietary text,
        access text,
        PRIMARY KEY (meeting_id, participant_id)
    )
"""
TABLES: tuple[str, ...] = (
    KNOWN_PROGRAMMES,
    SEAT_PLANS,
    SEATS,
    "CREATE INDEX seats_plan ON seats (plan_id, seat_id)",
    "CREATE INDEX seats_nomination ON seats (nomination_id)",
    "CREATE INDEX seats_due ON seats (respond_by) WHERE status = 'held'",
    ATTENDANCES,
    "CREATE INDEX attendances_organisation ON attendances (organisation_id)",
    PARTICIPANTS,
    "CREATE INDEX participants_participant ON participants (participant_id)",
    PARTICIPANT_NEEDS,
    "CREATE INDEX participant_needs_participant ON participant_needs (participant_id)",
    KNOWN_MEETINGS,
    "CREATE INDEX known_meetings_programme ON known_meetings (programme_id, meeting_id)",
    "CREATE INDEX known_meetings_invited ON known_meetings USING gin (invited)",
    REQUIREMENTS,
    PREREQUISITES,
    "CREATE INDEX prerequisites_organisation ON prerequisites (organisation_id, fact_id)",
    FILES,
    "CREATE INDEX files_organisation ON files (organisation_id, file_id)",
    "CREATE INDEX files_subjects ON files USING gin (subjects)",
)


def upgrade() -> None:
    """Apply."""
    for table in TABLES:
        op.execute(table)
