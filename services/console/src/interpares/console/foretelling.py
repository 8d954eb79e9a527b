"""What follows from a template, told for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

Told = dict[str, Any]
FEW = 6


def foretold(told: Told) -> Iterator[str]:
    """Yield the lines."""
    yield f"{told['template']} version {told['version']}, {told['lifecycle']}: {told['stage']}"
    if told["term"]["starts"]:
        yield f"  term {told['term']['starts']} to {told['term']['ends'] or 'open'}"
    yield from _participants(told)
    yield from _section("selection", map(_selection, told["selection"]))
    yield from _section("pairs", (f"{each['pair']}: {_names(each['members'])}" for each in told["pairs"]))
    yield from _duties(told["duties"])
    yield from _section("meetings without a duty", map(_meeting, told["meetings"]))
    yield from _section("milestones", map(_milestone, told["milestones"]))
    yield from _section("deadlines", map(_deadline, told["deadlines"]))
    yield from _section("prerequisites", map(_prerequisite, told["prerequisites"]))
    yield from _section("accompaniment", map(_accompaniment, told["accompaniment"]))
    yield from _section("documents that peers review", map(_document, told["documents"]))
    yield from _section("goals", map(_goal, told["goals"]))
    if told["money"]:
        yield from _money(told["money"])
    yield from _section("applied by hand", map(_by_hand, told["manual"]))
    yield from _section("without effect", (f"{each['path']}: {each['why']}" for each in told["without_effect"]))
    yield from _section("refused", (f"{each['organisation']}: {each['fact']}" for each in told["refused"]))


def _section(title: str, lines: Iterator[str] | map[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield f"{title}: {len(found)}"
        yield from (f"  {line}" for line in found)


def _names(names: list[str]) -> str:
    more = f" and {len(names) - FEW} more" if len(names) > FEW else ""
    return (", ".join(names[:FEW]) + more) or "nobody"


def _participants(told: Told) -> Iterator[str]:
    roles = Counter(role["role"] for each in told["participants"] for role in each["roles"])
    strands = f" in {len(told['strands'])} strands: {_names(told['strands'])}" if len(told["strands"]) > 1 else ""
    yield f"participants: {len(told['participants'])}{strands}"
    yield from (f"  {count} × {role}" for role, count in sorted(roles.items()))


def _selection(each: Told) -> str:
    places = f"{each['places']} places in each strand" if each["places"] else "no limit of places"
    criteria = ", ".join(f"{key} ({weight})" for key, weight in each["criteria"].items())
    ties = f", ties by {' then '.join(each['tie_break'])}" if each["tie_break"] else ""
    assessed = f"{each['assessments']} assessments{ties}"
    return f"{each['selection']} of {_names(each['roles'])}: {places}, by {criteria}, {assessed}"


def _duties(duties: list[Told]) -> Iterator[str]:
    yield f"duties: {len(duties)}"
    for each in duties:
        who = f"owed by {each['owner']}" if each["owner"] else f"{each['quantifier']}: {_names(each['pool'])}"
        yield f"  {each['duty']} {each['format']}, {who}; {len(each['invited'])} invited"


def _meeting(each: Told) -> str:
    return f"{each['meeting']}: {each['opened_by']} by {_names(each['by'])}"


def _milestone(each: Told) -> str:
    handed = "; ".join(f"{item['deliverable']} from {_names(item['from'])}" for item in each["deliverables"])
    return f"{each['due'] or 'no day yet'} {each['phase']}.{each['milestone']}{': ' if handed else ''}{handed}"


def _deadline(each: Told) -> str:
    days = f"{abs(each['days'])} days {'before' if each['days'] < 0 else 'after'} the {each['counted_from']}"
    owed = each["owed_by"] if isinstance(each["owed_by"], str) else each["owed_by"]["role"]
    return f"{each['deadline']}: {days}, owed by {owed}"


def _prerequisite(each: Told) -> str:
    return f"{each['prerequisite']} ({each['proof']}) before {each['due_before']}, from {_names(each['from'])}"


def _accompaniment(each: Told) -> str:
    days = f"{each['expert_days_each']} expert days each" if each["expert_days_each"] else "no limit of days"
    return f"{each['accompaniment']} by {each['by']}, {days}, of {_names(each['of'])}"


def _document(each: Told) -> str:
    reviewers = f"{each['document']} of {each['owned_by']} of {_names(each['owners'])}, each version reviewed by"
    few = f"; too few could review that of {_names(each['few'])}" if each["few"] else ""
    return f"{reviewers} at least {each['reviewers_at_least']} of {_names(each['reviewers'])}{few}"


def _goal(each: Told) -> str:
    measured = "; ".join(
        f"{item['indicator']} from {item['value'] or '?'} to {item['target']} by {item['by']}"
        for item in each["indicators"]
    )
    return f"{each['goal']}{': ' if measured else ''}{measured}"


def _money(money: Told) -> Iterator[str]:
    yield f"money: {_amount(money['total'])} {money['currency']}, {_amount(money['unallocated'])} unallocated"
    for each in money["shares"]:
        about = "about " if each["approximate"] else ""
        yield f"  {each['organisation']}: {about}{_amount(each['amount'])}"


def _amount(written: str) -> str:
    """Return an amount without cents if it has none, else with two digits after the point."""
    amount = Decimal(written)
    return f"{amount:.0f}" if amount == amount.to_integral_value() else f"{amount:.2f}"


def _by_hand(each: Told) -> str:
    return f"{each['rule']} ({each['applies_to']}), named by every {_names(each['named_by'])}"
