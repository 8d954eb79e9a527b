"""What events change in the table of participations, a part of the view of programmes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg.types.json import Jsonb

from interpares.common.writes import Row
from interpares.programme.domain import events
from interpares.programme.domain.charter import ALWAYS
from interpares.programme.domain.pairing.events import PairConcluded, PairEnded

if TYPE_CHECKING:
    from collections.abc import Iterable

OTHERS = "SELECT coalesce(jsonb_agg(h), '[]') FROM jsonb_array_elements(holdings) AS h WHERE h ->> 'role' <> %(role)s"
THEMES = (
    "SELECT coalesce(jsonb_agg(t), '[]') FROM jsonb_array_elements(holdings) AS h,"
    " jsonb_array_elements(h -> 'themes') AS t WHERE h ->> 'role' = %(role)s"
)
WHERE = " WHERE programme_id = %(programme)s AND organisation_id = %(organisation)s"
ADD_HOLDING = (
    f"UPDATE participations SET holdings = ({OTHERS}) || jsonb_set(%(holding)s, '{{themes}}', ("  # noqa: S608 -- constants
    f"SELECT coalesce(jsonb_agg(DISTINCT t), '[]') FROM jsonb_array_elements(({THEMES}) || (%(holding)s -> 'themes'))"
    f" AS t)){WHERE}"
)
END_HOLDING = f"UPDATE participations SET holdings = ({OTHERS}){WHERE}"  # noqa: S608 -- constants
END_THEMES = (
    f"UPDATE participations SET holdings = ({OTHERS}) || (SELECT coalesce(jsonb_agg(jsonb_set(h, '{{themes}}', ("  # noqa: S608 -- constants
    "SELECT coalesce(jsonb_agg(t), '[]') FROM jsonb_array_elements(h -> 'themes') AS t"
    " WHERE NOT t #>> '{}' = ANY(%(themes)s)))), '[]') FROM jsonb_array_elements(holdings) AS h"
    f" WHERE h ->> 'role' = %(role)s){WHERE}"
)


def participation_changes(event: Any) -> Iterable[Row]:
    """Yield the changes of one event."""
    match event:
        case events.ParticipationAdmitted() | events.OrganisationJoined():
            yield Row(
                "INSERT INTO participations (programme_id, organisation_id, application_id, strand, roles, active,"
                " admitted_at, holdings, members) VALUES (%s, %s, %s, %s, %s, true, %s, %s, %s)"
                " ON CONFLICT (programme_id, organisation_id) DO UPDATE SET application_id = excluded.application_id,"
                " strand = excluded.strand, roles = excluded.roles, active = true, admitted_at = excluded.admitted_at,"
                " holdings = excluded.holdings, members = excluded.members",
                (
                    event.originator_id,
                    event.organisation,
                    event.application if isinstance(event, events.ParticipationAdmitted) else None,
                    event.strand,
                    [event.role],
                    event.timestamp,
                    Jsonb(_holdings(event)),
                    list(event.members),
                ),
            )
        case events.ConsortiumChanged():
            yield Row(
                "UPDATE participations SET members = %s WHERE programme_id = %s AND organisation_id = %s",
                (list(event.members), event.originator_id, event.organisation),
            )
        case events.RoleGranted():
            yield _set_roles(event, "array_append(array_remove(roles, %(role)s), %(role)s)")
            if _holdings(event):
                yield Row(ADD_HOLDING, _role_of(event) | {"holding": Jsonb(_holdings(event)[0])})
        case events.RoleEnded() if event.themes:
            yield Row(END_THEMES, _role_of(event) | {"themes": list(event.themes)})
        case events.RoleEnded():
            yield _set_roles(event, "array_remove(roles, %(role)s)")
            yield Row(END_HOLDING, _role_of(event))
        case PairConcluded() | PairEnded():
            change = "array_append" if isinstance(event, PairConcluded) else "array_remove"
            yield Row(
                f"UPDATE participations SET pairs = {change}(pairs, %s)"  # noqa: S608 -- one of two constants
                " WHERE programme_id = %s AND organisation_id = ANY(%s)",
                (event.pair, event.originator_id, list(event.members)),
            )
        case events.ParticipationWithdrawn():
            yield Row(
                "UPDATE participations SET roles = '{}', active = false, holdings = '[]'"
                " WHERE programme_id = %s AND organisation_id = %s",
                (event.originator_id, event.organisation),
            )


def _holdings(event: Any) -> list[dict[str, Any]]:
    """Return how a role is held, as one entry; none where it is held for all themes and all the time."""
    if not event.themes and event.held == ALWAYS:
        return []
    starts, ends = event.held.starts, event.held.ends
    return [
        {
            "role": event.role,
            "themes": list(event.themes),
            "starts": starts.isoformat() if starts else None,
            "ends": ends.isoformat() if ends else None,
        }
    ]


def _role_of(event: Any) -> dict[str, Any]:
    return {"role": event.role, "programme": event.originator_id, "organisation": event.organisation}


def _set_roles(event: Any, roles: str) -> Row:
    return Row(f"UPDATE participations SET roles = {roles}{WHERE}", _role_of(event))  # noqa: S608 -- one of two constants
