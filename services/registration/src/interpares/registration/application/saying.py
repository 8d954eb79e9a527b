"""What applicants say, looked at before it is recorded: answers held against questions, files against their owner."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from interpares.registration.domain.applying.content import Content, Evidence
from interpares.registration.domain.applying.errors import EvidenceUnknown
from interpares.registration.domain.errors import NoOpenCall
from interpares.registration.domain.file import StoredFile
from interpares.registration.domain.organisation import Organisation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from interpares.common.sealed import SealedText
    from interpares.registration.application.ports import OpenCalls, Unit
    from interpares.registration.domain.applying.form import Answer
    from interpares.registration.domain.call import OpenCall


@dataclass(frozen=True)
class Said:
    """What applicants say. answers: as given, each with its sealed text. evidence: files beyond those that answer."""

    motivation: SealedText
    answers: Mapping[str, tuple[Answer, SealedText]]
    evidence: tuple[UUID, ...] = ()
    members: tuple[UUID, ...] = ()

    @property
    def texts(self) -> tuple[SealedText, ...]:
        """All that was typed, sealed."""
        return (self.motivation, *(sealed for _, sealed in self.answers.values()))


def answer_text(given: Answer) -> str:
    """Return an answer as the text that is sealed."""
    return json.dumps(given, ensure_ascii=False)


async def content_of(said: Said, unit: Unit, call: OpenCall, applicant: Organisation, role: str) -> Content:
    """Return what was said as events hold it. Raises QuestionUnknown, AnswerUnfit, EvidenceUnknown, NotFound."""
    call.form.check_answers(role, applicant.state.kind.value, {key: given for key, (given, _) in said.answers.items()})
    evidence = [
        await _evidence(unit, applicant, UUID(str(said.answers[key][0])), f"answers.{key}", key)
        for key in said.answers
        if key in call.form.files()
    ]
    evidence += [
        await _evidence(unit, applicant, each, f"evidence.{index}") for index, each in enumerate(said.evidence)
    ]
    for each in said.members:
        await unit.load(Organisation, each)
    answers = {key: sealed.hash for key, (_, sealed) in said.answers.items()}
    return Content(said.motivation.hash, answers, tuple(evidence), said.members)


async def _evidence(unit: Unit, applicant: Organisation, file_id: UUID, field: str, question: str = "") -> Evidence:
    file = await unit.find(StoredFile, file_id)
    if file is None or file.state.erased or file.state.organisation_id != applicant.id:
        raise EvidenceUnknown.at(field)
    return Evidence(file_id, file.state.sha256, question)


async def open_call(calls: OpenCalls, programme_id: UUID) -> OpenCall:
    """Return the open call of a programme. Raises NoOpenCall."""
    call = await calls.of(programme_id)
    if call is None:
        raise NoOpenCall
    return call
