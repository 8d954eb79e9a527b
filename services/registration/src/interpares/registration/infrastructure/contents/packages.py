"""Documents of office programs: archives with known insides, without macros, and of bounded size when unpacked."""

from __future__ import annotations

import re
import stat
import struct
import zipfile
from typing import TYPE_CHECKING, NoReturn

from interpares.registration.domain.file import MediaType
from interpares.registration.domain.file_refusals import FileActive, FileUnlikeItsType
from interpares.registration.infrastructure.contents.archives import archive_end

if TYPE_CHECKING:
    import mmap
    from typing import IO

ENTRIES = 4000
UNPACKED_BYTES = 512 * 1024 * 1024
READ_BYTES = 4 * 1024 * 1024
# Deflate does not reach more than 1032:1; repetitive tables honestly come to 100:1.
RATIO = 300
SMALL = 1024 * 1024
CONTENT_TYPES = "[Content_Types].xml"
MAIN = {MediaType.DOCX: "word/document.xml", MediaType.XLSX: "xl/workbook.xml"}
ACTIVE = re.compile(
    r"(^|/)(vbaProject\.bin|vbaData\.xml|activeX/|macrosheets/|oleObject[^/]*|Basic/|Scripts/|Dialogs/)"
    r"|\.(exe|dll|js|vbs|wsf|hta|bat|cmd|ps1|jar|html?|xhtml|swf|class|com|scr|lnk)$",
    re.IGNORECASE,
)
OUTSIDE_TEMPLATE = re.compile(rb"(attachedTemplate|oleObject|frame)\"[^>]*TargetMode\s*=\s*\"External\"", re.IGNORECASE)
OUTSIDE_FIRST = re.compile(rb"TargetMode\s*=\s*\"External\"[^>]*(attachedTemplate|oleObject|frame)\"", re.IGNORECASE)
ENCRYPTED = 0x1
DAMAGED = "The document is damaged."
MACROS = "macros, scripts or embedded objects"
FETCHED = "a template or an object that is fetched from elsewhere"


def check_package(media_type: MediaType, file: IO[bytes], content: mmap.mmap) -> None:
    """Refuse what is no such document and nothing else, what would run, and what bursts when it is unpacked."""
    end = archive_end(content)
    if end is None:
        _refuse("The document is not whole, or something is behind its end.")
    count, size, offset = struct.unpack_from("<HII", content, end + 10)
    if count > ENTRIES or size + offset != end:
        _refuse("The document has too many parts, or something is before its beginning.")
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _check_entries(entries)
            _check_kind(media_type, archive, {entry.filename for entry in entries})
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, OSError, KeyError, EOFError) as error:
        raise FileUnlikeItsType.because(DAMAGED) from error


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    if len({entry.filename for entry in entries}) != len(entries):
        _refuse("The document has a part twice.")
    if sum(entry.file_size for entry in entries) > UNPACKED_BYTES:
        _refuse("The document unpacks to more than is kept.")
    for entry in entries:
        name = entry.orig_filename
        if name.startswith("/") or "\\" in name or "\x00" in name or ".." in name.split("/"):
            _refuse("A part of the document has the name of a place outside of it.")
        if stat.S_ISLNK(entry.external_attr >> 16) or entry.flag_bits & ENCRYPTED:
            _refuse("A part of the document is a link, or encrypted.")
        if entry.file_size > SMALL and entry.file_size > RATIO * max(entry.compress_size, 1):
            _refuse("A part of the document unpacks to far more than it should.")
        if ACTIVE.search(name):
            raise FileActive.by(MACROS)


def _check_kind(media_type: MediaType, archive: zipfile.ZipFile, names: set[str]) -> None:
    if media_type not in MAIN:
        first = archive.infolist()[0]
        if first.filename != "mimetype" or _read(archive, "mimetype").strip() != media_type.encode():
            _refuse(f"The document is not of type {media_type}.")
        return
    if not {CONTENT_TYPES, MAIN[media_type]} <= names or "mimetype" in names:
        _refuse(f"The document is not of type {media_type}.")
    if b"macroenabled" in _read(archive, CONTENT_TYPES).lower():
        raise FileActive.by(MACROS)
    for name in names:
        if name.endswith(".rels"):
            relations = _read(archive, name)
            if OUTSIDE_TEMPLATE.search(relations) or OUTSIDE_FIRST.search(relations):
                raise FileActive.by(FETCHED)


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return a small part; what its entry says about its size need not be true."""
    with archive.open(name) as part:
        content = part.read(READ_BYTES + 1)
    if len(content) > READ_BYTES:
        _refuse("A part of the document is larger than it should be.")
    return content


def _refuse(fact: str) -> NoReturn:
    raise FileUnlikeItsType.because(fact)
