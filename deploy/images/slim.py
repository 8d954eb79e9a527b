"""Take out of an environment what no service reads: ``python slim.py SITE-PACKAGES LANGUAGE…``.

Tests that libraries bring along, stubs, sources of compiled modules, Babel's tables of other languages, and what stands
behind the last segment of compiled modules: symbols, which the loader never maps.
"""

from __future__ import annotations

import shutil
import struct
import sys
from pathlib import Path

TESTS = ("sqlalchemy/testing", "mako/testing", "alembic/testing", "eventsourcing/tests")
# Layout of a 64-bit little-endian ELF file: of its header the places that count, and of one program header.
ELF64 = b"\x7fELF\x02\x01"
PROGRAM_HEADERS, SECTION_HEADERS, COUNTS = 32, 40, 54
STUBS = ("*.pyi", "*.pyx", "*.pxd", "*.c")


def bare(module: Path) -> None:
    """Cut a compiled module behind its last segment, section headers and symbols included; leave any other file."""
    data = bytearray(module.read_bytes())
    if not data.startswith(ELF64):
        return
    (start,) = struct.unpack_from("<Q", data, PROGRAM_HEADERS)
    size, count = struct.unpack_from("<HH", data, COUNTS)
    segments = (struct.unpack_from("<IIQQQQQQ", data, start + size * index) for index in range(count))
    end = max(offset + length for _, _, offset, _, _, length, _, _ in segments)
    struct.pack_into("<Q", data, SECTION_HEADERS, 0)
    # Size of a section header, how many there are, and which of them holds the names: none.
    struct.pack_into("<HHH", data, COUNTS + 4, 0, 0, 0)
    module.write_bytes(data[:end])


def slim(packages: Path, languages: list[str]) -> None:
    """Take it out."""
    for folder in TESTS:
        shutil.rmtree(packages / folder, ignore_errors=True)
    for pattern in STUBS:
        for file in packages.rglob(pattern):
            file.unlink()
    for module in (*packages.rglob("*.so"), *packages.rglob("*.so.*")):
        if module.is_file() and not module.is_symlink():
            bare(module)
    for table in (packages / "babel" / "locale-data").glob("*.dat"):
        if table.stem.split("_")[0] not in languages:
            table.unlink()


if __name__ == "__main__":
    slim(Path(sys.argv[1]), sys.argv[2:])
