"""``python -m interpares.console.generated [--check]``: files that are made from the code, and kept beside it.

Without ``--check`` it writes what is missing or behind; with it, it changes nothing and ends with 1 if there is any.
A golden file is never changed beyond what its contract may be added.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from interpares.common.contracts.template import template_schema
from interpares.console.contract_files import Broken, golden, path_of, published

SCHEMA = Path("templates/programme-template.schema.json")
CONTRACTS = Path("libs/common/tests/golden/contracts")
# May import the services, which the console may not.
EVENTS = Path("docs/generate_events.py")
SCRIPTS = (EVENTS, Path("docs/generate_privacy.py"))


def root() -> Path:
    """Return the folder of this checkout."""
    return next(above for above in Path(__file__).resolve().parents if (above / EVENTS).is_file())


def wanted(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield the files there should be, with their text. Raises Broken."""
    yield folder / SCHEMA, json.dumps(template_schema(), indent=2, ensure_ascii=False) + "\n"
    for contract in published():
        path = path_of(contract, folder / CONTRACTS)
        yield path, golden(contract, path.read_text(encoding="utf-8") if path.exists() else None)


def withdrawn(folder: Path) -> list[Path]:
    """Return golden files of contracts that are gone: whoever still has such events could not read them."""
    known = {path_of(contract, folder / CONTRACTS) for contract in published()}
    return sorted(set((folder / CONTRACTS).glob("*.json")) - known)


def main() -> None:
    """Write or check."""
    parser = argparse.ArgumentParser(prog="python -m interpares.console.generated", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; end with 1 if something is behind")
    check = parser.parse_args().check
    here = root()
    try:
        behind = [(path, text) for path, text in wanted(here) if not path.exists() or path.read_text("utf-8") != text]
    except Broken as broken:
        sys.exit(str(broken))
    if gone := withdrawn(here):
        sys.exit(f"{gone[0].relative_to(here)}: its contract is gone; published versions stay readable")
    for path, text in behind:
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path.relative_to(here)} {'is not up to date' if check else 'written'}\n")
    failed = 0
    for script in SCRIPTS:
        command = [sys.executable, str(here / script), *(["--check"] if check else [])]
        failed |= subprocess.run(command, check=False).returncode  # noqa: S603 -- our own
    if check and (behind or failed):
        sys.exit("Generated files are not up to date: run make golden")
    sys.exit(failed)


if __name__ == "__main__":
    main()
