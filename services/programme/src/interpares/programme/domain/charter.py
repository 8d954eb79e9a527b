"""The rules of one programme, as its guards need them: read from the template when it is drafted.

The template itself lies in the birth event. Each rule is known by its path in it, the template's version, and the
SHA-256 of its canonical JSON, so that a decision can name what it applied.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from interpares.common.canonical import canonical_json
from interpares.programme.domain.accompanying.rules import AccompanimentRule, read_accompaniment
from interpares.programme.domain.course.rules import CourseRules, read_course
from interpares.programme.domain.decision import RuleRef
from interpares.programme.domain.errors import UnknownRole
from interpares.programme.domain.invitees import InviteeRule, read_invitees
from interpares.programme.domain.manual import ManualRule, read_manual
from interpares.programme.domain.meetings.rules import MeetingRules, read_meeting_rules
from interpares.programme.domain.money.rules import FundingRules, read_funding
from interpares.programme.domain.pairing.rules import PairRule, read_pairs
from interpares.programme.domain.reviewing.rules import DocumentRule, read_documents
from interpares.programme.domain.selecting.rules import SelectionRule, read_selection
from interpares.programme.domain.wording import Wording, digest

NO_COURSE = CourseRules()
WHOLE = "all"  # the strand of an undivided programme, and of a rule in the scope of the programme


class Obtained(StrEnum):
    """How a role is obtained."""

    SELECTION = "selection"
    AWARD = "award"
    DECLARATION = "declaration"
    CONTRACT = "contract"


class Lifecycle(StrEnum):
    """How a programme comes to run: by a call, by partners and a grant, or as a standing offer."""

    CALL = "call"
    CONSTITUTED = "constituted"
    STANDING = "standing"


class Division(StrEnum):
    """What the strands of a programme are."""

    COUNTRY = "country"
    ONE = "one"
    PAIR = "pair"
    CLUSTER = "cluster"


class Quantifier(StrEnum):
    """Whether each holder of the role owes the split, any of them is asked to, or whoever offers takes a duty of it."""

    EACH = "each"
    ONE_OF = "one_of"
    OPEN = "open"


class OnHostLoss(StrEnum):
    """What becomes of a duty whose host drops out."""

    REASSIGN = "reassign"
    LAPSE = "lapse"
    DECIDE = "decide"


@dataclass(frozen=True)
class Held:
    """From a day to a day, both included; an open side has no limit."""

    starts: date | None = None
    ends: date | None = None

    def over(self, day: date) -> bool:
        """Tell whether the last day has passed."""
        return self.ends is not None and self.ends < day

    def overlaps(self, other: Held) -> bool:
        """Tell whether the two have a day in common."""
        return not (self.starts and other.over(self.starts)) and not (other.starts and self.over(other.starts))

    def within(self, other: Held) -> bool:
        """Tell whether no day of this one lies outside the other."""
        starts = other.starts is None or (self.starts is not None and other.starts <= self.starts)
        return starts and (other.ends is None or (self.ends is not None and self.ends <= other.ends))


ALWAYS = Held()


@dataclass(frozen=True)
class RoleRule:
    """A role: how it is obtained, and whether whoever holds it holds no other.

    per_theme: held for some themes, not for the programme as a whole. held: the days it can be held on at most.
    eligibility: the predicates, canonical JSON each, in order. exceptions: whether the office may except from them.
    """

    key: str
    obtained: Obtained
    exclusive: bool
    ref: RuleRef
    per_theme: bool = False
    held: Held = ALWAYS
    eligibility: tuple[str, ...] = ()
    exceptions: bool = False


@dataclass(frozen=True)
class HostingRule:
    """Who owes which meetings.

    formats: one entry per duty, in the order of the split. whole: in the scope of the programme, not of a strand.
    counts_towards: key of the rule under which the host owes one duty less; empty if none.
    organiser: ``host``, ``office`` or ``role``; organiser_role: the role whose holders organise then.
    """

    key: str
    quantifier: Quantifier
    role: str
    whole: bool
    formats: tuple[str, ...]
    on_host_loss: OnHostLoss
    counts_towards: str
    ref: RuleRef
    organiser: str = "host"
    organiser_role: str = ""
    invitees: tuple[InviteeRule, ...] = ()


@dataclass(frozen=True)
class ConsortiaRule:
    """Organisations may take part together. at_most: None for no limit. lead: whether one of them must lead."""

    at_least: int
    at_most: int | None
    lead: bool
    ref: RuleRef


@dataclass(frozen=True)
class Charter:
    """The rules of a programme.

    hash: hex SHA-256 of the template's canonical JSON. strands: sorted; ``("all",)`` if the programme is not divided,
    none if they come with its pairs.
    rules: hex SHA-256 of each rule by its path, so that an amendment can say what it changes.
    conditions: canonical JSON of what applicants have to know. themes, formats: keys, sorted.
    """

    template: str
    version: int
    hash: str
    by: Division
    strands: tuple[str, ...]
    call: RuleRef
    roles: dict[str, RoleRule]
    hosting: dict[str, HostingRule]
    lifecycle: Lifecycle = Lifecycle.CALL
    rules: dict[str, str] = field(default_factory=dict)
    conditions: str = "{}"
    themes: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    consortia: ConsortiaRule | None = None
    pairs: dict[str, PairRule] = field(default_factory=dict)
    course: CourseRules = NO_COURSE
    accompaniment: dict[str, AccompanimentRule] = field(default_factory=dict)
    manual: dict[str, ManualRule] = field(default_factory=dict)
    funding: FundingRules | None = None
    meetings: MeetingRules = field(default_factory=MeetingRules)
    selection: dict[str, SelectionRule] = field(default_factory=dict)
    documents: dict[str, DocumentRule] = field(default_factory=dict)

    @property
    def by_country(self) -> bool:
        """Tell whether each strand is a country."""
        return self.by is Division.COUNTRY

    @property
    def by_pair(self) -> bool:
        """Tell whether strands come with the pairs."""
        return self.by is Division.PAIR

    def role(self, key: str) -> RoleRule:
        """Return a role. Raises UnknownRole."""
        if key not in self.roles:
            message = f"The template {self.template} has no role {key!r}."
            raise UnknownRole(message, field="role")
        return self.roles[key]

    def hosting_in_order(self) -> tuple[HostingRule, ...]:
        """Return the hosting rules in the order of derivation: those that count towards another come first."""
        return tuple(sorted(self.hosting.values(), key=lambda rule: (not rule.counts_towards, rule.key)))


def read_charter(template: dict[str, Any], strands: tuple[str, ...]) -> Charter:
    """Return the charter of a checked template, for the strands of the programme."""
    wording = Wording(template)
    return Charter(
        template=template["id"],
        version=template["version"],
        hash=digest(template),
        by=Division(template["strands"]["by"]),
        strands=tuple(sorted(strands)),
        call=wording.ref("lifecycle"),
        roles={key: _role(key, role, wording.ref("roles", key)) for key, role in template["roles"].items()},
        hosting={key: _hosting(key, rule, wording.ref("hosting", key)) for key, rule in template["hosting"].items()},
        lifecycle=Lifecycle(template["lifecycle"]),
        rules=wording.hashes(),
        conditions=_conditions(template),
        themes=tuple(sorted(template.get("themes", ()))),
        formats=tuple(sorted(template.get("formats", ()))),
        consortia=_consortia(wording),
        pairs=read_pairs(wording),
        course=read_course(wording),
        accompaniment=read_accompaniment(wording),
        manual=read_manual(wording),
        funding=read_funding(template),
        meetings=read_meeting_rules(wording),
        selection=read_selection(wording),
        documents=read_documents(wording),
    )


def read_held(written: dict[str, Any] | None) -> Held:
    """Return from when to when, as the template has it."""
    return (
        Held(*(date.fromisoformat(written[day]) if written.get(day) else None for day in ("starts", "ends")))
        if (written)
        else ALWAYS
    )


def _role(key: str, role: dict[str, Any], ref: RuleRef) -> RoleRule:
    return RoleRule(
        key=key,
        obtained=Obtained(role["obtained"]),
        exclusive=role["holding"] == "exclusive",
        ref=ref,
        per_theme=role.get("per_theme", False),
        held=read_held(role.get("held")),
        eligibility=tuple(canonical_json(predicate).decode() for predicate in role.get("eligibility", ())),
        exceptions=role.get("exceptions", "none") == "reasoned",
    )


def _hosting(key: str, rule: dict[str, Any], ref: RuleRef) -> HostingRule:
    by_role = isinstance(rule["organiser"], dict)
    return HostingRule(
        key=key,
        quantifier=Quantifier(rule["quantifier"]),
        role=rule["role"],
        whole=rule["scope"] == "programme",
        formats=tuple(split["format"] for split in rule["formats"] for _ in range(split["duties"])),
        on_host_loss=OnHostLoss(rule["on_host_loss"]),
        counts_towards=rule.get("counts_towards", ""),
        ref=ref,
        organiser="role" if by_role else rule["organiser"],
        organiser_role=rule["organiser"]["role"] if by_role else "",
        invitees=read_invitees(rule["invitees"]),
    )


def _conditions(template: dict[str, Any]) -> str:
    sections = ("application", "selection", "prerequisites", "consortia")
    told = {section: template[section] for section in sections if template.get(section)}
    roles = {key: role for key, role in template["roles"].items() if role["obtained"] != Obtained.CONTRACT}
    return canonical_json({"roles": roles, **told}).decode()


def _consortia(wording: Wording) -> ConsortiaRule | None:
    rule = wording.template.get("consortia")
    if rule is None:
        return None
    lead = rule["lead"] == "required"
    return ConsortiaRule(rule["members_at_least"], rule.get("members_at_most"), lead, wording.ref("consortia"))
