"""Money: amounts are written as text with a point, so that no reader ever makes a float of them."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, PlainSerializer, StringConstraints, WithJsonSchema

from interpares.common.http import Body, Day
from interpares.programme.entrypoints.http.schemas.deciding import Deciding, Named

# Six digits are read, so that whoever sends too many is told how many there may be.
Written = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,12}(\.[0-9]{1,6})?$"), Field(examples=["1250.00"])]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$", description="ISO 4217")]
Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="SHA-256 of the document, hex.")]
Category = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,63}$", description="Key of a budget category.")]
Figure = Annotated[
    Decimal,
    PlainSerializer(lambda amount: format(amount, "f"), return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}),
]
Limits = Literal["category-overspent", "grant-overspent", "share-overspent", "outside-term"]


class Amount(Body):
    """An amount of money."""

    value: Written
    currency: Currency


class Effort(Body):
    """What was brought: an amount of money, or, without a currency, hours."""

    value: Written
    currency: Currency | None = None


class Grant(Deciding):
    """What the funder decided. categories: planned amounts in the same currency."""

    total: Amount
    categories: Annotated[dict[Category, Written], Field(default_factory=dict, max_length=100)]


class ShareGiven(Deciding):
    """A participant's share of the grant; an approximate one is no limit to what it spends."""

    organisation_id: UUID
    amount: Amount
    approximate: bool = False


class Pledge(Deciding):
    """What a participant will bring; it replaces what it said before."""

    organisation_id: UUID
    money: Amount | None = None
    hours: Written | None = None


class ContributionFacts(Body):
    """What a participant brought."""

    organisation_id: UUID
    amount: Effort
    day: Day
    document_hash: Digest


class ContributionGiven(Deciding, ContributionFacts):
    """A contribution to be recorded."""


class ContributionCorrection(Deciding):
    """A contribution to be taken back. instead: what it was; leave it out if it was none."""

    instead: ContributionFacts | None = None


class VoucherFacts(Body):
    """A receipt. payee: opaque id of who was paid. organisation_id: whose share it is paid from."""

    day: Day
    payee: UUID
    amount: Amount
    category: Category
    document_hash: Digest
    organisation_id: UUID | None = None


class VoucherGiven(Deciding, VoucherFacts):
    """A voucher to be recorded. despite: limits it exceeds by an exception; the reason says why."""

    despite: Annotated[tuple[Limits, ...], Field(max_length=4)] = ()


class VoucherCorrection(Deciding):
    """A voucher to be taken back. instead: what was paid; leave it out if nothing was."""

    instead: VoucherFacts | None = None
    despite: Annotated[tuple[Limits, ...], Field(max_length=4)] = ()


class CategoryUse(BaseModel):
    """A line of the proof of use. planned, left: null where the category has no ceiling."""

    category: str
    label: dict[str, str]
    planned: Figure | None
    vouchers: int
    spent: Figure
    left: Figure | None


class ParticipantMoney(Named):
    """A participant's money. share_decided: by a decision; otherwise it follows from the template."""

    active: bool
    share: Figure | None
    approximate: bool | None
    share_decided: bool
    used: Figure
    pledged_money: Figure | None
    pledged_hours: Figure | None
    money: Figure
    hours: Figure


class Account(BaseModel):
    """The money of a programme.

    awarded: the grant was awarded; until then the figures of the template stand. unallocated: what the shares leave
    over, which is no error. unplanned: what the categories leave over.
    """

    programme_id: UUID
    title: dict[str, str]
    funder: dict[str, str]
    carrier: dict[str, str]
    currency: str
    total: Figure
    awarded: bool
    spent: Figure
    unallocated: Figure
    unplanned: Figure
    categories: list[CategoryUse]
    participants: list[ParticipantMoney]


class ProofOfUse(BaseModel):
    """What was spent of the grant, by category.

    unspent: of the whole grant. unallocated: what no participant's share takes of it.
    """

    programme_id: UUID
    title: dict[str, str]
    funder: dict[str, str]
    carrier: dict[str, str]
    currency: str
    total: Figure
    spent: Figure
    unspent: Figure
    unallocated: Figure
    categories: list[CategoryUse]


class Voucher(BaseModel):
    """A voucher. cancelled_by: the decision that took it back, null while it stands."""

    number: int
    decision_id: UUID
    day: date
    payee: UUID
    amount: Figure
    currency: str
    category: str
    organisation_id: UUID | None
    document_hash: str
    reason_code: str
    despite: list[str]
    cancelled_by: UUID | None


class Contribution(BaseModel):
    """An own contribution. cancelled_by: the decision that took it back, null while it stands."""

    number: int
    decision_id: UUID
    organisation_id: UUID
    effort: str
    amount: Figure
    day: date
    document_hash: str
    cancelled_by: UUID | None
