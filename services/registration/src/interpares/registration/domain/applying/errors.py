"""What stands against a wish about an application.

::

    DomainError
    ├── Conflict    NotEligible, DraftSettled, SignedAlready, SignaturesMissing, ConsortiumUnfit, NobodyToRank
    └── Invalid     AnswerUnfit, AnswerMissing, EvidenceUnknown, PaperMissing, CriterionUnknown, PointsUnfit,
                    PriorityUnchanged
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.common.errors import Conflict, Invalid

if TYPE_CHECKING:
    from collections.abc import Iterable


class NotEligible(Conflict):
    """By what is on record, the organisation does not meet a condition of the role."""

    code = "not-eligible"
    way_out = "The eligibility of the call says which condition fails; if the record is wrong, let it be corrected."

    @classmethod
    def by(cls, conditions: Iterable[str]) -> NotEligible:
        """Name the conditions that fail, each with what was found."""
        return cls(f"Conditions of the role are not met: {', '.join(conditions)}.")


class DraftSettled(Conflict):
    """The draft was submitted and is an application now."""

    code = "draft-settled"
    way_out = "Read the application; to change it, withdraw it and begin another draft."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("This draft was submitted already.")


class SignedAlready(Conflict):
    """Whoever signs has signed the draft as it stands."""

    code = "signed-already"
    way_out = "Let somebody else sign; every signatory signs once."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("You have signed this draft already.")


class SignaturesMissing(Conflict):
    """The call asks for more signatories than have signed."""

    code = "signatures-missing"
    way_out = "Save a draft and let everybody sign it, or enter a signed document on the organisation's behalf."

    @classmethod
    def needing(cls, wanted: int, signed: int) -> SignaturesMissing:
        """Say how many are needed and how many have signed."""
        return cls(f"The call asks for {wanted} signatories; {signed} signed.")


class ConsortiumUnfit(Conflict):
    """The call does not take a consortium of this size, or none at all."""

    code = "consortium-unfit"
    way_out = "The call says whether organisations may apply together, and how many."

    @classmethod
    def of(cls, size: int) -> ConsortiumUnfit:
        """Say how large it is."""
        return cls(f"The call takes no consortium of {size} organisations.")


class NobodyToRank(Conflict):
    """No application for this role waits for a decision."""

    code = "nobody-to-rank"
    way_out = "Rank once applications have come in."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("No application for this role waits for a decision.")


class AnswerUnfit(Invalid):
    """The answer is not one the question takes."""

    code = "answer-unfit"

    @classmethod
    def to(cls, question: str, form: str) -> AnswerUnfit:
        """Name the question and say what it takes."""
        return cls("This is no answer to the question.", f"Answer with {form}.", field=f"answers.{question}")


class AnswerMissing(Invalid):
    """A question that needs an answer has none."""

    code = "answer-missing"
    way_out = "Answer it; drafts may be saved without."

    @classmethod
    def to(cls, question: str) -> AnswerMissing:
        """Name the question."""
        return cls("This question needs an answer.", field=f"answers.{question}")


class QuestionUnknown(Invalid):
    """The call asks no such question of this role and kind of organisation."""

    code = "question-unknown"
    way_out = "The call lists its questions with the roles and kinds they are asked of."

    @classmethod
    def called(cls, question: str) -> QuestionUnknown:
        """Name the question."""
        return cls("This question is not asked of you.", field=f"answers.{question}"[:200])


class EvidenceUnknown(Invalid):
    """There is no such file of the organisation, or its content was erased."""

    code = "evidence-unknown"
    way_out = "Send the file in for the organisation that applies, and name it by its id."

    @classmethod
    def at(cls, field: str) -> EvidenceUnknown:
        """Say where it is named."""
        return cls("The organisation has no such file.", field=field)


class PaperMissing(Invalid):
    """What was signed on paper has to be on file."""

    code = "paper-missing"
    way_out = "Give the hash of the document that was received."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("Signatures on paper need the document they are on.", field="on_behalf.document")


class CriterionUnknown(Invalid):
    """The call does not measure applicants for this role by that criterion."""

    code = "criterion-unknown"

    @classmethod
    def among(cls, criteria: Iterable[str]) -> CriterionUnknown:
        """Name the criteria there are."""
        known = ", ".join(criteria)
        way_out = f"Its criteria are: {known}." if known else "It has none: applicants rank as they came in."
        return cls("The call has no such criterion.", way_out, field="points")


class PriorityUnchanged(Invalid):
    """The application has this priority already."""

    code = "priority-unchanged"
    way_out = "Nothing needs to be done."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("The application has this priority already.", field="priority")
