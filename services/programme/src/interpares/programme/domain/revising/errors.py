"""What can stand against revising an earlier decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.common.errors import Conflict, Invalid, NotFound

if TYPE_CHECKING:
    from uuid import UUID


class UnknownDecision(NotFound):
    """This programme has taken no such decision."""

    code = "unknown-decision"


class EarlierDecisionUnknown(Invalid):
    """A decision can correct, supersede or revoke only an earlier one of the same programme."""

    code = "earlier-decision-unknown"
    way_out = "Name the decision by its id, as the decision log of this programme shows it."

    def __init__(self, *, field: str) -> None:
        """Name the relation."""
        super().__init__("This programme has taken no such decision before.", field=field)


class DecisionOvertaken(Conflict):
    """Another was faster: the decision was corrected, superseded or revoked meanwhile, and you may not know of it."""

    code = "decision-overtaken"
    way_out = "Read the later decision first. To correct once more, send its id in seen; to undo it, revoke that one."

    def __init__(self, *, by: UUID) -> None:
        """Name the later decision."""
        super().__init__(f"The decision was overtaken by the decision {by}.")


class NothingCorrected(Invalid):
    """A correction changes something, to what can stand in a decision."""

    code = "nothing-corrected"
    way_out = "Give at least one part that differs from what is recorded, as a code, an instant or a file reference."


class RevocationWithoutEffect(Conflict):
    """This decision changed the programme, so saying that it is revoked would undo nothing."""

    code = "revocation-without-effect"
    way_out = (
        "Send the command that undoes it, such as withdrawing a participation, with the id of this decision in revokes."
    )


class NotConcerned(Conflict):
    """Only an organisation the decision is about can object to it."""

    code = "not-concerned"


class ObjectionPending(Conflict):
    """The organisation has objected to this decision already and waits for the answer."""

    code = "objection-pending"


class NoSuchObjection(NotFound):
    """There is no such objection, or it was answered."""

    code = "no-such-objection"


class NobodyTold(Invalid):
    """A decision is communicated to somebody, and not later than now."""

    code = "nobody-told"
    way_out = "Name at least one organisation, each once, and when it was told."
