"""Selections: what is asked for, and applicants side by side."""

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from interpares.programme.entrypoints.http.schemas.deciding import Deciding
from interpares.programme.entrypoints.http.schemas.record import Code

ROUND = r"^[A-Za-z0-9_-]{1,64}\.[a-z][a-z0-9-]{0,63}$"
# Text, because JSON numbers are binary and points are not.
PointsText = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{1,4}(\.[0-9]{1,4})?$"), Field(description="Decimal text, such as 8.5.")
]


class Criteria(Deciding):
    """Criteria to be fixed, as the template has them. places: other than in the template, in each strand."""

    points_at_most: PointsText = "10"
    places: Annotated[int, Field(ge=1, lt=2**31)] | None = None


class Assessment(Deciding):
    """What a member of the jury found; assessor: opaque id, whoever enters it if not given."""

    application_id: UUID
    assessor: UUID | None = None
    points: Annotated[
        dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,63}$")], PointsText],
        Field(min_length=1, max_length=100, json_schema_extra={"additionalProperties": False}),
    ]


class AssessorExclusion(Deciding):
    """Somebody does not assess an organisation. kind: of the conflict of interest, such as kinship."""

    assessor: UUID
    organisation_id: UUID
    kind: Code


class Ranking(Deciding):
    """A ranking. order: of applications that the rule leaves equal, best first."""

    order: Annotated[tuple[UUID, ...], Field(max_length=500)] = ()


class Result(Deciding):
    """The result for all applicants. waiting: how many wait at most; all beyond the places if not given."""

    waiting: Annotated[int, Field(ge=0, lt=2**31)] | None = None


class Round(BaseModel):
    """A selection in one strand."""

    round: str
    rule: str
    strand: str
    progress: str
    criteria: list[dict[str, Any]]
    points_at_most: str
    assessments: int
    tie_break: list[str]
    places: int | None
    fixed_by: UUID


class Compared(BaseModel):
    """An applicant beside the others. points: means of the assessments that count."""

    application_id: UUID
    organisation_id: UUID
    names: dict[str, str]
    withdrawn: bool
    outcome: str
    place: int | None
    tie_break: str
    score: str | None
    points: dict[str, str]
    assessments: list[dict[str, Any]]


class Comparison(Round):
    """A selection with its applicants, the ranked ones first."""

    applicants: list[Compared]


def decimals(points: dict[str, str]) -> dict[str, Decimal]:
    """Return points as numbers."""
    return {key: Decimal(text) for key, text in points.items()}
