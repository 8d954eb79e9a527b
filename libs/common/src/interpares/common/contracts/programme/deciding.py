"""What every published decision has."""

from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from interpares.common.contracts.contract import Contract


class DecisionSummary(BaseModel):
    """What every published decision says about itself; the whole of it is asked for by its id.

    follows: id of the decision this one is the consequence of, by a rule.
    """

    model_config = ConfigDict(frozen=True)

    decision_id: UUID
    type: str
    subject: str
    outcome: str
    reason_code: str
    decided_at: AwareDatetime
    effective_at: AwareDatetime
    follows: UUID | None


class Decided(Contract):
    """A decision of a programme."""

    programme_id: UUID
    decision: DecisionSummary
