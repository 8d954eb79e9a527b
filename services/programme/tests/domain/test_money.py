"""Money: grant, shares, vouchers, own contributions, told in past events and decided in new ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from services.programme.tests.conftest import TEMPLATES

from interpares.common.aggregate import event_id
from interpares.common.contracts.template import Template
from interpares.common.eventstore import MAPPER
from interpares.programme.domain.alternatives import instead
from interpares.programme.domain.decision import Criterion
from interpares.programme.domain.errors import MomentNotFitting, NotParticipating
from interpares.programme.domain.money import events
from interpares.programme.domain.money.account import Account, Contribution, Effort, Own, Share, Voucher
from interpares.programme.domain.money.amounts import exact
from interpares.programme.domain.money.errors import (
    AmountNotFitting,
    BeyondLimits,
    CurrencyNotFitting,
    EntryAlreadyCancelled,
    GrantExceeded,
    NoFunding,
    NothingPledged,
    UnknownCategory,
    UnknownEntry,
)
from interpares.programme.domain.money.rules import read_funding
from interpares.programme.domain.programme import ProgrammeSnapshot

if TYPE_CHECKING:
    from services.programme.tests.conftest import Happened, Story

    from interpares.programme.domain.programme import Programme

LABEL = {"en": "Label"}
FUNDING: dict[str, Any] = {
    "funder": LABEL,
    "carrier": LABEL,
    "currency": "EUR",
    "total": "1000.00",
    "categories": {"travel": {"label": LABEL, "amount": "300.00"}, "other": {"label": LABEL}},
    "shares": [{"role": "host", "amount": "400", "approximate": False}],
    "own_contributions": [{"money": "50", "hours": "10"}],
}
TERM = {"starts": "2025-01-01", "ends": "2026-02-28"}


def funded(story: Story, *happened: Happened, members: tuple[str, ...] = ("graz", "linz"), **changes: Any) -> Programme:
    """Return a running programme with money and two hosts."""
    document = story.template(funding=FUNDING | changes)
    document["term"] = TERM  # as a template with a term has it
    story.document = document
    return story.running(*(story.admitted(name) for name in members), *happened)


def voucher(story: Story, amount: str = "100.00", **more: Any) -> Voucher:
    facts: dict[str, Any] = {
        "day": date(2026, 2, 1),
        "payee": story.id("railway"),
        "amount": Decimal(amount),
        "category": "travel",
        "document_hash": "cd" * 32,
    }
    return Voucher(**facts | more)


def brought(story: Story, amount: str = "12.50", effort: Effort = Effort.HOURS, **more: Any) -> Contribution:
    facts: dict[str, Any] = {
        "organisation": story.id("graz"),
        "effort": effort,
        "amount": Decimal(amount),
        "day": date(2026, 2, 1),
        "document_hash": "ef" * 32,
    }
    return Contribution(**facts | more)


def paid(story: Story, number: int, amount: str = "100.00", **more: Any) -> Happened:
    return events.VoucherRecorded, {
        "number": number,
        "voucher": voucher(story, amount, **more),
        "currency": "EUR",
        "despite": (),
    }


# Grant and shares


def test_a_grant_is_taken_down_by_category(story: Story) -> None:
    programme = funded(story)
    why = story.grounds()

    awarded = programme.award_grant(Decimal(900), "EUR", {"travel": Decimal(250)}, why)

    assert (awarded.currency, awarded.total) == ("EUR", Decimal("900.00"))
    assert awarded.categories == {"travel": Decimal("250.00"), "other": None}
    assert awarded.decision == story.decision(
        "grant-award",
        f"programme:{story.programme_id}",
        "awarded",
        rule=programme.state.charter.funding and programme.state.charter.funding.ref,
        alternatives=(instead("keep-figures", why),),
    )
    assert (programme.state.money.total, programme.state.money.planned) == (awarded.total, awarded.categories)


@pytest.mark.parametrize(
    ("total", "currency", "categories", "refusal", "field"),
    [
        ("900", "USD", {}, CurrencyNotFitting, "total.currency"),
        ("900.001", "EUR", {}, AmountNotFitting, "total.value"),
        ("-1", "EUR", {}, AmountNotFitting, "total.value"),
        ("NaN", "EUR", {}, AmountNotFitting, "total.value"),
        ("0", "EUR", {}, AmountNotFitting, "total.value"),
        ("900", "EUR", {"wine": "1"}, UnknownCategory, "categories.wine"),
        ("900", "EUR", {"travel": "1.999"}, AmountNotFitting, "categories.travel.value"),
    ],
)
def test_what_cannot_be_right_is_refused_by_field(  # noqa: PLR0917 -- columns of the table
    story: Story, total: str, currency: str, categories: dict[str, str], refusal: Any, field: str
) -> None:
    amounts = {key: Decimal(amount) for key, amount in categories.items()}

    with pytest.raises(refusal) as refused:
        funded(story).award_grant(Decimal(total), currency, amounts, story.grounds())

    assert refused.value.field == field


def test_categories_stay_within_the_grant(story: Story) -> None:
    with pytest.raises(GrantExceeded):
        funded(story).award_grant(Decimal(200), "EUR", {"travel": Decimal(201)}, story.grounds())


@pytest.mark.parametrize(("total", "travel"), [("99", "50"), ("900", "99.99")])
def test_a_grant_is_not_less_than_what_was_spent(story: Story, total: str, travel: str) -> None:
    with pytest.raises(GrantExceeded):
        funded(story, paid(story, 1)).award_grant(Decimal(total), "EUR", {"travel": Decimal(travel)}, story.grounds())


def test_a_currency_without_a_smaller_unit_takes_whole_amounts(story: Story) -> None:
    programme = funded(story, currency="JPY", shares=[], categories={})

    assert (
        programme.record_voucher(voucher(story, "120", category="all"), "JPY", (), story.grounds()).voucher.amount
        == 120
    )
    with pytest.raises(AmountNotFitting):
        programme.record_voucher(voucher(story, "120.5", category="all"), "JPY", (), story.grounds())


def test_a_template_without_money_takes_none(story: Story) -> None:
    with pytest.raises(NoFunding):
        story.running().award_grant(Decimal(1), "EUR", {}, story.grounds())


def test_a_share_replaces_the_one_by_rule(story: Story) -> None:
    programme = funded(story)
    why = story.grounds()

    allocated = programme.allocate_share(story.id("graz"), Decimal(600), "EUR", approximate=True, grounds=why)

    assert allocated.decision.alternatives == (instead("share-by-rule", why),)
    assert programme.state.money.shares == {str(story.id("graz")): Share(Decimal("600.00"), approximate=True)}
    with pytest.raises(GrantExceeded):
        programme.allocate_share(story.id("linz"), Decimal("400.01"), "EUR", approximate=False, grounds=why)


def test_only_who_takes_part_has_a_share(story: Story) -> None:
    with pytest.raises(NotParticipating):
        funded(story).allocate_share(story.id("wels"), Decimal(1), "EUR", approximate=False, grounds=story.grounds())


# Vouchers


def test_a_voucher_is_added_up_and_not_kept(story: Story) -> None:
    programme = funded(story)

    recorded = programme.record_voucher(voucher(story, organisation=story.id("graz")), "EUR", (), story.grounds())

    assert recorded.voucher == voucher(story, organisation=story.id("graz"))
    assert (recorded.number, recorded.despite) == (1, ())
    assert recorded.decision == story.decision(
        "voucher-record",
        "voucher:1",
        "recorded",
        concerns=(story.id("graz"),),
        rule=programme.state.charter.funding and programme.state.charter.funding.ref,
    )
    assert programme.state.money == Account(
        spent={"travel": Decimal("100.00")}, used={str(story.id("graz")): Decimal("100.00")}, entries=1
    )


@pytest.mark.parametrize(
    ("amount", "more", "told"),
    [
        ("300.01", {}, {"category-overspent": "0.01"}),
        ("1000.01", {"category": "other"}, {"grant-overspent": "0.01"}),
        ("10.00", {"day": date(2024, 12, 31)}, {"outside-term": "2024-12-31"}),
        ("10.00", {"day": date(2026, 3, 1)}, {"outside-term": "2026-03-01"}),
    ],
)
def test_a_payment_beyond_a_limit_needs_an_exception_by_name(
    story: Story, amount: str, more: dict[str, Any], told: dict[str, str]
) -> None:
    programme = funded(story)
    why = story.grounds()

    with pytest.raises(BeyondLimits) as refused:
        programme.record_voucher(voucher(story, amount, **more), "EUR", (), why)
    recorded = programme.record_voucher(voucher(story, amount, **more), "EUR", tuple(told), why)

    assert all(code in refused.value.message and code in refused.value.way_out for code in told)
    assert recorded.despite == tuple(told)
    assert recorded.decision.criteria == tuple(Criterion(code, by) for code, by in told.items())
    assert recorded.decision.alternatives == (instead("refuse-payment", why),)


def test_an_exception_covers_only_what_it_names(story: Story) -> None:
    beyond_both = voucher(story, "1000.01")
    with pytest.raises(BeyondLimits) as refused:
        funded(story).record_voucher(beyond_both, "EUR", ("category-overspent",), story.grounds())
    assert "category-overspent" not in refused.value.message


@pytest.mark.parametrize(("approximate", "told"), [(True, ()), (False, ("share-overspent",))])
def test_a_firm_share_is_a_limit_and_an_approximate_one_is_none(story: Story, approximate: bool, told: Any) -> None:  # noqa: FBT001 -- a case
    programme = funded(story, shares=[{"role": "host", "amount": "400", "approximate": approximate}])
    paid_by_graz = voucher(story, "401.00", category="other", organisation=story.id("graz"))

    recorded = programme.record_voucher(paid_by_graz, "EUR", ("share-overspent",), story.grounds())

    assert recorded.despite == told


def test_a_share_that_suffices_is_not_told(story: Story) -> None:
    paid_by_graz = voucher(story, "200.00", organisation=story.id("graz"))
    assert funded(story).record_voucher(paid_by_graz, "EUR", (), story.grounds()).despite == ()


@pytest.mark.parametrize(
    ("changes", "currency", "refusal", "field"),
    [
        ({"category": "wine"}, "EUR", UnknownCategory, "category"),
        ({}, "CHF", CurrencyNotFitting, "amount.currency"),
        ({"amount": Decimal("1.005")}, "EUR", AmountNotFitting, "amount.value"),
        ({"day": date(2026, 3, 2)}, "EUR", MomentNotFitting, "day"),
    ],
)
def test_a_voucher_that_cannot_be_right_is_refused_by_field(
    story: Story, changes: dict[str, Any], currency: str, refusal: Any, field: str
) -> None:
    with pytest.raises(refusal) as refused:
        funded(story).record_voucher(replace(voucher(story), **changes), currency, (), story.grounds())
    assert refused.value.field == field


def test_a_voucher_is_paid_for_somebody_of_the_programme(story: Story) -> None:
    with pytest.raises(NotParticipating):
        funded(story).record_voucher(voucher(story, organisation=story.id("wels")), "EUR", (), story.grounds())


def test_a_voucher_is_corrected_by_a_further_decision(story: Story) -> None:
    programme = funded(story, paid(story, 1, organisation=story.id("graz")))
    before, after = (
        voucher(story, organisation=story.id("graz")),
        voucher(story, "80.00", organisation=story.id("linz")),
    )

    cancelled = programme.correct_voucher(
        1, before, after, "EUR", (), corrects=event_id(story.programme_id, 1), grounds=story.grounds("misread")
    )

    *_, recorded = programme.pending_events
    assert isinstance(recorded, events.VoucherRecorded)
    assert (cancelled.decision.subject, cancelled.decision.corrects) == ("voucher:1", event_id(story.programme_id, 1))
    assert (recorded.number, recorded.decision.corrects) == (2, event_id(story.programme_id, 1))
    account = programme.state.money
    assert account.spent == {"travel": Decimal("80.00")}
    assert account.used == {str(story.id("graz")): Decimal("0.00"), str(story.id("linz")): Decimal("80.00")}
    with pytest.raises(EntryAlreadyCancelled):
        programme.correct_voucher(
            1, before, None, "EUR", (), corrects=event_id(story.programme_id, 1), grounds=story.grounds()
        )


def test_a_voucher_can_be_taken_back_without_another(story: Story) -> None:
    programme = funded(story, paid(story, 1))
    programme.correct_voucher(
        1, voucher(story), None, "EUR", (), corrects=event_id(story.programme_id, 1), grounds=story.grounds()
    )
    assert programme.state.money.spent == {"travel": Decimal("0.00")}


def test_what_was_not_recorded_cannot_be_corrected(story: Story) -> None:
    with pytest.raises(UnknownEntry):
        funded(story).correct_voucher(
            1, voucher(story), None, "EUR", (), corrects=event_id(story.programme_id, 1), grounds=story.grounds()
        )


# Own contributions


def test_pledges_replace_each_other_and_records_add_up(story: Story) -> None:
    programme = funded(story)
    why = story.grounds(capacity="coordinator")
    graz = story.id("graz")

    programme.pledge(graz, Decimal(500), "EUR", None, why)
    programme.pledge(graz, None, "", Decimal("40.5"), why)
    programme.record_contribution(brought(story), "", why)
    programme.record_contribution(brought(story, "99.90", Effort.MONEY), "EUR", why)

    assert programme.state.money.own == {str(graz): Own(None, Decimal("40.50"), Decimal("99.90"), Decimal("12.50"))}
    assert programme.state.money.entries == 2


def test_a_pledge_names_something(story: Story) -> None:
    with pytest.raises(NothingPledged) as refused:
        funded(story).pledge(story.id("graz"), None, "", None, story.grounds())
    assert refused.value.field == "money"


def test_a_contribution_is_corrected_by_a_further_decision(story: Story) -> None:
    programme = funded(story)
    graz = story.id("graz")
    programme.record_contribution(brought(story), "", story.grounds())

    programme.correct_contribution(
        1, brought(story), brought(story, "8"), "", corrects=event_id(story.programme_id, 1), grounds=story.grounds()
    )
    programme.correct_contribution(
        2, brought(story, "8"), None, "", corrects=event_id(story.programme_id, 2), grounds=story.grounds()
    )

    assert programme.state.money.own == {str(graz): Own(hours=Decimal("0.00"))}
    assert programme.state.money.cancelled == [1, 2]


@pytest.mark.parametrize(
    ("changes", "currency", "field"),
    [
        ({"amount": Decimal(0)}, "", "amount.value"),
        ({"amount": Decimal("0.125")}, "", "amount.value"),
        ({"effort": Effort.MONEY}, "USD", "amount.currency"),
        ({"day": date(2026, 3, 2)}, "", "day"),
    ],
)
def test_a_contribution_that_cannot_be_right_is_refused_by_field(
    story: Story, changes: dict[str, Any], currency: str, field: str
) -> None:
    with pytest.raises((AmountNotFitting, CurrencyNotFitting, MomentNotFitting)) as refused:
        funded(story).record_contribution(replace(brought(story), **changes), currency, story.grounds())
    assert getattr(refused.value, "field", None) == field


# The reference and the invariants


def test_climate_partnership_leaves_17000_unallocated_and_that_is_no_error(story: Story) -> None:
    members = ("bernburg", "borne", "leiria", "rheine", "trakai")
    programme = funded(
        story,
        members=members,
        total="142000",
        categories={},
        shares=[{"amount": "25000", "approximate": True}],
    )
    rules = programme.state.charter.funding
    assert rules is not None
    shares = programme._shares(rules)
    assert programme._total(rules) - sum(share.amount for share in shares.values()) == Decimal(17000)
    programme.allocate_share(story.id("rheine"), Decimal(42000), "EUR", approximate=False, grounds=story.grounds())
    with pytest.raises(GrantExceeded):
        programme.allocate_share(
            story.id("rheine"), Decimal("42000.01"), "EUR", approximate=False, grounds=story.grounds()
        )


def test_the_template_of_climate_partnership_says_so_too() -> None:
    written = yaml.safe_load((TEMPLATES / "climate-partnership.yaml").read_text(encoding="utf-8"))
    rules = read_funding(Template.model_validate(written).as_document())
    assert rules is not None
    share = rules.share_of(("partner-city",))
    assert (rules.total - 5 * share.amount, share.approximate) == (Decimal(17000), True)
    assert (rules.starts, rules.ends) == (date(2012, 7, 1), date(2014, 6, 30))


def test_templates_write_amounts_in_any_way_a_decimal_may_be_written() -> None:
    written = {
        "id": "small", "version": 1, "title": LABEL, "lifecycle": "call", "strands": {"by": "one"},
        "roles": {"host": {"label": LABEL, "obtained": "selection"}}, "funding": FUNDING | {"total": 142000},
    }  # fmt: skip
    assert Template.model_validate(written).as_document()["funding"]["total"] == "142000"


@given(amount=st.decimals(min_value=0, max_value=10**9, places=4), digits=st.integers(0, 4))
def test_nothing_is_ever_rounded(amount: Decimal, digits: int) -> None:
    try:
        written = exact(amount, digits, "amount")
    except AmountNotFitting:
        assert amount != round(amount, digits)
    else:
        assert written == amount
        assert written.as_tuple().exponent == -digits


@given(
    steps=st.lists(
        st.tuples(st.integers(1, 40_000), st.sampled_from(["travel", "other"]), st.booleans()), min_size=1, max_size=20
    )
)
def test_sums_are_what_a_recount_of_the_standing_vouchers_gives(steps: list[tuple[int, str, bool]]) -> None:
    from services.programme.tests.conftest import OCCASION, Story  # noqa: PLC0415 -- hypothesis allows no fixture here

    from interpares.common.context import acting  # noqa: PLC0415

    with acting(replace(OCCASION, now=OCCASION.now + timedelta(days=1))):
        story = Story()
        programme = funded(story)
        standing: dict[int, Voucher] = {}
        for cents, category, cancel in steps:
            each = voucher(story, str(Decimal(cents) / 100), category=category)
            try:
                recorded = programme.record_voucher(each, "EUR", (), story.grounds())
            except BeyondLimits:
                continue
            standing[recorded.number] = recorded.voucher
            if cancel:
                programme.correct_voucher(
                    recorded.number, standing.pop(recorded.number), None, "EUR", (),
                    corrects=recorded.event_id, grounds=story.grounds(),
                )  # fmt: skip
        for category in ("travel", "other"):
            recount = sum(each.amount for each in standing.values() if each.category == category)
            assert programme.state.money.spent.get(category, Decimal(0)) == recount
        assert sum(programme.state.money.spent.values()) <= 1000


def test_vouchers_do_not_pile_up_in_the_state(story: Story) -> None:
    def size(vouchers: int) -> int:
        history = [paid(story, number, "0.01") for number in range(1, vouchers + 1)]
        return len(MAPPER.to_stored_event(ProgrammeSnapshot.take(funded(story, *history))).state)

    assert size(1000) - size(10) < 10
