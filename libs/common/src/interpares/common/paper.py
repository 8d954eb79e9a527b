"""Letters and lists as PDF, set by typst. What people typed is data to the document, never a part of its source."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

# Equal papers are equal files, so a file says nothing about when it was made.
MADE = datetime(2000, 1, 1, tzinfo=UTC)
SOURCE = b"""
#let paper = json(bytes(sys.inputs.data))
#set document(title: paper.title, date: none)
#set page(paper: "a4", margin: 25mm, numbering: "1 / 1")
#set text(lang: paper.language, size: 11pt)
#set par(justify: false, leading: 0.7em)
#heading(level: 1, paper.title)
#v(1em)
#for part in paper.parts {
  if part.heading != "" { heading(level: 2, part.heading) }
  for paragraph in part.paragraphs { par(paragraph) }
  if part.rows.len() > 0 {
    table(columns: (1fr, 2fr), stroke: 0.4pt + gray, ..part.rows.flatten())
  }
}
"""


@dataclass(frozen=True)
class Part:
    """A part of a paper. rows: two cells each, set as a table below the paragraphs."""

    heading: str = ""
    paragraphs: tuple[str, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Paper:
    """A letter or a list. language: ISO 639, for hyphenation."""

    language: str
    title: str
    parts: tuple[Part, ...]

    def as_text(self) -> str:
        """Return it as plain text."""
        lines = [self.title, ""]
        for part in self.parts:
            lines += [part.heading, ""] if part.heading else []
            for paragraph in part.paragraphs:
                lines += [paragraph, ""]
            lines += [f"{name}: {value}" for name, value in part.rows]
            lines += [""] if part.rows else []
        return "\n".join(lines).rstrip() + "\n"


def typeset(layout: bytes, data: dict[str, Any], *, any_font: bool = False) -> bytes:
    """Return a tagged PDF (PDF/UA-1). layout: typst source that finds ``data`` as JSON under ``sys.inputs.data``.

    any_font: fonts of the machine are used as well, for scripts that typst brings none for; the file depends on them.
    """
    # Typst takes several MB of memory, which processes that set no paper do without.
    import typst  # noqa: PLC0415

    made = typst.compile(
        layout,
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        ignore_system_fonts=not any_font,
        timestamp=MADE,
    )
    if not isinstance(made, bytes):
        message = "typst made no single document"
        raise TypeError(message)
    return made


def pdf(paper: Paper) -> bytes:
    """Return the paper as PDF."""
    return typeset(SOURCE, asdict(paper), any_font=True)
