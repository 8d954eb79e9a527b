"""What could have been decided instead, computed from the pool as it stands when the decision is taken.

Grounds are codes. Of an organisation that could have hosted: ``declined``, ``offered-not-answered``, ``lost-before``
(it dropped out of this very duty), ``already-host`` (of another duty under the same rule), ``not-offered``. Of another
applicant for the same role: ``admitted-as-well``, ``declined``, ``withdrawn``, ``not-decided``. Of a participant that
did not get a role: ``not-chosen``. Where the choice was to do something or not, the option not taken has the reason
code of the decision as its ground.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.programme.domain.charter import RoleRule
from interpares.programme.domain.decision import Alternative
from interpares.programme.domain.duties import TAKEN, Duties, Duty, eligible
from interpares.programme.domain.participation import Applicant, Participations, holders

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from interpares.programme.domain.charter import Charter
    from interpares.programme.domain.grounds import Grounds

ADMITTED = "admitted"


def instead(option: str, grounds: Grounds) -> Alternative:
    """Return the option not taken."""
    return Alternative(ground=grounds.reason_code, option=option)


def other_hosts(
    duty: Duty, chosen: Collection[UUID], charter: Charter, participations: Participations, duties: Duties
) -> tuple[Alternative, ...]:
    """Return the organisations that could host a duty besides those chosen, each with its ground."""
    busy = {other.host for other in duties.values() if other.rule == duty.rule and other.status in TAKEN}
    pool = [member for member in eligible(duty, charter, participations) if member not in chosen]
    return tuple(Alternative(ground=_ground(duty, member, busy), organisation=member) for member in pool)


def _ground(duty: Duty, organisation: UUID, busy: Collection[UUID | None]) -> str:
    if organisation in duty.declined:
        return "declined"
    if organisation in duty.candidates:
        return "offered-not-answered"
    if organisation in {loss.organisation for loss in duty.losses}:
        return "lost-before"
    return "already-host" if organisation in busy else "not-offered"


def other_applicants(
    applicant: Applicant, competing: tuple[Applicant, ...], applications: dict[str, str]
) -> tuple[Alternative, ...]:
    """Return the other applicants for the same role and strand; ``applications`` tells which were decided and how."""
    return tuple(
        Alternative(ground=_fate(other, applications), organisation=other.organisation_id)
        for other in competing
        if other.application_id != applicant.application_id
    )


def _fate(applicant: Applicant, applications: dict[str, str]) -> str:
    decided = applications.get(str(applicant.application_id))
    if decided is not None:
        return "admitted-as-well" if decided == ADMITTED else decided
    return "withdrawn" if applicant.withdrawn else "not-decided"


def other_holders(rule: RoleRule, organisation: UUID, participations: Participations) -> tuple[Alternative, ...]:
    """Return the participants of the same strand that could have got a role and do not hold it."""
    strand = participations[str(organisation)].strand
    held = {member.organisation for member in holders(participations, rule.key, strand)}
    others = [
        member
        for member in sorted(participations.values(), key=lambda member: member.number)
        if member.active and member.strand == strand and member.organisation not in held | {organisation}
    ]
    return tuple(Alternative(ground="not-chosen", organisation=member.organisation) for member in others)
