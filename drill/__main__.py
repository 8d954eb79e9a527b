"""``python -m drill``: lose PostgreSQL and NATS, bring everything back, tell what was lost and how long it took.

The last line is JSON; the exit code is 1 if anything was lost, doubled, or reappeared.
"""

from __future__ import annotations

import asyncio
import logging
import sys

import stamina.instrumentation
import structlog

from drill.course import run
from interpares.console.narrator import Narrator
from interpares.console.output import console, print_json


def main() -> int:
    """Run the drill."""
    # The processes write logs of their own; and a repeated request is no news here.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    stamina.instrumentation.set_on_retry_hooks([])
    figures = asyncio.run(run(Narrator(console())))
    print_json(figures)
    return 0 if figures["holds"] else 1


if __name__ == "__main__":
    sys.exit(main())
