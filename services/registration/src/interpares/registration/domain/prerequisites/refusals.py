"""What stands against showing, confirming or revoking a prerequisite.

::

    DomainError
    ├── Conflict    FactRevoked, FactConfirmed, FactSuperseded, FactIncomplete
    ├── Invalid     PartMissing, PartTooMany, OrganNotOfKind, TaskOutsideTerm, BudgetUnbalanced, ValidityReversed,
    │               EvidenceMissing, EvidenceUnknown
    └── Forbidden   ConfirmedByOthers
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.common.errors import Conflict, Forbidden, Invalid

if TYPE_CHECKING:
    from collections.abc import Iterable


class FactRevoked(Conflict):
    """The fact was revoked and is no longer shown."""

    code = "prerequisite-revoked"
    way_out = "Show the prerequisite anew."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("This prerequisite was revoked.")


class FactConfirmed(Conflict):
    """This version of the fact is confirmed already."""

    code = "prerequisite-confirmed"
    way_out = "Nothing needs to be done."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("This version of the prerequisite is confirmed already.")


class FactSuperseded(Conflict):
    """A newer version of the fact was shown; what is confirmed is always the newest."""

    code = "prerequisite-superseded"

    @classmethod
    def by(cls, version: int) -> FactSuperseded:
        """Name the newest version."""
        return cls("A newer version of the prerequisite was shown.", f"Look at version {version} and confirm that.")


class FactIncomplete(Conflict):
    """What was shown does not suffice yet, so it can't be confirmed."""

    code = "prerequisite-incomplete"

    @classmethod
    def lacking(cls, lacking: Iterable[str]) -> FactIncomplete:
        """Name what is missing."""
        named = f"Show a version that has what is missing: {', '.join(lacking)}."
        return cls("This prerequisite is not complete.", named)


class PartMissing(Invalid):
    """A prerequisite of this kind consists of something that is not given."""

    code = "prerequisite-part-missing"

    @classmethod
    def named(cls, part: str) -> PartMissing:
        """Name the part."""
        return cls("What the prerequisite consists of is not given.", f"Give {part}.", field=part)


class PartTooMany(Invalid):
    """A prerequisite consists of one thing; this one belongs to another kind."""

    code = "prerequisite-part-too-many"

    @classmethod
    def named(cls, part: str) -> PartTooMany:
        """Name the part."""
        return cls("This belongs to a prerequisite of another kind.", f"Leave {part} out.", field=part)


class OrganNotOfKind(Invalid):
    """Organisations of this kind have no such organ."""

    code = "organ-not-of-kind"

    @classmethod
    def among(cls, organs: Iterable[str]) -> OrganNotOfKind:
        """Name the organs they have."""
        fact = "An organisation of this kind has no such organ."
        return cls(fact, f"Its organs are: {', '.join(organs)}.", field="resolution.organ")


class TaskOutsideTerm(Invalid):
    """A task of the work plan lies outside of its term, or ends before it begins."""

    code = "task-outside-term"
    way_out = "Give every task days within the term of the plan, the first not after the last."

    @classmethod
    def at(cls, index: int) -> TaskOutsideTerm:
        """Say which task."""
        return cls("A task lies outside of the term of the plan.", field=f"plan.tasks.{index}.due")


class BudgetUnbalanced(Invalid):
    """Parts of the budget come to more than the whole."""

    code = "budget-unbalanced"
    way_out = "Lower the parts or raise the total; what is left over is no error."

    @classmethod
    def in_field(cls, field: str) -> BudgetUnbalanced:
        """Name the part."""
        return cls("The parts of the budget come to more than the total.", field=f"budget.{field}")


class ValidityReversed(Invalid):
    """The validity ends before it begins."""

    code = "validity-reversed"
    way_out = "Give a last day that is not before the first, or none."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("The validity ends before it begins.", field="valid_until")


class EvidenceMissing(Invalid):
    """A prerequisite is shown by a file or by a link."""

    code = "evidence-missing"
    way_out = "Send the document as a file and give its id, or give a link to where it is published."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("A prerequisite needs evidence.", field="evidence")


class EvidenceUnknown(Invalid):
    """The organisation has no such file, or its content was erased."""

    code = "evidence-unknown"
    way_out = "Send the document as a file of this organisation and give its id."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("The organisation has no such file.", field="evidence.file_id")


class ConfirmedByOthers(Forbidden):
    """Nobody confirms what they show themselves; a resolution is confirmed by the organ that took it."""

    code = "confirmed-by-others"
    way_out = "Ask the programme office to confirm it."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("This is for the programme office to confirm.")
