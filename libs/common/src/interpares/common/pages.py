"""Pages and texts made from forms with gaps (jinja). A page brings its style along, loads nothing and runs nothing."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from jinja2 import Environment, Template


def strict(style: str, forms: str = "'none'") -> str:
    """Return the content security policy of a page whose only style is ``style``; forms: where it may send to."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action {forms}; frame-ancestors 'none'"
    )


def page(path: Path) -> Template:
    """Return the form of an HTML page: what fills it is escaped, and a gap that nothing fills is an error."""
    return _forms(path.parent, escaping=True).get_template(path.name)


def text(path: Path) -> Template:
    """Return the form of a plain text; a gap that nothing fills is an error."""
    return _forms(path.parent, escaping=False).get_template(path.name)


@cache
def sentence(source: str) -> Template:
    """Return a sentence with gaps as a form; whoever sets it in HTML escapes it there."""
    return _forms(None, escaping=False).from_string(source)


@cache
def _forms(folder: Path | None, *, escaping: bool) -> Environment:
    # Jinja takes some MB of memory, which processes that fill no form do without.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415

    return Environment(
        loader=FileSystemLoader(folder) if folder else None,
        autoescape=escaping,  # noqa: S701 -- plain text has nothing to escape
        undefined=StrictUndefined,
        trim_blocks=escaping,
        lstrip_blocks=escaping,
        keep_trailing_newline=not escaping,
    )
