"""What the sentences of a letter can have in their gaps."""

from typing import Any

from interpares.programme.entrypoints.letters.telling import Telling


def facts_of(explanation: dict[str, Any], telling: Telling) -> dict[str, Any]:
    """Return what sentences can have in their gaps; what an explanation does not tell is left out."""
    details = explanation["details"]
    facts: dict[str, Any] = {
        "details": details,
        "who": who(explanation, telling),
        "programme": telling.chosen(explanation["programme_title"]),
        "template": telling.label(
            (explanation["rule"] or {}).get("text"), telling.chosen(explanation["programme_title"])
        ),
    }
    if "role" in details:
        facts["role"] = telling.section("roles", details["role"])
    if explanation["subject"].startswith("duty:"):
        form = details.get("format", "")
        facts["duty"] = telling.duty(explanation["subject"].removeprefix("duty:"), form)
    if (explanation["rule"] or {}).get("id", "").startswith("documents."):
        facts |= _review(explanation, telling)
    if isinstance(details.get("meeting"), dict):
        facts |= _meeting(details["meeting"].get("details") or {}, telling)
        known = [f"changed-{name}" for name in details.get("changed", ())]
        changes = [telling.word(name) for name in known if name in telling.tongue.words]
        facts["changes"] = telling.joined(changes) if changes else ""
        facts["approve"] = (details.get("agreement") or {}).get("number", "")
    elif titles := [each["title"] for each in explanation["relied_on"] if each["title"]]:
        facts["meeting"] = telling.chosen(titles[0])
    if "deliverable" in details:
        labels = [each["label"] for each in explanation["relied_on"] if each["kind"] == "deliverable"]
        facts["deliverable"] = telling.chosen(labels[0]) if labels else details["deliverable"].rpartition(".")[2]
    facts |= _output(details, telling) | _prerequisite(explanation, telling)
    if "phase" in details:
        facts["phase"] = telling.label((explanation["rule"] or {}).get("text"), details["phase"])
    if "goal" in details:
        facts["goal"] = telling.section("goals", details["goal"])
    if isinstance(details.get("criteria"), list):
        rule = ((explanation["rule"] or {}).get("text") or {}).get("criteria") or {}
        weights = [
            f"{telling.label(rule.get(each['key']), each['key'])} ({each['weight']})" for each in details["criteria"]
        ]
        facts["weights"] = ", ".join(weights)
    return facts


def _output(details: dict[str, Any], telling: Telling) -> dict[str, str]:
    """Return what kind of output it is and when it is due; its words are no part of a letter."""
    now = details.get("now")
    if not isinstance(now, dict) or "output" not in details:
        return {"output": ""}
    due = telling.calendar_day(now["due"]) if now["due"] else ""
    return {"output": telling.frame("output", kind=telling.word(now["kind"]), due=due)}


def _prerequisite(explanation: dict[str, Any], telling: Telling) -> dict[str, str]:
    """Return from which prerequisite an exception is, and until which day."""
    details, rule = explanation["details"], explanation["rule"] or {}
    if "prerequisite" not in details:
        return {}
    until = telling.calendar_day(details["until"]) if details.get("until") else ""
    return {"prerequisite": telling.label(rule.get("text"), details["prerequisite"]), "until": until}


def _review(explanation: dict[str, Any], telling: Telling) -> dict[str, str]:
    """Return what kind of document it is, who reviews it and until when; its title is no part of a letter."""
    rule, details = explanation["rule"], explanation["details"]
    reviewers = [telling.name(each["organisation"]) for each in details.get("reviewers", ())]
    return {
        "document": telling.label(rule["text"], rule["id"].removeprefix("documents.")),
        "reviewers": telling.joined(reviewers),
        "reviewer": telling.name(details.get("reviewer")),
        "due": telling.calendar_day(details["due"]) if details.get("due") else "",
    }


def _meeting(details: dict[str, Any], telling: Telling) -> dict[str, str]:
    """Return what a meeting is called, and when it begins, empty while that is open."""
    begins = {"local": details["starts"], "zone": details["zone"]} if details.get("starts") else None
    when = telling.attempt("{{ local(begins) }}", begins=begins) if begins else ""
    return {"meeting": telling.chosen(details.get("title") or {}), "when": when}


def who(explanation: dict[str, Any], telling: Telling) -> str:
    """Return whom a decision concerns."""
    names = [telling.name(each) for each in explanation["concerns"]]
    return telling.joined(names) if names else telling.frame("nobody")
