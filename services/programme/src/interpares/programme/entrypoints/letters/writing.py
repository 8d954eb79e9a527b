"""Writing a letter from an explanation: the sentence that says what was decided, then what an auditor would ask."""

import re
from collections.abc import Iterator
from typing import Any

from interpares.programme.entrypoints.letters.english import ENGLISH
from interpares.programme.entrypoints.letters.facts import facts_of, who
from interpares.programme.entrypoints.letters.german import GERMAN
from interpares.programme.entrypoints.letters.letter import Letter, Passage
from interpares.programme.entrypoints.letters.telling import Telling, plain

ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ELIGIBILITY = re.compile(r"eligibility-\d+-([a-z-]+)")
NUMBER = re.compile(r"-?\d+(\.\d+)?")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
AFTERWARDS = ("retrospective", "import")
TONGUES = {tongue.code: tongue for tongue in (GERMAN, ENGLISH)}


def written(explanation: dict[str, Any], template: dict[str, Any], language: str) -> Letter:
    """Return the letter on a decision. ``explanation``: with its hash; ``template``: of the programme."""
    telling = Telling(TONGUES[language], explanation["organisations"], template)
    title = telling.title(explanation["type"])
    standing = explanation["standing"]
    reference = standing.get("file_reference", explanation["file_reference"])
    # A letter is not older than the entry it tells of: what was decided elsewhere is told on the day it was entered.
    afterwards = explanation["source"]["kind"] in AFTERWARDS
    written_on = explanation["recorded_at"] if afterwards else standing.get("decided_at", explanation["decided_at"])
    about = [(telling.frame("date"), telling.day(written_on))]
    if reference:
        about.insert(0, (telling.frame("our_reference"), reference))
    programme = telling.chosen(explanation["programme_title"])
    passages = (
        Passage(text=_decided(explanation, telling)),
        *_earlier(explanation, telling),
        *_reason(explanation, telling),
        *_circumstances(explanation, telling),
        *_alternatives(explanation, telling),
        *_consequences(explanation, telling),
        *_later(explanation, telling),
        *_objecting(explanation, telling),
    )
    return Letter(
        language=language,
        sender=telling.name(explanation["office"]) if explanation["office"]["names"] else telling.frame("office"),
        recipients=tuple(telling.name(each) for each in explanation["concerns"]),
        to=telling.frame("to"),
        about=tuple(about),
        subject=telling.frame("subject", title=title, programme=programme),
        salutation=telling.frame("salutation"),
        passages=passages,
        closing=telling.frame("closing"),
        signature=telling.frame("office"),
        proof=telling.frame("proof", id=explanation["id"], hash=explanation["hash"]),
    )


def _decided(explanation: dict[str, Any], telling: Telling) -> str:
    """Return the sentence that says what was decided, the general one if there is none for this type."""
    sentences, kind, outcome = telling.tongue.sentences, explanation["type"], explanation["outcome"]
    source = sentences.get((kind, outcome)) or sentences.get((kind, "")) or ""
    told = telling.attempt(source, **facts_of(explanation, telling)) if source else ""
    if told:
        return told
    general = telling.frame(
        "generic",
        subject=_subject(explanation, telling),
        title=telling.title(kind),
        outcome=telling.word(outcome),
    )
    concerning = telling.frame("concerning", who=who(explanation, telling)) if explanation["concerns"] else ""
    return " ".join(filter(None, (general[0].upper() + general[1:], concerning)))


def _earlier(explanation: dict[str, Any], telling: Telling) -> Iterator[Passage]:
    """Yield which earlier decision this one is about, by its day and title, and what it puts right in it."""
    if earlier := explanation["earlier"]:
        day = telling.day(earlier["decided_at"])
        yield Passage(text=telling.frame("earlier", day=day, title=telling.title(earlier["type"])))
    if parts := explanation["details"].get("parts"):
        items = [_corrected(part, telling, "reason_reworded") for part in parts]
        yield Passage(telling.frame("put_right"), items=tuple(items))


