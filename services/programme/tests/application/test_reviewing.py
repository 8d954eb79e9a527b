from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from services.programme.tests.application.test_use_cases import Desk

from interpares.programme.application import reviewing
from interpares.programme.application.reviewing_commands import (
    AboutConflict,
    AboutReview,
    ChooseReviewers,
    EnterDocument,
    EnterVersion,
    GiveReview,
    WithdrawDocument,
)
from interpares.programme.domain.reviewing.state import review_id

if TYPE_CHECKING:
    from services.programme.tests.conftest import Story

FIRST, SECOND, TEXT = "a1" * 32, "b2" * 32, "7e" * 32


@pytest.fixture
def desk(story: Story) -> Desk:
    story.document = story.template(documents={"plan": {"label": {"en": "x"}}})
    desk = Desk(story)
    desk.has(*map(story.admitted, ("graz", "linz", "wels")))
    return desk


async def test_each_decision_about_a_document_is_saved_and_answered(desk: Desk) -> None:
    story = desk.story
    document, graz, linz, wels = (story.id(name) for name in ("document", "graz", "linz", "wels"))
    there: dict[str, Any] = {"document_id": document}
    subject = f"document:{document}"
    by_linz, by_wels = (review_id(document, 1, each) for each in (linz, wels))
    entered = {"kind": "plan", "owners": (graz,), "title": TEXT, "version": 1, "language": "de", "document_hash": FIRST}
    read = {"document_hash": FIRST, "text": TEXT}
    steps: list[tuple[Any, Any, dict[str, Any], tuple[Any, ...]]] = [
        (reviewing.enter_document, EnterDocument, entered, ("document-entry", subject, "entered", document)),
        (
            reviewing.enter_version,
            EnterVersion,
            {"version": 2, "language": "de", "document_hash": SECOND},
            ("document-version", subject, "entered"),
        ),
        (
            reviewing.choose_reviewers,
            ChooseReviewers,
            {"version": 1, "reviewers": (linz, wels), "due": None},
            ("reviewer-choice", subject, "chosen"),
        ),
        (
            reviewing.give_review,
            GiveReview,
            {"version": 1, "reviewer": linz, **read},
            ("review", f"review:{by_linz}", "given", by_linz),
        ),
        (
            reviewing.step_back,
            AboutReview,
            {"version": 1, "reviewer": wels},
            ("review-step-back", f"review:{by_wels}", "stepped-back"),
        ),
        (
            reviewing.choose_reviewers,
            ChooseReviewers,
            {"version": 1, "reviewers": (wels,), "due": None},
            ("reviewer-choice", subject, "chosen"),
        ),
        (
            reviewing.release_reviewer,
            AboutReview,
            {"version": 1, "reviewer": wels},
            ("review-lapse", f"review:{by_wels}", "released"),
        ),
        (
            reviewing.declare_conflict,
            AboutConflict,
            {"organisation_id": wels},
            ("conflict-declaration", subject, "declared"),
        ),
        (reviewing.end_conflict, AboutConflict, {"organisation_id": wels}, ("conflict-end", subject, "ended")),
        (reviewing.withdraw_document, WithdrawDocument, {}, ("document-withdrawal", subject, "withdrawn")),
    ]
    for use_case, command, fields, expected in steps:
        desk.unit.saved, desk.unit.texts = [], []
        assert await desk.run(use_case, command, **there, **fields) == desk.answer(*expected)
