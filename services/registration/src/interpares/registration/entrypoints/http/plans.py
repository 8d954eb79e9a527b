"""The work plan of an organisation: who does what until when, as table, as timeline, and to take along."""

import io
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse

from interpares.common.database import Database
from interpares.common.http import AtLeastPosition, CurrentPrincipal, Router
from interpares.common.policy import Principal
from interpares.common.tables import TableWriter
from interpares.common.views import view_at_least
from interpares.registration.application.ports import Dealings, People, SealedTexts
from interpares.registration.domain.prerequisites.shown import Task
from interpares.registration.entrypoints.http.authority import known
from interpares.registration.entrypoints.http.keeping import reads
from interpares.registration.entrypoints.http.pages import PageLanguage, page, timeline
from interpares.registration.entrypoints.http.registrars import Registrars
from interpares.registration.entrypoints.http.schemas.prerequisites import PlanShown, TaskShown
from interpares.registration.projections.organisations import Organisations
from interpares.registration.projections.prerequisites import Prerequisites, PrerequisitesProjector

WORDS = {
    "de": {
        "title": "Projektplan",
        "term": "Laufzeit",
        "timeline": "Zeitstrahl der Aufgaben",
        "twin": "Dieselben Angaben stehen in der Tabelle darunter.",
        "table": "Wer macht was bis wann",
        "number": "Nr.",
        "what": "Aufgabe",
        "who": "Verantwortlich",
        "starts": "Beginn",
        "due": "Fertig bis",
        "erased": "(gelöscht)",
    },
    "en": {
        "title": "Work plan",
        "term": "Term",
        "timeline": "Timeline of the tasks",
        "twin": "The table below holds the same facts.",
        "table": "Who does what until when",
        "number": "No.",
        "what": "Task",
        "who": "Responsible",
        "starts": "Begins",
        "due": "Done by",
        "erased": "(erased)",
    },
}
HEADINGS = ("number", "what", "who", "starts", "due")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BINARY = {"schema": {"type": "string", "format": "binary"}}
TABLES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": BINARY, XLSX: BINARY}, "description": "The plan as a table."}
}
PageIn = Annotated[PageLanguage, Query(description="Language of the page.")]


def plan_routes(
    database: Database, *, dealings: Dealings, people: People, texts: SealedTexts, registrars: Registrars
) -> APIRouter:
    """Return the routes."""
    router = Router(prefix="/prerequisites/{fact_id}/plan", tags=["prerequisites"])
    listed, organisations = Prerequisites(database), Organisations(database)

    async def owner(owner_id: UUID, principal: Principal) -> str | None:
        person = await people.one(owner_id)
        if person is not None:
            seen = await registrars.sees(principal, person)
            return f"{person.data.given_name} {person.data.family_name}" if seen else None
        organisation = await organisations.one(owner_id)
        return next(iter(organisation.names.values())) if organisation else None

    async def shown(task: Task, names: dict[UUID, str | None]) -> TaskShown:
        title = await texts.opened(task.title)
        return TaskShown(
            title=title, owner_id=task.owner_id, owner=names[task.owner_id], starts=task.starts, due=task.due
        )

    async def plan_of(fact_id: UUID, principal: Principal, position: int | None) -> PlanShown:
        await view_at_least(database, PrerequisitesProjector.VIEW, position)
        versions = await listed.versions(fact_id)
        may = bool(versions) and await reads(principal, versions[0].organisation_id, dealings)
        plan = known(versions[0].shown.plan if may else None, "work plan")
        names = {each: await owner(each, principal) for each in {task.owner_id for task in plan.tasks}}
        tasks = [await shown(task, names) for task in plan.tasks]
        return PlanShown(starts=plan.starts, ends=plan.ends, tasks=tuple(tasks))

    @router.get("", operation_id="readPlan")
    async def read_plan(fact_id: UUID, principal: CurrentPrincipal, position: AtLeastPosition = None) -> PlanShown:
        """Return the newest version of a work plan as a table."""
        return await plan_of(fact_id, principal, position)

    @router.get("/page", operation_id="showPlan", response_class=HTMLResponse)
    async def show_plan(
        fact_id: UUID, principal: CurrentPrincipal, language: PageIn = "de", position: AtLeastPosition = None
    ) -> HTMLResponse:
        """Return a page with the plan as a timeline and, with the same facts, as a table."""
        plan = await plan_of(fact_id, principal, position)
        return page(
            "plan.html",
            language,
            WORDS,
            plan=plan,
            height=timeline.height(plan),
            months=timeline.months(plan),
            bars=timeline.bars(plan),
        )

    @router.get("/export", operation_id="exportPlan", response_class=Response, responses=TABLES)
    async def export_plan(
        fact_id: UUID,
        principal: CurrentPrincipal,
        form: Annotated[Literal["csv", "xlsx"], Query(alias="format")] = "csv",
        language: PageIn = "de",
        position: AtLeastPosition = None,
    ) -> Response:
        """Return the plan as CSV or XLSX; what would be a formula is text."""
        plan = await plan_of(fact_id, principal, position)
        rows = [
            [str(index + 1), task.title or "", task.owner or str(task.owner_id), str(task.starts), str(task.due)]
            for index, task in enumerate(plan.tasks)
        ]
        table = [[WORDS[language][heading] for heading in HEADINGS], *rows]
        content, kind = (_csv(table), "text/csv") if form == "csv" else (_xlsx(table), XLSX)
        disposition = f'attachment; filename="plan-{fact_id}.{form}"'
        return Response(content, media_type=kind, headers={"Content-Disposition": disposition})

    return router


def _csv(table: list[list[str]]) -> bytes:
    text = io.StringIO()
    TableWriter(text).rows(table)
    return text.getvalue().encode("utf-8-sig")


def _xlsx(table: list[list[str]]) -> bytes:
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    import xlsxwriter  # type: ignore[import-untyped]  # noqa: PLC0415 -- only who writes workbooks has it in memory

    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet()
        for index, row in enumerate(table):
            sheet.write_row(index, 0, row)
    return file.getvalue()
