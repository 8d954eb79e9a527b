"""Documents whose versions peers review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.programme.application.decided import Decided, decided
from interpares.programme.domain.programme import Programme
from interpares.programme.domain.reviewing.state import review_id

if TYPE_CHECKING:
    from interpares.programme.application.ports import Unit
    from interpares.programme.application.reviewing_commands import (
        AboutConflict,
        AboutReview,
        ChooseReviewers,
        EnterDocument,
        EnterVersion,
        GiveReview,
        WithdrawDocument,
    )


async def enter_document(command: EnterDocument, unit: Unit) -> Decided:
    """Enter a document. Raises UnknownDocumentKind, OwnersNotFitting, NotParticipating."""
    programme = await unit.load(Programme, command.programme_id)
    entered = programme.enter_document(
        command.document_id,
        command.kind,
        command.owners,
        command.version,
        command.language,
        command.document_hash,
        command.grounds,
        title=command.title,
    )
    unit.save(programme, texts=command.texts)
    return decided(entered, created_id=command.document_id)


async def enter_version(command: EnterVersion, unit: Unit) -> Decided:
    """Enter a further version. Raises UnknownDocument, DocumentWithdrawn, VersionNotFitting."""
    programme = await unit.load(Programme, command.programme_id)
    entered = programme.enter_version(
        command.document_id, command.version, command.language, command.document_hash, command.grounds
    )
    unit.save(programme, texts=command.texts)
    return decided(entered)


async def choose_reviewers(command: ChooseReviewers, unit: Unit) -> Decided:
    """Ask participants to review a version. Raises UnknownDocument, ReviewerNotFitting, TooFewReviewers."""
    programme = await unit.load(Programme, command.programme_id)
    chosen = programme.choose_reviewers(
        command.document_id, command.version, command.reviewers, command.due, command.grounds
    )
    unit.save(programme, texts=command.texts)
    return decided(chosen)


async def give_review(command: GiveReview, unit: Unit) -> Decided:
    """Take a review; the answer has its id. Raises UnknownReview, ReviewNotOpen, OtherContent."""
    programme = await unit.load(Programme, command.programme_id)
    given = programme.give_review(
        command.document_id, command.version, command.reviewer, command.document_hash, command.text, command.grounds
    )
    unit.save(programme, texts=command.texts)
    return decided(given, created_id=review_id(command.document_id, command.version, command.reviewer))


async def step_back(command: AboutReview, unit: Unit) -> Decided:
    """Let a reviewer step back. Raises UnknownReview, ReviewNotOpen."""
    programme = await unit.load(Programme, command.programme_id)
    stepped = programme.step_back(command.document_id, command.version, command.reviewer, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(stepped)


async def release_reviewer(command: AboutReview, unit: Unit) -> Decided:
    """Expect a review no longer. Raises UnknownReview, ReviewNotOpen."""
    programme = await unit.load(Programme, command.programme_id)
    released = programme.release_reviewer(command.document_id, command.version, command.reviewer, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(released)


async def declare_conflict(command: AboutConflict, unit: Unit) -> Decided:
    """Keep a participant out of the reviews of a document. Raises UnknownDocument, ConflictNotFitting."""
    programme = await unit.load(Programme, command.programme_id)
    declared = programme.declare_conflict(command.document_id, command.organisation_id, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(declared)


async def end_conflict(command: AboutConflict, unit: Unit) -> Decided:
    """Let a participant review again. Raises UnknownDocument, ConflictNotFitting."""
    programme = await unit.load(Programme, command.programme_id)
    ended = programme.end_conflict(command.document_id, command.organisation_id, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(ended)


async def withdraw_document(command: WithdrawDocument, unit: Unit) -> Decided:
    """Have a document reviewed no longer. Raises UnknownDocument, DocumentWithdrawn."""
    programme = await unit.load(Programme, command.programme_id)
    withdrawn = programme.withdraw_document(command.document_id, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(withdrawn)