def _subject(explanation: dict[str, Any], telling: Telling) -> str:
    """Return what a decision is about; a town hall has no use for an id, which the explanation keeps."""
    kind, _, key = explanation["subject"].partition(":")
    if kind == "programme":
        return f"{telling.word(kind)} {telling.quoted(telling.chosen(explanation['programme_title']))}"
    named = telling.duty(key) if kind == "duty" else "" if ID.search(key) else key
    return f"{telling.word(kind)} {named}".strip()


def _reason(explanation: dict[str, Any], telling: Telling) -> Iterator[Passage]:
    code = explanation["standing"].get("reason_code", explanation["reason_code"])
    short = telling.frame("reason_code", reason=telling.word(code))
    if explanation["reason_status"] == "shown":
        typed = explanation["reason"]
    else:
        typed = telling.frame(explanation["reason_status"])
    yield Passage(telling.frame("reason"), typed)
    yield Passage(text=short)
    if explanation["criteria"]:
        items = tuple(
            f"{_criterion(each['code'], telling)}: {_finding(each['finding'], telling)}"
            if each["finding"]
            else _criterion(each["code"], telling)
            for each in explanation["criteria"]
        )
        yield Passage(telling.frame("criteria"), items=items)


def _criterion(code: str, telling: Telling) -> str:
    """Return what was looked at; a condition of a role by what it asks about."""
    condition = ELIGIBILITY.fullmatch(code)
    if condition is None:
        return telling.word(code)
    return f"{telling.word('eligibility')} ({telling.word(f'eligibility-{condition[1]}')})"


def _finding(finding: str, telling: Telling, around: tuple[str, str] = (" (", ")")) -> str:
    """Return what was found: a number with its sign, a day, a code, or an outcome with what it rests on."""
    if NUMBER.fullmatch(finding):
        return telling.number(finding)
    if DAY.fullmatch(finding):
        return telling.day(finding)
    outcome, _, found = finding.partition(":")
    if found and outcome in telling.tongue.words:
        return f"{telling.word(outcome)}{around[0]}{_finding(found, telling, (', ', ''))}{around[1]}"
    return telling.tongue.words.get(finding) or plain(finding)


def _circumstances(explanation: dict[str, Any], telling: Telling) -> Iterator[Passage]:
    standing = explanation["standing"]
    decided, effective = (standing.get(name, explanation[name]) for name in ("decided_at", "effective_at"))
    sentences = [telling.frame("effective", decided=telling.day(decided), effective=telling.day(effective))]
    organisation = telling.name(explanation["organisation"])
    sentences.append(
        telling.frame("capacity", capacity=telling.word(explanation["capacity"]), organisation=organisation)
    )
    if authority := explanation["authority"]:
        sentences.append(
            telling.frame(
                "authority",
                body=telling.word(authority["body"]),
                vote=authority["vote"],
                co_signers=len(authority["co_signers"]),
            )
        )
    sentences += _interest(explanation["interest"], telling)
    sentences += _source(explanation["source"], telling.day(explanation["recorded_at"]), telling)
    if rule := explanation["rule"]:
        called = telling.quoted(telling.label(rule["text"], telling.tongue.words.get(rule["id"], rule["id"])))
        sentences.append(telling.frame("rule", rule=called, version=rule["version"]))
    if by_hand := explanation["manual"]:
        called = telling.joined(telling.quoted(telling.label(each["text"], each["id"])) for each in by_hand)
        sentences.append(telling.frame("by_hand", rules=called))
    if explanation["follows"]:
        sentences.append(telling.frame("follows"))
    yield Passage(text=" ".join(sentences))
    if explanation["relied_on"]:
        items = tuple(
            telling.frame(
                "evidence_line",
                what=_relied_on(each, telling),
                version=each["version"],
                day=telling.day(each["day"]) if each["day"] else "",
                until=telling.day(each["until"]) if each["until"] else "",
                hash=each["hash"],
            )
            for each in explanation["relied_on"]
        )
        yield Passage(telling.frame("evidence"), items=items)


