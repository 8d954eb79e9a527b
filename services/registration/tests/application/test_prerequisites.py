"""Showing prerequisites with evidence that exists, of people who exist."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from services.registration.tests.application.test_keeping_files import FakeFiles
from services.registration.tests.domain.test_prerequisites import SHOWN, TEAM

from interpares.common.errors import NotFound
from interpares.common.sealed import seal
from interpares.common.writes import Row
from interpares.registration.application.file_ports import FileNote
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
from interpares.registration.application.requirements import NoteRequirements, Requirement, note_requirements
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.organisation import Facts, Key, Kind, Organisation
from interpares.registration.domain.person import Person
from interpares.registration.domain.prerequisites import shown as domain
from interpares.registration.domain.prerequisites.fact import Evidence, Fact, Validity
from interpares.registration.domain.prerequisites.refusals import EvidenceMissing, EvidenceUnknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.registration.tests.application.conftest import FakeUnit

    from interpares.common.context import Occasion

FACT, TOWN, PROGRAMME, PERSON, FILE = (UUID(int=number) for number in range(90, 95))
NOTE, TITLE = seal("As resolved.", UUID(int=1)), seal("Write the report", UUID(int=1))
NOW = datetime(2026, 3, 1, tzinfo=UTC)
PAPER = FileNote(FILE, TOWN, "a.pdf", "application/pdf", 7, "e" * 64, NOW, None)


@dataclass
class Files(FakeFiles):
    known: FileNote | None = PAPER

    async def one(self, file_id: UUID) -> FileNote | None:
        return self.known if self.known and self.known.id == file_id else None


@dataclass
class FakeRequirements:
    asked: tuple[str, ...] = ()
    noted: list[Any] = field(default_factory=list)

    async def disciplines(self, programme_id: UUID, key: str) -> tuple[str, ...]:
        assert (programme_id, key) == (PROGRAMME, "team")
        return self.asked

    def noting(self, programme_id: UUID, requirements: Sequence[Requirement]) -> Sequence[Row]:
        return [Row((programme_id, requirements))]


def showing(kind: domain.Kind = domain.Kind.POLITICAL_RESOLUTION, **changes: Any) -> Showing:
    facts: dict[str, Any] = {
        "shown": SHOWN[kind],
        "file_id": FILE,
        "link": None,
        "validity": Validity(date(2026, 1, 1)),
        "texts": (TITLE,),
        "note": NOTE,
        "reason_code": "as-asked",
        "acting_as": "coordinator",
    }
    return Showing(**facts | changes)


@pytest.fixture
def town(unit: FakeUnit, now_acting: Occasion) -> None:
    facts = Facts(Kind.MUNICIPALITY, "AT", (Key("LAU", "1"),), {"de": "A"})
    unit.given(Organisation.register(TOWN, facts, acting_as="office"))
    # Whom the examples name.
    unit.given(Person.register(UUID(int=93), UUID(int=1)))


async def show(unit: FakeUnit, what: Showing, asked: tuple[str, ...] = (), files: Files | None = None) -> Any:
    command = ShowPrerequisite(FACT, TOWN, PROGRAMME, "team", next_kind(what), what)
    await show_prerequisite(command, unit, files=files or Files(), requirements=FakeRequirements(asked))
    return unit.saved[-1][0][-1]


def next_kind(what: Showing) -> domain.Kind:
    return next(kind for kind, each in SHOWN.items() if each == what.shown)


@pytest.mark.usefixtures("town")
async def test_a_prerequisite_is_shown_by_a_file_of_the_organisation(unit: FakeUnit) -> None:
    event = await show(unit, showing())

    assert isinstance(event, Fact.Created)
    assert event.evidence == Evidence(FILE, None, "e" * 64)
    assert unit.saved[-1][1] == (NOTE, TITLE)


@pytest.mark.usefixtures("town")
async def test_or_by_a_link_that_is_hashed_as_it_stands(unit: FakeUnit) -> None:
    link = "https://ris.example.org/paper/17"

    event = await show(unit, showing(file_id=None, link=link))

    assert event.evidence == Evidence(None, link, hashlib.sha256(link.encode()).hexdigest())


@pytest.mark.usefixtures("town")
async def test_without_either_it_is_not(unit: FakeUnit) -> None:
    with pytest.raises(EvidenceMissing):
        await show(unit, showing(file_id=None))


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(
    "known",
    [None, replace(PAPER, organisation_id=PROGRAMME), replace(PAPER, erased_at=NOW)],
    ids=["none", "foreign", "erased"],
)
async def test_the_file_has_to_be_there(unit: FakeUnit, known: FileNote | None) -> None:
    with pytest.raises(EvidenceUnknown):
        await show(unit, showing(), files=Files(known))


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("kind", [domain.Kind.TEAM, domain.Kind.NAMED_HEAD])
async def test_people_who_are_named_have_to_be_registered(unit: FakeUnit, kind: domain.Kind) -> None:
    await show(unit, showing(kind))
    del unit.stored[UUID(int=93)]

    with pytest.raises(NotFound):
        await show(unit, showing(kind))


@pytest.mark.usefixtures("town")
async def test_the_programme_asks_for_disciplines_beside_those_the_town_asks_for_itself(unit: FakeUnit) -> None:
    event = await show(unit, showing(domain.Kind.TEAM), asked=("mobility", "energy"))

    assert event.shown.team == replace(TEAM, asked=("mobility", "energy"))
    assert event.shown.lacking() == ("discipline-mobility",)


@pytest.mark.usefixtures("town")
async def test_it_is_confirmed_shown_anew_and_revoked(unit: FakeUnit) -> None:
    fact = Fact.show(
        FACT,
        organisation_id=TOWN,
        organisation_kind=Kind.MUNICIPALITY,
        programme_id=None,
        prerequisite="",
        kind=domain.Kind.TEAM,
        shown=SHOWN[domain.Kind.TEAM],
        evidence=Evidence(FILE, None, "e" * 64),
        validity=Validity(date(2026, 1, 1)),
        grounds=Grounds("as-asked", "a" * 64, "coordinator"),
    )
    unit.given(fact)
    why = ("seen-in-full", NOTE, "office")

    answers = [
        await confirm_prerequisite(ConfirmPrerequisite(FACT, 1, *why), unit),
        await show_prerequisite_anew(
            ShowPrerequisiteAnew(FACT, showing(domain.Kind.TEAM)), unit, files=Files(), requirements=FakeRequirements()
        ),
        await revoke_prerequisite(RevokePrerequisite(FACT, *why), unit),
    ]

    assert [(each.type, each.outcome, each.reason_code) for each in answers] == [
        ("prerequisite-confirmation", "confirmed", "seen-in-full"),
        ("prerequisite-showing", "shown", "as-asked"),
        ("prerequisite-revocation", "revoked", "seen-in-full"),
    ]
    assert [texts for _, texts in unit.saved] == [(NOTE,), (NOTE, TITLE), (NOTE,)]


async def test_what_a_programme_asks_for_is_noted(unit: FakeUnit) -> None:
    asked = Requirement(PROGRAMME, "team", "team", {"de": "Team"}, (), (), "admission", ("energy",))

    await note_requirements(NoteRequirements(PROGRAMME, (asked,)), unit, book=FakeRequirements())

    assert unit.written == [(PROGRAMME, (asked,))]
