# ruff: noqa: INP001 -- a script, not a package
"""Writes the record of processing into docs/privacy.md, from the register of personal data.

With ``--check`` it writes nothing and ends with 1 if the page is behind. What stands outside the two marks is written
by hand.
"""

from __future__ import annotations

import sys
from pathlib import Path

from interpares.registration.domain.privacy.register import REGISTER

FILE = Path(__file__).with_name("privacy.md")
BEGIN = "<!-- made by make golden from the register: begin -->\n"
END = "<!-- end -->\n"


def record() -> str:
    """Return the record of processing: a table for each table."""
    parts = []
    for holding in REGISTER:
        parts += [
            f"### `{holding.table}`\n",
            f"Legal basis: {holding.basis.value}. Kept: {holding.retention}. On erasure: {holding.erase.value}.\n",
            "| column | purpose | recipients | hold |\n|---|---|---|---|",
            *(
                f"| `{column.name}` | {column.purpose} | {column.recipients} | {'yes' if column.hold else 'no'} |"
                for column in holding.columns
            ),
            "",
        ]
    return "\n".join(parts)


def main() -> int:
    """Write or check; return the exit code."""
    page = FILE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, behind = rest.partition(END)
    made = f"{before}{BEGIN}\n{record()}{END}{behind}"
    if made == page:
        return 0
    if "--check" in sys.argv[1:]:
        sys.stdout.write(f"docs/{FILE.name} is not up to date\n")
        return 1
    FILE.write_text(made, encoding="utf-8")
    sys.stdout.write(f"docs/{FILE.name} written\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
