"""Pictures: whole, with nothing behind their end, and no larger on a screen than a screen can bear."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING

from interpares.registration.domain.file_refusals import FileUnlikeItsType

if TYPE_CHECKING:
    import mmap

PIXELS = 100_000_000
SIGNATURE, HEADER = 8, 13
SEGMENT, LENGTH_BYTES = 0xFF, 2
# In picture data FF stands before 00, before a restart mark, or before another FF; anything else is a segment.
MARK = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
END_OF_IMAGE, START_OF_SCAN = 0xD9, 0xDA


def check_png(content: mmap.mmap) -> None:
    """Refuse what is no whole PNG and nothing else."""
    at, size, first = SIGNATURE, len(content), True
    while at + 12 <= size:
        length, kind = struct.unpack_from(">I4s", content, at)
        if first:
            if kind != b"IHDR" or length != HEADER:
                break
            _check_pixels(*struct.unpack_from(">II", content, at + 8))
            first = False
        at += 12 + length
        if kind == b"IEND":
            if at != size:
                break
            return
    fact = "The picture is not whole, or something is behind its end."
    raise FileUnlikeItsType.because(fact)


def check_jpeg(content: mmap.mmap) -> None:
    """Refuse what is no whole JPEG and nothing else."""
    at, size, seen = 2, len(content), False
    while at + 4 <= size and content[at] == SEGMENT:
        kind, (length,) = content[at + 1], struct.unpack_from(">H", content, at + 2)
        if length < LENGTH_BYTES:
            break
        if kind in FRAMES and at + 9 <= size:
            height, width = struct.unpack_from(">HH", content, at + 5)
            _check_pixels(width, height)
            seen = True
        at += 2 + length
        if kind != START_OF_SCAN:
            continue
        mark = MARK.search(content, at)
        if mark is None:
            break
        at = mark.start()
        if content[at + 1] == END_OF_IMAGE:
            if seen and at + 2 == size:
                return
            break
    fact = "The picture is not whole, or something is behind its end."
    raise FileUnlikeItsType.because(fact)


def _check_pixels(width: int, height: int) -> None:
    if not 0 < width * height <= PIXELS:
        fact = "The picture has no size, or more than 100 million pixels."
        raise FileUnlikeItsType.because(fact)
