"""Decisions told as letters: plain language, German and English, as text, HTML and PDF.

``written`` turns an explanation into a letter, ``FORMS`` set it. Equal explanations give equal bytes.
"""

from interpares.programme.entrypoints.letters.forms import FORMS, Form
from interpares.programme.entrypoints.letters.letter import Letter, Passage
from interpares.programme.entrypoints.letters.writing import written

__all__ = ["FORMS", "Form", "Letter", "Passage", "written"]