def _interest(interest: dict[str, Any] | None, telling: Telling) -> list[str]:
    if interest is None:
        return []
    if interest["kind"] == "none":
        return [telling.frame("no_interest")]
    handling = telling.word(interest["handling"])
    return [telling.frame("interest", kind=telling.word(interest["kind"]), handling=handling)]


def _source(source: dict[str, Any], recorded: str, telling: Telling) -> list[str]:
    kind = source["kind"]
    if kind == "direct":
        return []
    received = telling.day(source["received_on"]) if source["received_on"] else ""
    channel = telling.word(source["channel"] or "letter")
    return [telling.frame(kind, channel=channel, received=received, recorded=recorded)]


def _relied_on(each: dict[str, Any], telling: Telling) -> str:
    """Return what a decision relied on in words; a paper of the office by its own name."""
    facts = {
        "who": telling.chosen(each["names"]),
        "what": telling.chosen(each["label"]) or (telling.word(each["code"]) if each["code"] else ""),
        "meeting": telling.chosen(each["title"]),
    }
    frame = telling.tongue.evidence.get(each["kind"])
    if frame is not None and any(facts.values()):
        return telling.sentence(frame, **facts)
    kind, _, rest = each["ref"].partition(":")
    return f"{telling.tongue.words.get(kind) or plain(kind).capitalize()} {rest}".strip()


def _alternatives(explanation: dict[str, Any], telling: Telling) -> Iterator[Passage]:
    items = []
    for each in explanation["alternatives"]:
        if each["organisation"]:
            items.append(f"{telling.name(each['organisation'])}: {_ground(each['ground'], telling)}")
        else:
            items.append(telling.word(each["option"]))
    if items:
        yield Passage(telling.frame("alternatives"), items=tuple(items))


def _ground(ground: str, telling: Telling) -> str:
    word, _, number = ground.rpartition("-")
    if word == "place" and number.isdecimal():
        return f"{telling.word('place')} {telling.number(number)}"
    return telling.word(ground)


def _consequences(explanation: dict[str, Any], telling: Telling) -> Iterator[Passage]:
    items = []
    for each in explanation["consequences"]:
        kind, _, rest = each["subject"].partition(":")
        subject = telling.duty(rest) if kind == "duty" else telling.word(kind)
        items.append(f"{telling.title(each['type'])} ({subject}): {telling.word(each['outcome'])}")
    if items:
        yield Passage(telling.frame("consequences"), items=tuple(items))


def _later(explanation: dict[str, Any], telling: Telling) -> Iterator[Passage]:
    for each in explanation["corrected_by"]:
        heading = telling.frame("corrected", day=telling.day(each["decided_at"]))
        parts = each["details"].get("parts", ())
        yield Passage(heading, items=tuple(_corrected(part, telling) for part in parts))
    for relation in ("superseded", "revoked"):
        for each in explanation[f"{relation}_by"]:
            yield Passage(text=telling.frame(relation, day=telling.day(each["decided_at"])))


def _corrected(part: dict[str, str], telling: Telling, reason: str = "corrected_reason") -> str:
    name = part["part"]
    if name == "reason":
        return telling.frame(reason)
    was, now = part["was"], part["now"]
    if name.endswith("_at"):
        was, now = telling.moment(was), telling.moment(now)
    empty = telling.frame("empty")
    return telling.frame("corrected_part", part=telling.word(name), was=was or empty, now=now or empty)


def _objecting(explanation: dict[str, Any], telling: Telling) -> Iterator[Passage]:
    # Who decided for itself has nothing to object to, and an objection is not objected to.
    own = explanation["capacity"] != "office" or explanation["source"]["kind"] == "on_behalf"
    if explanation["concerns"] and not own and not explanation["type"].startswith("objection"):
        yield Passage(text=telling.frame("objecting"))
