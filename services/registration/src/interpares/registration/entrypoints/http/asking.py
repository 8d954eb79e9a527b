"""What several routes share: ids for what is new, and cursors of lists sorted by id."""

from uuid import UUID

from uuid_utils.compat import uuid7

from interpares.common.http import decode_cursor


def new_id() -> UUID:
    """Return an id for something new; ids made later sort behind."""
    return uuid7()


def behind(cursor: str | None) -> UUID | None:
    """Return the id a page begins behind, None for the first page. Raises Invalid for a cursor of another list."""
    if cursor is None:
        return None
    (last,) = decode_cursor(cursor, UUID)
    return UUID(str(last))
