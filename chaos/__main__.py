"""``python -m chaos``: one trial; the last line is JSON, the exit code 1 unless every promise was kept."""

from __future__ import annotations

import argparse
import asyncio
import logging
import secrets
import sys

import stamina.instrumentation
import structlog

from chaos.siege import Wish, besiege
from interpares.console.narrator import Narrator
from interpares.console.output import console, print_json


def main() -> int:
    """Run a trial."""
    parser = argparse.ArgumentParser(prog="python -m chaos", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long faults are made")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**31), help="of everything chosen at random")
    parser.add_argument("--logs", action="store_true", help="keep the logs of the processes in any case")
    given = parser.parse_args()
    # The processes write logs of their own; and a repeated request is no news here.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    stamina.instrumentation.set_on_retry_hooks([])
    figures = asyncio.run(besiege(Wish(given.seconds, given.seed, given.logs), Narrator(console())))
    holds = figures.pop("holds")
    print_json(figures)
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
