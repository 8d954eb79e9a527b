"""Every event of the registration service has the bytes it was released with."""

from __future__ import annotations

from pathlib import Path

import pytest

from interpares.common.testing.golden import check_golden, event_classes
from interpares.registration.domain import application, file, membership, organisation, person
from interpares.registration.domain.privacy import request

FOLDER = Path(__file__).parent / "golden"
CLASSES = sorted(
    (
        each
        for module in (application, file, membership, organisation, person, request)
        for each in event_classes(module.Change)
    ),
    key=lambda each: str(vars(each)["TOPIC"]),
)


@pytest.mark.parametrize("event_class", CLASSES, ids=lambda each: vars(each)["TOPIC"])
def test_the_bytes_of_an_event_never_change(event_class: type) -> None:
    check_golden(FOLDER, event_class)


def test_every_event_is_known_and_no_file_is_left_over() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == {vars(each)["TOPIC"] for each in CLASSES}
    assert {path.stem for path in FOLDER.glob("*.json")} == {
        "registration.application.admitted.v1",
        "registration.application.declined.v1",
        "registration.application.submitted.v1",
        "registration.application.withdrawn.v1",
        "registration.erasure-request.filed.v1",
        "registration.erasure-request.granted.v1",
        "registration.erasure-request.refused.v1",
        "registration.erasure-request.restricted.v1",
        "registration.file.erased.v1",
        "registration.file.stored.v1",
        "registration.membership.ended.v1",
        "registration.membership.granted.v1",
        "registration.organisation.registered.v1",
        "registration.person.erased.v1",
        "registration.person.held.v1",
        "registration.person.hold-lifted.v1",
        "registration.person.rectified.v1",
        "registration.person.registered.v1",
    }
