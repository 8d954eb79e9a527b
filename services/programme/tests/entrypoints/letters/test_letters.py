"""Letters read as a town hall would write them, for every type of decision there is and for one nobody has met."""

from __future__ import annotations

import ast
import dataclasses
import html
import re
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader

import interpares.programme.domain as domain_package
from interpares.common.eventstore import MAPPER
from interpares.common.testing.golden import ORIGINATOR, event_classes, example_of
from interpares.programme.application.sheet import RECORDS
from interpares.programme.domain.events import Event
from interpares.programme.domain.meetings.meeting import TOLD
from interpares.programme.entrypoints.letters import FORMS, written
from interpares.programme.entrypoints.letters.english import ENGLISH
from interpares.programme.entrypoints.letters.german import GERMAN
from interpares.programme.projections.decision_log import ELSEWHERE
from interpares.programme.projections.explaining import with_hash, withheld

if TYPE_CHECKING:
    from collections.abc import Iterator

    from interpares.programme.entrypoints.letters.language import Tongue

DOMAIN = Path(next(iter(domain_package.__path__)))
GRAZ, LINZ, OFFICE = (f"018f0000-0000-7000-8000-00000000000{n}" for n in (1, 2, 3))
NAMES = {
    GRAZ: {"de": "Graz", "en": "Graz"},
    LINZ: {"de": "Linz"},
    OFFICE: {"de": "Klimabündnis", "en": "Climate Alliance"},
}
TEMPLATE: dict[str, Any] = {
    "title": {"de": "Kleines Programm", "en": "Small programme"},
    "roles": {"host": {"label": {"de": "Gastgeberin", "en": "Host"}}},
    "formats": {"talk": {"label": {"de": "Gespräch", "en": "Talk"}}},
    "hosting": {"visits": {"label": {"de": "Besuche", "en": "Visits"}}},
}
INSTANT = "2026-03-01T09:30:00Z"
# A change of these is told by decisions of their own.
UNTOLD = {"changed-status", "changed-host_id", "changed-organiser_id"}


def organisation(organisation_id: str) -> dict[str, Any]:
    return {"organisation_id": organisation_id, "names": NAMES.get(organisation_id, {}), "keys": []}


def relied_on(ref: str, **words: Any) -> dict[str, Any]:
    """Return a piece of evidence as it is put into words."""
    empty: dict[str, Any] = {"of": None, "names": {}, "label": {}, "code": "", "title": {}, "day": None, "until": None}
    kind = ref.partition(":")[0]
    return {"ref": ref, "version": 2, "hash": "cd" * 32, "position": 5, "kind": kind, **empty, **words}


