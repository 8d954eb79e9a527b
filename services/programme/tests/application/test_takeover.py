"""A running programme taken over from a spreadsheet: looked at first, then all of it or nothing, each file once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from services.programme.tests.application.test_use_cases import Desk
from services.programme.tests.domain.test_closing import CLOSED
from services.programme.tests.domain.test_money import FUNDING

from interpares.common.context import acting
from interpares.common.errors import NotFound
from interpares.programme.application.sheet import Fault, Line, keys_in, read
from interpares.programme.application.takeover import (
    ConfirmTakeover,
    Directory,
    PreviewTakeover,
    Sheets,
    confirm_takeover,
    preview_takeover,
)
from interpares.programme.domain.decision import SourceKind
from interpares.programme.domain.desk.errors import AlreadyTakenOver, TakeoverFaulty
from interpares.programme.domain.errors import ProgrammeClosed
from interpares.programme.domain.joining import Joiner
from interpares.programme.domain.meetings import events as meetings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from services.programme.tests.conftest import Story

HASH = "ab" * 32
DAY = "2026-02-01"
GRAZ, LINZ = "LAU:60101", "LAU:40101"
RECEIPT = "cd" * 32


def participant(organisation: str = GRAZ, **more: str) -> dict[str, str]:
    return {"record": "participant", "organisation": organisation, "role": "host", "day": DAY, **more}


def voucher(**more: str) -> dict[str, str]:
    facts = {"record": "voucher", "day": DAY, "amount": "12.5", "currency": "EUR", "category": "travel"}
    return {**facts, "document": RECEIPT, **more}


def meeting(**more: str) -> dict[str, str]:
    facts = {"record": "meeting", "duty": "AT.visits.1", "day": DAY, "title": "Talk", "zone": "Europe/Vienna"}
    return {**facts, **more}


WHOLE = (
    {"record": "duty", "organisation": GRAZ, "duty": "AT.visits.1", "day": "2026-02-03"},
    participant(),
    participant(LINZ, role="friend", day="2026-02-02"),
    {"record": "role", "organisation": LINZ, "role": "prize", "day": "2026-02-02"},
    {"record": "duty", "organisation": GRAZ, "duty": "AT.visits.2", "day": "2026-02-03"},
    {
        "record": "meeting",
        "duty": "AT.visits.1",
        "day": "2026-02-04",
        "until": "2026-02-05",
        "title": "Talk in Graz",
        "zone": "Europe/Vienna",
        "place": "Graz",
        "country": "AT",
        "attended": LINZ,
    },
    voucher(organisation=GRAZ, payee="018f0000-0000-7000-8000-000000000001"),
    voucher(amount="300.00", despite="category-overspent"),
)


def lines(*cells: dict[str, str]) -> tuple[Line, ...]:
    return tuple(Line(number, each) for number, each in enumerate(cells, start=2))


@dataclass
class Registered(Directory):
    """Graz and Linz."""

    story: Story

    async def under(self, keys: list[tuple[str, str]]) -> Mapping[tuple[str, str], Joiner]:
        return {key: joiner for key, joiner in known(self.story).items() if key in keys}


def known(story: Story) -> dict[tuple[str, str], Joiner]:
    return {
        ("LAU", "60101"): Joiner(story.id("graz"), "AT", 1, "0" * 64, 0),
        ("LAU", "40101"): Joiner(story.id("linz"), "AT", 1, "0" * 64, 0),
    }


@dataclass
class Drawer(Sheets):
    """Keeps lines in memory."""

    lines: dict[str, tuple[Line, ...]] = field(default_factory=dict)

    def keep(self, unit: Any, programme_id: UUID, document_hash: str, lines: tuple[Line, ...]) -> None:
        self.lines[document_hash] = lines

    async def kept(self, programme_id: UUID, document_hash: str) -> tuple[Line, ...] | None:
        return self.lines.get(document_hash)


class Takeover:
    """Looks at lines and confirms them."""

    def __init__(self, story: Story) -> None:
        story.document = story.template(funding=FUNDING)
        self.desk = Desk(story)
        self.desk.has()
        self.drawer = Drawer()
        self.parts: dict[str, Any] = {"directory": Registered(story), "sheets": self.drawer}

    async def preview(self, *cells: dict[str, str]) -> Any:
        story = self.desk.story
        # A preview leaves the aggregate changed and unsaved; the runner throws it away, as is done here.
        untouched = story.replayed(story.told(1, story.drafted(), story.called()))
        before, self.desk.unit.aggregates[story.programme_id] = (
            self.desk.unit.aggregates[story.programme_id],
            untouched,
        )
        command = PreviewTakeover(
            programme_id=story.programme_id,
            grounds=story.grounds("preview"),
            texts=(),
            document_hash=HASH,
            lines=lines(*cells),
        )
        with acting(story.occasion):
            found = await preview_takeover(command, self.desk.unit, **self.parts)
        self.desk.unit.aggregates[story.programme_id] = before
        return found

    async def confirm(self) -> Any:
        return await self.desk.run(partial(confirm_takeover, **self.parts), ConfirmTakeover, document_hash=HASH)


@pytest.fixture
def takeover(story: Story) -> Takeover:
    return Takeover(story)


async def test_a_whole_programme_is_previewed_and_entered(takeover: Takeover) -> None:
    desk = takeover.desk

    found = await takeover.preview(*WHOLE)

    assert found.faults == ()
    assert found.rows == {"participant": 2, "role": 1, "duty": 2, "meeting": 1, "voucher": 2}
    assert desk.unit.saved == []
    decided = await takeover.confirm()
    assert decided == desk.answer("takeover", f"programme:{desk.story.programme_id}", "taken-over")
    assert len(desk.unit.saved) == found.decisions
    assert desk.happened() == [
        "TakenOver",
        "OrganisationJoined",
        "OrganisationJoined",
        "RoleGranted",
        "DutiesDerived",
        "DutyOffered",
        "DutyAccepted",
        "DutyOffered",
        "DutyAccepted",
        "MeetingPlanned",
        "DutyScheduled",
        "MeetingHeld",
        "DutyHeld",
        "VoucherRecorded",
        "VoucherRecorded",
    ]
    held = next(event for event in desk.unit.saved if isinstance(event, meetings.MeetingHeld))
    assert (held.decision.decided_at.date().isoformat(), held.attended) == (
        "2026-02-05",
        (desk.story.id("graz"), desk.story.id("linz")),
    )
    assert held.meeting.details.title == {"en": "Talk in Graz"}


async def test_every_decision_says_from_which_file_and_on_which_day(takeover: Takeover) -> None:
    await takeover.preview(*WHOLE)
    await takeover.confirm()
    saved = takeover.desk.unit.saved
    sources = {(event.decision.source.kind, event.decision.source.document_hash) for event in saved}
    assert sources == {(SourceKind.IMPORT, HASH)}
    assert {event.decision.source.entered_by for event in saved} == {takeover.desk.story.occasion.actor}
    assert saved[1].decision.decided_at == datetime(2026, 2, 1, 12, tzinfo=UTC)
    assert saved[-1].decision.criteria[0].code == "category-overspent"


async def test_duties_that_are_in_the_ledger_are_not_derived_again(takeover: Takeover) -> None:
    story = takeover.desk.story
    takeover.desk.has(
        story.admitted("graz"),
        story.derived(("AT.visits.1", "talk", "graz"), ("AT.visits.2", "tour", "graz"), ("all.finale.1", "fair", None)),
    )
    takeover.drawer.lines[HASH] = lines({"record": "duty", "organisation": GRAZ, "duty": "all.finale.1", "day": DAY})
    await takeover.confirm()
    assert takeover.desk.happened() == ["TakenOver", "DutyOffered", "DutyAccepted"]


async def test_a_file_is_entered_once(takeover: Takeover) -> None:
    await takeover.preview(participant())
    await takeover.confirm()
    saved = list(takeover.desk.unit.saved)
    with pytest.raises(AlreadyTakenOver):
        await takeover.confirm()
    assert takeover.desk.unit.saved == saved


async def test_a_preview_says_that_the_file_was_taken_over(takeover: Takeover) -> None:
    await takeover.preview(participant())
    await takeover.confirm()
    story = takeover.desk.story
    command = PreviewTakeover(
        programme_id=story.programme_id,
        grounds=story.grounds("preview"),
        texts=(),
        document_hash=HASH,
        lines=lines(participant()),
    )
    with acting(story.occasion):
        found = await preview_takeover(command, takeover.desk.unit, **takeover.parts)
    # Its lines are there already; that they cannot be entered again is no fault of theirs.
    assert (found.taken_over, found.decisions, found.faults) == (True, 0, ())


async def test_a_preview_promises_nothing_that_the_confirmation_refuses(takeover: Takeover) -> None:
    story = takeover.desk.story
    takeover.desk.unit.aggregates[story.programme_id] = story.running(CLOSED)
    command = PreviewTakeover(
        programme_id=story.programme_id,
        grounds=story.grounds("preview"),
        texts=(),
        document_hash=HASH,
        lines=lines(voucher()),
    )
    # A voucher outlives its programme, but nobody takes over what is closed.
    with acting(story.occasion), pytest.raises(ProgrammeClosed):
        await preview_takeover(command, takeover.desk.unit, **takeover.parts)
    assert takeover.drawer.lines == {}


async def test_a_file_nobody_looked_at_is_not_entered(takeover: Takeover) -> None:
    with pytest.raises(NotFound):
        await takeover.confirm()


async def test_nothing_is_entered_of_a_file_with_a_fault(takeover: Takeover) -> None:
    await takeover.preview(participant(), {"record": "role", "organisation": LINZ, "role": "prize", "day": DAY})
    with pytest.raises(TakeoverFaulty) as refused:
        await takeover.confirm()
    assert refused.value.field == "lines.3.record"
    assert takeover.desk.unit.saved == []


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"record": "town"}, "record"),
        ({}, "record"),
        ({"record": "participant", "organisation": GRAZ, "role": "host"}, "day"),
        (participant(amount="1"), "amount"),
        (participant(day="soon"), "day"),
        (participant(day="1815-06-18"), "day"),
        (participant("Graz"), "organisation"),
        (participant("LAU:99999"), "organisation"),
        (voucher(amount="=1+1"), "amount"),
        (voucher(document="receipt.pdf"), "document"),
        (voucher(payee="Erika Muster"), "payee"),
        # What only the programme can tell:
        (participant(role="king"), "role"),
        (participant(strand="DE"), "organisation"),
        (participant(day="2026-03-02"), "day"),
        (voucher(category="wine"), "category"),
        (voucher(amount="1.005"), "amount"),
        (voucher(currency="CHF"), "currency"),
        (voucher(amount="300.01"), "record"),
        ({"record": "duty", "organisation": GRAZ, "duty": "AT.visits.1", "day": DAY}, "record"),
        (participant(themes="energy"), "themes"),
        (meeting(until="x"), "until"),
        (meeting(attended="LAU:99999"), "attended"),
    ],
)
async def test_each_fault_names_line_column_and_way_out(takeover: Takeover, cells: dict[str, str], column: str) -> None:
    found = await takeover.preview(participant(LINZ), cells)
    assert [(fault.line, fault.column) for fault in found.faults] == [(3, column)]
    assert found.decisions == 0
    assert all(fault.message and value not in fault.message for fault in found.faults for value in ("Erika", "soon"))


@pytest.mark.parametrize(("wrong", "column"), [({"zone": "Nowhere/Town"}, "zone"), ({"until": "2026-01-01"}, "until")])
async def test_a_meeting_that_cannot_have_been_is_told(takeover: Takeover, wrong: dict[str, str], column: str) -> None:
    host = {"record": "duty", "organisation": GRAZ, "duty": "AT.visits.1", "day": DAY}
    found = await takeover.preview(participant(), host, meeting(**wrong))
    assert [(fault.line, fault.column) for fault in found.faults] == [(4, column)]


async def test_what_was_decided_elsewhere_is_entered_with_what_was_not_tried_here(takeover: Takeover) -> None:
    story = takeover.desk.story
    large = {"predicate": "population", "at_least": 50_000}
    roles = {
        **story.document["roles"],
        "guide": {"label": {"en": "Guide"}, "obtained": "contract", "holding": "concurrent", "eligibility": [large]},
    }
    story.document = story.template(funding=FUNDING, roles=roles)
    takeover.desk.has()
    guide = {"record": "role", "organisation": LINZ, "role": "guide", "day": DAY}
    takeover.drawer.lines[HASH] = lines(participant(role="guide"), participant(LINZ, role="friend"), guide)
    await takeover.confirm()
    joined, _, granted = takeover.desk.unit.saved[1:]
    for event in (joined, granted):
        assert [(each.code, each.finding) for each in event.decision.criteria] == [
            ("eligibility-0-population", "unknown:unknown")
        ]


async def test_a_line_that_stands_there_twice_is_told(takeover: Takeover) -> None:
    found = await takeover.preview(participant(), participant())
    assert found.faults == (
        Fault(3, "record", "This line says what line 2 says.", "Take one of the two out, or tell them apart."),
    )


def test_keys_are_those_of_all_lines_once(story: Story) -> None:
    some = lines(participant(), participant(), participant(LINZ), participant("Graz"), voucher())
    assert keys_in(some) == [("LAU", "40101"), ("LAU", "60101")]


def test_whoever_was_paid_gets_the_same_id_whenever_the_file_is_read(story: Story) -> None:
    first, second = (read(lines(voucher(), voucher(amount="2")), known(story), HASH) for _ in range(2))
    assert first == second
    payees = {entry.voucher.payee for entry in first.entries if entry.voucher}
    assert len(payees) == 2
