"""Every event of the registration service has the bytes it was released with."""

from __future__ import annotations

from pathlib import Path

import pytest

import interpares.registration.main  # noqa: F401 -- every event is known once the service is
from interpares.common.aggregate import Aggregate
from interpares.common.testing.golden import check_golden, event_classes

FOLDER = Path(__file__).parent / "golden"
CLASSES = sorted(
    {each for each in event_classes(Aggregate.Event) if each.__module__.startswith("interpares.registration.")},
    key=lambda each: str(vars(each)["TOPIC"]),
)


@pytest.mark.parametrize("event_class", CLASSES, ids=lambda each: vars(each)["TOPIC"])
def test_the_bytes_of_an_event_never_change(event_class: type) -> None:
    check_golden(FOLDER, event_class)


def test_every_event_is_known_and_no_file_is_left_over() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == {vars(each)["TOPIC"] for each in CLASSES}
    assert {path.stem for path in FOLDER.glob("*.json")} == {
        "registration.application-draft.begun.v1",
        "registration.application-draft.saved.v1",
        "registration.application-draft.signed.v1",
        "registration.application-draft.submitted.v1",
        "registration.application.admitted.v1",
        "registration.application.declined.v1",
        "registration.application.points-given.v1",
        "registration.application.priority-changed.v1",
        "registration.application.submitted.v1",
        "registration.application.withdrawn.v1",
        "registration.erasure-request.filed.v1",
        "registration.erasure-request.granted.v1",
        "registration.erasure-request.refused.v1",
        "registration.erasure-request.restricted.v1",
        "registration.facilitator.availability-given.v1",
        "registration.facilitator.availability-withdrawn.v1",
        "registration.facilitator.days-given-back.v1",
        "registration.facilitator.days-taken.v1",
        "registration.facilitator.known.v1",
        "registration.facilitator.qualification-added.v1",
        "registration.facilitator.qualification-removed.v1",
        "registration.file.erased.v1",
        "registration.file.stored.v1",
        "registration.invitation.accepted.v1",
        "registration.invitation.lapsed.v1",
        "registration.invitation.renewed.v1",
        "registration.invitation.sent.v1",
        "registration.invitation.withdrawn.v1",
        "registration.mandate.arranged.v1",
        "registration.mandate.ended.v1",
        "registration.mandate.started.v1",
        "registration.membership.ended.v1",
        "registration.membership.followed.v1",
        "registration.membership.granted.v1",
        "registration.membership.handed-over.v1",
        "registration.organisation-import.confirmed.v1",
        "registration.organisation.absorbed.v1",
        "registration.organisation.merged.v1",
        "registration.organisation.registered.v1",
        "registration.organisation.updated.v1",
        "registration.person.erased.v1",
        "registration.person.held.v1",
        "registration.person.hold-lifted.v1",
        "registration.person.rectified.v1",
        "registration.person.registered.v1",
        "registration.seats.accepted.v1",
        "registration.seats.asked-again.v1",
        "registration.seats.attendance-noted.v1",
        "registration.seats.displaced.v1",
        "registration.seats.freed.v1",
        "registration.seats.meeting-noted.v1",
        "registration.seats.nominated.v1",
        "registration.seats.opened.v1",
        "registration.seats.released.v1",
        "registration.seats.rules-set.v1",
        "registration.seats.seated.v1",
        "registration.seats.substituted.v1",
        "registration.prerequisite.confirmed.v1",
        "registration.prerequisite.revoked.v1",
        "registration.prerequisite.shown-anew.v1",
        "registration.prerequisite.shown.v1",
        "registration.ranking.begun.v1",
        "registration.ranking.ranked.v1",
        "registration.twinning.ended.v1",
        "registration.twinning.entered.v1",
    }
