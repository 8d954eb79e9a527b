"""The programme itself and its calls."""

from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from interpares.common.contracts.programme.deciding import Decided
from interpares.common.contracts.template.participation import Consortia, Prerequisite, Role, Selection
from interpares.common.contracts.template.questions import ApplicationForm


class ProgrammeDrafted(Decided):
    """A programme office drafts a programme from a template. ``strands``: its parts, for example countries.

    audiences: what those of the template are called, language to text by key.
    """

    TYPE: ClassVar[str] = "programme.drafted.v1"

    office_id: UUID
    title: dict[str, str]
    template: str
    template_version: int
    template_hash: str
    strands: tuple[str, ...]
    audiences: dict[str, dict[str, str]] = Field(default_factory=dict)


class CallConditions(BaseModel):
    """What an applicant has to know of the template: roles, form, selection, prerequisites, consortia."""

    model_config = ConfigDict(frozen=True)

    roles: dict[str, Role]
    application: ApplicationForm | None = None
    selection: dict[str, Selection] = Field(default_factory=dict)
    prerequisites: dict[str, Prerequisite] = Field(default_factory=dict)
    consortia: Consortia | None = None


class CallOpened(Decided):
    """Organisations may apply. ``deadline``: local time with the name of its zone, for example Europe/Brussels."""

    TYPE: ClassVar[str] = "programme.call-opened.v1"

    call_id: UUID
    office_id: UUID
    title: dict[str, str]
    roles: tuple[str, ...]
    strands: tuple[str, ...]
    deadline_local: str
    deadline_zone: str
    conditions: CallConditions | None = None


class CallClosed(Decided):
    """No more applications."""

    TYPE: ClassVar[str] = "programme.call-closed.v1"

    call_id: UUID
