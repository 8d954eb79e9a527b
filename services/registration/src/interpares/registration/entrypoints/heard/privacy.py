"""That another service holds no text any more of somebody who was erased."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from uuid import UUID

from interpares.common.commands import UnitOfWork
from interpares.common.contracts.privacy import TextsErased
from interpares.common.envelope import Arrived
from interpares.common.writes import Row

Confirming = Callable[[UUID, str, datetime], Row]


def handlers(producer: str, confirming: Confirming) -> Mapping[str, Callable[[Arrived, UnitOfWork], Awaitable[None]]]:
    """Return what to do with a confirmation. producer: the service that confirms."""

    async def on_texts_erased(event: Arrived, unit: UnitOfWork) -> None:
        unit.write(confirming(TextsErased.model_validate(event.data).person_id, producer, event.time))

    return {TextsErased.TYPE: on_texts_erased}
