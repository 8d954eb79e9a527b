"""Trying a template out: the programme service does it in a process of its own, by its rules, and answers JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from interpares.console.failures import Refused, Unreachable

TRY = (sys.executable, "-m", "interpares.programme", "dry-run")
SECONDS = 60


def tried(document: dict[str, Any]) -> dict[str, Any]:
    """Return what follows from a template. Raises Refused with the facts against it, Unreachable."""
    asked = json.dumps(document, default=str)
    done = subprocess.run(TRY, input=asked, capture_output=True, text=True, timeout=SECONDS, check=False)  # noqa: S603 -- our own
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:
        raise Unreachable(
            title="The programme service cannot try templates here",
            detail=(done.stderr.strip().splitlines() or ["It gave no answer."])[-1],
            way_out="Install the programme service beside the console: make demo does.",
        ) from error
    if done.returncode:
        facts = "; ".join(f"{each['path'] or 'the document'}: {each['fact']}" for each in answer["refused"])
        raise Refused(
            title="Nothing follows from this",
            detail=facts,
            way_out="interpares templates check tells each flaw by its line.",
        )
    return answer
