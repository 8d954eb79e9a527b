"""The rules of a template that meetings follow: formats, who organises and is invited, deadlines, prerequisites."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from interpares.programme.domain.decision import RuleRef
from interpares.programme.domain.invitees import InviteeRule, read_invitees
from interpares.programme.domain.meetings.errors import UnknownOccasion

if TYPE_CHECKING:
    from interpares.programme.domain.wording import Wording

HOST, OFFICE, PARTICIPANTS = "host", "office", "participants"
ROLE = "role:"


class OpenedBy(StrEnum):
    """How a meeting that nobody owes comes about."""

    REQUEST = "request"
    OFFER = "offer"
    FOLLOW_UP = "follow-up"


class DueBefore(StrEnum):
    """What a prerequisite has to be shown before."""

    ADMISSION = "admission"
    OFFER = "offer"
    ACCEPTANCE = "acceptance"
    CONFIRMED = "meeting-confirmed"
    HELD = "meeting-held"
    CLOSURE = "closure"


@dataclass(frozen=True)
class Form:
    """A format. modes: those allowed, all if empty. theme: empty if it has none."""

    modes: tuple[str, ...]
    audiences: tuple[str, ...]
    theme: str


@dataclass(frozen=True)
class Occasion:
    """How a meeting nobody owes comes about. roles: who may ask for it, all participants if empty."""

    key: str
    opened_by: OpenedBy
    formats: tuple[str, ...]
    roles: tuple[str, ...]
    invitees: tuple[InviteeRule, ...]
    ref: RuleRef


@dataclass(frozen=True)
class DeadlineRule:
    """So many days before (negative) or after the first or last day of a meeting. formats: all if empty."""

    key: str
    formats: tuple[str, ...]
    from_end: bool
    days: int
    owed_by: str
    ref: RuleRef


@dataclass(frozen=True)
class PrerequisiteRule:
    """What organisations of some kinds in some roles, all if empty, show before an event."""

    key: str
    proof: str
    kinds: tuple[str, ...]
    roles: tuple[str, ...]
    due_before: DueBefore
    ref: RuleRef


@dataclass(frozen=True)
class MeetingRules:
    """All of them, by key."""

    forms: dict[str, Form] = field(default_factory=dict)
    audiences: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    occasions: dict[str, Occasion] = field(default_factory=dict)
    deadlines: dict[str, DeadlineRule] = field(default_factory=dict)
    prerequisites: dict[str, PrerequisiteRule] = field(default_factory=dict)

    def occasion(self, key: str) -> Occasion:
        """Return the rule of a meeting nobody owes. Raises UnknownOccasion."""
        if key not in self.occasions:
            message = f"The template has no meeting {key!r} that comes about without a duty."
            raise UnknownOccasion(message, field="occasion")
        return self.occasions[key]


def read_meeting_rules(wording: Wording) -> MeetingRules:
    """Return the rules of a checked template."""
    template = wording.template
    return MeetingRules(
        forms={
            key: Form(tuple(form.get("modes", ())), tuple(form.get("audiences", ())), form.get("theme", ""))
            for key, form in template.get("formats", {}).items()
        },
        audiences=tuple(sorted(template.get("audiences", {}))),
        themes=tuple(sorted(template.get("themes", {}))),
        occasions={
            key: Occasion(
                key=key,
                opened_by=OpenedBy(rule["opened_by"]),
                formats=tuple(rule["formats"]),
                roles=tuple(rule.get("roles", ())),
                invitees=read_invitees(rule["invitees"]),
                ref=wording.ref("meetings", key),
            )
            for key, rule in template.get("meetings", {}).items()
        },
        deadlines={
            key: DeadlineRule(
                key=key,
                formats=tuple(rule.get("formats", ())),
                from_end=rule.get("counted_from") == "end",
                days=rule["days"],
                owed_by=_by(rule["owed_by"]),
                ref=wording.ref("deadlines", key),
            )
            for key, rule in template.get("deadlines", {}).items()
        },
        prerequisites={
            key: PrerequisiteRule(
                key=key,
                proof=rule["proof"],
                kinds=tuple(rule.get("kinds", ())),
                roles=tuple(rule.get("roles", ())),
                due_before=DueBefore(rule["due_before"]),
                ref=wording.ref("prerequisites", key),
            )
            for key, rule in template.get("prerequisites", {}).items()
        },
    )


def _by(who: Any) -> str:
    return who if isinstance(who, str) else f"{ROLE}{who['role']}"
