"""Routes: the grant, shares, vouchers, own contributions, and the proof of use."""

import asyncio
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from interpares.common.database import Database
from interpares.common.errors import NotFound
from interpares.common.http import (
    After,
    AtLeastPosition,
    CurrentAsked,
    CurrentPrincipal,
    Limit,
    Page,
    Router,
    decode_cursor,
    page_of,
)
from interpares.common.views import view_at_least
from interpares.programme.application import money, money_commands
from interpares.programme.domain.money.account import Contribution, Effort, Voucher
from interpares.programme.entrypoints.http import proof_of_use
from interpares.programme.entrypoints.http.access import Access
from interpares.programme.entrypoints.http.desk import Desk, for_another, why
from interpares.programme.entrypoints.http.schemas import Answer
from interpares.programme.entrypoints.http.schemas import money as schemas
from interpares.programme.projections.money import VIEW, Accounts, RecordedEntries

Number = Annotated[int, Path(ge=1, lt=2**31)]
Language = Annotated[Literal["de", "en"], Query()]
# More vouchers than any programme has; what is beyond stands in GET …/vouchers.
MOST_LISTED = 20_000
FILES: dict[str, tuple[Callable[[dict[str, Any], str], bytes], str]] = {
    "csv": (proof_of_use.as_csv, "text/csv; charset=utf-8"),
    "xlsx": (proof_of_use.as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "pdf": (proof_of_use.as_pdf, "application/pdf"),
}


def grant_routes(database: Database, desk: Desk, access: Access) -> APIRouter:
    """Return the routes of the grant and its shares."""
    router: APIRouter = Router(tags=["money"])
    accounts = Accounts(database)

    @router.get("/programmes/{programme_id}/funding")
    async def get_account(
        programme_id: UUID, principal: CurrentPrincipal, at_least: AtLeastPosition = None
    ) -> schemas.Account:
        """Return the account: grant, categories, shares and own contributions, and what is unallocated."""
        await access.desk(principal, programme_id)
        await view_at_least(database, VIEW, at_least)
        return schemas.Account.model_validate(await _whole(accounts, programme_id))

    @router.get("/programmes/{programme_id}/funding/proof-of-use")
    async def get_proof(
        programme_id: UUID, principal: CurrentPrincipal, at_least: AtLeastPosition = None
    ) -> schemas.ProofOfUse:
        """Return what was spent, by category, and what is allocated to nobody."""
        await access.desk(principal, programme_id)
        await view_at_least(database, VIEW, at_least)
        return schemas.ProofOfUse.model_validate(_proof(await _whole(accounts, programme_id)))

    @router.get(
        "/programmes/{programme_id}/funding/proof-of-use/{form}",
        response_class=Response,
        responses={200: {"content": {media.partition(";")[0]: {} for _, media in FILES.values()}}},
    )
    async def get_file(
        programme_id: UUID,
        form: Literal["csv", "xlsx", "pdf"],
        principal: CurrentPrincipal,
        language: Language = "de",
        at_least: AtLeastPosition = None,
    ) -> Response:
        """Return the same table as a file; XLSX and PDF list the vouchers that stand as well."""
        await access.desk(principal, programme_id)
        await view_at_least(database, VIEW, at_least)
        entries = await accounts.vouchers(programme_id, 0, MOST_LISTED, standing=True)
        proof = _proof(await _whole(accounts, programme_id)) | {"entries": entries}
        written, media_type = FILES[form]
        content = await asyncio.to_thread(written, proof, language)
        name = f'attachment; filename="proof-of-use-{programme_id}.{form}"'
        return Response(content, media_type=media_type, headers={"Content-Disposition": name})

    @router.post("/programmes/{programme_id}/funding/grant")
    async def award(programme_id: UUID, body: schemas.Grant, asked: CurrentAsked) -> Answer:
        """Take down what the funder decided."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = money_commands.AwardGrant(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            total=Decimal(body.total.value),
            currency=body.total.currency,
            categories={key: Decimal(amount) for key, amount in body.categories.items()},
        )
        return await desk.carry_out(asked, money.award_grant, command, programme_id)

    @router.post("/programmes/{programme_id}/funding/shares")
    async def share(programme_id: UUID, body: schemas.ShareGiven, asked: CurrentAsked) -> Answer:
        """Give a participant its share of the grant."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = money_commands.AllocateShare(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            organisation_id=body.organisation_id,
            amount=Decimal(body.amount.value),
            currency=body.amount.currency,
            approximate=body.approximate,
        )
        return await desk.carry_out(asked, money.allocate_share, command, programme_id)

    return router


