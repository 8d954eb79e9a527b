"""Prerequisites: shown, confirmed, revoked; readiness; the work plan as table, timeline and file."""

from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from fastapi import APIRouter

from interpares.common.commands import Commands
from interpares.common.database import Database
from interpares.common.eventstore import EventStore
from interpares.common.http import (
    After,
    Asked,
    AtLeastPosition,
    CurrentAsked,
    CurrentPrincipal,
    Limit,
    Page,
    Router,
    page_of,
)
from interpares.common.policy import Principal
from interpares.common.views import view_at_least
from interpares.registration.application.decided import Decided
from interpares.registration.application.file_ports import Files
from interpares.registration.application.ports import Dealings, SealedTexts
from interpares.registration.application.prerequisites import (
    ConfirmPrerequisite,
    RevokePrerequisite,
    Showing,
    ShowPrerequisite,
    ShowPrerequisiteAnew,
    confirm_prerequisite,
    revoke_prerequisite,
    show_prerequisite,
    show_prerequisite_anew,
)
from interpares.registration.application.requirements import Requirements
from interpares.registration.domain.prerequisites.fact import Fact
from interpares.registration.entrypoints.http.asking import behind, new_id
from interpares.registration.entrypoints.http.authority import known
from interpares.registration.entrypoints.http.keeping import check_reads, keeper, reads
from interpares.registration.entrypoints.http.schemas.prerequisites import (
    Confirmation,
    FactRead,
    FactShown,
    ItemShown,
    NewPrerequisite,
    NewVersion,
    ReadinessShown,
)
from interpares.registration.entrypoints.http.schemas.words import Answer, CreatingAnswer, Reasoned
from interpares.registration.projections.prerequisites import ListedFact, Prerequisites, PrerequisitesProjector
from interpares.registration.projections.readiness import Readiness


