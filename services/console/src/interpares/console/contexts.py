"""Contexts: where a programme's services are, and as whom to speak to them.

A context is a JSON file that only its owner can read: ``.interpares/<run>/contexts/<name>.json``. Commands look for
``.interpares`` in the working directory and the folders above it.
"""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from interpares.console.failures import Usage

FOLDER = ".interpares"
CONTEXTS = "contexts"
SHOWN = 6
PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700


class Context(BaseModel):
    """One person's or programme's way to the services.

    programme, registration: base addresses of the APIs. issuer: whose tokens the services believe.
    token_url, client_id, client_secret: where and as whom to get a token (OAuth 2.0 client credentials).
    nats_url: of the event streams, with credentials; empty where this context may not read them.
    title: who that is, for people. role: office, coordinator, … one context per role is shown first.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")
    title: str
    role: str
    programme: str
    registration: str
    issuer: str
    token_url: str
    client_id: str
    client_secret: str = Field(repr=False)
    nats_url: str = Field(default="", repr=False)

    def address(self, service: str) -> str:
        """Return the base address of a service."""
        return {"programme": self.programme, "registration": self.registration}[service]


class Stored(BaseModel):
    """A context where it was found. run: name of the folder of the demo or installation it belongs to."""

    model_config = ConfigDict(frozen=True)

    run: str
    path: Path
    context: Context

    @property
    def full_name(self) -> str:
        """The name that is unique beside other runs."""
        return f"{self.run}/{self.context.name}"


def make_folder(above: Path) -> Path:
    """Make ``.interpares`` in a folder, unless it is there, and keep git away from it; return it."""
    folder = above / FOLDER
    folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    (folder / ".gitignore").write_text("*\n", encoding="utf-8")
    return folder


def write_private(path: Path, text: str) -> None:
    """Write a new file that only its owner can read, its folder included. Raises FileExistsError."""
    path.parent.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE), "w", encoding="utf-8") as file:
        file.write(text)


def store(context: Context, run_folder: Path) -> Path:
    """Write a context into the folder of a run and return its path."""
    path = run_folder / CONTEXTS / f"{context.name}.json"
    write_private(path, context.model_dump_json(indent=2) + "\n")
    return path


def found(start: Path | None = None) -> list[Stored]:
    """Return all contexts of the nearest ``.interpares`` folder, ordered by run and name.

    start: where to begin, the working directory if not given. Raises Usage for a file that is no context.
    """
    here = (start or Path.cwd()).resolve()
    folder = next((above / FOLDER for above in (here, *here.parents) if (above / FOLDER).is_dir()), None)
    paths = sorted(folder.glob(f"*/{CONTEXTS}/*.json")) if folder else []
    return [Stored(run=path.parent.parent.name, path=path, context=_read(path)) for path in paths]


def chosen(name: str | None, start: Path | None = None) -> Context:
    """Return the context of that name: ``office``, or ``<run>/office`` where several runs have one.

    Raises Usage where none, or more than one, can be meant.
    """
    stored = found(start)
    if not stored:
        raise Usage(
            title="No context",
            detail=f"There is no {FOLDER}/ folder with contexts here or above.",
            way_out="Start a demo (make demo), or go to the folder it was started in.",
        )
    matching = [each for each in stored if name in {each.context.name, each.full_name}]
    if len(matching) == 1:
        return matching[0].context
    names = _some([each.full_name for each in matching] or [each.context.name for each in stored])
    if name is None:
        raise Usage(
            title="No context chosen",
            detail=f"There are: {names}.",
            way_out="Choose one with --context or INTERPARES_CONTEXT.",
        )
    if matching:
        raise Usage(title="Which context?", detail=f"{name} may be {names}.", way_out="Give the full name.")
    raise Usage(
        title="Unknown context",
        detail=f"There is no context {name}; there are: {names}.",
        way_out="interpares contexts lists them.",
    )


def _some(names: list[str]) -> str:
    """Return names to choose from, not more than can be taken in; short ones, such as office, come first."""
    shown = sorted(names, key=lambda name: (len(name), name))[:SHOWN]
    more = f" and {len(names) - len(shown)} more" if len(names) > len(shown) else ""
    return ", ".join(shown) + more


def _read(path: Path) -> Context:
    try:
        return Context.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError) as error:
        message = f"{path} cannot be read as a context ({type(error).__name__})."
        raise Usage(
            title="Damaged context", detail=message, way_out="Remove the file, or start the demo again."
        ) from error
