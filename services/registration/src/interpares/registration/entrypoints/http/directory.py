"""Changing the directory, and what came of it: updates, mergers, twin towns, history, succession."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header

from interpares.common.commands import Commands
from interpares.common.database import Database
from interpares.common.errors import Invalid
from interpares.common.http import After, AtLeastPosition, CurrentAsked, Limit, Page, Router, decode_cursor, page_of
from interpares.common.views import view_at_least
from interpares.registration.application.decided import Decided
from interpares.registration.application.directory import (
    EndTwinning,
    EnterTwinning,
    MergeOrganisations,
    UpdateOrganisation,
    end_twinning,
    enter_twinning,
    merge_organisations,
    update_organisation,
)
from interpares.registration.application.directory_ports import DirectoryKeys, Twinnings
from interpares.registration.entrypoints.http.asking import behind, new_id
from interpares.registration.entrypoints.http.authority import known, registrar
from interpares.registration.entrypoints.http.registrars import Registrars
from interpares.registration.entrypoints.http.schemas.organisations import (
    Merger,
    NewTwinning,
    OrganisationUpdate,
    Succession,
    TwinningEnd,
)
from interpares.registration.entrypoints.http.schemas.words import Answer, CreatingAnswer
from interpares.registration.projections.history import InLine, OrganisationHistory, RecordedVersion
from interpares.registration.projections.organisations import OrganisationsProjector
from interpares.registration.projections.twinnings import ListedTwinning, ListedTwinnings, TwinningsProjector

IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        pattern='^"[0-9]{1,9}"$',
        description="ETag of what was read; refused with 412 if it was changed since.",
    ),
]
GOES_ON = "It goes on by itself: nothing changed for those who act for it."
MERGED = (
    "It became part of another organisation: its keys and its history lead here still, its memberships and pending"
    " applications stay as they are until somebody ends or decides them, and new ones are the successor's."
)


def version_of(if_match: str | None) -> int | None:
    """Return the version an If-Match names, None where there is none."""
    return int(if_match.strip('"')) if if_match else None


def directory_routes(
    commands: Commands, database: Database, keys: DirectoryKeys, links: Twinnings, registrars: Registrars
) -> APIRouter:
    """Return the routes."""
    router = Router(tags=["organisations"])
    update = partial(update_organisation, keys=keys)
    enter = partial(enter_twinning, twinnings=links)
    end = partial(end_twinning, twinnings=links)
    history = OrganisationHistory(database)
    twinnings = ListedTwinnings(database)

    @router.put("/organisations/{organisation_id}", operation_id="updateOrganisation")
    async def update_one(
        organisation_id: UUID, body: OrganisationUpdate, asked: CurrentAsked, if_match: IfMatch = None
    ) -> Answer:
        """Put other facts on record, whole: as a correction, or as a change from a day on.

        Coordinators do so for their own organisation, but for what it is known by: kind, country, keys, members, lead,
        first and last day.
        """
        if body.nature == "correction" and body.effective_on:
            message, way_out = "A correction was never otherwise.", "Leave the day out, or call it a change."
            raise Invalid(message, way_out, field="effective_on")
        command = UpdateOrganisation(
            organisation_id=organisation_id,
            facts=body.as_facts(),
            correction=body.nature == "correction",
            effective_on=body.effective_on,
            version=version_of(if_match),
            reason_code=body.reason_code,
            reason=asked.sealed(body.reason, body.about),
            acting_as=await registrars.opener(asked.principal, organisation_id, "organisation"),
        )
        return Answer.to(await asked.run(commands, update, command, Decided, lane=organisation_id))

    @router.post("/organisations/{organisation_id}/merger", operation_id="mergeOrganisations")
    async def merge(organisation_id: UUID, body: Merger, asked: CurrentAsked) -> Answer:
        """Let other organisations become part of this one from a day on; their keys and history stay traceable."""
        for merged in body.merged:
            await registrars.over(asked.principal, merged, "organisation")
        command = MergeOrganisations(
            successor_id=organisation_id,
            merged=body.merged,
            from_day=body.from_day,
            reason_code=body.reason_code,
            reason=asked.sealed(body.reason, body.about),
            acting_as=await registrars.over(asked.principal, organisation_id, "organisation"),
        )
        return Answer.to(await asked.run(commands, merge_organisations, command, Decided, lane=organisation_id))

    @router.get("/organisations/{organisation_id}/history", operation_id="listOrganisationVersions")
    async def list_versions(
        organisation_id: UUID, after: After = None, limit: Limit = 50, position: AtLeastPosition = None
    ) -> Page[RecordedVersion]:
        """List all that was ever on record of an organisation, oldest first, with the reason codes."""
        start = decode_cursor(after, int)[0] if after else None
        await view_at_least(database, OrganisationsProjector.VIEW, position)
        rows = await history.versions(organisation_id, after=start, limit=limit + 1)
        return page_of(rows, limit, lambda row: (row.version,))

    @router.get("/organisations/{organisation_id}/succession", operation_id="readSuccession")
    async def read_succession(organisation_id: UUID, position: AtLeastPosition = None) -> Succession:
        """Tell what became part of an organisation, what it became part of, and what that means."""
        await view_at_least(database, OrganisationsProjector.VIEW, position)
        line = await history.succession(organisation_id)
        known(line or None, "organisation")
        (this,) = (each for each in line if each.step == 0)
        return Succession(line=tuple(line), successor=line[-1].id, meaning=_meaning(this))

    @router.post("/twinnings", status_code=201, operation_id="enterTwinning")
    async def enter_one(body: NewTwinning, asked: CurrentAsked) -> CreatingAnswer:
        """Link two organisations as twin towns."""
        command = EnterTwinning(
            twinning_id=new_id(),
            between=body.between,
            starts=body.starts,
            reason_code=body.reason_code,
            reason=asked.sealed(body.reason, body.about),
            acting_as=registrar(asked.principal),
        )
        return CreatingAnswer.to(await asked.run(commands, enter, command, Decided))

    @router.post("/twinnings/{twinning_id}/end", operation_id="endTwinning")
    async def end_one(twinning_id: UUID, body: TwinningEnd, asked: CurrentAsked) -> Answer:
        """End a link with its last day."""
        command = EndTwinning(
            twinning_id=twinning_id,
            ends=body.ends,
            reason_code=body.reason_code,
            reason=asked.sealed(body.reason, body.about),
            acting_as=registrar(asked.principal),
        )
        return Answer.to(await asked.run(commands, end, command, Decided, lane=twinning_id))

    @router.get("/organisations/{organisation_id}/twinnings", operation_id="listTwinnings")
    async def list_twinnings(
        organisation_id: UUID, after: After = None, limit: Limit = 50, position: AtLeastPosition = None
    ) -> Page[ListedTwinning]:
        """List an organisation's links, those that ended included; both sides are named."""
        start = behind(after)
        await view_at_least(database, TwinningsProjector.VIEW, position)
        rows = await twinnings.page(organisation_id, after=start, limit=limit + 1)
        return page_of(rows, limit, lambda row: (row.id,))

    return router


def _meaning(this: InLine) -> str:
    return MERGED if this.merged_into else GOES_ON
