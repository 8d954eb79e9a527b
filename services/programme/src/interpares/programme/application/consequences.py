"""What follows from a template that was tried out, as JSON values."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from interpares.programme.domain.charter import Lifecycle
from interpares.programme.domain.duties import eligible
from interpares.programme.domain.manual import SETTLING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from interpares.programme.application.dry_run import DryRun
    from interpares.programme.domain.participation import Participation


def consequences(run: DryRun) -> dict[str, Any]:
    """Return stage, participants, duties, pairs, and what else follows from each section."""
    state = run.programme.state
    return {
        "template": state.charter.template,
        "version": state.charter.version,
        "hash": state.charter.hash,
        "lifecycle": state.charter.lifecycle.value,
        "stage": state.stage.value,
        "strands": list(state.charter.strands),
        "term": {"starts": _day(state.course.starts), "ends": _day(state.course.ends)},
        "participants": _participants(run),
        "refused": run.refused,
        "without_effect": list(_without_effect(run)),
        "selection": _selection(run),
        "pairs": [
            {"pair": pair.id, "members": [run.name(member) for member in pair.members]}
            for pair in sorted(state.pairs.values(), key=lambda pair: pair.id)
        ],
        "duties": _duties(run),
        "milestones": _milestones(run),
        "deadlines": _deadlines(run),
        "meetings": _meetings(run),
        "prerequisites": _prerequisites(run),
        "accompaniment": _accompaniment(run),
        "documents": _documents(run),
        "goals": _goals(run),
        "money": _money(run),
        "manual": [
            {"rule": rule.key, "applies_to": rule.applies_to, "named_by": list(SETTLING[rule.applies_to])}
            for _, rule in sorted(state.charter.manual.items())
        ],
    }


def _without_effect(run: DryRun) -> Iterator[dict[str, str]]:
    """Yield parts of the template that nothing follows from, as it is written, each with why."""
    template, charter = run.template, run.programme.state.charter
    if charter.lifecycle is not Lifecycle.CALL:
        for section in ("application", "selection"):
            if template.get(section):
                yield {"path": section, "why": "without a call nobody applies"}
    if charter.consortia and not charter.consortia.lead:
        yield {"path": "consortia.lead", "why": "the organisation that applies acts for the others all the same"}


def _members(run: DryRun) -> list[Participation]:
    return sorted(run.programme.state.participations.values(), key=lambda member: member.number)


def _holding(run: DryRun, roles: tuple[str, ...] | list[str]) -> list[str | None]:
    """Return the names of those that hold one of some roles; of all where none is named."""
    found = [each for each in _members(run) if not roles or any(each.holds(role) for role in roles)]
    return [run.name(each.organisation) for each in found]


def _participants(run: DryRun) -> list[dict[str, Any]]:
    return [
        {
            "organisation": run.name(member.organisation),
            "strand": member.strand,
            "roles": [
                {
                    "role": role,
                    "themes": list(member.holding(role).themes),
                    "until": _day(member.holding(role).held.ends),
                }
                for role in member.roles
            ],
            "members": [run.name(other) for other in member.members],
        }
        for member in _members(run)
    ]


def _selection(run: DryRun) -> list[dict[str, Any]]:
    return [
        {
            "selection": key,
            "roles": list(rule.roles),
            "places": rule.places,
            "criteria": {each.key: each.weight for each in rule.criteria},
            "assessments": rule.assessments,
            "tie_break": list(rule.tie_break),
        }
        for key, rule in sorted(run.programme.state.charter.selection.items())
    ]


def _duties(run: DryRun) -> list[dict[str, Any]]:
    state = run.programme.state
    found = []
    for duty in sorted(state.duties.values(), key=lambda duty: duty.key):
        rule = state.charter.hosting[duty.rule]
        pool = eligible(duty, state.charter, state.participations)
        found.append(
            {
                "duty": duty.id,
                "format": duty.format,
                "quantifier": rule.quantifier.value,
                "owner": run.name(duty.owner),
                "pool": [run.name(each) for each in pool],
                "organiser": rule.organiser_role or rule.organiser,
                "invited": [
                    run.name(each.organisation)
                    for each in run.programme.invited(duty.id)
                    if each.organisation != duty.owner
                ],
                "on_host_loss": rule.on_host_loss.value,
            }
        )
    return found


def _milestones(run: DryRun) -> list[dict[str, Any]]:
    state = run.programme.state
    return [
        {
            "phase": phase.key,
            "milestone": key,
            "due": _day(milestone.due(state.course.starts)),
            "deliverables": [
                {"deliverable": name, "from": _holding(run, roles)}
                for name, roles in sorted(milestone.deliverables.items())
            ],
        }
        for phase in state.charter.course.phases
        for key, milestone in sorted(phase.milestones.items())
    ]


def _deadlines(run: DryRun) -> list[dict[str, Any]]:
    formats = list(run.programme.state.charter.formats)
    return [
        {
            "deadline": key,
            "formats": each["formats"] or formats,
            "counted_from": each["counted_from"],
            "days": each["days"],
            "owed_by": each["owed_by"],
        }
        for key, each in sorted(run.template.get("deadlines", {}).items())
    ]


def _meetings(run: DryRun) -> list[dict[str, Any]]:
    return [
        {
            "meeting": key,
            "opened_by": each["opened_by"],
            "formats": each["formats"],
            "by": _holding(run, each["roles"]),
        }
        for key, each in sorted(run.template.get("meetings", {}).items())
    ]


def _prerequisites(run: DryRun) -> list[dict[str, Any]]:
    kinds = run.kinds()
    return [
        {
            "prerequisite": key,
            "proof": each["proof"],
            "due_before": each["due_before"],
            "from": [
                name
                for name in _holding(run, each["roles"])
                if not each["kinds"] or kinds.get(name or "") in each["kinds"]
            ],
        }
        for key, each in sorted(run.template.get("prerequisites", {}).items())
    ]


def _accompaniment(run: DryRun) -> list[dict[str, Any]]:
    return [
        {
            "accompaniment": key,
            "by": "municipality" if rule.by_municipality else "facilitator",
            "of": _holding(run, (rule.role,)),
            "expert_days_each": None if rule.days is None else str(rule.days),
            "themes": list(rule.themes),
        }
        for key, rule in sorted(run.programme.state.charter.accompaniment.items())
    ]


def _documents(run: DryRun) -> list[dict[str, Any]]:
    """Return who owns and who reviews; few: owners whose document could not be reviewed by as many as the rule asks."""
    found = []
    for key, rule in sorted(run.programme.state.charter.documents.items()):
        owners, reviewers = (_holding(run, roles) for roles in (rule.owner_roles, rule.reviewer_roles))
        found.append(
            {
                "document": key,
                "owned_by": "several" if rule.several else "one",
                "owners": owners,
                "reviewers": reviewers,
                "reviewers_at_least": rule.at_least,
                "few": [owner for owner in owners if len(set(reviewers) - {owner}) < rule.at_least],
            }
        )
    return found


def _goals(run: DryRun) -> list[dict[str, Any]]:
    return [
        {
            "goal": key,
            "indicators": [
                {
                    "indicator": name,
                    "value": None if indicator.value is None else str(indicator.value),
                    "target": str(indicator.target),
                    "by": _day(indicator.by),
                }
                for name, indicator in sorted(goal.indicators.items())
            ],
        }
        for key, goal in run.programme.state.charter.course.goals
    ]


def _money(run: DryRun) -> dict[str, Any] | None:
    funding = run.programme.state.charter.funding
    if funding is None:
        return None
    shares = {run.name(member.organisation): funding.share_of(member.roles) for member in _members(run)}
    allocated = sum((share.amount for share in shares.values()), Decimal(0))
    return {
        "currency": funding.currency,
        "total": str(funding.total),
        "categories": {key: None if amount is None else str(amount) for key, amount in funding.categories.items()},
        "shares": [
            {"organisation": name, "amount": str(share.amount), "approximate": share.approximate}
            for name, share in shares.items()
            if share.amount
        ],
        "unallocated": str(funding.total - allocated),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