def voucher_routes(database: Database, desk: Desk, access: Access) -> APIRouter:
    """Return the routes of vouchers."""
    router: APIRouter = Router(tags=["money"])
    accounts, entries = Accounts(database), RecordedEntries(database)

    @router.get("/programmes/{programme_id}/funding/vouchers")
    async def list_vouchers(  # noqa: PLR0917 -- path, caller, filters, page
        programme_id: UUID,
        principal: CurrentPrincipal,
        category: Annotated[str | None, Query(pattern=r"^[a-z][a-z0-9-]{0,63}$")] = None,
        standing: Annotated[bool, Query(description="Leave out those that were taken back.")] = False,  # noqa: FBT002 -- a switch of a query
        after: After = None,
        limit: Limit = 50,
        at_least: AtLeastPosition = None,
    ) -> Page[schemas.Voucher]:
        """List vouchers by number, those that were taken back too."""
        await access.desk(principal, programme_id)
        await view_at_least(database, VIEW, at_least)
        (last,) = decode_cursor(after, int) if after else (0,)
        rows = await accounts.vouchers(programme_id, last, limit + 1, category=category, standing=standing)
        return page_of([schemas.Voucher.model_validate(row) for row in rows], limit, lambda each: (each.number,))

    @router.post("/programmes/{programme_id}/funding/vouchers")
    async def record(programme_id: UUID, body: schemas.VoucherGiven, asked: CurrentAsked) -> Answer:
        """Record a payment; beyond a limit only by an exception that names it."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = money_commands.RecordVoucher(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            voucher=_voucher(body),
            currency=body.amount.currency,
            despite=body.despite,
        )
        return await desk.carry_out(asked, money.record_voucher, command, programme_id)

    @router.post("/programmes/{programme_id}/funding/vouchers/{number}/correction")
    async def correct(
        programme_id: UUID, number: Number, body: schemas.VoucherCorrection, asked: CurrentAsked
    ) -> Answer:
        """Take a voucher back, and record what was paid instead under a number of its own."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = money_commands.CorrectVoucher(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            number=number,
            after=_voucher(body.instead) if body.instead else None,
            currency=body.instead.amount.currency if body.instead else "",
            despite=body.despite,
        )
        use_case = partial(money.correct_voucher, entries=entries)
        return await desk.carry_out(asked, use_case, command, programme_id)

    return router


def contribution_routes(database: Database, desk: Desk, access: Access) -> APIRouter:
    """Return the routes of own contributions."""
    router: APIRouter = Router(tags=["money"])
    accounts, entries = Accounts(database), RecordedEntries(database)

    @router.get("/programmes/{programme_id}/funding/contributions")
    async def list_contributions(
        programme_id: UUID,
        principal: CurrentPrincipal,
        after: After = None,
        limit: Limit = 50,
        at_least: AtLeastPosition = None,
    ) -> Page[schemas.Contribution]:
        """List own contributions by number, those that were taken back too."""
        await access.desk(principal, programme_id)
        await view_at_least(database, VIEW, at_least)
        (last,) = decode_cursor(after, int) if after else (0,)
        rows = await accounts.contributions(programme_id, last, limit + 1)
        return page_of([schemas.Contribution.model_validate(row) for row in rows], limit, lambda each: (each.number,))

    @router.post("/programmes/{programme_id}/funding/pledges")
    async def pledge(programme_id: UUID, body: schemas.Pledge, asked: CurrentAsked) -> Answer:
        """Say what a participant will bring itself, in money, hours or both."""
        membership = await access.office_or(asked.principal, programme_id, body.organisation_id)
        for_another(membership, body)
        reasons = why(asked, membership, body)
        command = money_commands.Pledge(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            organisation_id=body.organisation_id,
            money=Decimal(body.money.value) if body.money else None,
            currency=body.money.currency if body.money else "",
            hours=Decimal(body.hours) if body.hours else None,
        )
        return await desk.carry_out(asked, money.pledge, command, programme_id)

    @router.post("/programmes/{programme_id}/funding/contributions")
    async def record(programme_id: UUID, body: schemas.ContributionGiven, asked: CurrentAsked) -> Answer:
        """Record what a participant brought: money, or hours by a time sheet."""
        membership = await access.office_or(asked.principal, programme_id, body.organisation_id)
        for_another(membership, body)
        reasons = why(asked, membership, body)
        command = money_commands.RecordContribution(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            contribution=_contribution(body),
            currency=body.amount.currency or "",
        )
        return await desk.carry_out(asked, money.record_contribution, command, programme_id)

    @router.post("/programmes/{programme_id}/funding/contributions/{number}/correction")
    async def correct(
        programme_id: UUID, number: Number, body: schemas.ContributionCorrection, asked: CurrentAsked
    ) -> Answer:
        """Take a contribution back, and record what it was instead under a number of its own."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = money_commands.CorrectContribution(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            number=number,
            after=_contribution(body.instead) if body.instead else None,
            currency=(body.instead.amount.currency or "") if body.instead else "",
        )
        use_case = partial(money.correct_contribution, entries=entries)
        return await desk.carry_out(asked, use_case, command, programme_id)

    return router


def _voucher(facts: schemas.VoucherFacts) -> Voucher:
    return Voucher(
        day=facts.day,
        payee=facts.payee,
        amount=Decimal(facts.amount.value),
        category=facts.category,
        document_hash=facts.document_hash,
        organisation=facts.organisation_id,
    )


def _contribution(facts: schemas.ContributionFacts) -> Contribution:
    return Contribution(
        organisation=facts.organisation_id,
        effort=Effort.MONEY if facts.amount.currency else Effort.HOURS,
        amount=Decimal(facts.amount.value),
        day=facts.day,
        document_hash=facts.document_hash,
    )


async def _whole(accounts: Accounts, programme_id: UUID) -> dict[str, Any]:
    whole = await accounts.whole(programme_id)
    if whole is None:
        message = "The template of this programme says nothing about money."
        raise NotFound(message)
    return whole


def _proof(whole: dict[str, Any]) -> dict[str, Any]:
    return {**whole, "unspent": whole["total"] - whole["spent"]}
