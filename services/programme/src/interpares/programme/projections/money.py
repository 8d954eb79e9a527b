"""Money as it is read: the account of a programme, its vouchers, and the proof of use by category."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from psycopg.types.json import Jsonb

from interpares.common.writes import Row
from interpares.programme.domain.amending.events import RulesAmended
from interpares.programme.domain.money import events
from interpares.programme.domain.money.account import Contribution, Effort, Voucher
from interpares.programme.domain.money.rules import read_funding
from interpares.programme.domain.programme import Programme

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from interpares.common.database import Database
    from interpares.common.eventstore import Recorded

VIEW = "money"
ACCOUNT = (
    "INSERT INTO money_accounts (programme_id, currency, total, categories, awarded) VALUES (%s, %s, %s, %s, false)"
    # What the funder awarded stands when the rules are amended; a category it did not know has no ceiling.
    " ON CONFLICT (programme_id) DO UPDATE SET currency = excluded.currency,"
    " total = CASE WHEN money_accounts.awarded THEN money_accounts.total ELSE excluded.total END,"
    " categories = CASE WHEN money_accounts.awarded THEN"
    " (SELECT jsonb_object_agg(key, money_accounts.categories -> key)"
    " FROM jsonb_object_keys(excluded.categories) AS key) ELSE excluded.categories END"
)


class MoneyProjector:
    """Keeps the tables; figures of the template stand until the grant is awarded."""

    VIEW: ClassVar[str] = VIEW
    TABLES: ClassVar[tuple[str, ...]] = ("money_accounts", "money_shares", "money_pledges", "vouchers", "contributions")

    def project(self, recorded: Recorded) -> Iterable[Row]:
        """Return the changes of one event."""
        event = recorded.event
        match event:
            case Programme.Created() | RulesAmended() if funding := event.template.get("funding"):
                categories = {key: each.get("amount") for key, each in funding.get("categories", {}).items()}
                yield Row(
                    ACCOUNT,
                    (
                        event.originator_id,
                        funding["currency"],
                        Decimal(funding["total"]),
                        Jsonb(categories or {"all": None}),
                    ),
                )
            case events.GrantAwarded():
                planned = {key: None if each is None else str(each) for key, each in event.categories.items()}
                yield Row(
                    "UPDATE money_accounts SET total = %s, categories = %s, awarded = true WHERE programme_id = %s",
                    (event.total, Jsonb(planned), event.originator_id),
                )
            case events.ShareAllocated():
                yield Row(
                    "INSERT INTO money_shares VALUES (%s, %s, %s, %s) ON CONFLICT (programme_id, organisation_id)"
                    " DO UPDATE SET amount = excluded.amount, approximate = excluded.approximate",
                    (event.originator_id, event.organisation, event.amount, event.approximate),
                )
            case events.ContributionPledged():
                yield Row(
                    "INSERT INTO money_pledges VALUES (%s, %s, %s, %s) ON CONFLICT (programme_id, organisation_id)"
                    " DO UPDATE SET money = excluded.money, hours = excluded.hours",
                    (event.originator_id, event.organisation, event.money, event.hours),
                )
            case events.VoucherRecorded():
                yield _voucher(event)
            case events.VoucherCancelled():
                yield _cancel("vouchers", event)
            case events.ContributionRecorded():
                yield _contribution(event)
            case events.ContributionCancelled():
                yield _cancel("contributions", event)
            case _:
                return


def _voucher(event: events.VoucherRecorded) -> Row:
    voucher = event.voucher
    return Row(
        "INSERT INTO vouchers (programme_id, number, decision_id, day, payee, amount, currency, category,"
        " organisation_id, document_hash, reason_code, despite)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            event.originator_id,
            event.number,
            event.event_id,
            voucher.day,
            voucher.payee,
            voucher.amount,
            event.currency,
            voucher.category,
            voucher.organisation,
            voucher.document_hash,
            event.decision.reason_code,
            list(event.despite),
        ),
    )


def _contribution(event: events.ContributionRecorded) -> Row:
    brought = event.contribution
    return Row(
        "INSERT INTO contributions (programme_id, number, decision_id, organisation_id, effort, amount, day,"
        " document_hash) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        (
            event.originator_id,
            event.number,
            event.event_id,
            brought.organisation,
            brought.effort.value,
            brought.amount,
            brought.day,
            brought.document_hash,
        ),
    )


def _cancel(table: str, event: events.VoucherCancelled | events.ContributionCancelled) -> Row:
    return Row(
        f"UPDATE {table} SET cancelled_by = %s WHERE programme_id = %s AND number = %s",  # noqa: S608 -- one of two constants
        (event.event_id, event.originator_id, event.number),
    )


class RecordedEntries:
    """The port ``Entries``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def voucher(self, programme_id: UUID, number: int) -> tuple[Voucher, UUID] | None:
        """Return a voucher with the id of the decision that recorded it."""
        rows = await self._database.fetch(
            "SELECT * FROM vouchers WHERE programme_id = %s AND number = %s", (programme_id, number)
        )
        if not rows:
            return None
        row = rows[0]
        voucher = Voucher(
            day=row["day"],
            payee=row["payee"],
            amount=row["amount"],
            category=row["category"],
            document_hash=row["document_hash"],
            organisation=row["organisation_id"],
        )
        return voucher, row["decision_id"]

    async def contribution(self, programme_id: UUID, number: int) -> tuple[Contribution, UUID] | None:
        """Return a contribution with the id of the decision that recorded it."""
        rows = await self._database.fetch(
            "SELECT * FROM contributions WHERE programme_id = %s AND number = %s", (programme_id, number)
        )
        if not rows:
            return None
        row = rows[0]
        contribution = Contribution(
            organisation=row["organisation_id"],
            effort=Effort(row["effort"]),
            amount=row["amount"],
            day=row["day"],
            document_hash=row["document_hash"],
        )
        return contribution, row["decision_id"]

    async def reached(self, programme_id: UUID) -> int:
        """Return the highest number recorded here."""
        rows = await self._database.fetch(
            "SELECT coalesce(max(number), 0) AS reached FROM (SELECT number FROM vouchers WHERE programme_id = %s"
            " UNION ALL SELECT number FROM contributions WHERE programme_id = %s) AS entries",
            (programme_id, programme_id),
        )
        return int(rows[0]["reached"])


