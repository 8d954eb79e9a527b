"""Take out of an environment what no service reads: ``python slim.py SITE-PACKAGES LANGUAGE…``.

Tests that libraries bring along, stubs, sources of compiled modules, and Babel's tables of other languages.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

TESTS = ("sqlalchemy/testing", "mako/testing", "alembic/testing", "eventsourcing/tests")
STUBS = ("*.pyi", "*.pyx", "*.pxd", "*.c")


def slim(packages: Path, languages: list[str]) -> None:
    """Take it out."""
    for folder in TESTS:
        shutil.rmtree(packages / folder, ignore_errors=True)
    for pattern in STUBS:
        for file in packages.rglob(pattern):
            file.unlink()
    for table in (packages / "babel" / "locale-data").glob("*.dat"):
        if table.stem.split("_")[0] not in languages:
            table.unlink()


if __name__ == "__main__":
    slim(Path(sys.argv[1]), sys.argv[2:])
