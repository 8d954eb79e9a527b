"""Taking over from a spreadsheet over HTTP on a real database: form, preview with faults, confirmation."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid4, uuid5

import pytest
import python_calamine
import xlsxwriter  # type: ignore[import-untyped]
from services.programme.tests.entrypoints.test_money_over_http import FUNDING

from interpares.common.policy import Capacity
from interpares.programme.application.sheet import COLUMNS
from interpares.programme.entrypoints import sheets
from interpares.programme.projections.heard import HeardOrganisation, organisation_row

if TYPE_CHECKING:
    import httpx2
    from services.programme.tests.entrypoints.conftest import Office

HOST, GUEST = "AT:1", "AT:2"
DUTY = "AT.award-meeting.1"
ROWS: tuple[tuple[Any, ...], ...] = (
    ("record", "organisation", "role", "duty", "day", "amount", "currency", "category", "document"),
    ("participant", HOST, "award-winner", "", date(2026, 1, 5), "", "", "", ""),
    ("participant", GUEST, "follower", "", "2026-01-06", "", "", "", ""),
    ("duty", HOST, "", DUTY, "2026-01-07", "", "", "", ""),
    ("voucher", "", "", "", "2026-01-08", 1250.5, "EUR", "travel", "cd" * 32),
)


def workbook(*rows: tuple[Any, ...], formula: str = "") -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(number, column, cell, day)
                else:
                    sheet.write(number, column, cell)
        if formula:
            sheet.write_formula(len(rows), 0, formula, None, "participant")
    return file.getvalue()


def table(*rows: tuple[Any, ...], delimiter: str = ";") -> bytes:
    return "\n".join(delimiter.join(map(str, row)) for row in rows).encode("utf-8-sig")


class Desk:
    """An office that takes over."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.path = f"/programmes/{office.programme_id}/takeovers"

    async def look(self, content: bytes, media_type: str = sheets.XLSX, who: str = "office") -> httpx2.Response:
        headers = self.office.served.issuer.bearer(who) | {"Content-Type": media_type}
        return await self.office.served.client.post(f"/api/v1{self.path}", content=content, headers=headers)

    async def preview(self, content: bytes, media_type: str = sheets.XLSX) -> dict[str, Any]:
        answer = await self.look(content, media_type)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def read(self, path: str) -> Any:
        answer = await self.office.served.get("office", f"/programmes/{self.office.programme_id}/{path}", 0)
        return answer.json()


@pytest.fixture
async def desk(office: Office, multiply: dict[str, Any]) -> Desk:
    """An office whose programme runs elsewhere so far; two organisations are registered."""
    body = {
        "title": {"en": "MULTIPLY"},
        "office_id": str(office.office_id),
        "template": multiply | {"funding": FUNDING},
        "strands": ["AT"],
    }
    office.programme_id = str((await office.does("/programmes", body, 201))["id"])
    await office.open_call()
    async with office.served.parts.database.connection() as connection:
        for value in ("1", "2"):
            row = organisation_row(organisation(value))
            await connection.execute(row.statement, row.params)
    return Desk(office)


def organisation(value: str) -> HeardOrganisation:
    name = uuid5(NAMESPACE_URL, value)
    return HeardOrganisation(name, "municipality", "AT", [{"scheme": "AT", "value": value}], {"de": "Musterstadt"})


@pytest.mark.parametrize("media_type", [sheets.XLSX, sheets.CSV])
async def test_a_running_programme_is_taken_over(desk: Desk, media_type: str) -> None:
    content = workbook(*ROWS) if media_type == sheets.XLSX else table(*ROWS)

    found = await desk.preview(content, media_type)

    digest = hashlib.sha256(content).hexdigest()
    assert (found["document_hash"], found["faults"]) == (digest, [])
    assert found["rows"] == {"participant": 2, "duty": 1, "voucher": 1}
    answer = await desk.office.does(f"{desk.path}/{digest}/confirmation")
    log = "decisions?limit=100&type=duty-acceptance"
    position = answer["position"]
    listed = await desk.office.served.get("office", f"/programmes/{desk.office.programme_id}/{log}", position)
    (accepted,) = listed.json()["items"]
    assert accepted["decided_at"].startswith("2026-01-07T12:00:00")
    whole = await desk.read(f"decisions/{accepted['id']}")
    assert (whole["source"]["kind"], whole["source"]["document_hash"]) == ("import", digest)
    duty = await desk.office.served.get("office", f"/programmes/{desk.office.programme_id}/duties/{DUTY}", position)
    assert duty.json()["host_id"] == str(organisation("1").organisation_id)
    proof = f"/programmes/{desk.office.programme_id}/funding/proof-of-use"
    assert (await desk.office.served.get("office", proof, position)).json()["spent"] == "1250.50"
    again = await desk.office.does(f"{desk.path}/{digest}/confirmation", None, 409)
    assert again["code"] == "already-taken-over"
    seen_again = await desk.preview(content, media_type)
    assert (seen_again["taken_over"], seen_again["faults"]) == (True, [])


