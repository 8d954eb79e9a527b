"""Organisations as documents: previewed row by row, confirmed, registered by the worker, exported and read again."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import xlsxwriter  # type: ignore[import-untyped]
from services.registration.tests.conftest import ROOT, created

from interpares.registration.entrypoints.http.imports import CSV, XLSX
from interpares.registration.infrastructure.importing import Importer
from interpares.registration.infrastructure.imports import ImportTable
from interpares.registration.infrastructure.keys import KeyTable

if TYPE_CHECKING:
    import httpx2
    from services.registration.tests.conftest import Registration

WHY = {"reason_code": "taken-over", "reason": "Taken over from the list of the association."}
HEAD = "kind,country,key:TEST,name:de,population,latitude,longitude,funding,valid_from"
pytestmark = pytest.mark.integration


def table(*rows: str) -> bytes:
    return "\r\n".join((HEAD, *rows)).encode()


async def upload(registration: Registration, content: bytes, media_type: str = CSV, **headers: str) -> httpx2.Response:
    options = {"content": content, "headers": {"Content-Type": media_type, **headers}}
    return await registration._send("POST", ROOT, "/organisation-imports", options)


async def rows_of(registration: Registration, one: str, **params: Any) -> list[dict[str, Any]]:
    answer = await registration.get(ROOT, f"/organisation-imports/{one}/rows", params={"limit": 200, **params})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def confirm(registration: Registration, one: str, keep: tuple[int, ...] = ()) -> httpx2.Response:
    return await registration.post(ROOT, f"/organisation-imports/{one}/confirmation", {"keep": keep, **WHY})


def importer(registration: Registration) -> Importer:
    database = registration.parts.database
    return Importer(registration.parts.commands, ImportTable(database), KeyTable(database))


async def work(registration: Registration) -> None:
    while await importer(registration).go_on():
        pass


async def progress(registration: Registration, one: str) -> dict[str, Any]:
    shown: dict[str, Any] = (await registration.get(ROOT, f"/organisation-imports/{one}")).json()
    return shown


async def test_every_row_is_told_apart_and_every_fault_has_a_way_out(registration: Registration) -> None:
    name, key = f"Ort{uuid4().hex[:8]}", uuid4().hex
    known = created(
        await registration.post(
            ROOT,
            "/organisations",
            {
                "kind": "municipality",
                "country": "DE",
                "keys": [{"scheme": "TEST", "value": key}],
                "names": {"de": name},
            },
        )
    )
    await registration.get(ROOT, "/organisations")
    document = table(
        f"municipality,DE,{uuid4().hex},Werdohl {uuid4().hex},17500,51.26,7.76,smart:2020-01-01..2021-12-31; old,",
        f"municipality,DE,{key.upper()},{name},,,,,",
        f"municipality,DE,{uuid4().hex},{name.upper()},,,,,",
        f"municipality,DE,{uuid4().hex},{name}x,,,,,",
        "village,Germany,,,-3,91.5,,Smart City,2026-13-01",
        "municipality,DE,same,Beckum,,,,,",
        "municipality,DE,SAME,Beckum,,,,,",
    )

    one = created(await upload(registration, document))

    rows = await rows_of(registration, one)
    assert [(row["line"], row["state"]) for row in rows] == [
        (2, "ready"),
        (3, "known"),
        (4, "asked"),
        (5, "ready"),
        (6, "faulty"),
        (7, "ready"),
        (8, "faulty"),
    ]
    assert rows[0]["facts"]["funding"] == [
        {"programme": "smart", "starts": "2020-01-01", "ends": "2021-12-31"},
        {"programme": "old", "starts": None, "ends": None},
    ]
    assert rows[1]["like"] == rows[2]["like"] == known
    assert "another one" in rows[2]["question"]
    assert [fault["column"] for fault in rows[4]["faults"]] == [
        "kind",
        "country",
        "population",
        "funding",
        "valid_from",
    ]
    assert all(fault["message"] and fault["way_out"] for fault in rows[4]["faults"])
    assert rows[6]["faults"][0]["message"] == "Line 7 has the same key."
    shown = await progress(registration, one)
    assert (shown["status"], shown["rows"]) == ("previewed", {"ready": 3, "known": 1, "asked": 1, "faulty": 2})


async def test_confirmed_rows_become_organisations_and_two_of_one_name_stay_two(registration: Registration) -> None:
    name, keys = f"Borne{uuid4().hex[:6]}", [uuid4().hex, uuid4().hex, uuid4().hex]
    document = table(
        f"municipality,NL,{keys[0]},{name},23000,52.3,6.75,,",
        f"municipality,NL,{keys[1]},{name},,,,,",
        f"municipality,NL,{keys[2]},{name},,,,,",
    )
    one = created(await upload(registration, document))

    answer = await confirm(registration, one, keep=(3,))
    twice = await confirm(registration, one)
    assert (answer.status_code, answer.json()["decision"]["type"]) == (200, "organisation-import")
    assert (twice.status_code, twice.json()["code"]) == (409, "import-settled")
    assert (await progress(registration, one))["status"] == "running"
    await work(registration)

    shown = await progress(registration, one)
    assert (shown["status"], shown["rows"]) == ("finished", {"registered": 2, "skipped": 1})
    listed = (await registration.get(ROOT, "/organisations", params={"name": name})).json()["items"]
    assert {each["keys"][0]["value"]: each["population"] for each in listed} == {keys[0]: 23_000, keys[1]: None}
    history = (await registration.get(ROOT, f"/organisations/{listed[0]['id']}/history")).json()["items"]
    assert history[0]["reason_code"] == "imported"


async def test_an_import_goes_on_where_it_was_killed_and_registers_nothing_twice(registration: Registration) -> None:
    rows = [f"municipality,DE,{uuid4().hex},Ort {uuid4().hex},,,,," for _ in range(2300)]
    one = created(await upload(registration, table(*rows)))
    assert (await confirm(registration, one)).status_code == 200

    # The first worker ends after its first rows; its successor and a rival go on at the same time.
    await importer(registration).go_on()
    assert (await progress(registration, one))["rows"] == {"registered": 2000, "waiting": 300}
    await work(registration)

    assert (await progress(registration, one))["rows"] == {"registered": 2300}
    again = created(await upload(registration, table(*rows)))
    assert (await progress(registration, again))["rows"] == {"known": 2300}
    none = await confirm(registration, again)
    assert (none.status_code, none.json()["code"]) == (409, "rows-to-settle")


async def test_one_document_confirmed_twice_registers_its_rows_once(registration: Registration) -> None:
    document = table(f"municipality,DE,{uuid4().hex},Ort {uuid4().hex},,,,,")
    first, second = [created(await upload(registration, document)) for _ in range(2)]
    for each in (first, second):
        assert (await confirm(registration, each)).status_code == 200
    await work(registration)
    assert (await progress(registration, first))["rows"] == {"registered": 1}
    assert (await progress(registration, second))["rows"] == {"registered": 1}


async def test_a_key_taken_since_the_preview_is_told_at_its_row(registration: Registration) -> None:
    key = uuid4().hex
    rows = [f"municipality,DE,{each},Ort {uuid4().hex},,,,," for each in (key, uuid4().hex)]
    one = created(await upload(registration, table(*rows)))
    body = {"kind": "agency", "country": "DE", "keys": [{"scheme": "TEST", "value": key}], "names": {"de": "Amt"}}
    created(await registration.post(ROOT, "/organisations", body))
    assert (await confirm(registration, one)).status_code == 200

    await work(registration)

    assert (await progress(registration, one))["rows"] == {"registered": 1, "refused": 1}
    (refused,) = await rows_of(registration, one, state="refused")
    assert refused["line"] == 2
    assert "is taken" in refused["faults"][0]["message"]


async def test_the_same_key_uploads_once(registration: Registration) -> None:
    document, key = table(f"municipality,DE,{uuid4().hex},Ort,,,,,"), uuid4().hex
    answers = [await upload(registration, document, **{"Idempotency-Key": key}) for _ in range(2)]
    assert answers[0].json() == answers[1].json()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (HEAD.encode(), "no rows"),
        ("kind,country,key:TEST,name:de\nmunicipality,DE,1,Köln".encode("latin-1"), "UTF-8"),
        (b"kind,country,key:TEST\nx,DE,1", "no column name:"),
        (b"kind,country,key:TEST,name:de,mayor\nx,DE,1,y,z", "column 5 is not known"),
        (b"kind,kind,country,key:TEST,name:de\nx,DE,1,y,z", "same heading"),
        (b'kind,country,key:TEST,name:de\n"x,DE,1,y', "no CSV"),
    ],
)
async def test_a_table_that_is_none_is_refused(content: bytes, says: str, registration: Registration) -> None:
    answer = await upload(registration, content)
    assert (answer.status_code, answer.json()["code"]) == (422, "document-unreadable")
    assert says in answer.json()["detail"]
    assert answer.json()["way_out"]


async def test_tables_of_other_countries_separate_with_semicolons(registration: Registration) -> None:
    document = f"\ufeffkind;country;key:TEST;name:de\r\nmunicipality;DE;{uuid4().hex};Köln\r\n".encode()
    one = created(await upload(registration, document))
    assert (await rows_of(registration, one))[0]["facts"]["names"] == {"de": "Köln"}


def workbook(*rows: tuple[Any, ...]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return file.getvalue()


async def test_a_workbook_is_read_and_a_lost_zero_is_found(registration: Registration) -> None:
    document = workbook(
        ("kind", "country", "key:AGS", "name:de", "population"),
        ("municipality", "DE", "05962060", "Werdohl", 17500),
        ("municipality", "DE", 9162000, "München", 1500000.0),
    )
    rows = await rows_of(registration, created(await upload(registration, document, XLSX)))
    assert rows[0]["facts"]["population"] == 17_500
    assert rows[1]["faults"][0]["column"] == "key:AGS"
    assert "eight digits" in rows[1]["faults"][0]["way_out"]


def bomb(*, lying: bool) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (4 if lying else 120) * 1024 * 1024)
    content = file.getvalue()
    if lying:
        content = content.replace((4 * 1024 * 1024).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    return content


@pytest.mark.parametrize(
    "content",
    [bomb(lying=False), bomb(lying=True), b"PK\x03\x04 and then nothing", b"plain"],
    ids=["bomb", "lying bomb", "broken", "no archive"],
)
async def test_an_archive_that_is_no_workbook_is_never_unpacked(content: bytes, registration: Registration) -> None:
    answer = await upload(registration, content, XLSX)
    assert (answer.status_code, answer.json()["code"]) == (422, "document-unreadable")


async def test_programs_are_refused(registration: Registration) -> None:
    file = io.BytesIO(workbook(("kind",)))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"Sub Auto_Open()")
    answer = await upload(registration, file.getvalue(), XLSX)
    assert (answer.status_code, answer.json()["detail"]) == (422, "The document holds programs.")


async def test_other_types_are_refused_before_they_are_read(registration: Registration) -> None:
    answer = await upload(registration, b"<script>", "text/html")
    assert answer.status_code == 415


async def test_an_export_tells_who_belongs_to_a_consortium(registration: Registration) -> None:
    lead, other = await registration.organisation("Weiz"), await registration.organisation("Graz")
    key = uuid4().hex
    body = {
        "kind": "association",
        "country": "AT",
        "keys": [{"scheme": "TEST", "value": key}],
        "names": {"de": "Weiz und Graz"},
        "members": [lead, other],
        "lead": lead,
    }
    consortium = created(await registration.post(ROOT, "/organisations", body))

    shown = (await registration.get(ROOT, f"/organisations/{consortium}")).json()
    exported = (await registration.get(ROOT, "/organisations.csv")).content

    assert (shown["members"], shown["lead"]) == ([lead, other], lead)
    (row,) = [each for each in csv.DictReader(io.StringIO(exported.decode("utf-8-sig"))) if each["id"] == consortium]
    assert (row["members"], row["lead"], row["key:TEST"]) == (f"{lead} {other}", lead, key)
    one = created(await upload(registration, exported))
    assert "faulty" not in (await progress(registration, one))["rows"]


NAMES = {
    "umlauts": "Mönchengladbach-Süd, „Stadt“; ß",
    "rtl": "القدس الشريف",
    "hebrew": "תל אביב־יפו",
    "long": "Krung Thep Maha Nakhon " * 8,
    "formula": '=HYPERLINK("http://example.org";"x")',
    "minus": "-1+1|cmd",
    "separated": "Ort;=1+1;y",
}


@pytest.mark.parametrize("media_type", [CSV, XLSX])
async def test_names_survive_the_round_trip_and_compute_nothing(media_type: str, registration: Registration) -> None:
    made = {}
    for name in NAMES.values():
        body = {
            "kind": "municipality",
            "country": "DE",
            "keys": [{"scheme": "TEST", "value": uuid4().hex}, {"scheme": "TEST", "value": uuid4().hex}],
            "names": {"de": name.strip()},
            "population": 7,
            "languages": ["de", "fr"],
            "coordinates": {"latitude": "-47.10", "longitude": "7.0"},
            "funding": [{"programme": "smart-city", "starts": "2020-01-01", "ends": None}],
            "member_of": ["climate-alliance", "covenant"],
            "valid_from": "1975-01-01",
        }
        made[body["keys"][0]["value"]] = body  # type: ignore[index]
        created(await registration.post(ROOT, "/organisations", body))
    ending = "csv" if media_type == CSV else "xlsx"
    exported = await registration.get(ROOT, f"/organisations.{ending}")
    assert exported.headers["content-type"].startswith(media_type)
    if media_type == CSV:
        assert exported.content.startswith(b"\xef\xbb\xbf")
        assert b"'=HYPERLINK" in exported.content
        assert b";=" not in exported.content
    else:
        sheet = zipfile.ZipFile(io.BytesIO(exported.content)).read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in sheet

    one = created(await upload(registration, exported.content, media_type))

    after: str | None = None
    read: dict[str, Any] = {}
    while True:
        params = {"limit": 200, **({"after": after} if after else {})}
        page = (await registration.get(ROOT, f"/organisation-imports/{one}/rows", params=params)).json()
        read |= {row["facts"]["keys"][0]["value"]: row["facts"] for row in page["items"] if row["facts"]}
        after = page["next"]
        if after is None:
            break
    empty: dict[str, Any] = {"members": [], "lead": None, "valid_until": None}
    for key, body in made.items():
        assert read[key] == {**body, **empty}
