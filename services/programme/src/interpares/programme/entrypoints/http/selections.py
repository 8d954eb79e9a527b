"""Routes: selections, their steps, and applicants side by side."""

import asyncio
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from interpares.common.database import Database
from interpares.common.errors import NotFound
from interpares.common.eventstore import EventStore
from interpares.common.http import CurrentAsked, CurrentPrincipal, Page, Router
from interpares.programme.application import selecting
from interpares.programme.application import selecting_commands as commands
from interpares.programme.application.assessing import Assessing
from interpares.programme.domain.programme import Programme
from interpares.programme.entrypoints.eligibility import found_by
from interpares.programme.entrypoints.http.access import Access
from interpares.programme.entrypoints.http.comparison import FORMS
from interpares.programme.entrypoints.http.desk import Desk, why
from interpares.programme.entrypoints.http.schemas import selections as schemas
from interpares.programme.entrypoints.http.schemas.deciding import Answer
from interpares.programme.projections.comparing import compared, rounds_of
from interpares.programme.projections.heard import HeardApplications, HeardOrganisations
from interpares.programme.projections.heard_prerequisites import HeardPrerequisites
from interpares.programme.projections.heard_rankings import HeardRankings
from interpares.programme.projections.past import PastMeetings
from interpares.programme.projections.programmes import Programmes

PROGRAMME = "/programmes/{programme_id}"
ROUND = f"{PROGRAMME}/selections/{{round}}"
RoundPath = Annotated[str, Path(max_length=129, pattern=schemas.ROUND, description="strand.selection")]
RuleKey = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{0,63}$", description="Key of a selection in the template.")]
LanguageOf = Annotated[Literal["de", "en"], Query()]


