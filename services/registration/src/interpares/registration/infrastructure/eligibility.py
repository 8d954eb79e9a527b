"""The conditions of roles, tried on what is on record of an organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.common.contracts.template.eligibility import OrganisationKind
from interpares.common.contracts.template.evaluation import Facts, FundedBy, evaluate
from interpares.registration.domain.applying.content import Found

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from interpares.registration.domain.call import OpenCall
    from interpares.registration.domain.organisation import Organisation
    from interpares.registration.infrastructure.attendance import AttendanceTable
    from interpares.registration.infrastructure.calls import CallTable


class RoleConditions:
    """Implements ``Eligibility``."""

    def __init__(self, calls: CallTable, attendance: AttendanceTable) -> None:
        self._calls = calls
        self._attendance = attendance

    async def findings(
        self, call: OpenCall, role: str, applicant: Organisation, members: Sequence[Organisation], now: datetime
    ) -> tuple[Found, ...]:
        """See the port."""
        conditions = await self._calls.conditions(call.call_id)
        sought = conditions.roles.get(role) if conditions else None
        if sought is None or not sought.eligibility:
            return ()
        attended, hosted = await self._attendance.counted(applicant.id)
        on_record = applicant.state.facts
        facts = Facts(
            kind=OrganisationKind(on_record.kind.value),
            country=on_record.country,
            population=on_record.population,
            members_population=tuple(each.state.facts.population for each in _all(applicant, members)),
            consortium=bool(members),
            funding=tuple(FundedBy(**vars(each)) for each in on_record.funding),
            member_of=on_record.member_of,
            attended=attended,
            hosted=hosted,
            applied_on=now.date(),
            deadline=call.deadline.date(),
        )
        return tuple(
            Found(each.index, each.predicate, each.outcome, each.found) for each in evaluate(sought.eligibility, facts)
        )


def _all(applicant: Organisation, members: Sequence[Organisation]) -> list[Organisation]:
    """Return all who apply together, each once; nobody where it applies alone."""
    return list({each.id: each for each in (applicant, *members)}.values()) if members else []
