"""A comparison of applicants as a file: CSV, HTML and PDF of one and the same table."""

import io
from decimal import Decimal
from pathlib import Path
from typing import Any

from babel.numbers import format_decimal

from interpares.common.pages import page, strict
from interpares.common.paper import typeset
from interpares.common.tables import TableWriter

HERE = Path(__file__).parent
STYLE = "body{font:1rem/1.4 serif;margin:2em}table{border-collapse:collapse}th,td{border:1px solid;padding:.2em .6em}"
STRICT = strict(STYLE)
LAYOUT = (HERE / "comparison.typ").read_bytes()
WORDS = {
    "de": {
        "heading": "Vergleich der Bewerbungen",
        "columns": ("Rang", "Organisation", "Punktwert", "Bewertungen", "Ergebnis", "Entscheidung bei Gleichstand"),
        "weights": "Gewichte",
        "places": "Plätze",
        "unlimited": "nicht begrenzt",
        "open": "offen",
        "admitted": "aufgenommen",
        "declined": "abgelehnt",
        "waiting": "Warteliste",
        "withdrawn": "zurückgezogen",
        "lot": "Los",
        "decided": "Beschluss",
    },
    "en": {
        "heading": "Comparison of applications",
        "columns": ("Rank", "Organisation", "Score", "Assessments", "Outcome", "Decided among equals by"),
        "weights": "Weights",
        "places": "Places",
        "unlimited": "not limited",
        "open": "open",
        "admitted": "admitted",
        "declined": "declined",
        "waiting": "waiting list",
        "withdrawn": "withdrawn",
        "lot": "lot",
        "decided": "decision",
    },
}


def as_csv(comparison: dict[str, Any], language: str) -> bytes:
    """Return the table as CSV, UTF-8 with a byte order mark, numbers with a point; no cell is taken for a formula."""
    text = io.StringIO()
    writer = TableWriter(text, ";")
    writer.row(_columns(comparison, language))
    for row in _rows(comparison, language):
        writer.row([str(each) for each in row])
    return text.getvalue().encode("utf-8-sig")


def as_html(comparison: dict[str, Any], language: str) -> bytes:
    """Return the table as a page that loads nothing."""
    return page(HERE / "comparison.html.jinja").render(style=STYLE, **_page(comparison, language)).encode()


def as_pdf(comparison: dict[str, Any], language: str) -> bytes:
    """Return the table as a tagged PDF to be printed; all of it comes as data."""
    return typeset(LAYOUT, _page(comparison, language))


def _page(comparison: dict[str, Any], language: str) -> dict[str, Any]:
    words = WORDS[language]
    weights = ", ".join(
        f"{comparison['labels'].get(each['key'], each['key'])} {each['weight']}" for each in comparison["criteria"]
    )
    places = words["unlimited"] if comparison["places"] is None else str(comparison["places"])
    return {
        "language": language,
        "title": f"{words['heading']}: {comparison['label']} ({comparison['strand']})",
        "lines": [f"{words['weights']}: {weights}", f"{words['places']}: {places}"],
        "columns": list(_columns(comparison, language)),
        "rows": [[_told(each, language) for each in row] for row in _rows(comparison, language)],
    }


def _columns(comparison: dict[str, Any], language: str) -> tuple[str, ...]:
    rank, name, *others = WORDS[language]["columns"]
    criteria = (comparison["labels"].get(each["key"], each["key"]) for each in comparison["criteria"])
    return (rank, name, *criteria, *others)


def _rows(comparison: dict[str, Any], language: str) -> list[tuple[Any, ...]]:
    words = WORDS[language]
    return [
        (
            "" if each["place"] is None else each["place"],
            each["names"].get(language) or next(iter(each["names"].values()), str(each["organisation_id"])),
            *(_number(each["points"].get(criterion["key"])) for criterion in comparison["criteria"]),
            _number(each["score"]),
            sum(found["counts"] for found in each["assessments"]),
            words["withdrawn"] if each["withdrawn"] else words.get(each["outcome"], each["outcome"]),
            words.get(each["tie_break"], comparison["labels"].get(each["tie_break"], each["tie_break"])),
        )
        for each in comparison["applicants"]
    ]


def _number(text: str | None) -> Decimal | str:
    return "" if text is None else Decimal(text)


def _told(value: Any, language: str) -> str:
    return str(format_decimal(value, locale=language)) if isinstance(value, Decimal) else str(value)


FORMS = {
    "csv": (as_csv, "text/csv; charset=utf-8", {}),
    "html": (as_html, "text/html; charset=utf-8", {"Content-Security-Policy": STRICT}),
    "pdf": (as_pdf, "application/pdf", {}),
}
