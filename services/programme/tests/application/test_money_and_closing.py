"""Use cases of money and of the end of a programme: load, decide, save, answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from services.programme.tests.application.test_use_cases import Desk
from services.programme.tests.domain.test_money import FUNDING
from services.programme.tests.showing import Showing

from interpares.common.errors import Busy
from interpares.programme.application import money
from interpares.programme.application.closing import close_programme
from interpares.programme.application.commands import CloseProgramme
from interpares.programme.application.money import Entries
from interpares.programme.application.money_commands import (
    AllocateShare,
    AwardGrant,
    CorrectContribution,
    CorrectVoucher,
    Pledge,
    RecordContribution,
    RecordVoucher,
)
from interpares.programme.domain.money import events
from interpares.programme.domain.money.account import Contribution, Effort, Voucher
from interpares.programme.domain.money.errors import UnknownEntry

if TYPE_CHECKING:
    from uuid import UUID

    from services.programme.tests.conftest import Story


@dataclass
class FakeEntries(Entries):
    """What a view would tell."""

    vouchers: dict[int, tuple[Voucher, UUID]] = field(default_factory=dict)
    contributions: dict[int, tuple[Contribution, UUID]] = field(default_factory=dict)

    async def voucher(self, programme_id: UUID, number: int) -> tuple[Voucher, UUID] | None:
        return self.vouchers.get(number)

    async def contribution(self, programme_id: UUID, number: int) -> tuple[Contribution, UUID] | None:
        return self.contributions.get(number)

    async def reached(self, programme_id: UUID) -> int:
        return max((*self.vouchers, *self.contributions), default=0)


@pytest.fixture
def desk(story: Story) -> Desk:
    story.document = story.template(funding=FUNDING)
    desk = Desk(story)
    desk.has(story.admitted("graz"))
    return desk


def facts(story: Story) -> tuple[Voucher, Contribution]:
    day = date(2026, 2, 1)
    graz = story.id("graz")
    return (
        Voucher(day, story.id("railway"), Decimal("10.00"), "travel", "cd" * 32),
        Contribution(graz, Effort.HOURS, Decimal("2.00"), day, "ef" * 32),
    )


async def test_each_decision_about_money_is_saved_and_answered(desk: Desk) -> None:
    voucher, contribution = facts(desk.story)
    graz = desk.story.id("graz")
    entries = FakeEntries()

    async def correct_voucher(command: Any, unit: Any) -> Any:
        return await money.correct_voucher(command, unit, entries=entries)

    async def correct_contribution(command: Any, unit: Any) -> Any:
        return await money.correct_contribution(command, unit, entries=entries)

    steps: list[tuple[Any, Any, dict[str, Any], tuple[str, str, str]]] = [
        (
            money.award_grant,
            AwardGrant,
            {"total": Decimal(900), "currency": "EUR", "categories": {}},
            ("grant-award", f"programme:{desk.story.programme_id}", "awarded"),
        ),
        (
            money.allocate_share,
            AllocateShare,
            {"organisation_id": graz, "amount": Decimal(90), "currency": "EUR", "approximate": False},
            ("share-allocation", f"participation:{graz}", "allocated"),
        ),
        (
            money.pledge,
            Pledge,
            {"organisation_id": graz, "money": None, "currency": "", "hours": Decimal(4)},
            ("contribution-pledge", f"participation:{graz}", "pledged"),
        ),
        (
            money.record_voucher,
            RecordVoucher,
            {"voucher": voucher, "currency": "EUR", "despite": ()},
            ("voucher-record", "voucher:1", "recorded"),
        ),
        (
            money.record_contribution,
            RecordContribution,
            {"contribution": contribution, "currency": ""},
            ("contribution-record", "contribution:2", "recorded"),
        ),
        (
            correct_voucher,
            CorrectVoucher,
            {"number": 1, "after": voucher, "currency": "EUR", "despite": ()},
            ("voucher-cancellation", "voucher:1", "cancelled"),
        ),
        (
            correct_contribution,
            CorrectContribution,
            {"number": 2, "after": None, "currency": ""},
            ("contribution-cancellation", "contribution:2", "cancelled"),
        ),
    ]
    for use_case, command, fields, expected in steps:
        desk.unit.saved, desk.unit.texts = [], []
        decided = await desk.run(use_case, command, **fields)
        assert decided == desk.answer(*expected)
        for event in desk.unit.saved:
            if isinstance(event, events.VoucherRecorded):
                entries.vouchers[event.number] = (voucher, event.event_id)
            if isinstance(event, events.ContributionRecorded):
                entries.contributions[event.number] = (contribution, event.event_id)


async def test_what_a_view_has_not_seen_yet_is_asked_for_again(desk: Desk) -> None:
    voucher, contribution = facts(desk.story)
    await desk.run(money.record_voucher, RecordVoucher, voucher=voucher, currency="EUR", despite=())
    command = {"number": 1, "after": None, "currency": ""}

    async def correct(command: Any, unit: Any) -> Any:
        return await money.correct_voucher(command, unit, entries=FakeEntries())

    with pytest.raises(Busy):
        await desk.run(correct, CorrectVoucher, **command, despite=())

    async def correct_another(command: Any, unit: Any) -> Any:
        known = FakeEntries(contributions={1: (contribution, desk.story.id("brought"))})
        return await money.correct_voucher(command, unit, entries=known)

    with pytest.raises(UnknownEntry):
        await desk.run(correct_another, CorrectVoucher, **command, despite=())

    async def correct_contribution(command: Any, unit: Any) -> Any:
        known = FakeEntries(vouchers={1: (voucher, desk.story.id("paid"))})
        return await money.correct_contribution(command, unit, entries=known)

    with pytest.raises(UnknownEntry):
        await desk.run(correct_contribution, CorrectContribution, **command)


async def test_a_programme_is_closed(desk: Desk) -> None:
    decided = await desk.run(partial(close_programme, prerequisites=Showing()), CloseProgramme)
    assert decided == desk.answer("programme-closure", f"programme:{desk.story.programme_id}", "closed")
