"""What stands against a wish in the directory.

::

    DomainError
    ├── Conflict    NothingChanged, OrganisationMerged, OrganisationOver, TwinnedAlready, TwinningOver, ImportSettled,
    │               RowsToSettle
    ├── Invalid     KeyMalformed, ValidityReversed, LeadNoMember, MergedIntoItself, TwinnedWithItself, FundingReversed,
    │               DocumentUnreadable
    └── Forbidden   ForRegistrars
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.common.errors import Conflict, Forbidden, Invalid

if TYPE_CHECKING:
    from collections.abc import Sequence


class NothingChanged(Conflict):
    """The organisation is on record with exactly these facts."""

    code = "nothing-changed"
    way_out = "Nothing needs to be done."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("These facts are on record already.")


class OrganisationMerged(Conflict):
    """The organisation became part of another one.

    Its keys, history and links stay where they are; whoever acts now acts for the organisation it became part of.
    """

    code = "organisation-merged"
    way_out = "Act for the organisation it became part of; its succession names that one."

    def __init__(self) -> None:
        """Need nothing: the succession says which one and since when."""
        super().__init__("This organisation became part of another one.")


class OrganisationOver(Conflict):
    """The organisation does not exist on this day, by what the directory says of it."""

    code = "organisation-over"
    way_out = "If the dates in the directory are wrong, let the programme office correct them."

    def __init__(self) -> None:
        """Need nothing: the entry shows its dates."""
        super().__init__("By the directory this organisation does not exist today.")


class TwinnedAlready(Conflict):
    """The two organisations are twinned already, and that link goes on."""

    code = "twinned-already"
    way_out = "Nothing needs to be done; to correct its dates, end the link and enter it anew."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("These organisations are twinned already.")


class TwinningOver(Conflict):
    """The link has ended and can't be ended again."""

    code = "twinning-over"
    way_out = "Nothing needs to be done."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("This link has ended already.")


class ImportSettled(Conflict):
    """The import is confirmed already; a document is imported once."""

    code = "import-settled"
    way_out = "Read its progress; to import other rows, upload a document with them."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("This import is confirmed already.")


class RowsToSettle(Conflict):
    """The document has nothing that could be imported."""

    code = "rows-to-settle"
    way_out = "Correct the rows the preview lists, or keep those it asks about, and confirm again."

    def __init__(self) -> None:
        """Need nothing: the preview lists the rows."""
        super().__init__("No row of this document can be imported as it is.")


class KeyMalformed(Invalid):
    """The key is not written as keys of its scheme are."""

    code = "organisation-key-malformed"

    @classmethod
    def at(cls, index: int, scheme: str, form: str) -> KeyMalformed:
        """Say where it stands and how keys of the scheme are written."""
        return cls(f"This is no {scheme} key.", f"{scheme}: {form}.", field=f"keys.{index}.value")


class ValidityReversed(Invalid):
    """The organisation would end before it begins."""

    code = "validity-reversed"
    way_out = "Give a last day that is not before the first."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("The last day lies before the first.", field="valid_until")


class FundingReversed(Invalid):
    """A funding would end before it begins."""

    code = "funding-reversed"
    way_out = "Give a last day that is not before the first."

    @classmethod
    def at(cls, index: int) -> FundingReversed:
        """Say which one."""
        return cls("The last day of this funding lies before the first.", field=f"funding.{index}.ends")


class LeadNoMember(Invalid):
    """Whoever leads a consortium or a local group is one of its members."""

    code = "lead-no-member"
    way_out = "Name the lead among the members, too."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("The lead is none of the members.", field="lead")


class MergedIntoItself(Invalid):
    """An organisation can't become part of itself, nor twice of another."""

    code = "merged-into-itself"
    way_out = "Name every organisation that ends once, and none of them as the one that goes on."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("An organisation becomes part of another one, once.", field="merged")


class TwinnedWithItself(Invalid):
    """A twinning links two organisations."""

    code = "twinned-with-itself"
    way_out = "Name two different organisations."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("A twinning links two organisations.", field="between.1")


class DocumentUnreadable(Invalid):
    """The document is not one that can be imported."""

    code = "document-unreadable"

    @classmethod
    def because(cls, why: tuple[str, str]) -> DocumentUnreadable:
        """Say why, and what to send instead."""
        return cls(*why, field="document")


class ForRegistrars(Forbidden):
    """What an organisation is known by, who belongs to it and how long it exists, registrars vouch for.

    Coordinators put on record what else there is to say of their own organisation.
    """

    code = "for-registrars"
    way_out = "Leave these fields as they are, or ask the programme office to change them."

    def __init__(self, fields: Sequence[str]) -> None:
        """Name the fields."""
        super().__init__("Only registrars change what an organisation is known by.")
        self.items = [{"field": field, "message": "Registrars vouch for this."} for field in fields]
