"""The letter a person gets about their request, in plain sentences, German or English.

It holds no name: the person is erased, or about to be. What was typed as the reason stands in it while it exists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from interpares.common.paper import Paper, Part

if TYPE_CHECKING:
    from datetime import date

    from interpares.registration.projections.privacy import ListedRequest

Language = Literal["de", "en"]
GROUNDS = {
    "en": {
        "legal-duty": "a law obliges us to keep them (Article 17(3)(b) of the GDPR)",
        "public-task": "we need them for a task in the public interest (Article 17(3)(b) of the GDPR)",
        "archive-in-the-public-interest": "they belong in an archive in the public interest (Article 17(3)(d) GDPR)",
        "legal-claims": "they are needed to establish or defend legal claims (Article 17(3)(e) of the GDPR)",
        "not-identified": "we could not establish that they are yours (Article 12(2) of the GDPR)",
    },
    "de": {
        "legal-duty": "ein Gesetz uns verpflichtet, sie aufzubewahren (Artikel 17 Absatz 3 Buchstabe b DSGVO)",
        "public-task": "wir sie für eine Aufgabe im öffentlichen Interesse brauchen (Artikel 17 Absatz 3 Buchstabe b)",
        "archive-in-the-public-interest": "sie in ein Archiv im öffentlichen Interesse gehören (Artikel 17 Absatz 3 d)",
        "legal-claims": "sie für Rechtsansprüche gebraucht werden (Artikel 17 Absatz 3 Buchstabe e DSGVO)",
        "not-identified": "wir nicht feststellen konnten, dass es Ihre Daten sind (Artikel 12 Absatz 2 DSGVO)",
    },
}
OUTCOMES = {
    "en": {
        "open": "We have not decided yet.",
        "erased": "Your data are erased: your name, your address, what you wrote as a private person and what others"
        " wrote about you. What remains are decisions with codes and numbers that lead to nobody.",
        "restricted": "We keep your data until {until}, but show and use them no more, because {ground}. On that day"
        " they are erased by themselves; you need not ask again.",
        "refused": "We do not erase your data, because {ground}.",
    },
    "de": {
        "open": "Wir haben noch nicht entschieden.",
        "erased": "Ihre Daten sind gelöscht: Ihr Name, Ihre Adresse, was Sie als Privatperson geschrieben haben und was"
        " andere über Sie geschrieben haben. Es bleiben Entscheidungen mit Kürzeln und Nummern, die zu niemandem"
        " führen.",
        "restricted": "Wir bewahren Ihre Daten bis zum {until} auf, zeigen und nutzen sie aber nicht mehr, weil"
        " {ground}. An diesem Tag werden sie von selbst gelöscht; Sie müssen nicht noch einmal darum bitten.",
        "refused": "Wir löschen Ihre Daten nicht, weil {ground}.",
    },
}
WORDS = {
    "en": {
        "title": "Your request to be erased",
        "received": "Your request reached us on {day}.",
        "decided": "We decided about it on {day}.",
        "reason": "Our reason",
        "no_reason": "The reason was typed and has been erased with your data. Its code is: {code}.",
        "code": "Its code is: {code}.",
        "rights": "What you can do",
        "objection": "If you disagree, you can complain to the data protection authority of your country, or go to"
        " court. You can also write to us again and name this number.",
        "number": "Number",
    },
    "de": {
        "title": "Ihr Antrag auf Löschung",
        "received": "Ihr Antrag hat uns am {day} erreicht.",
        "decided": "Wir haben am {day} darüber entschieden.",
        "reason": "Unsere Begründung",
        "no_reason": "Die Begründung war ein getippter Text und ist mit Ihren Daten gelöscht. Kürzel dafür: {code}.",
        "code": "Kürzel dafür: {code}.",
        "rights": "Was Sie tun können",
        "objection": "Wenn Sie nicht einverstanden sind, können Sie sich bei der Datenschutzaufsicht Ihres Landes"
        " beschweren oder vor Gericht gehen. Sie können uns auch noch einmal schreiben und diese Nummer nennen.",
        "number": "Nummer",
    },
}


def letter(request: ListedRequest, reason: str | None, language: Language) -> Paper:
    """Return the letter about a request. reason: as typed by whoever decided, None where it was erased."""
    words = WORDS[language]
    ground = GROUNDS[language].get(request.ground or "", "")
    until = day(request.until, language) if request.until else ""
    facts = [words["received"].format(day=day(request.received_on, language))]
    if request.decided_at is not None:
        facts.append(words["decided"].format(day=day(request.decided_at.date(), language)))
    facts.append(OUTCOMES[language][request.status].format(until=until, ground=ground))
    parts = [Part(paragraphs=tuple(facts))]
    if request.reason_code is not None:
        code = words["code" if reason else "no_reason"].format(code=request.reason_code)
        parts.append(Part(words["reason"], (*((reason,) if reason else ()), code)))
    parts.append(Part(words["rights"], (words["objection"],), ((words["number"], str(request.id)),)))
    return Paper(language, words["title"], tuple(parts))


def day(value: date, language: Language) -> str:
    """Return a day as people of the language write it."""
    return f"{value.day}.{value.month}.{value.year}" if language == "de" else f"{value.day} {value:%B %Y}"
