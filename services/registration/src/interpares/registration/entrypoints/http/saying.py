"""What applicants say, sealed as it comes in and opened for whoever may read it."""

import json

from interpares.common.http import Asked
from interpares.registration.application.ports import SealedTexts
from interpares.registration.application.saying import Said, answer_text
from interpares.registration.entrypoints.http.schemas.applications import DraftContent


def said(asked: Asked, body: DraftContent) -> Said:
    """Return what a body says, each typed text sealed by itself, so that each can be erased by itself."""
    return Said(
        motivation=asked.sealed(body.motivation, body.about),
        answers={key: (given, asked.sealed(answer_text(given), body.about)) for key, given in body.answers.items()},
        evidence=body.evidence,
        members=body.members,
    )


async def opened_answers(texts: SealedTexts, answers: dict[str, str]) -> dict[str, str | int | bool | None]:
    """Return answers as they were given, None for one that was erased."""
    opened = {key: await texts.opened(sealed) for key, sealed in answers.items()}
    return {key: None if text is None else json.loads(text) for key, text in opened.items()}
