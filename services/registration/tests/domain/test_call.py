"""Open calls: until when, for which roles, in which strands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from interpares.registration.domain.call import OpenCall
from interpares.registration.domain.errors import DeadlinePassed, RoleNotSought, StrandNotSought

DEADLINE = datetime(2026, 12, 1, 11, tzinfo=UTC)
CALL = OpenCall(
    call_id=UUID(int=30),
    programme_id=UUID(int=31),
    office_id=UUID(int=32),
    roles=("front-runner", "follower"),
    strands=("AT", "DE"),
    deadline=DEADLINE,
)


def test_one_can_apply_until_the_deadline() -> None:
    CALL.check("follower", DEADLINE - timedelta(microseconds=1))
    with pytest.raises(DeadlinePassed):
        CALL.check("follower", DEADLINE)


def test_one_can_apply_for_roles_sought() -> None:
    with pytest.raises(RoleNotSought) as refused:
        CALL.check("host", DEADLINE - timedelta(days=1))
    assert (refused.value.field, refused.value.way_out) == ("role", "It seeks: front-runner, follower.")


@pytest.mark.parametrize(
    ("strands", "wanted", "country", "strand"),
    [
        (("AT", "DE"), "DE", "AT", "DE"),
        (("AT", "DE"), None, "AT", "AT"),
        (("all",), "all", "AT", "all"),
        (("all",), None, "AT", None),
        ((), None, "AT", None),
    ],
)
def test_an_application_has_its_strand(
    strands: tuple[str, ...], wanted: str | None, country: str, strand: str | None
) -> None:
    assert replace(CALL, strands=strands).strand_for(wanted, country) == strand


@pytest.mark.parametrize(
    ("strands", "wanted"), [(("AT", "DE"), "IT"), (("AT", "DE"), None), (("all",), "IT"), ((), "IT")]
)
def test_a_strand_the_call_does_not_have_is_refused(strands: tuple[str, ...], wanted: str | None) -> None:
    with pytest.raises(StrandNotSought) as refused:
        replace(CALL, strands=strands).strand_for(wanted, "FR")
    assert refused.value.field == "strand"
