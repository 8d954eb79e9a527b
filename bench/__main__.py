"""``python -m bench``: measure, show tables, keep the figures as JSON. Goals that are missed are no error.

``python -m bench --page FILE`` prints a report that was kept as Markdown instead.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
from pathlib import Path

import stamina.instrumentation
import structlog

from bench.page import goals_table, markdown
from bench.plan import FULL, QUICK
from bench.run import RESULTS, SUITES, kept, run
from interpares.console.narrator import Narrator
from interpares.console.output import console


def main() -> None:
    """Run."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--suite", choices=tuple(SUITES), action="append", help="measure this one only")
    parser.add_argument("--quick", action="store_true", help="show that everything works; the figures mean nothing")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder the report is kept in")
    parser.add_argument("--page", type=Path, metavar="FILE", help="print a kept report as Markdown, measure nothing")
    given = parser.parse_args()
    out = console()
    if given.page:
        out.file.write(markdown(json.loads(given.page.read_text(encoding="utf-8"))))
        return
    # What is measured runs in this process too; its log is not what anybody wants to read here.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    stamina.instrumentation.set_on_retry_hooks([])
    report = asyncio.run(run(given.suite or tuple(SUITES), QUICK if given.quick else FULL, Narrator(out)))
    path = kept(report, given.results)
    if report["goals"]:
        out.print(goals_table(report))
    out.print(f"\nThe figures are kept in {path}", highlight=False)


if __name__ == "__main__":
    main()
