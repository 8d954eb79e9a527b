"""PDF: whole, one document, and nothing in it that runs, opens or carries other files."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

from interpares.registration.domain.file_refusals import FileActive, FileUnlikeItsType
from interpares.registration.infrastructure.contents.texts import MARKUP

if TYPE_CHECKING:
    import mmap

TRAILER_BYTES = 2048
HEAD_BYTES = 1024
# Compressed objects are looked into up to this much, all of them together, in pieces.
INFLATED_BYTES = 64 * 1024 * 1024
PIECE = 64 * 1024
# Longer than any name looked for, so that none hides where two pieces meet.
OVERLAP = 64
# Long enough not to come about by chance in compressed data. A script needs an action of type JavaScript.
ACTIVE = {
    b"JavaScript": "a script",
    b"Launch": "something that starts a program",
    b"EmbeddedFile": "another file",
    b"EmbeddedFiles": "another file",
    b"RichMedia": "a film or a program",
    b"SubmitForm": "a form that sends itself",
    b"ImportData": "something that reads other files",
}
NAME = re.compile(rb"/([A-Za-z0-9#]{6,60})")
SCRIPTED = "a form with scripts"
FORM_WITH_SCRIPTS = re.compile(rb"/XFA\s*(?:\[|[0-9]+ [0-9]+ R)")
OBJECTS = re.compile(rb"/ObjStm\b[^\x00]{0,400}?stream\r?\n", re.DOTALL)
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")


def check_pdf(content: mmap.mmap) -> None:
    """Refuse what is no whole PDF and nothing else, and what would run."""
    end = content.rfind(b"%%EOF", max(0, len(content) - TRAILER_BYTES))
    if end < 0 or content[end + 5 :].strip(b"\r\n\t \x00"):
        fact = "The document is not whole, or something is behind its end."
        raise FileUnlikeItsType.because(fact)
    if MARKUP.search(content[:HEAD_BYTES]):
        fact = "The file is a PDF and something else as well."
        raise FileUnlikeItsType.because(fact)
    _check_names(content)
    left = INFLATED_BYTES
    for found in OBJECTS.finditer(content):
        # Objects of an encrypted document do not unpack; such a document can't be looked into, so it is not kept.
        try:
            left = _check_objects(content, found.end(), left)
        except zlib.error as error:
            fact = "The document can't be looked into: it is encrypted or damaged."
            raise FileUnlikeItsType.because(fact) from error


def _check_objects(content: mmap.mmap, start: int, left: int) -> int:
    """Look into compressed objects; return how much may still be unpacked."""
    inflater, at, before = zlib.decompressobj(), start, b""
    while not inflater.eof and (packed := inflater.unconsumed_tail or content[at : at + PIECE]):
        if not inflater.unconsumed_tail:
            at += len(packed)
        objects = inflater.decompress(packed, PIECE)
        left -= len(objects)
        if left < 0:
            fact = "The document unpacks to more than is looked into."
            raise FileUnlikeItsType.because(fact)
        _check_names(before + objects)
        before = objects[-OVERLAP:]
    return left


def _check_names(content: mmap.mmap | bytes) -> None:
    if FORM_WITH_SCRIPTS.search(content):
        raise FileActive.by(SCRIPTED)
    for found in NAME.finditer(content):
        name = ESCAPED.sub(lambda code: bytes([int(code[1], 16)]), found[1]) if b"#" in found[1] else found[1]
        if name in ACTIVE:
            raise FileActive.by(ACTIVE[name])
        if name == b"Encrypt":
            fact = "The document is encrypted, so it can't be looked into."
            raise FileUnlikeItsType.because(fact)
