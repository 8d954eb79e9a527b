"""Routes: taking part without having applied, and with whom."""

from functools import partial
from uuid import UUID

from fastapi import APIRouter

from interpares.common.database import Database
from interpares.common.http import CurrentAsked, Router
from interpares.programme.application import rules_commands as commands
from interpares.programme.application.assessing import Assessing
from interpares.programme.application.joining import change_consortium, join
from interpares.programme.entrypoints.eligibility import found_by
from interpares.programme.entrypoints.http import schemas
from interpares.programme.entrypoints.http.access import Access
from interpares.programme.entrypoints.http.desk import Desk, why
from interpares.programme.entrypoints.http.programmes import terms_of
from interpares.programme.projections.heard import HeardOrganisations
from interpares.programme.projections.heard_prerequisites import HeardPrerequisites
from interpares.programme.projections.past import PastMeetings


def joining_routes(database: Database, desk: Desk, access: Access) -> APIRouter:
    """Return the routes."""
    router: APIRouter = Router(tags=["participations"])
    organisations, prerequisites = HeardOrganisations(database), HeardPrerequisites(database)
    assessing = Assessing(organisations, PastMeetings(database), found_by)

    @router.post("/programmes/{programme_id}/joinings", status_code=201)
    async def join_one(programme_id: UUID, body: schemas.Joining, asked: CurrentAsked) -> schemas.Answer:
        """Take part without having applied; what is obtained by declaration an organisation takes itself."""
        membership = await access.office_or(asked.principal, programme_id, body.organisation_id)
        reasons = why(asked, membership, body)
        command = commands.Join(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            organisation_id=body.organisation_id,
            role=body.role,
            strand=body.strand,
            terms=terms_of(body, body.contract),
            members=body.members,
            excepted=body.exception,
        )
        use_case = partial(join, organisations=organisations, prerequisites=prerequisites, assessing=assessing)
        return await desk.carry_out(asked, use_case, command, programme_id)

    @router.post("/programmes/{programme_id}/participations/{organisation_id}/consortium")
    async def change(
        programme_id: UUID, organisation_id: UUID, body: schemas.Consortium, asked: CurrentAsked
    ) -> schemas.Answer:
        """Name the members of a consortium anew."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = commands.ChangeConsortium(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            organisation_id=organisation_id,
            members=body.members,
        )
        return await desk.carry_out(asked, change_consortium, command, programme_id)

    return router
