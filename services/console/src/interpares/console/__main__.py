"""The command ``interpares``."""

from __future__ import annotations

import sys

import stamina.instrumentation
import typer

from interpares.console.commands import (
    compose,
    contexts,
    decisions,
    demo,
    desk,
    doctor,
    explain,
    organisations,
    parked,
    privacy,
    programme,
    seats,
    streams,
    tail,
    takeover,
    templates,
    views,
)
from interpares.console.failures import Failure
from interpares.console.output import AsJson, ContextName, choose_context, choose_json, complain

INTERRUPTED = 130

app = typer.Typer(name="interpares", no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def interpares(context: ContextName = None, as_json: AsJson = False) -> None:
    """Peer exchange between municipalities: run the demo, ask why, follow decisions."""
    choose_context(context)
    choose_json(as_json)


app.command()(demo.demo)
app.command()(compose.compose)
app.command()(doctor.doctor)
app.command()(contexts.contexts)
app.command()(explain.explain)
app.command()(decisions.decisions)
app.command()(desk.desk)
app.command()(seats.seats)
app.command()(takeover.takeover)
app.command()(tail.tail)
app.add_typer(programme.app, name="programme")
app.add_typer(templates.app, name="templates")
app.add_typer(organisations.app, name="organisations")
app.add_typer(parked.app, name="parked")
app.add_typer(privacy.app, name="privacy")
app.add_typer(views.app, name="views")
app.add_typer(streams.app, name="streams")


def main() -> None:
    """Run the command line and exit with 0, or with the code of the failure."""
    # A repeated request is no news; and by default it would be printed amid what the command prints.
    stamina.instrumentation.set_on_retry_hooks([])
    try:
        app()
    except Failure as failure:
        complain(failure)
        sys.exit(failure.exit_code)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
