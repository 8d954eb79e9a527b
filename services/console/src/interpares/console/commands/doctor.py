"""``interpares doctor``: what is wrong, and what to do about it."""

from __future__ import annotations

import asyncio

from interpares.console.contexts import Context, chosen
from interpares.console.failures import Refused, Unreachable
from interpares.console.output import AsJson, ContextName, console, print_json


def doctor(context: ContextName = None, as_json: AsJson = False) -> None:
    """Look for what keeps Interpares from working here, and say what to do.

    Without a context: Python, disk, and whether PostgreSQL and NATS start. With one, besides: every address, readiness,
    versions, the token and the clocks. Exit code 1 if something is wrong, 3 if something does not answer.
    """
    from interpares.console import diagnosis  # noqa: PLC0415 -- much to load

    findings: list[diagnosis.Finding] = []

    def note(finding: diagnosis.Finding) -> None:
        findings.append(finding)
        if as_json:
            print_json(finding.as_json())
            return
        mark = "[green]✓[/green]" if finding.fine else "[red]✗[/red]"
        console().print(mark, f"[bold]{finding.what}[/bold]", end=" ")
        console().print(finding.fact, markup=False)
        if finding.way_out:
            console().print(f"  → {finding.way_out}", markup=False)

    async def around(found: Context) -> None:
        async for finding in diagnosis.surroundings(found):
            note(finding)

    for finding in diagnosis.machine():
        note(finding)
    if context:
        asyncio.run(around(chosen(context)))
    wrong = [finding.what for finding in findings if not finding.fine]
    if wrong:
        kind = Unreachable if any(finding.unreachable for finding in findings) else Refused
        raise kind(
            title="Something is wrong",
            detail=f"{', '.join(wrong)}.",
            way_out="Do what stands behind the arrows, then look again.",
        )
