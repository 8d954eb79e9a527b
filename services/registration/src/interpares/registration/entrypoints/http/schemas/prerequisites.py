"""Prerequisites over HTTP."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field

from interpares.common.http import Body, Count, Day, ReasonCode, ShortText
from interpares.registration.domain.prerequisites import shown as domain
from interpares.registration.domain.prerequisites.fact import Validity
from interpares.registration.domain.prerequisites.shown import Kind, Organ, Result, Shown
from interpares.registration.entrypoints.http.schemas.words import Reasoned, on_one_line
from interpares.registration.projections.prerequisites import SHOWN, ListedFact

Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,63}$")]
Reference = Annotated[
    str,
    Field(pattern=r"^[A-Za-z0-9/._ -]{0,40}[0-9][A-Za-z0-9/._ -]{0,23}$", description="number of the paper"),
]
Link = Annotated[
    str,
    Field(max_length=500, pattern=r"^https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[^\s<>\"]*)?$"),
    AfterValidator(on_one_line),
]
Money = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)]
Hours = Annotated[Decimal, Field(ge=0, max_digits=9, decimal_places=2)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217")]


class HeadGiven(Body):
    """Who stands for the exchange: Chefsache. office: the post they hold, for example mayor."""

    person_id: UUID
    office: Word


class VotesGiven(Body):
    """How many voted how."""

    in_favour: Count
    against: Count = 0
    abstained: Count = 0


class ResolutionGiven(Body):
    """What an organ resolved."""

    organ: Organ
    sitting_on: Day
    reference: Reference
    result: Result
    votes: VotesGiven | None = None


class MemberGiven(Body):
    """Somebody in the team, and the disciplines they stand for."""

    person_id: UUID
    disciplines: Annotated[tuple[Word, ...], Field(min_length=1, max_length=20)]


class TeamGiven(Body):
    """The team. asked: disciplines that have to be in it beside those the programme asks for."""

    members: Annotated[tuple[MemberGiven, ...], Field(min_length=1, max_length=50)]
    asked: Annotated[tuple[Word, ...], Field(max_length=30)] = ()


class TaskGiven(Body):
    """Who does what until when; nobody's task and a task without end are none."""

    title: ShortText
    owner_id: Annotated[UUID, Field(description="a person or an organisation")]
    starts: Day
    due: Day


class PlanGiven(Body):
    """What is done over the whole term."""

    starts: Day
    ends: Day
    tasks: Annotated[tuple[TaskGiven, ...], Field(min_length=1, max_length=300)]


class LineGiven(Body):
    """A budget category and what is planned in it."""

    category: Word
    amount: Money


class BudgetGiven(Body):
    """What it costs and who bears it; amounts as decimals, for example "25000.00"."""

    currency: Currency
    total: Money
    own_share: Money
    grant: Money = Decimal(0)
    own_hours: Hours = Decimal(0)
    lines: Annotated[tuple[LineGiven, ...], Field(max_length=100)] = ()


class EvidenceGiven(Body):
    """What it is shown by: a file sent before, or where it is published (OParl, a council's information system)."""

    file_id: UUID | None = None
    link: Link | None = None


class NewVersion(Reasoned):
    """What is shown: the part of its kind, evidence, validity, and why, with whatever there is to say about it."""

    head: HeadGiven | None = None
    resolution: ResolutionGiven | None = None
    team: TeamGiven | None = None
    plan: PlanGiven | None = None
    budget: BudgetGiven | None = None
    evidence: EvidenceGiven
    valid_from: Day
    valid_until: Day | None = None
    reason_code: ReasonCode = "as-asked"

    def titles(self) -> tuple[str, ...]:
        """Return what tasks are called, in their order."""
        return tuple(task.title for task in self.plan.tasks) if self.plan else ()

    def shown(self, titles: tuple[str, ...]) -> Shown:
        """Return it as the domain knows it. titles: hex hashes of the sealed titles of tasks."""
        plan, team, budget, resolution = self.plan, self.team, self.budget, self.resolution
        return Shown(
            head=domain.NamedHead(self.head.person_id, self.head.office) if self.head else None,
            resolution=domain.Resolution(
                resolution.organ,
                resolution.sitting_on,
                resolution.reference,
                resolution.result,
                domain.Votes(**resolution.votes.model_dump()) if resolution.votes else None,
            )
            if resolution
            else None,
            team=domain.Team(
                tuple(domain.Member(each.person_id, each.disciplines) for each in team.members), team.asked
            )
            if team
            else None,
            plan=domain.WorkPlan(
                plan.starts,
                plan.ends,
                tuple(
                    domain.Task(title, task.owner_id, task.starts, task.due)
                    for title, task in zip(titles, plan.tasks, strict=True)
                ),
            )
            if plan
            else None,
            budget=domain.Budget(
                budget.currency,
                budget.total,
                budget.own_share,
                budget.grant,
                budget.own_hours,
                tuple(domain.Line(line.category, line.amount) for line in budget.lines),
            )
            if budget
            else None,
        )

    def validity(self) -> Validity:
        """Return how long it holds. Raises ValidityReversed."""
        return Validity(self.valid_from, self.valid_until)