def selecting_routes(database: Database, desk: Desk, access: Access) -> APIRouter:
    """Return the routes of the steps."""
    router: APIRouter = Router(tags=["selections"])
    applicants = HeardApplications(database)
    assessing = Assessing(HeardOrganisations(database), PastMeetings(database), found_by)

    @router.post(f"{PROGRAMME}/selection-rules/{{selection}}/criteria", status_code=201)
    async def fix(programme_id: UUID, selection: RuleKey, body: schemas.Criteria, asked: CurrentAsked) -> Answer:
        """Fix by what applicants will be chosen, before the deadline of the call."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = commands.FixCriteria(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            selection=selection,
            points_at_most=Decimal(body.points_at_most),
            places=body.places,
        )
        return await desk.carry_out(asked, selecting.fix_criteria, command, programme_id)

    @router.post(f"{ROUND}/assessments", status_code=201)
    async def assess(programme_id: UUID, round: RoundPath, body: schemas.Assessment, asked: CurrentAsked) -> Answer:  # noqa: A002 -- the word of the field
        """Record what a member of the jury found of an application."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = commands.Assess(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            round=round,
            application_id=body.application_id,
            assessor=body.assessor or asked.principal.actor,
            points=schemas.decimals(body.points),
        )
        return await desk.carry_out(asked, partial(selecting.assess, applicants=applicants), command, programme_id)

    @router.post(f"{ROUND}/exclusions", status_code=201)
    async def exclude(
        programme_id: UUID,
        round: RoundPath,  # noqa: A002 -- the word of the field
        body: schemas.AssessorExclusion,
        asked: CurrentAsked,
    ) -> Answer:
        """Take down that somebody does not assess an organisation, because of a conflict of interest."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = commands.ExcludeAssessor(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            round=round,
            assessor=body.assessor,
            organisation_id=body.organisation_id,
            kind=body.kind,
        )
        return await desk.carry_out(asked, selecting.exclude_assessor, command, programme_id)

    @router.post(f"{ROUND}/ranking")
    async def rank(programme_id: UUID, round: RoundPath, body: schemas.Ranking, asked: CurrentAsked) -> Answer:  # noqa: A002 -- the word of the field
        """Rank all applications by the criteria that were fixed."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = commands.RankApplicants(
            programme_id=programme_id, grounds=reasons.grounds, texts=reasons.texts, round=round, order=body.order
        )
        use_case = partial(selecting.rank_applicants, applicants=applicants, rankings=HeardRankings(database))
        return await desk.carry_out(asked, use_case, command, programme_id)

    @router.post(f"{ROUND}/result")
    async def decide(programme_id: UUID, round: RoundPath, body: schemas.Result, asked: CurrentAsked) -> Answer:  # noqa: A002 -- the word of the field
        """Admit by rank, put the next on the waiting list, decline the others: all at once."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = commands.DecideSelection(
            programme_id=programme_id, grounds=reasons.grounds, texts=reasons.texts, round=round, waiting=body.waiting
        )
        use_case = partial(
            selecting.decide_selection,
            applicants=applicants,
            prerequisites=HeardPrerequisites(database),
            assessing=assessing,
        )
        return await desk.carry_out(asked, use_case, command, programme_id)

    return router


def comparing_routes(database: Database, store: EventStore, access: Access) -> APIRouter:
    """Return the routes that show selections."""
    router: APIRouter = Router(tags=["selections"])
    applicants, organisations = HeardApplications(database), HeardOrganisations(database)

    async def programme_of(programme_id: UUID) -> Programme:
        programme = await store.load(Programme, programme_id)
        if programme is None:
            message = "There is no such programme."
            raise NotFound(message)
        return programme

    async def comparison(programme_id: UUID, name: str) -> dict[str, Any]:
        programme = await programme_of(programme_id)
        selection = programme.state.selections.rounds.get(name)
        if selection is None:
            message = "There is no such selection, or its criteria are not fixed."
            raise NotFound(message)
        found = await selecting.competing(programme, name, applicants)
        names = await organisations.named([each.organisation_id for each in found])
        return compared(programme, selection, found, names)

    @router.get(f"{PROGRAMME}/selections")
    async def list_rounds(programme_id: UUID, principal: CurrentPrincipal) -> Page[schemas.Round]:
        """List the selections whose criteria are fixed: a few, so all on one page."""
        await access.desk(principal, programme_id)
        found = rounds_of(await programme_of(programme_id))
        return Page(items=tuple(schemas.Round.model_validate(each) for each in found), next=None)

    @router.get(f"{ROUND}/comparison")
    async def compare(programme_id: UUID, round: RoundPath, principal: CurrentPrincipal) -> schemas.Comparison:  # noqa: A002 -- the word of the field
        """Show the applicants side by side."""
        await access.desk(principal, programme_id)
        return schemas.Comparison.model_validate(await comparison(programme_id, round))

    @router.get(
        f"{ROUND}/comparison/{{form}}",
        response_class=Response,
        responses={200: {"content": {media.partition(";")[0]: {} for _, media, _ in FORMS.values()}}},
    )
    async def print_comparison(
        programme_id: UUID,
        round: RoundPath,  # noqa: A002 -- the word of the field
        form: Literal["csv", "html", "pdf"],
        principal: CurrentPrincipal,
        language: LanguageOf = "de",
    ) -> Response:
        """Show the applicants side by side, to be printed or reckoned with."""
        await access.desk(principal, programme_id)
        labelled = await comparison(programme_id, round) | await _labels(database, programme_id, round, language)
        written, media, headers = FORMS[form]
        content = await asyncio.to_thread(written, labelled, language)
        name = f'inline; filename="comparison-{round}.{form}"'
        return Response(content, media_type=media, headers={"Content-Disposition": name, **headers})

    return router


async def _labels(database: Database, programme_id: UUID, name: str, language: str) -> dict[str, Any]:
    """Return what the template calls a selection and its criteria."""
    programme = await Programmes(database).get(programme_id)
    template = programme["template"] if programme else {}
    rule = template.get("selection", {}).get(name.partition(".")[2], {})
    labels = {key: _in(part["label"], language) for key, part in rule.get("criteria", {}).items()}
    roles = [_in(template["roles"][role]["label"], language) for role in rule.get("roles", ())]
    return {"labels": labels, "label": ", ".join(roles)}


def _in(texts: dict[str, str], language: str) -> str:
    return texts.get(language) or next(iter(texts.values()), "")
