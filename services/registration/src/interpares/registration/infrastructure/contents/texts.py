"""Texts: UTF-8, readable, and no page, script or drawing under another name."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from interpares.registration.domain.file_refusals import FileActive, FileUnlikeItsType

if TYPE_CHECKING:
    import mmap

PIECE = 1024 * 1024
# Longer than any mark looked for, so that none hides where two pieces meet.
OVERLAP = 64
CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
PAGE = "a page, a script or a drawing instead of a text"
MARKUP = re.compile(rb"<\s*(?:!doctype|html|script|svg|iframe|object|embed|\?php|\?xml)\b", re.IGNORECASE)
OTHERS = (b"#!", b"%PDF-", b"PK\x03\x04", b"MZ", b"GIF8", b"{\\rtf")


def check_beginning(first: bytes) -> None:
    """Refuse what begins as something else."""
    if first.removeprefix(codecs.BOM_UTF8).lstrip().startswith(OTHERS):
        fact = "The file begins as something else than a text."
        raise FileUnlikeItsType.because(fact)
    _check_piece(first)


def check_text(content: mmap.mmap) -> None:
    """Refuse what is no text in UTF-8, and what a browser would run if it were shown."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(content), PIECE):
        _check_piece(content[max(0, start - OVERLAP) : start + PIECE])
        try:
            decoder.decode(content[start : start + PIECE], start + PIECE >= len(content))
        except UnicodeDecodeError as error:
            fact = "The text is not in UTF-8."
            raise FileUnlikeItsType.because(fact) from error


def _check_piece(piece: bytes) -> None:
    if CONTROL.search(piece):
        fact = "The text contains characters that no text has."
        raise FileUnlikeItsType.because(fact)
    if MARKUP.search(piece):
        raise FileActive.by(PAGE)
