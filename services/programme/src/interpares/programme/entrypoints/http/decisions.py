"""Routes: the decision log, and one decision explained whole, as JSON or as a letter."""

import asyncio
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from interpares.common.database import Database
from interpares.common.errors import Invalid, NotFound
from interpares.common.http import (
    After,
    AtLeastPosition,
    CurrentPrincipal,
    Instant,
    Limit,
    Page,
    Router,
    decode_cursor,
    page_of,
)
from interpares.common.policy import Capacity, Principal
from interpares.common.views import view_at_least
from interpares.programme.entrypoints.http import schemas
from interpares.programme.entrypoints.http.access import Access, own
from interpares.programme.entrypoints.letters import FORMS, written
from interpares.programme.projections.decision_log import VIEW, DecisionLog, Filters
from interpares.programme.projections.explaining import Explanations, with_hash, withheld

Code = Annotated[str | None, Query(pattern="^[a-z][a-z0-9-]{1,63}$")]
Subject = Annotated[str | None, Query(max_length=200, pattern=r"^[a-z]+:[\w.:-]+$", description="kind:id")]
Rule = Annotated[
    str | None,
    Query(
        max_length=200, pattern=r"^[a-z][\w.-]*$", description="Path in the template; a section counts for all in it."
    ),
]
FROM = Query(description="From this instant on.")
UNTIL = Query(description="Before this instant.")


class Wanted:
    """The filters of the log, as a query gives them."""

    def __init__(  # noqa: PLR0913, PLR0917 -- filters, given by name
        self,
        actor: Annotated[UUID | None, Query(description="Who decided or entered it.")] = None,
        acting_for: Annotated[UUID | None, Query(description="The organisation they acted for.")] = None,
        capacity: Annotated[Capacity | None, Query()] = None,
        type: Code = None,  # noqa: A002 -- the name of the filter
        subject: Subject = None,
        outcome: Code = None,
        rule: Rule = None,
        organisation: Annotated[UUID | None, Query(description="Whom it concerns.")] = None,
        follows: Annotated[UUID | None, Query(description="What it is the consequence of.")] = None,
        recorded_from: Annotated[Instant | None, FROM] = None,
        recorded_until: Annotated[Instant | None, UNTIL] = None,
        effective_from: Annotated[Instant | None, FROM] = None,
        effective_until: Annotated[Instant | None, UNTIL] = None,
    ) -> None:
        self.filters = Filters(
            actor=actor,
            acting_for=acting_for,
            capacity=capacity.value if capacity else None,
            type=type,
            subject=subject,
            outcome=outcome,
            rule=rule,
            organisation=organisation,
            follows=follows,
            recorded_from=recorded_from,
            recorded_until=recorded_until,
            effective_from=effective_from,
            effective_until=effective_until,
        )
        spans = (
            (recorded_from, recorded_until, "recorded_until"),
            (effective_from, effective_until, "effective_until"),
        )
        for begin, end, field in spans:
            if begin is not None and end is not None and end <= begin:
                message, way_out = "The time ends before it begins.", "Name an end that is later than the beginning."
                raise Invalid(message, way_out, field=field)


def decision_routes(database: Database, access: Access) -> APIRouter:
    """Return the routes."""
    router: APIRouter = Router(tags=["decisions"])
    log, explanations = DecisionLog(database), Explanations(database)

    async def explained(programme_id: UUID, decision_id: UUID, principal: Principal) -> dict[str, Any]:
        """Return all that the caller may know of a decision."""
        await access.reader(principal, programme_id)
        whole = await explanations.get(programme_id, decision_id)
        if whole is None:
            message = "There is no such decision in this programme."
            raise NotFound(message)
        return with_hash(whole if _may_read(principal, whole) else withheld(whole))

    @router.get("/programmes/{programme_id}/decisions")
    async def list_decisions(  # noqa: PLR0917 -- path, caller, filters, page
        programme_id: UUID,
        principal: CurrentPrincipal,
        wanted: Annotated[Wanted, Depends()],
        after: After = None,
        limit: Limit = 50,
        at_least: AtLeastPosition = None,
    ) -> Page[schemas.Logged]:
        """List decisions in the order they were recorded: by whom, what, about whom, when."""
        await access.reader(principal, programme_id)
        await view_at_least(database, VIEW, at_least)
        (last,) = decode_cursor(after, int) if after else (0,)
        rows = await log.page(programme_id, last, limit + 1, wanted.filters)
        return page_of([schemas.Logged.model_validate(row) for row in rows], limit, lambda each: (each.position,))

    @router.get("/programmes/{programme_id}/decisions/{decision_id}")
    async def explain(
        programme_id: UUID, decision_id: UUID, principal: CurrentPrincipal, at_least: AtLeastPosition = None
    ) -> schemas.Explanation:
        """Explain one decision whole; the typed reason only to the office, auditors and whom the decision concerns."""
        await view_at_least(database, VIEW, at_least)
        return schemas.Explanation.model_validate(await explained(programme_id, decision_id, principal))

    @router.get(
        "/programmes/{programme_id}/decisions/{decision_id}/letter",
        response_class=Response,
        responses={200: {"content": {form.media.partition(";")[0]: {} for form in FORMS.values()}}},
    )
    async def letter(  # noqa: PLR0917 -- path, caller, language and form
        programme_id: UUID,
        decision_id: UUID,
        principal: CurrentPrincipal,
        language: Annotated[Literal["de", "en"], Query()] = "de",
        format: Annotated[Literal["text", "html", "pdf"], Query()] = "html",  # noqa: A002 -- the name of the parameter
        at_least: AtLeastPosition = None,
    ) -> Response:
        """Tell a decision as a letter in plain language; equal facts give equal bytes."""
        await view_at_least(database, VIEW, at_least)
        whole = await explained(programme_id, decision_id, principal)
        form = FORMS[format]
        template = await explanations.template(programme_id)
        # Setting a page takes time, and others wait for the event loop.
        content = await asyncio.to_thread(form.render, written(whole, template, language))
        name = f'inline; filename="decision-{decision_id}.{form.suffix}"'
        headers = {"Content-Disposition": name, "Content-Language": language, **form.headers}
        return Response(content, media_type=form.media, headers=headers)

    return router


def _may_read(principal: Principal, explanation: dict[str, Any]) -> bool:
    office = UUID(explanation["office"]["organisation_id"])
    if principal.has(Capacity.AUDITOR) or principal.of(office, Capacity.OFFICE):
        return True
    concerned = {UUID(each["organisation_id"]) for each in explanation["concerns"]}
    return not set(own(principal)).isdisjoint(concerned)