def prerequisite_routes(
    commands: Commands,
    store: EventStore,
    database: Database,
    *,
    files: Files,
    dealings: Dealings,
    requirements: Requirements,
    texts: SealedTexts,
) -> APIRouter:
    """Return the routes."""
    router = Router(tags=["prerequisites"])
    listed, readiness = Prerequisites(database), Readiness(database)
    show = partial(show_prerequisite, files=files, requirements=requirements)
    show_anew = partial(show_prerequisite_anew, files=files, requirements=requirements)

    async def seen(fact_id: UUID, principal: Principal) -> list[ListedFact]:
        versions = await listed.versions(fact_id)
        may = bool(versions) and await reads(principal, versions[0].organisation_id, dealings)
        return known(versions if may else None, "prerequisite")

    async def keeping(fact_id: UUID, principal: Principal) -> str:
        # From the store, not the view: what was shown a moment ago can be decided about.
        fact = await store.load(Fact, fact_id)
        may = fact is not None and await reads(principal, fact.state.organisation_id, dealings)
        return await keeper(principal, known(fact if may else None, "prerequisite").state.organisation_id, dealings)

    @router.post("/organisations/{organisation_id}/prerequisites", status_code=201, operation_id="showPrerequisite")
    async def show_one(organisation_id: UUID, body: NewPrerequisite, asked: CurrentAsked) -> CreatingAnswer:
        """Show a prerequisite of an organisation; somebody else confirms it."""
        command = ShowPrerequisite(
            fact_id=new_id(),
            organisation_id=organisation_id,
            programme_id=body.programme_id,
            prerequisite=body.prerequisite or "",
            kind=body.kind,
            showing=_showing(body, asked, await keeper(asked.principal, organisation_id, dealings)),
        )
        return CreatingAnswer.to(await asked.run(commands, show, command, Decided))

    @router.get("/organisations/{organisation_id}/prerequisites", operation_id="listPrerequisites")
    async def list_all(
        *,
        organisation_id: UUID,
        principal: CurrentPrincipal,
        after: After = None,
        limit: Limit = 50,
        programme_id: UUID | None = None,
        position: AtLeastPosition = None,
    ) -> Page[FactShown]:
        """List what an organisation showed, the newest version of each."""
        await check_reads(principal, organisation_id, dealings)
        start = behind(after)
        await view_at_least(database, PrerequisitesProjector.VIEW, position)
        rows = await listed.page(organisation_id, after=start, limit=limit + 1, programme_id=programme_id)
        return page_of([FactShown.of(row) for row in rows], limit, lambda row: (row.id,))

    @router.get("/organisations/{organisation_id}/readiness/{programme_id}", operation_id="readReadiness")
    async def read_readiness(
        organisation_id: UUID, programme_id: UUID, principal: CurrentPrincipal, position: AtLeastPosition = None
    ) -> ReadinessShown:
        """Return what a programme asks of an organisation: what is there, what is missing, until when."""
        await check_reads(principal, organisation_id, dealings)
        await view_at_least(database, PrerequisitesProjector.VIEW, position)
        items = await readiness.of(organisation_id, programme_id, datetime.now(UTC).date())
        return ReadinessShown(
            organisation_id=organisation_id,
            programme_id=programme_id,
            ready=all(item.status == "confirmed" for item in items),
            items=tuple(ItemShown(**vars(item)) for item in items),
        )

    @router.get("/prerequisites/{fact_id}", operation_id="readPrerequisite")
    async def read_one(fact_id: UUID, principal: CurrentPrincipal, position: AtLeastPosition = None) -> FactRead:
        """Return a prerequisite whole: its newest version with the reason, and the versions before."""
        await view_at_least(database, PrerequisitesProjector.VIEW, position)
        newest, *earlier = await seen(fact_id, principal)
        return FactRead(
            **FactShown.of(newest).model_dump(),
            reason=await texts.opened(newest.note_hash),
            earlier=tuple(FactShown.of(each) for each in earlier),
        )

    @router.post("/prerequisites/{fact_id}/versions", operation_id="showPrerequisiteAnew")
    async def show_version(fact_id: UUID, body: NewVersion, asked: CurrentAsked) -> Answer:
        """Show a new version; the one confirmed before counts until this one is confirmed."""
        command = ShowPrerequisiteAnew(fact_id, _showing(body, asked, await keeping(fact_id, asked.principal)))
        return Answer.to(await asked.run(commands, show_anew, command, Decided, lane=fact_id))

    @router.post("/prerequisites/{fact_id}/confirmation", operation_id="confirmPrerequisite")
    async def confirm_one(fact_id: UUID, body: Confirmation, asked: CurrentAsked) -> Answer:
        """Confirm what was shown: offices anything, coordinators what an organ of their organisation resolved."""
        command = ConfirmPrerequisite(
            fact_id=fact_id,
            version=body.version,
            reason_code=body.reason_code,
            reason=asked.sealed(body.reason, body.about),
            acting_as=await keeping(fact_id, asked.principal),
        )
        return Answer.to(await asked.run(commands, confirm_prerequisite, command, Decided, lane=fact_id))

    @router.post("/prerequisites/{fact_id}/revocation", operation_id="revokePrerequisite")
    async def revoke_one(fact_id: UUID, body: Reasoned, asked: CurrentAsked) -> Answer:
        """Show it no longer: taken back, found wrong, or its holder has left."""
        command = RevokePrerequisite(
            fact_id=fact_id,
            reason_code=body.reason_code,
            reason=asked.sealed(body.reason, body.about),
            acting_as=await keeping(fact_id, asked.principal),
        )
        return Answer.to(await asked.run(commands, revoke_prerequisite, command, Decided, lane=fact_id))

    return router


def _showing(body: NewVersion, asked: Asked, acting_as: str) -> Showing:
    titles = tuple(asked.sealed(title, body.about) for title in body.titles())
    return Showing(
        shown=body.shown(tuple(title.hash for title in titles)),
        file_id=body.evidence.file_id,
        link=body.evidence.link,
        validity=body.validity(),
        texts=titles,
        note=asked.sealed(body.reason, body.about),
        reason_code=body.reason_code,
        acting_as=acting_as,
    )
