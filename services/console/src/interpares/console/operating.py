"""What commands for operators share: which service is meant, and asking before anything goes."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from interpares.console.contexts import Context
from interpares.console.failures import Refused, Usage

STREAM = "/operations/stream"


class ServiceName(StrEnum):
    """A service."""

    PROGRAMME = "programme"
    REGISTRATION = "registration"


OneService = Annotated[ServiceName, typer.Argument(metavar="SERVICE", help="programme or registration")]
AnyService = Annotated[
    ServiceName | None, typer.Argument(metavar="[SERVICE]", help="programme or registration; both if not given")
]
FeedName = Annotated[str, typer.Argument(metavar="FEED", help="The service that sent the message.")]
MessagePosition = Annotated[int, typer.Argument(metavar="POSITION", help="Of the message on its feed.", min=1)]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do it without asking.")]


def meant(service: ServiceName | None) -> tuple[ServiceName, ...]:
    """Return the service, all where none is given."""
    return (service,) if service else tuple(ServiceName)


def confirm(question: str, *, yes: bool) -> None:
    """Ask, unless it was said before. Raises Refused after a no, Usage where there is nobody to ask."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise Usage(title="Nobody to ask", detail=question, way_out="Give --yes if that is what you want.")
    if not typer.confirm(question):
        raise Refused(title="Not done", detail="Nothing was changed.")


def streams_of(context: Context) -> str:
    """Return where the context reads the event streams. Raises Refused where it may not."""
    if not context.nats_url:
        raise Refused(
            title="No streams",
            detail=f"The context {context.name} may not read the event streams.",
            way_out="Choose another, such as operator.",
        )
    return context.nats_url
