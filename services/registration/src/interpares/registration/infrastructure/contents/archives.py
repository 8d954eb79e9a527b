"""Where an archive ends: what has such an end is an archive as well, whatever it begins with."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import mmap
    from collections.abc import Iterator

END, ENTRY = b"PK\x05\x06", b"PK\x01\x02"
END_BYTES = 22
LONGEST_COMMENT = 65_535


def archive_end(content: mmap.mmap) -> int | None:
    """Return where the end record of an archive stands whose comment reaches exactly to the end, None without one."""
    size = len(content)
    for at in _ends(content):
        if at + END_BYTES + struct.unpack_from("<H", content, at + 20)[0] == size:
            return at
    return None


def is_archive(content: mmap.mmap) -> bool:
    """Tell whether a lenient reader would find an archive here: an end record right behind a list of entries."""
    for at in _ends(content):
        (size,) = struct.unpack_from("<I", content, at + 12)
        if size <= at and content[at - size : at - size + 4] == ENTRY:
            return True
    return False


def _ends(content: mmap.mmap) -> Iterator[int]:
    lowest = max(0, len(content) - 2 * (END_BYTES + LONGEST_COMMENT))
    at = content.rfind(END, lowest)
    while at >= 0:
        if at + END_BYTES <= len(content):
            yield at
        at = content.rfind(END, lowest, at)
