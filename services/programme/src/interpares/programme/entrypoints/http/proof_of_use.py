"""The proof of use as a file: CSV, XLSX and PDF of one and the same table; the latter two list the vouchers as well."""

import io
from decimal import Decimal
from pathlib import Path
from typing import Any

from babel.numbers import format_decimal

from interpares.common.paper import typeset
from interpares.common.tables import TableWriter

LAYOUT = Path(__file__).with_name("proof_of_use.typ")
COLUMNS = {
    "de": ("Kategorie", "Bezeichnung", "Geplant", "Belege", "Ausgegeben", "Verbleibend"),
    "en": ("Category", "Label", "Planned", "Vouchers", "Spent", "Left"),
}
VOUCHERS = {
    "de": ("Nr.", "Tag", "Kategorie", "Grund", "Zahlungsempfänger", "Betrag", "SHA-256 des Belegs"),
    "en": ("No.", "Day", "Category", "Reason", "Payee", "Amount", "SHA-256 of the receipt"),
}
ENTRY = ("number", "day", "category", "reason_code", "payee", "amount", "document_hash")
WORDS = {
    "de": {
        "heading": "Verwendungsnachweis",
        "total": "Zuwendung",
        "unspent": "Nicht ausgegeben",
        "sum": "Summe",
        "unallocated": "Davon keinem Teilnehmer zugeteilt",
        "vouchers": "Belege",
    },
    "en": {
        "heading": "Proof of use",
        "total": "Grant",
        "unspent": "Unspent",
        "sum": "Sum",
        "unallocated": "Of this allocated to no participant",
        "vouchers": "Vouchers",
    },
}


def as_csv(proof: dict[str, Any], language: str) -> bytes:
    """Return the table as CSV, UTF-8 with a byte order mark, amounts with a point; no cell is taken for a formula."""
    text = io.StringIO()
    writer = TableWriter(text, ";")
    writer.row(COLUMNS[language])
    for row in _rows(proof, language):
        writer.row(["" if each is None else each for each in row])
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(proof: dict[str, Any], language: str) -> bytes:
    """Return the table as a workbook; amounts are numbers, texts are never formulas."""
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    import xlsxwriter  # type: ignore[import-untyped]  # noqa: PLC0415 -- only who writes workbooks has it in memory

    with xlsxwriter.Workbook(file, options) as book:
        bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
        for name, columns, rows in (
            ("heading", COLUMNS[language], _rows(proof, language)),
            ("vouchers", VOUCHERS[language], _vouchers(proof)),
        ):
            sheet = book.add_worksheet(WORDS[language][name])
            sheet.write_row(0, 0, columns, bold)
            for index, row in enumerate(rows, start=1):
                for column, each in enumerate(row):
                    if isinstance(each, Decimal):
                        # A workbook knows only binary numbers; two digits survive them up to 10¹³.
                        sheet.write_number(index, column, float(each), money)
                    elif each is not None:
                        sheet.write(index, column, each)
            sheet.autofit()
    return file.getvalue()


def as_pdf(proof: dict[str, Any], language: str) -> bytes:
    """Return the table as a page to be signed. What is written in it comes as data, never as markup."""
    rows = [["" if each is None else _told(each, language) for each in row] for row in _rows(proof, language)]
    data = {
        **WORDS[language],
        "title": _in(proof["title"], language),
        "funder": _in(proof["funder"], language),
        "carrier": _in(proof["carrier"], language),
        "currency": proof["currency"],
        "grant": _told(proof["total"], language),
        "left": _told(proof["unspent"], language),
        "rest": _told(proof["unallocated"], language),
        "columns": COLUMNS[language],
        "rows": rows,
        "entries": [
            VOUCHERS[language][:-1],
            *([_told(each, language) for each in row[:-1]] for row in _vouchers(proof)),
        ],
        "language": language,
    }
    return typeset(LAYOUT.read_bytes(), data)


def _rows(proof: dict[str, Any], language: str) -> list[tuple[Any, ...]]:
    rows = [
        (each["category"], _in(each["label"], language), each["planned"], each["vouchers"], each["spent"], each["left"])
        for each in proof["categories"]
    ]
    vouchers = sum(each["vouchers"] for each in proof["categories"])
    words = WORDS[language]
    return [
        *rows,
        (words["sum"], "", proof["total"], vouchers, proof["spent"], proof["unspent"]),
        (words["unallocated"], "", proof["unallocated"], None, None, None),
    ]


def _vouchers(proof: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return the vouchers that stand, each with what ``ENTRY`` names; payees are ids, never names."""
    texts = {"day", "payee"}
    return [tuple(str(each[name]) if name in texts else each[name] for name in ENTRY) for each in proof["entries"]]


def _in(texts: dict[str, str], language: str) -> str:
    return texts.get(language) or next(iter(texts.values()), "")


def _told(value: Any, language: str) -> str:
    if isinstance(value, Decimal):
        return str(format_decimal(value, format="#,##0.00", locale=language))
    return str(value)
