"""The directory, imports, ranking."""

from alembic import op

revision = "registration_0002"
down_revision = "registration_0001"
branch_labels = None
depends_on = None

ORGANISATIONS = """
    ALTER TABLE organisations
        ADD COLUMN version integer NOT NULL DEFAULT 1,
        ADD COLUMN updated_at timestamptz,
        ADD COLUMN funding jsonb NOT NULL DEFAULT '[]',
        ADD COLUMN member_of text[] NOT NULL DEFAULT '{}',
        ADD COLUMN members uuid[] NOT NULL DEFAULT '{}',
        ADD COLUMN lead uuid,
        ADD COLUMN valid_from date,
        ADD COLUMN valid_until date,
        ADD COLUMN merged_into uuid,
        ADD COLUMN merged_from date
"""
# All that was ever on record, whole: the state as of any instant is one row.
ORGANISATION_VERSIONS = """
    CREATE TABLE organisation_versions (
        organisation_id uuid NOT NULL,
        version integer NOT NULL,
        recorded_at timestamptz NOT NULL,
        what text NOT NULL,
        changed text[] NOT NULL,
        effective_on date,
        reason_code text NOT NULL,
        reason_hash text NOT NULL,
        acting_as text NOT NULL,
        others uuid[] NOT NULL,
        facts jsonb NOT NULL,
        PRIMARY KEY (organisation_id, version)
    )
"""
ORGANISATION_NAMES = """
    CREATE TABLE organisation_names (
        organisation_id uuid NOT NULL,
        country text NOT NULL,
        form text NOT NULL,
        PRIMARY KEY (form, country, organisation_id)
    )
"""
ORGANISATION_WORDS = """
    CREATE TABLE organisation_words (
        organisation_id uuid NOT NULL,
        word text NOT NULL,
        backwards text NOT NULL,
        skeleton text NOT NULL,
        PRIMARY KEY (organisation_id, word)
    )
"""
TWINNINGS_HELD = """
    CREATE TABLE twinnings_held (
        twinning_id uuid PRIMARY KEY,
        one uuid NOT NULL,
        other uuid NOT NULL,
        UNIQUE (one, other)
    )
"""
TWINNINGS = """
    CREATE TABLE twinnings (
        twinning_id uuid PRIMARY KEY,
        one uuid NOT NULL,
        other uuid NOT NULL,
        starts date,
        ends date,
        entered_at timestamptz NOT NULL,
        reason_code text NOT NULL,
        end_reason_code text
    )
"""
ORGANISATION_IMPORTS = """
    CREATE TABLE organisation_imports (
        import_id uuid PRIMARY KEY,
        document text NOT NULL,
        uploaded_by uuid NOT NULL,
        uploaded_at timestamptz NOT NULL DEFAULT now(),
        confirmed_by uuid,
        confirmed_as text,
        confirmed_at timestamptz,
        finished_at timestamptz
    )
"""
ORGANISATION_IMPORT_ROWS = """
    CREATE TABLE organisation_import_rows (
        import_id uuid NOT NULL,
        line integer NOT NULL,
        state text NOT NULL,
        organisation_id uuid,
        facts jsonb,
        faults jsonb NOT NULL,
        "like" uuid,
        PRIMARY KEY (import_id, line)
    )
"""
CALLS = "ALTER TABLE calls ADD COLUMN conditions jsonb NOT NULL DEFAULT '{}'"
APPLICATIONS = """
    ALTER TABLE applications
        ADD COLUMN answers jsonb NOT NULL DEFAULT '{}',
        ADD COLUMN evidence jsonb NOT NULL DEFAULT '[]',
        ADD COLUMN members uuid[] NOT NULL DEFAULT '{}',
        ADD COLUMN signatures jsonb NOT NULL DEFAULT '[]',
        ADD COLUMN findings jsonb NOT NULL DEFAULT '[]',
        ADD COLUMN source jsonb,
        ADD COLUMN entered_by uuid,
        ADD COLUMN draft_id uuid,
        ADD COLUMN points jsonb NOT NULL DEFAULT '{}',
        ADD COLUMN priority integer NOT NULL DEFAULT 0
"""
APPLICATION_DRAFTS = """
    CREATE TABLE application_drafts (
        draft_id uuid PRIMARY KEY,
        programme_id uuid NOT NULL,
        office_id uuid NOT NULL,
        organisation_id uuid NOT NULL,
        role text NOT NULL,
        strand text,
        version integer NOT NULL,
        content jsonb NOT NULL,
        content_hash text NOT NULL,
        signatures jsonb NOT NULL,
        saved_at timestamptz NOT NULL,
        application_id uuid
    )
"""
RANKINGS = """
    CREATE TABLE rankings (
        ranking_id uuid PRIMARY KEY,
        programme_id uuid NOT NULL,
        office_id uuid NOT NULL,
        role text NOT NULL,
        strand text,
        version integer NOT NULL,
        rule jsonb,
        rule_hash text,
        ranked_at timestamptz,
        reason_code text,
        reason_hash text
    )
"""
RANKING_ENTRIES = """
    CREATE TABLE ranking_entries (
        ranking_id uuid NOT NULL,
        application_id uuid NOT NULL,
        organisation_id uuid NOT NULL,
        place integer NOT NULL,
        total text NOT NULL,
        priority integer NOT NULL,
        points jsonb NOT NULL,
        received_at timestamptz NOT NULL,
        PRIMARY KEY (ranking_id, place)
    )
"""
# Which organisations were at which meetings, as programmes told: the history that conditions of roles speak of.
MEETINGS_ATTENDED = """
    CREATE TABLE meetings_attended (
        meeting_id uuid NOT NULL,
        organisation_id uuid NOT NULL,
        programme_id uuid NOT NULL,
        format text NOT NULL,
        attended boolean NOT NULL,
        hosted boolean NOT NULL,
        PRIMARY KEY (meeting_id, organisation_id)
    )
"""
INDEXES = (
    "CREATE INDEX application_drafts_organisation ON application_drafts (organisation_id, draft_id)",
    "CREATE INDEX rankings_programme ON rankings (programme_id, ranking_id)",
    "CREATE INDEX ranking_entries_application ON ranking_entries (application_id)",
    "CREATE INDEX meetings_attended_organisation ON meetings_attended (organisation_id)",
    "CREATE INDEX pending_applications_role ON pending_applications (programme_id, role)",
    "CREATE INDEX organisations_kind ON organisations (kind, organisation_id)",
    "CREATE INDEX organisations_merged ON organisations (merged_into) WHERE merged_into IS NOT NULL",
    "CREATE INDEX organisation_keys_organisation ON organisation_keys (organisation_id)",
    "CREATE INDEX organisation_keys_region ON organisation_keys (scheme, value text_pattern_ops)",
    "CREATE INDEX organisation_names_organisation ON organisation_names (organisation_id)",
    "CREATE INDEX organisation_words_word ON organisation_words (word text_pattern_ops)",
    "CREATE INDEX organisation_words_backwards ON organisation_words (backwards text_pattern_ops)",
    "CREATE INDEX organisation_words_skeleton ON organisation_words (skeleton)",
    "CREATE INDEX twinnings_one ON twinnings (one, twinning_id)",
    "CREATE INDEX twinnings_other ON twinnings (other, twinning_id)",
    "CREATE INDEX organisation_import_rows_state ON organisation_import_rows (import_id, state, line)",
    "CREATE INDEX organisation_imports_open ON organisation_imports (import_id) WHERE finished_at IS NULL",
)
TABLES: tuple[str, ...] = (
    ORGANISATIONS,
    ORGANISATION_VERSIONS,
    ORGANISATION_NAMES,
    ORGANISATION_WORDS,
    TWINNINGS_HELD,
    TWINNINGS,
    ORGANISATION_IMPORTS,
    ORGANISATION_IMPORT_ROWS,
    CALLS,
    APPLICATIONS,
    APPLICATION_DRAFTS,
    RANKINGS,
    RANKING_ENTRIES,
    MEETINGS_ATTENDED,
)


def upgrade() -> None:
    """Apply."""
    for statement in (*TABLES, *INDEXES):
        op.execute(statement)
