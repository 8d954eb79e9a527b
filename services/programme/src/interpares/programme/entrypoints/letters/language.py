"""What a language needs to tell any decision: words for codes, sentences for decisions, and the frame of a letter."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tongue:
    """One language.

    titles: what a type of decision is called. sentences: Jinja, by type and outcome, then by type alone (``""``).
    words: for codes of outcomes, kinds of subjects, grounds, options, capacities, channels and the like; what is not
    among them is told as its plain words in quotation marks. parts: for the words that types are made of, so that a
    type nobody has met has a title too. evidence: what a decision relied on, by its kind, Jinja with ``who``, ``what``
    and ``meeting``, each empty where nobody knows. frame: everything else, Jinja as well.
    """

    code: str
    locale: str
    quotes: tuple[str, str]
    titles: dict[str, str]
    sentences: dict[tuple[str, str], str]
    words: dict[str, str]
    parts: dict[str, str]
    evidence: dict[str, str]
    frame: dict[str, str]
