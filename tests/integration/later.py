"""The release after this one, as it might be. ``python -m tests.integration.later registration api`` runs it.

It is this release and what releases are allowed to add to the one before: a field more in every event, stored and
published, another shape of state, a column, a table and a view more. With INTERPARES_TEST_FLAIR it also records and
publishes a kind of event that the release before has never heard of, and the programme service hears it.
"""

import importlib
import os
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from interpares.common import eventstore
from interpares.common.commands import UnitOfWork
from interpares.common.contracts.contract import Contract
from interpares.common.envelope import Arrived, Publication
from interpares.common.eventstore import Recorded, TypedMapper
from interpares.common.runtime import main
from interpares.common.service import Service
from interpares.common.writes import Row

FLAIR = "INTERPARES_TEST_FLAIR"
FIELD = {"flair": {"much": True}}
MIGRATION = """
from alembic import op

revision, down_revision, branch_labels, depends_on = "{service}_later", "{head}", None, None


def upgrade() -> None:
    op.execute("ALTER TABLE {table} ADD COLUMN flair text")
    op.execute("CREATE TABLE flairs (event_id uuid PRIMARY KEY, organisation_id uuid NOT NULL)")
"""
# By service: a table of it that gets another column.
TABLES = {"registration": "organisations", "programme": "heard_organisations"}


class OrganisationFlared(Contract):
    """An organisation has flair."""

    TYPE: ClassVar[str] = "registration.OrganisationFlared.v1"

    organisation_id: UUID


class Flairs:
    """A view that the release before does not have."""

    VIEW: ClassVar[str] = "flairs"
    TABLES: ClassVar[tuple[str, ...]] = ("flairs",)

    def project(self, recorded: Recorded) -> list[Row]:
        """Note who has flair."""
        event = recorded.event
        if type(event).__name__ != "Flared":
            return []
        return [Row("INSERT INTO flairs VALUES (%s, %s)", (event.event_id, event.originator_id))]


async def on_flared(event: Arrived, unit: UnitOfWork) -> None:
    """Note it in the other service."""
    unit.write(Row("INSERT INTO flairs VALUES (%s, %s)", (event.id, UUID(event.data["organisation_id"]))))


def with_more_fields() -> None:
    """Give every stored and every published event a field more, and every state another shape."""
    values, shape, dump = TypedMapper.values, eventstore.shape_of, Contract.model_dump

    def more(event: Any) -> dict[str, Any]:
        return values(event) | FIELD

    def dumped(self: Contract, **how: Any) -> dict[str, Any]:
        return dump(self, **how) | FIELD

    vars(eventstore)["shape_of"] = lambda kind: f"{shape(kind)}-later"
    for owner, name, changed in ((TypedMapper, "values", staticmethod(more)), (Contract, "model_dump", dumped)):
        setattr(owner, name, changed)


def with_another_kind_of_event() -> None:
    """Let every change of an organisation be followed by an event of a kind that is new."""
    from interpares.registration.domain.organisation import Change, Organisation  # noqa: PLC0415
    from interpares.registration.entrypoints import publications  # noqa: PLC0415

    class Flared(Change):
        TOPIC = "registration.organisation.flared.v1"

        def apply(self, _aggregate: Organisation) -> None:
            """Change nothing that decisions rest on."""

    update = Organisation.update

    def update_with_flair(self: Organisation, *given: Any, **named: Any) -> None:
        update(self, *given, **named)
        if os.environ.get(FLAIR):
            self.trigger_event(Flared)

    Organisation.update = update_with_flair  # type: ignore[method-assign]
    publications.BY_CLASS[Flared] = lambda event: Publication(  # type: ignore[index]
        OrganisationFlared(organisation_id=event.originator_id)
    )


def migrations(service: Service) -> Path:
    """Return the folder of the service's revisions, and one more."""
    folder = Path(tempfile.mkdtemp(prefix="later-"))
    for revision in service.migrations.glob("*.py"):
        shutil.copy(revision, folder)
    head = max(folder.glob("*.py")).stem
    text = MIGRATION.format(service=service.name, head=head, table=TABLES[service.name])
    (folder / f"{service.name}_later.py").write_text(text, encoding="utf-8")
    return folder


def later(service: Service) -> Service:
    """Return the service as the release after this one has it."""
    with_more_fields()
    changed = replace(service, migrations=migrations(service) if "migrate" in sys.argv else service.migrations)
    if service.name == "registration":
        with_another_kind_of_event()
        return replace(changed, projectors=(*service.projectors, Flairs()))
    heard = {**service.subscriptions["registration"], OrganisationFlared.TYPE: on_flared}
    return replace(changed, subscriptions={**service.subscriptions, "registration": heard})


if __name__ == "__main__":
    name = sys.argv.pop(1)
    main(later(importlib.import_module(f"interpares.{name}.main").SERVICE))
