"""A decision explained for people: who, what and why, what else was possible, by which rule, on what evidence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from interpares.console.client import Json

HASH_SHOWN = 12
UNREAD = {
    "withheld": "(not for you to read; its hash stands in the log)",
    "erased": "(erased; its hash stands in the log)",
}


def explained(decision: Json) -> RenderableType:
    """Return the picture of a decision as ``GET …/decisions/{id}`` tells it."""
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="bold")
    facts.add_column(overflow="fold")
    for label, value in _facts(decision):
        facts.add_row(label, Text(value))
    parts: list[RenderableType] = [facts]
    if decision["alternatives"]:
        parts += [Text("\nInstead it could have been", style="bold"), _alternatives(decision)]
    title = f"{decision['type']}: {decision['subject']} → {decision['outcome']}"
    return Panel(Group(*parts), title=Text(title), title_align="left", expand=False)


def _facts(decision: Json) -> Iterator[tuple[str, str]]:
    yield "Why", decision["reason"] or UNREAD.get(decision.get("reason_status", ""), UNREAD["withheld"])
    yield "Reason code", decision["reason_code"]
    yield "Who", _who(decision)
    if decision["concerns"]:
        yield "Concerns", ", ".join(map(_name, decision["concerns"]))
    yield (
        "When",
        ", ".join(f"{which} {_instant(decision[f'{which}_at'])}" for which in ("decided", "effective", "recorded")),
    )
    if rule := decision["rule"]:
        yield "Rule", f"{rule['id']}, template version {rule['version']}, SHA-256 {_short(rule['hash'])}"
        yield "", _label(rule["text"])
    yield from (("By hand", f"{each['id']}: {_label(each['text'])}") for each in decision["manual"])
    for each in decision["criteria"]:
        yield "Criterion", " ".join(filter(None, (each["code"], each["finding"])))
    yield from (("Evidence", _relied_on(each)) for each in decision["relied_on"])
    if decision["source"]["kind"] != "direct":
        yield "Came in", ", ".join(str(value) for value in decision["source"].values() if value)
    for relation in ("follows", "corrects", "supersedes", "revokes"):
        if decision[relation]:
            yield relation.capitalize(), str(decision[relation])
    for each in decision["consequences"]:
        yield "Led to", f"{each['type']} of {each['subject']}: {each['outcome']}"
    yield from _later(decision)
    yield "Decision", decision["id"]


def _later(decision: Json) -> Iterator[tuple[str, str]]:
    """Yield what became of the decision."""
    if authority := decision["authority"]:
        yield "Authority", f"{authority['body']}, {len(authority['co_signers'])} co-signers"
    if decision["file_reference"]:
        yield "File", decision["file_reference"]
    for part, value in decision.get("standing", {}).items():
        yield "Rightly", f"{part} {value}"
    for relation in ("corrected_by", "superseded_by", "revoked_by"):
        for each in decision.get(relation, ()):
            yield relation.replace("_", " ").capitalize(), f"{each['id']}, {_instant(each['decided_at'])}"
    for each in decision.get("communications", ()):
        told = len(each["details"]["to"])
        yield "Told", f"{told} organisation{'' if told == 1 else 's'} by {each['details']['channel']}"
    for each in decision.get("objections", ()):
        answer = each["answer"]["outcome"] if each["answer"] else "not answered yet"
        yield "Objected to", f"{_instant(each['decided_at'])}, {each['reason_code']}: {answer}"


def _who(decision: Json) -> str:
    place = f" of {_name(decision['organisation'])}" if decision["organisation"] else ""
    return f"{decision['capacity']}{place} (account {decision['actor']})"


def _alternatives(decision: Json) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column()
    table.add_column(style="dim")
    for each in decision["alternatives"]:
        instead = _name(each["organisation"]) if each["organisation"] else each["option"]
        table.add_row(Text(f"  {instead}"), Text(each["ground"]))
    return table


def _name(organisation: Json) -> str:
    """Return the name of an organisation, its id where registration has not told of it."""
    names: dict[str, str] = organisation["names"]
    return " / ".join(dict.fromkeys(names.values())) or str(organisation["organisation_id"])


def _label(part: Any) -> str:
    """Return what a part of a template is called, in English if it can be."""
    label = part.get("label") or part.get("title") or {} if isinstance(part, dict) else {}
    return str(label.get("en") or next(iter(label.values()), ""))


def _relied_on(evidence: Json) -> str:
    """Return what a decision relied on: what it is, of whom, about what, from which day; its reference and hash."""
    what = _label({"label": evidence["label"]}) or evidence["code"] or evidence["kind"]
    kind = "" if what == evidence["kind"] else f" ({evidence['kind']})"
    words = [f"{what}{kind}"]
    if evidence["names"]:
        words.append(f"of {' / '.join(dict.fromkeys(evidence['names'].values()))}")
    if evidence["title"]:
        words.append(f"on “{_label({'label': evidence['title']})}”")
    words.append(f"version {evidence['version']}")
    words += [f"{when} {evidence[key][:10]}" for key, when in (("day", "of"), ("until", "until")) if evidence[key]]
    return f"{', '.join(words)}; {evidence['ref']}, SHA-256 {_short(evidence['hash'])}"


def _instant(text: str) -> str:
    return text[:19].replace("T", " ") + " UTC"


def _short(digest: str) -> str:
    return f"{digest[:HASH_SHOWN]}…"
