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
INDEXES = (
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
)


def upgrade() -> None:
    """Apply."""
    for statement in (*TABLES, *INDEXES):
        op.execute(statement)
