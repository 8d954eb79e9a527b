"""Routes: goals, and what they are measured by."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path

from interpares.common.database import Database
from interpares.common.http import AtLeastPosition, CurrentAsked, CurrentPrincipal, Router
from interpares.common.views import view_at_least
from interpares.programme.application import course
from interpares.programme.application import rules_commands as commands
from interpares.programme.entrypoints.http.access import Access
from interpares.programme.entrypoints.http.desk import Desk, why
from interpares.programme.entrypoints.http.schemas import Answer
from interpares.programme.entrypoints.http.schemas import rules as schemas
from interpares.programme.projections.decision_log import VIEW
from interpares.programme.projections.measurements import Measurements
from interpares.programme.projections.programmes import Programmes

KeyPath = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{0,63}$")]
GOALS = "/programmes/{programme_id}/goals"


def goal_routes(database: Database, desk: Desk, access: Access) -> APIRouter:
    """Return the routes."""
    router: APIRouter = Router(tags=["goals"])
    programmes, measurements = Programmes(database), Measurements(database)

    @router.post(f"{GOALS}/{{goal}}/indicators/{{indicator}}", status_code=201)
    async def measure(
        programme_id: UUID, goal: KeyPath, indicator: KeyPath, body: schemas.Measured, asked: CurrentAsked
    ) -> Answer:
        """Take down what a goal is measured by, also after the programme was closed."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = commands.RecordIndicator(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            goal=goal,
            indicator=indicator,
            value=body.value,
            measured_on=body.measured_on,
        )
        return await desk.carry_out(asked, course.record_indicator, command, programme_id)

    @router.get(GOALS)
    async def goals(
        programme_id: UUID, principal: CurrentPrincipal, at_least: AtLeastPosition = None
    ) -> list[schemas.Goal]:
        """Tell what the programme is after and how far it has come."""
        await access.reader(principal, programme_id)
        await view_at_least(database, VIEW, at_least)
        programme = await programmes.get(programme_id)
        measured = await measurements.of(programme_id)
        return [
            schemas.Goal(
                goal=key,
                label=goal["label"],
                indicators=[
                    _indicator(name, rule, measured.get(f"{key}.{name}", []))
                    for name, rule in goal["indicators"].items()
                ],
            )
            for key, goal in (programme["template"] if programme else {}).get("goals", {}).items()
        ]

    return router


def _indicator(name: str, rule: dict[str, Any], measured: list[dict[str, Any]]) -> schemas.Indicator:
    return schemas.Indicator(
        indicator=name,
        label=rule["label"],
        unit=rule["unit"],
        value=rule.get("value"),
        target=rule["target"],
        by=rule["by"],
        reached=bool(measured) and measured[-1]["reached"],
        measured=[schemas.Measurement.model_validate(each) for each in measured],
    )
