"""Ranking and importing, where what is needed is not there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from interpares.common.errors import NotFound
from interpares.common.sealed import seal
from interpares.registration.application.directory import UpdateOrganisation, update_organisation
from interpares.registration.application.import_organisations import ConfirmImport, confirm_import
from interpares.registration.application.rank_applications import (
    GivePoints,
    RankApplications,
    give_points,
    rank_applications,
)
from interpares.registration.application.register_organisation import RegisterOrganisation, register_organisation
from interpares.registration.domain.application import Application
from interpares.registration.domain.call import OpenCall
from interpares.registration.domain.errors import NoOpenCall
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.organisation import Facts, Key, Kind, Organisation

if TYPE_CHECKING:
    from services.registration.tests.application.conftest import FakePorts, FakeUnit, FakeWaiting

APPLICATION, PROGRAMME, OFFICE, TOWN, CALL_ID, OTHER = (UUID(int=number) for number in range(60, 66))
CALL = OpenCall(CALL_ID, PROGRAMME, OFFICE, ("follower",), ("AT",), datetime(2026, 12, 1, 11, tzinfo=UTC))
WHY = seal("As the jury found.", UUID(int=1))
FACTS = Facts(Kind.MUNICIPALITY, "AT", (Key("LAU", "40705"),), {"de": "Gmunden"})
TOGETHER = Facts(Kind.ASSOCIATION, "AT", (Key("own", "1"),), {"de": "Traunsee"}, members=(OTHER,), lead=OTHER)
pytestmark = pytest.mark.usefixtures("now_acting")


async def test_under_a_call_nobody_told_of_nothing_is_ranked(
    unit: FakeUnit, ports: FakePorts, waiting: FakeWaiting
) -> None:
    unit.given(
        Application.submit(
            APPLICATION,
            call=CALL,
            applicant=Organisation.register(TOWN, FACTS, acting_as="office"),
            role="follower",
            strand=None,
            motivation=Grounds("wants-to-take-part", WHY.hash, "coordinator"),
        )
    )
    points = GivePoints(APPLICATION, {"quality": "1"}, "jury", WHY, "office")
    ranking = RankApplications(CALL_ID, "follower", "AT", "jury", WHY, "office")

    nowhere: Any = ports
    with pytest.raises(NoOpenCall):
        await give_points(points, unit, calls=nowhere)
    with pytest.raises(NoOpenCall):
        await rank_applications(ranking, unit, calls=nowhere, waiting=waiting)
    assert (unit.saved, unit.written) == ([], [])


async def test_an_import_nobody_uploaded_is_not_confirmed(unit: FakeUnit) -> None:
    class Nothing:
        async def one(self, import_id: UUID) -> None:
            return None

    nothing: Any = Nothing()
    with pytest.raises(NotFound):
        await confirm_import(ConfirmImport(OTHER, (), "list", WHY, "office"), unit, imports=nothing)


async def test_members_are_organisations_that_are_known(unit: FakeUnit, ports: FakePorts) -> None:
    register = RegisterOrganisation(APPLICATION, TOGETHER, "office", "new", WHY)
    with pytest.raises(NotFound):
        await register_organisation(register, unit, keys=ports)

    unit.given(Organisation.register(OTHER, FACTS, acting_as="office"))
    await register_organisation(register, unit, keys=ports)
    assert unit.saved[0][1] == (WHY,)


async def test_members_that_join_are_known_too(unit: FakeUnit) -> None:
    unit.given(Organisation.register(TOWN, FACTS, acting_as="office"))
    update = UpdateOrganisation(TOWN, TOGETHER, False, None, None, "joined", WHY, "office")  # noqa: FBT003 -- a change
    nothing: Any = None
    with pytest.raises(NotFound):
        await update_organisation(update, unit, keys=nothing)
