"""References between the parts of a template: each must name something that exists."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from interpares.common.contracts.template.eligibility import AnyPredicate, HistoryPredicate, NonePredicate
from interpares.common.contracts.template.meetings import OrganisedBy

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from interpares.common.contracts.template.document import Template
    from interpares.common.contracts.template.eligibility import Predicate
    from interpares.common.contracts.template.meetings import Invitees

Path: TypeAlias = "tuple[str | int, ...]"
# Counted beside the audiences of a meeting, see ``AttendanceRecorded``.
PARTS = frozenset({"speakers", "reviewers"})
Flaw: TypeAlias = "tuple[Path, str, str]"


def refuse_dangling(template: Template) -> None:
    """Raise ValidationError with one error per reference that leads nowhere, each under its own path."""
    errors = [
        InitErrorDetails(
            type=PydanticCustomError("dangling_reference", "{fact}", {"fact": fact}), loc=path, input=given
        )
        for path, fact, given in _flaws(template)
    ]
    if errors:
        raise ValidationError.from_exception_data(type(template).__name__, errors)


def _flaws(template: Template) -> Iterator[Flaw]:
    yield from _audiences(template)
    yield from _themes(template)
    yield from _formats(template)
    yield from _hosting(template)
    yield from _occasions(template)
    yield from _participation(template)
    yield from _course(template)
    yield from _frame(template)


def _unknown(what: str, path: Path, names: Iterable[str], known: Container[str]) -> Iterator[Flaw]:
    for index, name in enumerate(names):
        if name not in known:
            yield (*path, index), f"names the {what} {name!r}, which the template does not define", name


def _one(what: str, path: Path, name: str | None, known: Container[str]) -> Iterator[Flaw]:
    if name is not None and name not in known:
        yield path, f"names the {what} {name!r}, which the template does not define", name


def _audiences(template: Template) -> Iterator[Flaw]:
    for key in template.audiences:
        if key in PARTS:
            yield ("audiences", key), "has a name by which those who spoke or reviewed are counted", key


def _themes(template: Template) -> Iterator[Flaw]:
    for key, theme in template.themes.items():
        yield from _unknown("theme", ("themes", key, "links"), theme.links, template.themes)


def _formats(template: Template) -> Iterator[Flaw]:
    for key, form in template.formats.items():
        here = ("formats", key)
        theme = template.themes.get(form.theme) if form.theme else None
        yield from _unknown("audience", (*here, "audiences"), form.audiences, template.audiences)
        yield from _unknown("method", (*here, "methods"), form.methods, template.methods)
        yield from _one("theme", (*here, "theme"), form.theme, template.themes)
        yield from _unknown("topic", (*here, "topics"), form.topics, theme.topics if theme else ())


def _invitees(template: Template, path: Path, invitees: Iterable[Invitees]) -> Iterator[Flaw]:
    for index, invited in enumerate(invitees):
        yield from _unknown("role", (*path, index, "roles"), invited.roles, template.roles)
        yield from _unknown("format", (*path, index, "attended"), invited.attended, template.formats)


def _organised(template: Template, path: Path, by: object) -> Iterator[Flaw]:
    if isinstance(by, OrganisedBy):
        yield from _one("role", (*path, "role"), by.role, template.roles)


def _hosting(template: Template) -> Iterator[Flaw]:
    for key, rule in template.hosting.items():
        here = ("hosting", key)
        yield from _one("role", (*here, "role"), rule.role, template.roles)
        yield from _organised(template, (*here, "organiser"), rule.organiser)
        yield from _invitees(template, (*here, "invitees"), rule.invitees)
        seen: set[str] = set()
        for index, split in enumerate(rule.formats):
            yield from _one("format", (*here, "formats", index, "format"), split.format, template.formats)
            if split.format in seen:
                yield (*here, "formats", index, "format"), f"names the format {split.format!r} twice", split.format
            seen.add(split.format)
        yield from _counting(template, key)


def _counting(template: Template, key: str) -> Iterator[Flaw]:
    rule = template.hosting[key]
    path = ("hosting", key, "counts_towards")
    yield from _one("hosting rule", path, rule.counts_towards, template.hosting)
    target = template.hosting.get(rule.counts_towards) if rule.counts_towards else None
    if rule.counts_towards is None or target is None:
        return
    if target.quantifier != "each" or target.role != rule.role:
        yield path, "counts towards a rule that is not owed by each holder of the same role", rule.counts_towards
    if target.counts_towards is not None:
        yield path, "counts towards a rule that itself counts towards another", rule.counts_towards


def _occasions(template: Template) -> Iterator[Flaw]:
    for key, meeting in template.meetings.items():
        yield from _unknown("format", ("meetings", key, "formats"), meeting.formats, template.formats)
        yield from _unknown("role", ("meetings", key, "roles"), meeting.roles, template.roles)
        yield from _invitees(template, ("meetings", key, "invitees"), meeting.invitees)
    for key, deadline in template.deadlines.items():
        yield from _unknown("format", ("deadlines", key, "formats"), deadline.formats, template.formats)
        yield from _organised(template, ("deadlines", key, "owed_by"), deadline.owed_by)
    for key, document in template.documents.items():
        yield from _unknown("role", ("documents", key, "owner_roles"), document.owner_roles, template.roles)
        yield from _unknown("role", ("documents", key, "reviewer_roles"), document.reviewer_roles, template.roles)


def _predicates(template: Template, path: Path, predicates: Iterable[Predicate]) -> Iterator[Flaw]:
    for index, predicate in enumerate(predicates):
        if isinstance(predicate, HistoryPredicate):
            yield from _unknown("format", (*path, index, "formats"), predicate.formats, template.formats)
        if isinstance(predicate, AnyPredicate | NonePredicate):
            yield from _predicates(template, (*path, index, "of"), predicate.of)


def _participation(template: Template) -> Iterator[Flaw]:
    for key, role in template.roles.items():
        yield from _predicates(template, ("roles", key, "eligibility"), role.eligibility)
    for key, pair in template.pairs.items():
        yield from _unknown("role", ("pairs", key, "between"), pair.between, template.roles)
    for key, selection in template.selection.items():
        yield from _unknown("role", ("selection", key, "roles"), selection.roles, template.roles)
        ties = (*selection.criteria, "lot")
        yield from _unknown("criterion", ("selection", key, "tie_break"), selection.tie_break, ties)
    for key, question in (template.application.questions if template.application else {}).items():
        yield from _unknown("role", ("application", "questions", key, "roles"), question.roles, template.roles)
    for key, prerequisite in template.prerequisites.items():
        yield from _unknown("role", ("prerequisites", key, "roles"), prerequisite.roles, template.roles)
    for key, accompaniment in template.accompaniment.items():
        yield from _one("role", ("accompaniment", key, "role"), accompaniment.role, template.roles)
        yield from _unknown("theme", ("accompaniment", key, "themes"), accompaniment.themes, template.themes)


def _frame(template: Template) -> Iterator[Flaw]:
    """Yield what contradicts itself in the frame of a programme."""
    term = template.term
    if term is not None and template.lifecycle == "standing" and (term.ends or term.months):
        yield ("term",), "gives an end to a standing programme, which has none", "term"
    if term is not None and term.starts and term.ends and term.ends < term.starts:
        yield ("term", "ends"), "lies before the start of the term", str(term.ends)
    seen: set[str] = set()
    for index, phase in enumerate(template.phases):
        if phase.key in seen:
            yield ("phases", index, "key"), f"names the phase {phase.key!r} twice", phase.key
        seen.add(phase.key)
        if phase.starts and phase.ends and phase.ends < phase.starts:
            yield ("phases", index, "ends"), "lies before the start of the phase", str(phase.ends)
    consortia = template.consortia
    if consortia and consortia.members_at_most and consortia.members_at_most < consortia.members_at_least:
        yield ("consortia", "members_at_most"), "is less than members_at_least", str(consortia.members_at_most)


def _course(template: Template) -> Iterator[Flaw]:
    for index, phase in enumerate(template.phases):
        for name, milestone in phase.milestones.items():
            for key, deliverable in milestone.deliverables.items():
                path = ("phases", index, "milestones", name, "deliverables", key, "roles")
                yield from _unknown("role", path, deliverable.roles, template.roles)
    if template.funding is not None:
        for index, share in enumerate(template.funding.shares):
            yield from _one("role", ("funding", "shares", index, "role"), share.role, template.roles)
        for index, own in enumerate(template.funding.own_contributions):
            yield from _one("role", ("funding", "own_contributions", index, "role"), own.role, template.roles)
