"""Letters and lists as PDF, set by typst. What people typed is data to the document, never a part of its source."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

import typst

SOURCE = b"""
#let paper = json(bytes(sys.inputs.paper))
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


def pdf(paper: Paper) -> bytes:
    """Return the paper as PDF; equal papers make equal bytes."""
    made = typst.compile(SOURCE, format="pdf", sys_inputs={"paper": json.dumps(asdict(paper))})
    if not isinstance(made, bytes):
        message = "typst made no single document"
        raise TypeError(message)
    return made