async def test_a_preview_lists_what_is_wrong_and_decides_nothing(desk: Desk) -> None:
    before = await desk.office.served.parts.store.head()
    wrong = (*ROWS, ("participant", "AT:99", "follower", "", "2026-01-06", "", "", "", ""), ("", "x"))

    found = await desk.preview(table(*wrong, delimiter=","), sheets.CSV)

    assert [(each["line"], each["column"]) for each in found["faults"]] == [(6, "organisation"), (7, "record")]
    assert all(each["message"] and each["way_out"] for each in found["faults"])
    assert await desk.office.served.parts.store.head() == before
    refused = await desk.office.does(f"{desk.path}/{found['document_hash']}/confirmation", None, 422)
    assert (refused["code"], refused["errors"][0]["field"]) == ("takeover-faulty", "lines.6.organisation")
    assert await desk.office.served.parts.store.head() == before


async def test_a_formula_is_a_value_or_a_text_and_never_computed(desk: Desk) -> None:
    found = await desk.preview(workbook(*ROWS[:2], formula='=HYPERLINK("http://nowhere.test","participant")'))
    assert [(each["line"], each["column"]) for each in found["faults"]] == [(3, "organisation")]
    found = await desk.preview(table(ROWS[0], ("=cmd|' /C calc'!A0", HOST)), sheets.CSV)
    assert [(each["line"], each["column"]) for each in found["faults"]] == [(2, "record")]


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"0" * (sheets.MOST_UNPACKED + 1))
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"PK nothing", sheets.XLSX),
        (bomb(), sheets.XLSX),
        (b"\xff\xfe", sheets.CSV),
        (b"", sheets.CSV),
        (b"record;organisation\n", sheets.CSV),
        (b"organisation;role\nAT:1;x\n", sheets.CSV),
        (b"record;surname\nparticipant;x\n", sheets.CSV),
        (b"record;day;day\nparticipant;x;y\n", sheets.CSV),
        (b"record;role\nparticipant;" + b"x" * 201 + b"\n", sheets.CSV),
        (b"record\n" + b"participant\n" * 2001, sheets.CSV),
        (b'record;role\n"participant;x\n', sheets.CSV),
    ],
)
async def test_what_is_no_table_is_refused_with_a_way_out(desk: Desk, content: bytes, media_type: str) -> None:
    answer = await desk.look(content, media_type)
    assert (answer.status_code, answer.json()["code"]) == (422, "sheet-unreadable"), answer.text
    assert answer.json()["way_out"]


async def test_only_tables_of_a_sensible_size_are_taken(desk: Desk) -> None:
    assert (await desk.look(b"{}", "application/json")).status_code == 415
    assert (await desk.look(b"0" * (sheets.MOST_BYTES + 1), sheets.CSV)).status_code == 413


async def test_the_form_explains_every_column_and_is_read_back(desk: Desk) -> None:
    answer = await desk.office.served.get("office", f"{desk.path}/form")
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert tuple(book.get_sheet_by_index(0).to_python()[0]) == COLUMNS
    assert [row[0] for row in book.get_sheet_by_index(1).to_python()[1:]] == list(COLUMNS)
    empty = await desk.look(answer.content)
    assert (empty.status_code, empty.json()["detail"]) == (422, "The table is empty.")


async def test_other_offices_find_nothing(desk: Desk) -> None:
    await desk.office.served.hold("other-office", Capacity.OFFICE, uuid4())
    assert (await desk.look(workbook(*ROWS), who="other-office")).status_code == 404