class NewPrerequisite(NewVersion):
    """A prerequisite to show. programme_id: null if it holds for every programme; prerequisite: key of the template."""

    kind: Kind
    programme_id: UUID | None = None
    prerequisite: Word | None = None


class Confirmation(Reasoned):
    """What is confirmed: the version that was looked at."""

    version: Annotated[int, Field(ge=1, lt=2**31)]


class FactShown(BaseModel):
    """A version of a prerequisite, without names: people are ids, titles of tasks stand in the plan.

    missing: what keeps it from being confirmed. unallocated, uncovered: of a budget. confirmed_by: ``office`` or the
    organ. evidence_hash: hex SHA-256 of the file, or of the link.
    """

    id: UUID
    version: int
    organisation_id: UUID
    programme_id: UUID | None
    prerequisite: str
    kind: str
    shown: dict[str, Any]
    missing: tuple[str, ...]
    unallocated: Decimal | None
    uncovered: Decimal | None
    file_id: UUID | None
    link: str | None
    evidence_hash: str
    valid_from: date
    valid_until: date | None
    shown_at: datetime
    shown_as: str
    confirmed_at: datetime | None
    confirmed_by: str | None
    confirm_reason_code: str | None
    revoked_at: datetime | None
    revoke_reason_code: str | None

    @classmethod
    def of(cls, fact: ListedFact) -> "FactShown":
        """Return a version as it is shown."""
        plain = {name: value for name, value in vars(fact).items() if name not in {"shown", "lacking", "note_hash"}}
        whole = domain_dump(fact.shown)
        budget = fact.shown.budget
        return cls(
            **plain,
            shown=whole,
            missing=fact.lacking,
            unallocated=budget.unallocated if budget else None,
            uncovered=budget.uncovered if budget else None,
        )


def domain_dump(shown: Shown) -> dict[str, Any]:
    """Return the part that is given, as JSON values."""
    dumped: dict[str, Any] = SHOWN.dump_python(shown, mode="json")
    return {name: value for name, value in dumped.items() if value is not None}


class FactRead(FactShown):
    """A fact whole: the newest version, what was said about it (null once erased), and those before it."""

    reason: str | None
    earlier: tuple[FactShown, ...]


class TaskShown(BaseModel):
    """A task of a work plan. title: null once it was erased. owner: name, null where whoever asks may not know it."""

    title: str | None
    owner_id: UUID
    owner: str | None
    starts: date
    due: date


class PlanShown(BaseModel):
    """A work plan as a table."""

    starts: date
    ends: date
    tasks: tuple[TaskShown, ...]


class ItemShown(BaseModel):
    """One prerequisite of a programme, and how far the organisation is with it; see ``status``.

    status: missing, incomplete, shown (somebody has to confirm it), confirmed, not-yet-valid, expired.
    due_on: the day ``due_before`` stands for, null while nobody knows it.
    """

    prerequisite: str
    kind: str
    label: dict[str, str]
    status: str
    missing: tuple[str, ...]
    fact_id: UUID | None
    version: int | None
    confirmed_by: str | None
    valid_until: date | None
    due_before: str
    due_on: date | None


class ReadinessShown(BaseModel):
    """How ready an organisation is for a programme. ready: every item is confirmed."""

    organisation_id: UUID
    programme_id: UUID
    ready: bool
    items: tuple[ItemShown, ...]
