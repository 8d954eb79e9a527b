"""Checking a template: everything that is wrong with it, each by path and line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from interpares.common.contracts.template import Template
from interpares.console import marks
from interpares.console.marks import Flaw, Marked

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

# What pydantic says in its own words, in those of somebody who writes templates.
WORDS = {
    "extra_forbidden": "is no word of the template language",
    "missing": "is missing",
}


def check(path: Path) -> tuple[Flaw, ...]:
    """Return the flaws of a template file, in the order of its lines. Raises OSError, UnicodeDecodeError."""
    document = marks.read(path.read_text(encoding="utf-8"))
    if document.value is None and document.flaws:
        return document.flaws
    return tuple(sorted((*document.flaws, *_beyond(document)), key=lambda flaw: flaw.line))


def _beyond(document: Marked) -> Iterator[Flaw]:
    """Yield what is wrong with it as a template, beyond its being YAML."""
    try:
        Template.model_validate(document.value)
    except ValidationError as error:
        for each in _first(error.errors()):
            path = _within(document.value, each["loc"], missing=each["type"] == "missing")
            yield Flaw(document.line(path), marks.dotted(path), _fact(each))


def _first(errors: list[ErrorDetails]) -> Iterator[ErrorDetails]:
    """Yield the errors without those that only follow: a list is not empty because its entry is wrong."""
    flawed = [error["loc"] for error in errors]
    for error in errors:
        here = error["loc"]
        if error["type"] != "too_short" or not any(len(loc) > len(here) and loc[: len(here)] == here for loc in flawed):
            yield error


def _fact(error: ErrorDetails) -> str:
    if error["type"] == "union_tag_invalid":
        word = error["ctx"]["discriminator"].strip("'")
        return f"has {error['ctx']['tag']!r} as {word}, which is none of {error['ctx']['expected_tags']}"
    if error["type"] == "too_short" and error["ctx"]["min_length"] == 1:
        return "is empty"
    message = error["msg"].removeprefix("Value error, ")
    return WORDS.get(error["type"], f"{message[:1].lower()}{message[1:]}")


def _within(value: Any, location: tuple[str | int, ...], *, missing: bool) -> marks.Path:
    """Return the part of an error's location that is in the document; pydantic mixes names of variants into it."""
    path: list[str | int] = []
    for index, part in enumerate(location):
        if _has(value, part):
            value = value[part]
        elif not (missing and index == len(location) - 1):
            continue
        path.append(part)
    return tuple(path)


def _has(value: Any, part: str | int) -> bool:
    if isinstance(value, list):
        return isinstance(part, int) and part < len(value)
    return isinstance(value, dict) and part in value
