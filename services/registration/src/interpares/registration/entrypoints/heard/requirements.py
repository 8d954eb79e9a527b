"""What programmes ask their participants to show: told with their calls."""

from collections.abc import Mapping

from interpares.common.commands import UnitOfWork
from interpares.common.contracts.programme import CallOpened
from interpares.common.envelope import Arrived
from interpares.registration.application.requirements import (
    NoteRequirements,
    Requirement,
    RequirementBook,
    note_requirements,
)
from interpares.registration.entrypoints.subscriptions import Handler


def requirement_handlers(book: RequirementBook) -> Mapping[str, Handler]:
    """Return what to do with an event of the programme service, by its type."""

    async def on_call_opened(event: Arrived, unit: UnitOfWork) -> None:
        opened = CallOpened.model_validate(event.data)
        if opened.conditions is None:
            return
        requirements = tuple(
            Requirement(
                programme_id=opened.programme_id,
                key=key,
                kind=each.proof,
                label=dict(each.label),
                kinds=tuple(each.kinds),
                roles=tuple(each.roles),
                due_before=each.due_before,
                disciplines=each.disciplines,
            )
            for key, each in opened.conditions.prerequisites.items()
        )
        await note_requirements(NoteRequirements(opened.programme_id, requirements), unit, book=book)

    return {CallOpened.TYPE: on_call_opened}