def explanation(**changes: Any) -> dict[str, Any]:
    """Return an explanation as the projection puts it together, every part of it there."""
    whole: dict[str, Any] = {
        "id": "018f0000-0000-7000-8000-0000000000aa",
        "position": 7,
        "programme_id": "018f0000-0000-7000-8000-0000000000bb",
        "programme_title": {"de": "Kleines Programm", "en": "Small programme"},
        "office": organisation(OFFICE),
        "type": "admission",
        "subject": "application:018f0000-0000-7000-8000-0000000000cc",
        "outcome": "admitted",
        "details": {"role": "host", "organisation": GRAZ},
        "actor": "018f0000-0000-7000-8000-0000000000dd",
        "capacity": "office",
        "organisation": organisation(OFFICE),
        "authority": {"body": "jury", "vote": {"in_favour": 5, "against": 1, "abstained": 0}, "co_signers": [LINZ]},
        "interest": {"kind": "kinship", "persons": [LINZ], "handling": "abstained"},
        "decided_at": INSTANT,
        "effective_at": INSTANT,
        "recorded_at": INSTANT,
        "reason_code": "best-concept",
        "reason": "It has the best <concept> & the most heart.\nAnd a second line.",
        "reason_status": "shown",
        "reason_hash": "5e" * 32,
        "criteria": [{"code": "need", "finding": "high"}, {"code": "score", "finding": "1234.50"}],
        "rule": {"id": "roles.host", "version": 3, "hash": "ab" * 32, "text": TEMPLATE["roles"]["host"]},
        "manual": [{"id": "manual.fair", "version": 3, "hash": "ef" * 32, "text": {"label": {"de": "Reihum"}}}],
        "evidence": [{"ref": "application:1", "version": 2, "hash": "cd" * 32, "position": 5}],
        "relied_on": [relied_on("application:1", of=GRAZ, names=NAMES[GRAZ], label={"en": "Host"}, day=INSTANT)],
        "alternatives": [
            {"ground": "not-decided", "option": "", "organisation": organisation(LINZ)},
            {"ground": "best-concept", "option": "decline", "organisation": None},
        ],
        "concerns": [organisation(GRAZ)],
        "organisations": NAMES,
        "source": {"kind": "direct", "channel": "", "received_on": None, "document_hash": "", "entered_by": None},
        "file_reference": "10-24/7",
        "follows": None,
        "corrects": None,
        "supersedes": None,
        "revokes": None,
        "earlier": None,
        "consequences": [
            {"decision_id": LINZ, "type": "duty-lapse", "subject": "duty:AT.visits.1", "outcome": "lapsed"}
        ],
        "standing": {},
        "corrected_by": [],
        "superseded_by": [],
        "revoked_by": [],
        "communications": [],
        "objections": [],
    }
    return with_hash(whole | changes)


def text(language: str, **changes: Any) -> str:
    return FORMS["text"].render(written(explanation(**changes), TEMPLATE, language)).decode()


