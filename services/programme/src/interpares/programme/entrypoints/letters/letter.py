"""A letter, before it is set in any form."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Passage:
    """A paragraph, or a list under a heading; either may be missing."""

    heading: str = ""
    text: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Letter:
    """What stands in a letter, in its order; all of it plain text.

    about: label and value of the lines beside the address: reference and date. proof: the small print.
    """

    language: str
    sender: str
    recipients: tuple[str, ...]
    to: str
    about: tuple[tuple[str, str], ...]
    subject: str
    salutation: str
    passages: tuple[Passage, ...]
    closing: str
    signature: str
    proof: str
