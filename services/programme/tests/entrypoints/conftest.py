"""The programme service, served on a real database, with a small MULTIPLY of one country."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
import yaml

from interpares.common.policy import Capacity
from interpares.common.testing.serving import Served, serving
from interpares.programme.domain.participation import Applicant
from interpares.programme.main import SERVICE
from interpares.programme.projections.heard import HeardOrganisation, application_row, organisation_row

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from interpares.common.testing.databases import Database

MULTIPLY = Path(__file__).parents[4] / "templates" / "multiply.yaml"
WHY = {"reason_code": "best-fit", "reason": "It fits best."}
ROLES = ("front-runner", "front-runner", "award-winner", "follower", "follower", "follower", "follower")


@dataclass
class Office:
    """A programme office with its programme.

    members: organisation ids, in the order of ROLES. position: of its last decision.
    """

    served: Served
    office_id: UUID = field(default_factory=uuid4)
    programme_id: str = ""
    members: list[UUID] = field(default_factory=list)
    position: int = 0

    async def does(self, path: str, body: dict[str, Any] | None = None, expect: int = 200) -> dict[str, Any]:
        """Send a command as the office and return the answer."""
        answer = await self.served.post("office", path, WHY | (body or {}))
        assert answer.status_code == expect, answer.text
        answered: dict[str, Any] = answer.json()
        self.position = answered.get("position", self.position)
        return answered

    async def draft(self, **sections: Any) -> None:
        """Draft MULTIPLY for Austria, with further sections in its template."""
        template = yaml.safe_load(MULTIPLY.read_text(encoding="utf-8")) | sections
        body = {"title": {"en": "MULTIPLY"}, "office_id": str(self.office_id), "template": template, "strands": ["AT"]}
        self.programme_id = str((await self.does("/programmes", body, 201))["id"])

    async def open_call(self) -> None:
        """Open the call."""
        deadline = {"local": "2099-12-01T12:00:00", "zone": "Europe/Vienna"}
        await self.does(f"/programmes/{self.programme_id}/call", {"deadline": deadline})

    async def applies(self, role: str, country: str = "AT") -> tuple[UUID, UUID]:
        """Let registration have told of an applicant; return organisation and application."""
        organisation_id, application_id = uuid4(), uuid4()
        organisation = HeardOrganisation(
            organisation_id=organisation_id,
            kind="municipality",
            country=country,
            keys=[{"scheme": "LAU", "value": str(organisation_id.int % 100_000)}],
            names={"de": "Musterstadt"},
        )
        applicant = Applicant(
            application_id=application_id,
            programme_id=UUID(self.programme_id),
            organisation_id=organisation_id,
            country=country,
            role=role,
            strand=None,
            withdrawn=False,
            version=1,
            hash="0" * 64,
            position=len(self.members) + 1,
        )
        rows = (
            organisation_row(organisation),
            application_row(applicant, kind="municipality", submitted_at=datetime.now(UTC)),
        )
        async with self.served.parts.database.connection() as connection:
            for row in rows:
                await connection.execute(row.statement, row.params)
        await self.served.hold(f"coordinator-{organisation_id}", Capacity.COORDINATOR, organisation_id)
        return organisation_id, application_id

    async def admit_all(self) -> None:
        """Admit one organisation for each of ROLES."""
        for role in ROLES:
            organisation_id, application_id = await self.applies(role)
            body = {"application_id": str(application_id), "role": role}
            await self.does(f"/programmes/{self.programme_id}/participations", body, 201)
            self.members.append(organisation_id)

    async def derive(self) -> None:
        """Derive the duties."""
        await self.does(f"/programmes/{self.programme_id}/duties")


@pytest.fixture
def multiply() -> dict[str, Any]:
    """The template of MULTIPLY."""
    document: dict[str, Any] = yaml.safe_load(MULTIPLY.read_text(encoding="utf-8"))
    return document


@pytest.fixture
async def served(database: Database) -> AsyncIterator[Served]:
    """The service."""
    async with serving(SERVICE, database) as running:
        yield running


@pytest.fixture
async def office(served: Served) -> Office:
    """An office that has drafted a programme."""
    made = Office(served)
    await served.hold("office", Capacity.OFFICE, made.office_id)
    await served.hold("auditor", Capacity.AUDITOR, uuid4())
    await made.draft()
    return made


@pytest.fixture
async def running(office: Office) -> Office:
    """An office whose programme runs, with members and duties."""
    await office.open_call()
    await office.admit_all()
    await office.derive()
    return office