def _use(key: str, label: dict[str, str], planned: str | None, vouchers: int, spent: Decimal) -> dict[str, Any]:
    ceiling = None if planned is None else Decimal(planned)
    left = None if ceiling is None else ceiling - spent
    return {
        "category": key,
        "label": label,
        "planned": ceiling,
        "vouchers": vouchers,
        "spent": spent,
        "left": left,
    }


class Accounts:
    """Queries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def whole(self, programme_id: UUID) -> dict[str, Any] | None:
        """Return the account: figures, categories with what was spent, participants with their shares, and the rest.

        None where the template says nothing about money.
        """
        rows = await self._database.fetch(
            "SELECT a.*, p.template, p.title FROM money_accounts a JOIN programmes p USING (programme_id)"
            " WHERE a.programme_id = %s",
            (programme_id,),
        )
        rules = read_funding(rows[0]["template"]) if rows else None
        if rules is None:
            return None
        row, members = rows[0], await self.participants(programme_id)
        for member in members:
            decided = member["share"] is not None
            by_rule = rules.share_of(tuple(member["roles"])) if rules.shares and member["active"] else None
            if not decided and by_rule is not None:
                member |= {"share": by_rule.amount, "approximate": by_rule.approximate}
            member["share_decided"] = decided
        spent = await self.spent(programme_id)
        labels = row["template"]["funding"].get("categories", {})
        return {
            "programme_id": programme_id,
            "title": row["title"],
            "funder": row["template"]["funding"]["funder"],
            "carrier": row["template"]["funding"]["carrier"],
            "currency": row["currency"],
            "total": row["total"],
            "awarded": row["awarded"],
            "categories": [
                _use(key, labels.get(key, {}).get("label", {}), planned, *spent.get(key, (0, Decimal(0))))
                for key, planned in sorted(row["categories"].items())
            ],
            "participants": members,
            "spent": sum((amount for _, amount in spent.values()), Decimal(0)),
            "unallocated": row["total"] - sum((member["share"] or Decimal(0) for member in members), Decimal(0)),
            "unplanned": row["total"] - sum((Decimal(each or 0) for each in row["categories"].values()), Decimal(0)),
        }

    async def participants(self, programme_id: UUID) -> list[dict[str, Any]]:
        """Return everybody who takes part, took part or brought money: share, what it used, pledged and brought."""
        return await self._database.fetch(
            "WITH used AS (SELECT organisation_id, sum(amount) AS used FROM vouchers WHERE programme_id = %(p)s"
            " AND cancelled_by IS NULL AND organisation_id IS NOT NULL GROUP BY organisation_id),"
            " brought AS (SELECT organisation_id, coalesce(sum(amount) FILTER (WHERE effort = 'money'), 0) AS money,"
            " coalesce(sum(amount) FILTER (WHERE effort = 'hours'), 0) AS hours FROM contributions"
            " WHERE programme_id = %(p)s AND cancelled_by IS NULL GROUP BY organisation_id)"
            " SELECT t.organisation_id, t.roles, t.active, coalesce(o.names, '{}') AS names,"
            " coalesce(o.keys, '[]') AS keys, s.amount AS share, s.approximate, coalesce(u.used, 0) AS used,"
            " g.money AS pledged_money, g.hours AS pledged_hours, coalesce(b.money, 0) AS money,"
            " coalesce(b.hours, 0) AS hours FROM participations t"
            " LEFT JOIN heard_organisations o USING (organisation_id)"
            " LEFT JOIN money_shares s USING (programme_id, organisation_id)"
            " LEFT JOIN money_pledges g USING (programme_id, organisation_id)"
            " LEFT JOIN used u USING (organisation_id) LEFT JOIN brought b USING (organisation_id)"
            " WHERE t.programme_id = %(p)s ORDER BY t.organisation_id",
            {"p": programme_id},
        )

    async def spent(self, programme_id: UUID) -> dict[str, tuple[int, Decimal]]:
        """Return how many vouchers stand in each category, and what they come to."""
        rows = await self._database.fetch(
            "SELECT category, count(*) AS vouchers, sum(amount) AS spent FROM vouchers"
            " WHERE programme_id = %s AND cancelled_by IS NULL GROUP BY category",
            (programme_id,),
        )
        return {row["category"]: (row["vouchers"], row["spent"]) for row in rows}

    async def vouchers(
        self, programme_id: UUID, after: int, limit: int, *, category: str | None = None, standing: bool = False
    ) -> list[dict[str, Any]]:
        """Return vouchers by number. standing: only those that were not taken back."""
        return await self._database.fetch(
            "SELECT * FROM vouchers WHERE programme_id = %s AND number > %s"
            " AND (%s::text IS NULL OR category = %s) AND (NOT %s OR cancelled_by IS NULL) ORDER BY number LIMIT %s",
            (programme_id, after, category, category, standing, limit),
        )

    async def contributions(self, programme_id: UUID, after: int, limit: int) -> list[dict[str, Any]]:
        """Return own contributions by number."""
        return await self._database.fetch(
            "SELECT * FROM contributions WHERE programme_id = %s AND number > %s ORDER BY number LIMIT %s",
            (programme_id, after, limit),
        )
