"""Who takes part and as what: strands, roles, selection, pairs, consortia, prerequisites, accompaniment."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from interpares.common.contracts.template.eligibility import OrganisationKind, Predicate
from interpares.common.contracts.template.words import Country, Key, Label, Part


class StrandsByCountry(Part):
    """One strand per country; which ones is said here or when the programme is drafted."""

    by: Literal["country"]
    keys: tuple[Country, ...] = ()


class OneStrand(Part):
    """The programme is not divided."""

    by: Literal["one"]


class StrandsByPair(Part):
    """One strand per pair of partners."""

    by: Literal["pair"]


class StrandsByCluster(Part):
    """One strand per cluster, whatever brings its members together."""

    by: Literal["cluster"]
    clusters: dict[Key, Label] = Field(min_length=1)


Strands = Annotated[StrandsByCountry | OneStrand | StrandsByPair | StrandsByCluster, Field(discriminator="by")]


class Held(Part):
    """A role is held from a day to a day, both included; an open side has no limit."""

    starts: date | None = None
    ends: date | None = None


class Role(Part):
    """What an organisation can be in the programme.

    obtained: by selection among applicants, award, own declaration, or contract.
    holding: exclusive (whoever holds it holds no other role) or concurrent.
    per_theme: held for one or several themes, not for the programme as a whole.
    exceptions: whether the office may, with a reason, except an organisation from what eligibility asks.
    """

    label: Label
    obtained: Literal["selection", "award", "declaration", "contract"]
    holding: Literal["exclusive", "concurrent"] = "exclusive"
    per_theme: bool = False
    held: Held | None = None
    eligibility: tuple[Predicate, ...] = ()
    exceptions: Literal["none", "reasoned"] = "none"


class Criterion(Part):
    """What applicants are measured by; weights count in relation to each other."""

    label: Label
    weight: int = Field(default=1, ge=0)


class Jury(Part):
    """Who assesses: how many assessments an application needs, and whose."""

    assessments: int = Field(default=1, ge=1)
    members: tuple[Label, ...] = ()


class Selection(Part):
    """How applicants for some roles are chosen; fixed before the deadline of the call.

    tie_break: criteria, in order; ``lot`` draws lots.
    places: how many per strand; None if not limited.
    """

    roles: tuple[Key, ...] = Field(min_length=1)
    criteria: dict[Key, Criterion] = Field(min_length=1)
    jury: Jury = Jury()
    tie_break: tuple[Key, ...] = ()
    places: int | None = Field(default=None, ge=1)


class Pair(Part):
    """Two roles that work together in pairs; both sides consent unless the office pairs them."""

    label: Label
    between: tuple[Key, Key]
    consent: Literal["both", "office"] = "both"


class Consortia(Part):
    """Organisations may take part together, under a lead."""

    members_at_least: int = Field(default=2, ge=2)
    members_at_most: int | None = Field(default=None, ge=2)
    lead: Literal["required", "none"] = "required"


class Prerequisite(Part):
    """What a participant must show before an event; no kinds or roles means all of them.

    disciplines: those a team has to bring together.
    """

    label: Label
    proof: Literal["named-head", "political-resolution", "team", "plan", "budget", "other"]
    kinds: tuple[OrganisationKind, ...] = ()
    roles: tuple[Key, ...] = ()
    due_before: Literal["admission", "offer", "acceptance", "meeting-confirmed", "meeting-held", "closure"]
    disciplines: tuple[Key, ...] = ()


class Accompaniment(Part):
    """Somebody goes along with the holders of a role, so many expert days, on some themes or on all."""

    label: Label
    by: Literal["facilitator", "municipality"]
    role: Key
    expert_days: Decimal | None = Field(default=None, gt=0, max_digits=6, decimal_places=2)
    themes: tuple[Key, ...] = ()
