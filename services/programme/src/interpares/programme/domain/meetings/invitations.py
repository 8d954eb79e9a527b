"""Who organises a meeting and who is invited to it, by the rules and by who takes part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.programme.domain.charter import WHOLE
from interpares.programme.domain.inviting import invitations
from interpares.programme.domain.meetings.rules import HOST, OFFICE
from interpares.programme.domain.participation import holders

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from interpares.programme.domain.charter import HostingRule
    from interpares.programme.domain.invitees import InviteeRule
    from interpares.programme.domain.meetings.meeting import Meeting
    from interpares.programme.domain.state import State


def hosting_rule(meeting: Meeting, state: State) -> HostingRule | None:
    """Return the hosting rule a meeting follows from, None if nobody owes it."""
    section, _, key = meeting.rule.partition(".")
    return state.charter.hosting[key] if section == "hosting" else None


def invited(meeting: Meeting, state: State, on: date | None = None) -> tuple[UUID, ...]:
    """Return the organisations that may send people: in the order of admission, the guests named besides last.

    The host is no guest of its own. Where only staff that took part in some formats is invited, an organisation that
    was at no such meeting has nobody to send.
    """
    rules = _rules(meeting, state)
    strand = None if meeting.strand == WHOLE else meeting.strand
    found = invitations(rules, state.participations, strand, besides=meeting.host, on=on)
    were_at = {form: state.meetings.were_at(form) for each in found for form in each.attended}
    able = [
        each.organisation
        for each in found
        if not each.attended or any(each.organisation in were_at[form] for form in each.attended)
    ]
    guests = dict.fromkeys((*able, *meeting.details.guests))
    return tuple(organisation for organisation in guests if organisation != meeting.host)


def invited_by_attendance(meeting: Meeting, state: State) -> bool:
    """Tell whether it depends on who was at other meetings who is invited to this one."""
    return any(rule.attended for rule in _rules(meeting, state))


def _rules(meeting: Meeting, state: State) -> tuple[InviteeRule, ...]:
    owed = hosting_rule(meeting, state)
    return owed.invitees if owed else state.charter.meetings.occasions[meeting.rule.partition(".")[2]].invitees


def organisers(
    rule: HostingRule, host: UUID | None, strand: str | None, state: State, on: date | None = None
) -> tuple[UUID, ...]:
    """Return who organises by a rule: the host (nobody as long as there is none), the office, holders of a role.

    Holders of a role organise in the strand, in all strands if none of that strand holds it.
    """
    if rule.organiser == OFFICE:
        return (state.office,)
    if rule.organiser == HOST:
        return () if host is None else (host,)
    found = holders(state.participations, rule.organiser_role, strand, on)
    found = found or holders(state.participations, rule.organiser_role, None, on)
    return tuple(member.organisation for member in found)