def decided() -> Iterator[tuple[str, str]]:
    """Yield type and outcome of every decision the domain takes, as far as they are written down as texts."""
    for path in sorted(DOMAIN.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "decide":
                kind, _, outcome = (*node.args, *[None] * 3)[:3]
                if isinstance(kind, ast.Constant):
                    yield str(kind.value), str(outcome.value) if isinstance(outcome, ast.Constant) else "decided"


DECIDED = sorted(set(decided()))
EVENTS = sorted(event_classes(Event), key=lambda each: str(vars(each)["TOPIC"]))


def reads_well(letter: str) -> None:
    """Hold a letter against what no letter of a town hall has in it."""
    body = letter.partition("\n--\n")[0]
    assert "{" not in body
    assert "}" not in body
    assert "None" not in body
    assert "undefined" not in body.lower()
    assert not re.search(r"  |\n\n\n| \.|\(\)|„“|“”", body), body


def test_the_domain_takes_decisions() -> None:
    assert ("admission", "admitted") in DECIDED
    assert len(DECIDED) > 20


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(("kind", "outcome"), DECIDED, ids=lambda each: each)
def test_every_decision_there_is_can_be_told(kind: str, outcome: str, language: str) -> None:
    subject = "duty:AT.visits.1" if kind.startswith("duty") else "programme:1"
    letter = text(language, type=kind, outcome=outcome, subject=subject, details={})
    reads_well(letter)
    assert "Graz" in letter


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("event_class", EVENTS, ids=lambda each: vars(each)["TOPIC"])
def test_every_event_of_the_golden_corpus_can_be_told(event_class: Any, language: str) -> None:
    event = example_of(event_class, originator_id=ORIGINATOR, originator_version=1)
    values = MAPPER.values(event)
    record = values["decision"]
    details = {name: value for name, value in values.items() if name not in ELSEWHERE}
    kinds = [kind for kind, _ in DECIDED]
    for kind in ("text", *kinds):
        told = explanation(type=kind, outcome=record["outcome"], details=details)
        reads_well(FORMS["text"].render(written(told, TEMPLATE, language)).decode())


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_decision_nobody_has_met_is_told_in_general(language: str) -> None:
    letter = text(language, type="moon-landing", outcome="landed-softly", subject="crater:7")
    reads_well(letter)
    assert "landed softly" in letter
    assert "Graz" in letter


def test_a_type_made_of_known_words_has_a_title_in_german() -> None:
    assert "Aufgabe: Erinnerung" in text("de", type="task-reminder", outcome="reminded", subject="task:7")


@pytest.mark.parametrize("tongue", [GERMAN, ENGLISH])
def test_all_sentences_have_a_title_and_both_languages_say_the_same(tongue: Any) -> None:
    other = ENGLISH if tongue is GERMAN else GERMAN
    assert {kind for kind, _ in tongue.sentences} <= tongue.titles.keys()
    assert tongue.titles.keys() == other.titles.keys()
    assert tongue.sentences.keys() == other.sentences.keys()
    assert tongue.frame.keys() == other.frame.keys()
    assert tongue.words.keys() == other.words.keys()


def test_a_letter_says_what_an_auditor_would_ask() -> None:
    letter = text("de")
    for said in (
        "Wir freuen uns: Graz nimmt am Programm teil, in der Rolle „Gastgeberin“.",
        "Unser Zeichen: 10-24/7",
        "Datum: 1. März 2026",
        "It has the best <concept> & the most heart.",
        "Punktwert: 1.234,5",
        "Entschieden hat: Jury (5 dafür, 1 dagegen, 0 enthalten); mitgezeichnet von 1 weiteren Personen.",
        "(Verwandtschaft); so wurde damit umgegangen: enthalten.",
        "Angewandt wurde die Regel „Gastgeberin“ der Programmvorlage, Fassung 3.",
        "- Linz: noch nicht entschieden",
        "- ablehnen",
        "- Wegfall einer Gastgeberaufgabe (Besuche (AT, 1)): entfallen",
        "teilen Sie uns Ihren Einwand mit",
        explanation()["hash"],
    ):
        assert said in letter
    assert "1,234.5" in text("en")
    assert "Date: 1 March 2026" in text("en")


def test_an_erased_and_a_withheld_reason_are_told_apart() -> None:
    erased = FORMS["text"].render(
        written(with_hash(explanation() | {"reason": None, "reason_status": "erased"}), TEMPLATE, "de")
    )
    kept = FORMS["text"].render(written(with_hash(withheld(explanation())), TEMPLATE, "en"))
    assert "gelöscht" in erased.decode()
    assert "for those concerned only" in kept.decode()
    assert "heart" not in kept.decode()
    assert withheld(explanation(reason=None, reason_status="erased"))["reason_status"] == "erased"


def later(**changes: Any) -> dict[str, Any]:
    return {"id": LINZ, "type": "x", "outcome": "x", "decided_at": INSTANT, "details": {}} | changes


def test_corrections_and_what_took_its_place_are_visible() -> None:
    parts = [
        {"part": "file_reference", "was": "", "now": "10-24/8"},
        {"part": "decided_at", "was": INSTANT, "now": "2026-02-28T23:30:00+00:00"},
        {"part": "reason", "was": "5e" * 32, "now": "6f" * 32},
    ]
    letter = text(
        "de",
        standing={"file_reference": "10-24/8", "decided_at": "2026-02-28T23:30:00+00:00"},
        corrected_by=[later(details={"parts": parts}), later()],
        superseded_by=[later()],
        revoked_by=[later()],
    )
    reads_well(letter)
    assert "Unser Zeichen: 10-24/8" in letter
    assert "- Aktenzeichen: statt „(nichts)“ richtig „10-24/8“" in letter
    assert "- Die Begründung ist oben in ihrer richtigen Fassung wiedergegeben." in letter
    assert "durch eine spätere abgelöst" in letter
    assert "widerrufen" in letter


def test_a_correction_tells_of_which_decision_and_what_is_right() -> None:
    parts = [
        {"part": "file_reference", "was": "10-24/7", "now": "10-24/8"},
        {"part": "reason", "was": "5e" * 32, "now": "6f" * 32},
    ]
    changes: dict[str, Any] = {
        "type": "correction",
        "outcome": "corrected",
        "subject": f"decision:{LINZ}",
        "details": {"corrected": LINZ, "parts": parts, "seen": None},
        "earlier": {"id": LINZ, "type": "admission", "decided_at": "2026-02-01T09:30:00Z"},
    }
    german, english = text("de", **changes), text("en", **changes)
    reads_well(german)
    assert "Es geht um die Entscheidung vom 1. Februar 2026 (Aufnahme in das Programm)." in german
    assert "Richtiggestellt wird\n- Aktenzeichen: statt „10-24/7“ richtig „10-24/8“" in german
    assert "This is about the decision of 1 February 2026 (Admission to the programme)." in english
    assert "- The reason has another wording now." in english
    assert with_hash(explanation(**changes, position=8))["hash"] == explanation(**{**changes, "earlier": None})["hash"]


def test_what_was_decided_elsewhere_is_told_on_the_day_it_was_entered() -> None:
    for kind in ("retrospective", "import"):
        source = {"kind": kind, "channel": "", "received_on": None, "document_hash": "", "entered_by": LINZ}
        letter = text("en", source=source, decided_at="2025-05-06T12:00:00Z", effective_at="2025-05-06T12:00:00Z")
        assert "Date: 1 March 2026" in letter
        assert "The decision was taken on 6 May 2025 and takes effect on that day." in letter
        assert "on 1 March 2026." in letter


def test_a_takeover_tells_in_words_what_was_entered() -> None:
    criteria = [{"code": f"rows-{record}", "finding": "3"} for record in RECORDS]
    assert "- Zeilen zu Gastgeberaufgaben: 3" in text("de", criteria=criteria)
    assert "“" not in text("en", criteria=criteria).partition("What was looked at")[2].partition("The decision")[0]


def test_an_exception_tells_from_what_and_until_when() -> None:
    rule = {"id": "prerequisites.resolution", "version": 1, "hash": "ab" * 32, "text": {"label": {"de": "Beschluss"}}}
    details = {"prerequisite": "resolution", "organisation": GRAZ, "until": "2027-06-23"}
    german = text("de", type="exception-grant", outcome="granted", details=details, rule=rule)
    assert "Graz darf die Voraussetzung „Beschluss“ später erfüllen. Die Ausnahme gilt bis zum 23. Juni 2027." in german
    ended = text("en", type="exception-end", details={"prerequisite": "resolution", "organisation": GRAZ}, rule=rule)
    assert "The temporary exception for Graz from the prerequisite “Beschluss” has ended." in ended


def test_a_check_tells_what_is_asked_about() -> None:
    details = {"output": LINZ, "now": {"kind": "recommendation", "due": "2014-12-31"}, "months": 3, "level": 1}
    assert "was aus dem Ergebnis (Empfehlung, fällig am 31. Dezember 2014) geworden ist." in text(
        "de", type="check-due", details=details
    )
    undated = details | {"now": {"kind": "measure", "due": None}}
    assert "An output has been recorded (measure)." in text("en", type="output-record", details=undated)


def test_a_term_tells_its_days() -> None:
    details = {"starts": "2012-07-01", "ends": "2014-06-30"}
    assert "begins on 1 July 2012 and ends on 30 June 2014." in text("en", type="term", outcome="set", details=details)
    endless = text("de", type="term", outcome="set", details=details | {"ends": None})
    assert "Die Laufzeit des Programms beginnt am 1. Juli 2012." in endless


def test_a_changed_meeting_tells_what_changed_and_that_the_agreement_has_to_be_approved_again() -> None:
    meeting = {"starts": "2027-06-23T09:30:00", "zone": "Europe/Rome", "title": {"en": "Talk"}}
    details = {"meeting": {"details": meeting}, "changed": ["status", "seats", "venue"], "agreement": {"number": 2}}
    german, english = (text(language, type="meeting-change", details=details) for language in ("de", "en"))
    assert "Geändert: Zahl der Plätze und Ort. Damit hat die Gastgebervereinbarung eine neue Fassung (2)" in german
    assert "Changed: number of seats and venue. With it the hosting agreement has a new version (2)" in english
    unchanged = text("en", type="meeting-change", details=details | {"changed": [], "agreement": None})
    assert "agreement" not in unchanged
    assert {f"changed-{told}" for told in TOLD.values()} - GERMAN.words.keys() <= UNTOLD


@pytest.mark.parametrize("kind", ["on_behalf", "retrospective", "time_out", "import"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_source_is_told(kind: str, language: str) -> None:
    source = {"kind": kind, "channel": "phone", "received_on": INSTANT, "document_hash": "", "entered_by": LINZ}
    letter = text(language, source=source, interest={"kind": "none", "persons": [], "handling": ""}, follows=LINZ)
    reads_well(letter)


def test_equal_facts_give_equal_bytes_in_every_form() -> None:
    for form in FORMS.values():
        first, second = (form.render(written(explanation(), TEMPLATE, "de")) for _ in range(2))
        assert first == second


def test_the_hash_stands_for_what_the_letter_rests_on_and_not_for_whom_was_told() -> None:
    assert explanation(communications=[later()])["hash"] == explanation()["hash"]
    assert explanation(reason="Another.")["hash"] != explanation()["hash"]
    assert explanation(corrected_by=[later()])["hash"] != explanation()["hash"]


def test_html_escapes_whatever_was_typed_and_loads_nothing() -> None:
    hostile = "<script>alert(1)</script>"
    named = {GRAZ: {"de": '"><img src=x onerror=alert(1)>'}}
    page = (
        FORMS["html"]
        .render(written(explanation(reason=hostile, organisations=named, file_reference=hostile), TEMPLATE, "de"))
        .decode()
    )
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page
    assert FORMS["html"].headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_pdf_is_tagged_and_says_the_same(language: str) -> None:
    hostile = explanation(reason='#panic("x") $x$ *bold* \\ <label> @ref')
    letter = written(hostile, TEMPLATE, language)
    reader = PdfReader(BytesIO(FORMS["pdf"].render(letter)))
    catalogue: Any = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert str(catalogue["/Lang"]).startswith(language)
    assert b"pdfuaid" in catalogue["/Metadata"].get_data()
    assert reader.metadata is not None
    assert reader.metadata.title == letter.subject
    shown = " ".join("".join(page.extract_text() for page in reader.pages).split())
    assert '#panic("x")' in shown
    assert hostile["hash"][:20] in shown.replace(" ", "") or hostile["id"] in shown.replace(" ", "")


def test_a_letter_without_recipients_or_reference_has_no_empty_lines_for_them() -> None:
    letter = written(
        explanation(concerns=[], file_reference="", office=organisation("018f0000-0000-7000-8000-0000000000ff")),
        TEMPLATE,
        "de",
    )
    assert (letter.recipients, letter.sender, [label for label, _ in letter.about]) == ((), "Programmbüro", ["Datum"])
    for form in FORMS.values():
        assert form.render(letter)


def test_a_choice_of_reviewers_names_them_the_kind_of_document_and_the_day() -> None:
    chosen = {
        "type": "reviewer-choice",
        "outcome": "chosen",
        "subject": "document:1",
        "rule": {"id": "documents.plan", "version": 3, "hash": "", "text": {"label": {"de": "Energieplan"}}},
        "details": {
            "version": 2,
            "reviewers": [{"review": "1", "organisation": GRAZ}, {"review": "2", "organisation": LINZ}],
            "due": "2026-05-01",
        },
    }
    asked = "Um eine Bewertung der Fassung 2 (Energieplan) sind gebeten: Graz und Linz."
    assert f"{asked} Wir bitten um die Bewertung bis zum 1. Mai 2026." in text("de", **chosen)
    chosen["details"] = {"version": 2, "reviewer": LINZ}
    given = text("en", **chosen | {"type": "review", "outcome": "given", "subject": "review:1"})
    assert "Linz has reviewed version 2 (Energieplan)." in given


def test_the_letter_is_plain_data() -> None:
    letter = written(explanation(), TEMPLATE, "de")
    assert dataclasses.asdict(letter)["language"] == "de"


def test_a_meeting_is_told_by_its_name_and_its_time_on_the_clock_there() -> None:
    details = {"title": {"de": "Austausch"}, "starts": "2099-06-10T09:00:00", "zone": "Europe/Vienna"}
    letter = text("de", type="meeting-confirmation", outcome="confirmed", details={"meeting": {"details": details}})
    assert "Das Austauschtreffen „Austausch“ ist bestätigt: 10. Juni 2099" in letter
    assert "09:00 Uhr MESZ" in letter


def test_a_call_is_told_with_its_deadline_on_the_clock_of_its_place() -> None:
    deadline = {"local": "2026-12-01T12:00:00", "zone": "Europe/Brussels"}
    assert "until 1 December 2026" in text("en", type="call-opening", outcome="open", details={"deadline": deadline})


GERMAN_HEAD = {"label": {"de": "Chefsache", "en": "Headed by the mayor"}}


@pytest.mark.parametrize(
    ("evidence", "german", "english"),
    [
        (
            relied_on("application:1", of=GRAZ, names={"de": "Graz"}, label={"de": "Gast", "en": "Guest"}, day=INSTANT),
            "Bewerbung von Graz um die Rolle „Gast“, Fassung 2, vom 1. März 2026 (SHA-256 cdcd",
            "application of Graz for the role “Guest”, version 2, of 1 March 2026 (SHA-256 cdcd",
        ),
        (
            relied_on("organisation:1", of=GRAZ, names={"de": "Graz"}),
            "Angaben im Verzeichnis über Graz, Fassung 2 (SHA-256 cdcd",
            "what the directory says of Graz, version 2 (SHA-256 cdcd",
        ),
        (
            relied_on("prerequisite:1", of=GRAZ, names={"de": "Graz"}, day="2026-01-31", **GERMAN_HEAD),
            "Chefsache, nachgewiesen von Graz, Fassung 2, vom 31. Januar 2026 (",
            "Headed by the mayor, shown by Graz, version 2, of 31 January 2026 (",
        ),
        (
            relied_on("prerequisite:1", of=GRAZ, names={"de": "Graz"}, code="political-resolution"),
            "politischer Beschluss, nachgewiesen von Graz, Fassung 2 (",
            "political resolution, shown by Graz, version 2 (",
        ),
        (
            relied_on("exception:1", of=GRAZ, names={"de": "Graz"}, until="2026-06-30", **GERMAN_HEAD),
            "befristete Ausnahme für Graz von „Chefsache“, Fassung 2, gültig bis 30. Juni 2026 (",
            "temporary exception for Graz from “Headed by the mayor”, version 2, valid until 30 June 2026 (",
        ),
        (
            relied_on("agreement:1", title={"de": "Treffen", "en": "Meeting"}),
            "Gastgebervereinbarung zum Austauschtreffen „Treffen“, Fassung 2 (",
            "hosting agreement on the exchange meeting “Meeting”, version 2 (",
        ),
        (
            relied_on("attendance:1/2", of=GRAZ, names={"de": "Graz"}, title={"en": "Meeting"}),
            "festgehaltene Teilnahme von Graz am Austauschtreffen „Meeting“, Fassung 2 (",
            "recorded attendance of Graz at the exchange meeting “Meeting”, version 2 (",
        ),
        (
            relied_on("ranking:1", label={"de": "Gast", "en": "Guest"}),
            "Rangfolge der Bewerbungen um die Rolle „Gast“, Fassung 2 (",
            "ranking of the applications for the role “Guest”, version 2 (",
        ),
        (
            relied_on("deliverable:a.b.c", label={"de": "Fragestellung", "en": "Question"}, code="c"),
            "Arbeitsergebnis „Fragestellung“, Fassung 2 (",
            "deliverable “Question”, version 2 (",
        ),
        (relied_on("minutes:12-a", code="12-a"), "Protokoll 12-a, Fassung 2 (", "minutes 12-a, version 2 ("),
        (relied_on("ranking:1"), "Rangfolge 1, Fassung 2 (", "ranking 1, version 2 ("),
    ],
)
def test_what_a_decision_relied_on_is_told_in_words_with_its_hash(
    evidence: dict[str, Any], german: str, english: str
) -> None:
    for language, wanted in (("de", german), ("en", english)):
        letters = [
            FORMS[form].render(written(explanation(relied_on=[evidence]), TEMPLATE, language)).decode()
            for form in ("text", "html")
        ]
        plain_text = " ".join(letters[0].split())
        assert wanted in plain_text
        assert "cd" * 32 in letters[0].replace("\n", "").replace(" ", "")
        assert wanted in html.unescape(" ".join(letters[1].split()))
        pdf = PdfReader(BytesIO(FORMS["pdf"].render(written(explanation(relied_on=[evidence]), TEMPLATE, language))))
        read = "".join(page.extract_text() for page in pdf.pages)
        assert "".join(wanted.split()) in "".join(read.split())


def test_the_words_of_evidence_do_not_change_the_hash_of_a_letter() -> None:
    renamed = relied_on("application:1", names={"de": "Graz-Umgebung"})
    assert explanation()["hash"] == explanation(relied_on=[renamed])["hash"]


def codes() -> Iterator[str]:
    """Yield the codes the programme itself gives: options and grounds not taken, criteria, reasons, outcomes."""

    def written_in(node: ast.AST | None) -> Iterator[str]:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
            yield node.value
        elif isinstance(node, ast.IfExp):
            yield from (*written_in(node.body), *written_in(node.orelse))

    for path in sorted(DOMAIN.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            place = {"instead": 0, "Criterion": 0, "decide": 2, "_about": 1, "_step": 3}.get(called)
            if place is not None and len(node.args) > place:
                yield from written_in(node.args[place])
            for keyword in node.keywords:
                if keyword.arg in {"option", "ground", "reason_code"}:
                    yield from written_in(keyword.value)


@pytest.mark.parametrize("tongue", [GERMAN, ENGLISH], ids=lambda tongue: str(tongue.code))
def test_every_code_the_programme_gives_itself_has_words(tongue: Tongue) -> None:
    given = set(codes())
    assert {"not-confirm", "was-due", "duty-lapsed", "not-begin"} <= given
    assert sorted(given - tongue.words.keys()) == []


def test_numbers_keep_their_sign_days_are_days_and_conditions_are_told_in_words() -> None:
    criteria = [
        {"code": "value", "finding": "-11.5"},
        {"code": "measured-on", "finding": "2020-12-31"},
        {"code": "eligibility-0-kind", "finding": "holds:municipality"},
        {"code": "eligibility-1-funding", "finding": "fails:funded:2027-01-23"},
        {"code": "eligibility-2-history", "finding": "holds:2"},
    ]
    german, english = (text(language, criteria=criteria) for language in ("de", "en"))
    for line in (
        "- Wert: -11,5",
        "- gemessen am: 31. Dezember 2020",
        "- Teilnahmevoraussetzung (Art der Organisation): erfüllt (Kommune)",
        "- Teilnahmevoraussetzung (Förderung): nicht erfüllt (gefördert, 23. Januar 2027)",
        "- Teilnahmevoraussetzung (frühere Teilnahme): erfüllt (2)",
    ):
        assert line in german
    assert "- condition of the role (funding): not met (funded, 23 January 2027)" in english


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("kind", ["programme", "output", "check", "agreement", "deliverable"])
def test_a_letter_names_nothing_by_an_id(language: str, kind: str) -> None:
    told = text(language, type="never-heard-of", subject=f"{kind}:{LINZ}.24")
    assert LINZ not in told.rpartition("--")[0]


def test_a_moment_is_told_to_the_minute() -> None:
    begins = {"starts": "2027-06-23T09:30:00", "zone": "Europe/Rome", "title": {"en": "Talk"}}
    changes: dict[str, Any] = {"type": "meeting-confirmation", "details": {"meeting": {"details": begins}}}
    assert "23. Juni 2027, 09:30 Uhr MESZ" in text("de", **changes)
    assert "23 June 2027, 09:30 CEST" in text("en", **changes)
