"""The table of calls, filled by what is heard from the programme service."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from psycopg.types.json import Jsonb

from interpares.common.contracts.programme import CallConditions
from interpares.common.writes import Row
from interpares.registration.application.ports import CallNotice, ListedCall
from interpares.registration.domain.applying.form import Form, Question
from interpares.registration.domain.applying.ranking_rule import Rule
from interpares.registration.domain.call import OpenCall

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.common.contracts.template.participation import Selection
    from interpares.common.database import Database


class CallTable:
    """Implements ``KnownCalls``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, programme_id: UUID) -> OpenCall | None:
        """See the port. Of several open calls the latest counts."""
        rows = await self._database.fetch(
            "SELECT * FROM calls WHERE programme_id = %s AND NOT closed ORDER BY call_id DESC LIMIT 1", (programme_id,)
        )
        return _call(rows[0]) if rows else None

    async def office_of(self, programme_id: UUID) -> UUID | None:
        """See the port."""
        rows = await self._database.fetch(
            "SELECT office_id FROM calls WHERE programme_id = %s ORDER BY call_id DESC LIMIT 1", (programme_id,)
        )
        return rows[0]["office_id"] if rows else None

    async def by_id(self, call_id: UUID) -> OpenCall | None:
        """See the port."""
        rows = await self._database.fetch("SELECT * FROM calls WHERE call_id = %s", (call_id,))
        return _call(rows[0]) if rows else None

    async def listed(self, call_id: UUID) -> ListedCall | None:
        """Return a call with what is shown of it, None where nobody told of it."""
        rows = await self._database.fetch("SELECT * FROM calls WHERE call_id = %s", (call_id,))
        return _listed(rows[0]) if rows else None

    async def conditions(self, call_id: UUID) -> CallConditions | None:
        """Return what the programme published of a call, None where nobody told of it."""
        rows = await self._database.fetch("SELECT conditions FROM calls WHERE call_id = %s", (call_id,))
        return conditions_of(rows[0]["conditions"]) if rows else None

    async def page(self, *, after: UUID | None, limit: int) -> list[ListedCall]:
        """See the port."""
        rows = await self._database.fetch(
            "SELECT * FROM calls WHERE NOT closed AND deadline > now()"
            " AND (%(after)s::uuid IS NULL OR call_id > %(after)s) ORDER BY call_id LIMIT %(limit)s",
            {"after": after, "limit": limit},
        )
        return [_listed(row) for row in rows]


class CallRows:
    """Implements ``CallBook``."""

    def opening(self, call: OpenCall, notice: CallNotice, conditions: str) -> Row:
        """See the port."""
        return Row(
            "INSERT INTO calls (call_id, programme_id, office_id, title, roles, strands, deadline, deadline_local,"
            " deadline_zone, conditions) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            (
                call.call_id,
                call.programme_id,
                call.office_id,
                Jsonb(notice.title),
                list(call.roles),
                list(call.strands),
                call.deadline,
                notice.deadline_local,
                notice.deadline_zone,
                Jsonb(json.loads(conditions)),
            ),
        )

    def closing(self, call_id: UUID) -> Row:
        """See the port."""
        return Row("UPDATE calls SET closed = true WHERE call_id = %s", (call_id,))


def _listed(row: dict[str, Any]) -> ListedCall:
    return ListedCall(_call(row), CallNotice(row["title"], row["deadline_local"], row["deadline_zone"]))


def _call(row: dict[str, Any]) -> OpenCall:
    conditions = conditions_of(row["conditions"])
    return OpenCall(
        call_id=row["call_id"],
        programme_id=row["programme_id"],
        office_id=row["office_id"],
        roles=tuple(row["roles"]),
        strands=tuple(row["strands"]),
        deadline=row["deadline"],
        form=_form(conditions),
        rules={role: _rule(selection) for selection in conditions.selection.values() for role in selection.roles},
    )


def conditions_of(stored: dict[str, Any]) -> CallConditions:
    """Return stored conditions, typed; a call told of without any has none."""
    return CallConditions.model_validate({"roles": {}, **stored})


def _form(conditions: CallConditions) -> Form:
    asked, together = conditions.application, conditions.consortia
    return Form(
        questions=tuple(
            Question(
                key=key,
                answer=each.answer,
                roles=each.roles,
                kinds=tuple(kind.value for kind in each.kinds),
                choices=tuple(each.choices),
                characters_at_most=each.characters_at_most,
                required=each.required,
            )
            for key, each in (asked.questions if asked else {}).items()
        ),
        signatories_at_least=asked.signatories_at_least if asked else 1,
        members_at_least=together.members_at_least if together else 0,
        members_at_most=together.members_at_most if together else None,
    )


def _rule(selection: Selection) -> Rule:
    weights = {key: criterion.weight for key, criterion in selection.criteria.items()}
    return Rule.of(weights, selection.tie_break)
