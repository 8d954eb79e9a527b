"""Money over HTTP on a real database: the account, the proof of use, and what a recount of the events gives."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pypdf
import pytest
import python_calamine

from interpares.programme.domain.money import events

if TYPE_CHECKING:
    from services.programme.tests.entrypoints.conftest import Office

LETTER = {"channel": "letter", "received_on": "2026-03-01T09:00:00Z"}
LABEL = {"de": "Fahrten", "en": "Travel"}
FUNDING: dict[str, Any] = {
    "funder": {"en": "Europe for Citizens"},
    "carrier": {"en": "A carrier"},
    "currency": "EUR",
    "total": "142000.00",
    "categories": {
        "travel": {"label": LABEL, "amount": "40000.00"},
        "events": {"label": {"de": "=Feste", "en": "=Events"}, "amount": "80000.00"},
    },
    "shares": [{"amount": "25000.00", "approximate": True}],
}


@pytest.fixture
async def funded(office: Office, multiply: dict[str, Any]) -> Office:
    """An office whose programme has money and five participants."""
    body = {
        "title": {"de": "Klimapartnerschaft", "en": "Climate Partnership"},
        "office_id": str(office.office_id),
        "template": multiply | {"funding": FUNDING},
        "strands": ["AT"],
    }
    office.programme_id = str((await office.does("/programmes", body, 201))["id"])
    await office.open_call()
    for _ in range(5):
        organisation_id, application_id = await office.applies("follower")
        admission = {"application_id": str(application_id), "role": "follower"}
        await office.does(f"/programmes/{office.programme_id}/participations", admission, 201)
        office.members.append(organisation_id)
    return office


def path(office: Office, *parts: object) -> str:
    return "/".join((f"/programmes/{office.programme_id}/funding", *map(str, parts)))


def voucher(amount: str, category: str = "travel", **more: Any) -> dict[str, Any]:
    return {
        "day": "2026-02-01",
        "payee": str(uuid4()),
        "amount": {"value": amount, "currency": "EUR"},
        "category": category,
        "document_hash": "cd" * 32,
        **more,
    }


async def shown(office: Office, *parts: object) -> dict[str, Any]:
    answer = await office.served.get("office", path(office, *parts).rstrip("/"), office.position)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def recount(office: Office) -> dict[str, Decimal]:
    """Return what was spent by category, added up from the events themselves."""
    spent: dict[str, Decimal] = defaultdict(Decimal)
    for recorded in await office.served.parts.store.read(0, 10_000):
        match recorded.event:
            case events.VoucherRecorded() as event:
                spent[event.voucher.category] += event.voucher.amount
            case events.VoucherCancelled() as event:
                spent[event.voucher.category] -= event.voucher.amount
    return spent


async def test_the_rest_of_climate_partnership_is_shown_and_no_error(funded: Office) -> None:
    account = await shown(funded)

    assert [each["share"] for each in account["participants"]] == ["25000.00"] * 5
    assert all(each["approximate"] and not each["share_decided"] for each in account["participants"])
    assert (account["unallocated"], account["unplanned"], account["awarded"]) == ("17000.00", "22000.00", False)


async def test_the_proof_of_use_is_what_a_recount_of_the_events_gives(funded: Office) -> None:
    for amount, category in (("100.00", "travel"), ("250.50", "events"), ("0.05", "travel")):
        await funded.does(path(funded, "vouchers"), voucher(amount, category))
    instead = voucher("80.25")
    await funded.does(path(funded, "vouchers", 1, "correction"), {"instead": instead})
    await funded.does(path(funded, "vouchers", 3, "correction"))

    proof = await shown(funded, "proof-of-use")

    counted = await recount(funded)
    assert {each["category"]: Decimal(each["spent"]) for each in proof["categories"]} == counted
    assert {each["category"]: each["vouchers"] for each in proof["categories"]} == {"travel": 1, "events": 1}
    assert Decimal(proof["spent"]) == sum(counted.values()) == Decimal("330.75")
    assert (proof["unspent"], proof["unallocated"]) == ("141669.25", "17000.00")
    listed = (await shown(funded, "vouchers?limit=10"))["items"]
    assert [(each["number"], each["cancelled_by"] is None) for each in listed] == [
        (1, False),
        (2, True),
        (3, False),
        (4, True),
    ]
    standing = (await shown(funded, "vouchers?standing=true&category=travel"))["items"]
    assert [each["number"] for each in standing] == [4]


async def test_the_files_tell_the_same_table(funded: Office) -> None:
    paid = voucher("1250.50", reason_code="train-tickets")
    await funded.does(path(funded, "vouchers"), paid)
    await funded.does(path(funded, "vouchers"), voucher("7.00"))
    await funded.does(path(funded, "vouchers", 2, "correction"))
    await shown(funded, "proof-of-use")

    async def file(form: str, language: str = "de") -> bytes:
        address = path(funded, "proof-of-use", f"{form}?language={language}")
        answer = await funded.served.get("auditor", address, funded.position)
        assert answer.status_code == 200, answer.text
        assert f".{form}" in answer.headers["content-disposition"]
        return answer.content

    rows = list(csv.reader(io.StringIO((await file("csv")).decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Kategorie", "Bezeichnung", "Geplant", "Belege", "Ausgegeben", "Verbleibend"]
    assert rows[2] == ["travel", "Fahrten", "40000.00", "1", "1250.50", "38749.50"]
    assert rows[1][1] == "'=Feste"  # no spreadsheet takes the label for a formula
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(await file("xlsx", "en")))
    sheet = book.get_sheet_by_index(0).to_python()
    assert sheet[2] == ["travel", "Travel", 40000.0, 1.0, 1250.5, 38749.5]
    assert sheet[1][1] == "=Events"
    assert [row[0] for row in rows[3:]] == ["Summe", "Davon keinem Teilnehmer zugeteilt"]
    assert sheet[4] == ["Of this allocated to no participant", "", 17000.0, "", "", ""]
    [head, *vouchers] = book.get_sheet_by_name("Vouchers").to_python()
    assert head[:3] == ["No.", "Day", "Category"]
    # The one that was taken back is no longer proof of anything.
    assert vouchers == [[1.0, "2026-02-01", "travel", "train-tickets", paid["payee"], 1250.5, "cd" * 32]]
    page = pypdf.PdfReader(io.BytesIO(await file("pdf"))).pages[0].extract_text()
    assert "Verwendungsnachweis" in page
    assert "1.250,50" in page
    assert "Davon keinem Teilnehmer zugeteilt: 17.000,00 EUR" in page
    assert "train-tickets" in page
    assert paid["payee"] in page.replace("\n", "")


async def test_what_is_refused_names_its_field(funded: Office) -> None:
    cases = {
        "amount.currency": voucher("1.00") | {"amount": {"value": "1.00", "currency": "CHF"}},
        "amount.value": voucher("1.005"),
        "category": voucher("1.00", "wine"),
        "day": voucher("1.00", day="2199-01-01"),
    }
    for field, body in cases.items():
        refused = await funded.does(path(funded, "vouchers"), body, 422)
        assert [each["field"] for each in refused["errors"]] == [field]
        assert refused["way_out"]
    float_amount = voucher("1.00") | {"amount": {"value": 1.5, "currency": "EUR"}}
    refused = await funded.does(path(funded, "vouchers"), float_amount, 422)
    assert [each["field"] for each in refused["errors"]] == ["amount.value"]


async def test_overspending_is_told_and_can_be_an_exception_with_its_reason(funded: Office) -> None:
    refused = await funded.does(path(funded, "vouchers"), voucher("40000.01"), 409)
    assert refused["code"] == "beyond-limits"
    assert "category-overspent (0.01)" in refused["detail"]

    answer = await funded.does(path(funded, "vouchers"), voucher("40000.01", despite=["category-overspent"]))

    decision = f"/programmes/{funded.programme_id}/decisions/{answer['decision']['id']}"
    explained = (await funded.served.get("office", decision, funded.position)).json()
    assert explained["criteria"] == [{"code": "category-overspent", "finding": "0.01"}]
    assert (await shown(funded, "proof-of-use"))["categories"][1]["left"] == "-0.01"


async def test_a_participant_tells_what_it_brings_and_the_office_for_it_says_how_it_knows(funded: Office) -> None:
    member = str(funded.members[0])
    subject = f"coordinator-{member}"
    pledge = {
        "organisation_id": member,
        "money": {"value": "500", "currency": "EUR"},
        "hours": "40",
        "reason_code": "agreed",
        "reason": "The council agreed.",
    }
    assert (await funded.served.post(subject, path(funded, "pledges"), pledge)).status_code == 200
    brought = {
        "organisation_id": member,
        "amount": {"value": "7.5"},
        "day": "2026-02-01",
        "document_hash": "ab" * 32,
    }
    refused = await funded.does(path(funded, "contributions"), brought, 422)
    assert [each["field"] for each in refused["errors"]] == ["on_behalf"]
    await funded.does(path(funded, "contributions"), {**brought, "on_behalf": LETTER})
    in_money = {**brought, "amount": {"value": "100", "currency": "EUR"}, "on_behalf": LETTER}
    await funded.does(path(funded, "contributions"), in_money)
    less = {**brought, "amount": {"value": "6"}}
    await funded.does(path(funded, "contributions", 1, "correction"), {"instead": less})
    await funded.does(path(funded, "contributions", 2, "correction"))

    account = await shown(funded)

    row = next(each for each in account["participants"] if each["organisation_id"] == member)
    assert {key: row[key] for key in ("pledged_money", "pledged_hours", "money", "hours")} == {
        "pledged_money": "500.00",
        "pledged_hours": "40.00",
        "money": "0",
        "hours": "6.00",
    }
    listed = (await shown(funded, "contributions"))["items"]
    assert [(each["effort"], each["cancelled_by"] is None) for each in listed] == [
        ("hours", False),
        ("money", False),
        ("hours", True),
    ]


async def test_a_grant_and_a_share_replace_the_figures_of_the_template(funded: Office) -> None:
    total = {"value": "130000", "currency": "EUR"}
    await funded.does(path(funded, "grant"), {"total": total, "categories": {"travel": "50000"}})
    share = {"organisation_id": str(funded.members[0]), "amount": {"value": "30000.00", "currency": "EUR"}}
    await funded.does(path(funded, "shares"), share)

    account = await shown(funded)

    assert (account["total"], account["awarded"], account["unallocated"]) == ("130000.00", True, "0.00")
    assert {each["category"]: each["planned"] for each in account["categories"]} == {
        "events": None,
        "travel": "50000.00",
    }


async def test_a_number_nobody_recorded_is_not_found(funded: Office) -> None:
    await funded.does(path(funded, "vouchers", 1, "correction"), {}, 404)


async def test_a_programme_without_money_has_no_account(office: Office) -> None:
    assert (await office.served.get("office", path(office))).status_code == 404
    await office.does(path(office, "vouchers"), voucher("1.00"), 409)
