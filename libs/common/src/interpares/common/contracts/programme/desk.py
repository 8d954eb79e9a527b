"""What the office's desk tells others: who was reminded of what."""

from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from interpares.common.contracts.programme.deciding import Decided


class Reminder(BaseModel):
    """An organisation, and the thing it has not answered about: ``kind:key``, such as ``duty:AT.visits.1``."""

    model_config = ConfigDict(frozen=True)

    item: str
    organisation_id: UUID


class OrganisationsReminded(Decided):
    """Organisations that have not answered are to be reminded: exactly these. ``channel``: such as mail."""

    TYPE: ClassVar[str] = "programme.organisations-reminded.v1"

    channel: str
    reminders: tuple[Reminder, ...]
