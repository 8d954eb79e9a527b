"""``interpares decisions``: the decision log."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from interpares.console import looking
from interpares.console.client import Client, Json
from interpares.console.output import AsJson, ContextName, console, print_json

LOOK_SECONDS = 1.0
Programme = Annotated[str | None, typer.Option(help="Id of a programme; all you can see if not given.")]
DecisionType = Annotated[str | None, typer.Option("--type", help="Only this type, for example duty-acceptance.")]


def decisions(  # noqa: PLR0913, PLR0917 -- typer passes options by name
    programme: Programme = None,
    organisation: Annotated[str | None, typer.Option(help="Only those that concern this organisation (id).")] = None,
    subject: Annotated[
        str | None, typer.Option(help="Only those about this, for example duty:AT.award-meeting.1.")
    ] = None,
    decision_type: DecisionType = None,
    outcome: Annotated[str | None, typer.Option(help="Only this outcome, for example declined.")] = None,
    rule: Annotated[str | None, typer.Option(help="Only by this rule, or a section such as hosting.")] = None,
    actor: Annotated[str | None, typer.Option(help="Only what this account decided or entered (id).")] = None,
    acting_for: Annotated[str | None, typer.Option(help="Only what was decided for this organisation (id).")] = None,
    capacity: Annotated[str | None, typer.Option(help="Only in this capacity, for example coordinator.")] = None,
    follows: Annotated[str | None, typer.Option(help="Only what followed from this decision (id).")] = None,
    recorded_from: Annotated[str | None, typer.Option(help="Recorded then or later, 2026-03-01T00:00:00Z.")] = None,
    recorded_until: Annotated[str | None, typer.Option(help="Recorded before.")] = None,
    effective_from: Annotated[str | None, typer.Option(help="In effect then or later.")] = None,
    effective_until: Annotated[str | None, typer.Option(help="In effect before.")] = None,
    context: ContextName = None,
    as_json: AsJson = False,
) -> None:
    """List decisions: when, what, about whom, with which outcome and reason code.

    With --json: one object per line.
    """
    asked = {
        "organisation": organisation,
        "subject": subject,
        "type": decision_type,
        "outcome": outcome,
        "rule": rule,
        "actor": actor,
        "acting_for": acting_for,
        "capacity": capacity,
        "follows": follows,
        "recorded_from": recorded_from,
        "recorded_until": recorded_until,
        "effective_from": effective_from,
        "effective_until": effective_until,
    }

    async def run() -> None:
        async with looking.client(context) as client:
            log = _log(client, programme, asked)
            if as_json:
                async for each in log:
                    print_json(each)
            else:
                console().print(await _table(client, log))

    asyncio.run(run())


async def _log(client: Client, programme: str | None, asked: dict[str, Any]) -> AsyncIterator[Json]:
    for each in await looking.programmes(client, programme):
        async for decision in client.items("programme", f"/programmes/{each}/decisions", **asked):
            yield {"programme_id": each, **decision}


async def _table(client: Client, log: AsyncIterator[Json]) -> Table:
    table = Table("decided", "type", "subject", "outcome", "reason", "concerns", "id", box=None, pad_edge=False)
    names, meetings = await looking.names(client), Meetings(client)
    async for each in log:
        concerns = [names.get(str(organisation), str(organisation)) for organisation in each.get("concerns") or ()]
        shown = f"{concerns[0]} +{len(concerns) - 1}" if len(concerns) > 1 else "".join(concerns)
        when = str(each["decided_at"])[:19].replace("T", " ")
        subject = await meetings.named(each["programme_id"], str(each["subject"]))
        row = (when, each["type"], subject, each["outcome"], each["reason_code"], shown, each["id"])
        # Text: what people typed may look like markup.
        table.add_row(*(Text(str(cell)) for cell in row))
    return table


class Meetings:
    """What meetings are called, read once a programme, where a decision is about one."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._titles: dict[str, dict[str, str]] = {}

    async def named(self, programme: str, subject: str) -> str:
        """Return a subject with the title of the meeting instead of its id, unchanged if it is about none."""
        kind, _, key = subject.partition(":")
        if kind != "meeting":
            return subject
        if programme not in self._titles:
            self._titles[programme] = await looking.meetings(self._client, programme)
        return f"{kind}: {self._titles[programme][key]}" if key in self._titles[programme] else subject
