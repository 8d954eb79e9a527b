"""What a call asks of applicants, and what an answer has to look like."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from interpares.registration.domain.applying.errors import AnswerMissing, AnswerUnfit, ConsortiumUnfit, QuestionUnknown

Answer = str | int | bool


@dataclass(frozen=True)
class Question:
    """A question to applicants for some roles and of some kinds; none means all of them.

    answer: text, number, day, yes-no, choice or file. choices: keys. characters_at_most: of a text.
    """

    key: str
    answer: str = "text"
    roles: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    characters_at_most: int = 4000
    required: bool = True

    def asked_of(self, role: str, kind: str) -> bool:
        """Tell whether an organisation of a kind that applies for a role has to deal with it."""
        return (not self.roles or role in self.roles) and (not self.kinds or kind in self.kinds)

    def check(self, given: Answer) -> None:
        """Raise AnswerUnfit for what is no answer."""
        if not _fits(self, given):
            raise AnswerUnfit.to(self.key, self._form())

    def _form(self) -> str:
        return {
            "text": f"a text of at most {self.characters_at_most} characters",
            "number": "a whole number",
            "day": "a day as in 2026-03-01",
            "yes-no": "true or false",
            "choice": f"one of: {', '.join(self.choices)}",
            "file": "the id of a file of the organisation",
        }[self.answer]


def _fits(question: Question, given: Answer) -> bool:
    match question.answer:
        case "number":
            return isinstance(given, int) and not isinstance(given, bool)
        case "yes-no":
            return isinstance(given, bool)
        case _:
            return isinstance(given, str) and _text_fits(question, given)


def _text_fits(question: Question, given: str) -> bool:
    match question.answer:
        case "day":
            return _is(date.fromisoformat, given)
        case "file":
            return _is(UUID, given)
        case "choice":
            return given in question.choices
        case _:
            return bool(given.strip()) and len(given) <= question.characters_at_most


def _is(kind: Callable[[str], object], text: str) -> bool:
    try:
        kind(text)
    except ValueError:
        return False
    return True


@dataclass(frozen=True)
class Form:
    """What an application needs: answers, so many signatories, and how many may apply together.

    members_at_least: 0 where organisations apply alone only. members_at_most: None for no limit.
    """

    questions: tuple[Question, ...] = ()
    signatories_at_least: int = 1
    members_at_least: int = 0
    members_at_most: int | None = None

    def check_answers(self, role: str, kind: str, answers: Mapping[str, Answer]) -> None:
        """Check what was answered so far. Raises QuestionUnknown, AnswerUnfit."""
        asked = {each.key: each for each in self.questions if each.asked_of(role, kind)}
        for key, given in answers.items():
            if key not in asked:
                raise QuestionUnknown.called(key)
            asked[key].check(given)

    def check_complete(self, role: str, kind: str, answered: Mapping[str, str]) -> None:
        """Raise AnswerMissing where a question that needs an answer has none."""
        for each in self.questions:
            if each.required and each.asked_of(role, kind) and each.key not in answered:
                raise AnswerMissing.to(each.key)

    def check_members(self, lead: UUID, members: tuple[UUID, ...]) -> None:
        """Raise ConsortiumUnfit where so many may not apply together; the lead counts, whether it is named or not."""
        if not members:
            return
        size = len({lead, *members})
        fits = self.members_at_least and size >= self.members_at_least
        if not fits or (self.members_at_most is not None and size > self.members_at_most):
            raise ConsortiumUnfit.of(size)

    def files(self) -> frozenset[str]:
        """Return the keys of the questions that are answered with a file."""
        return frozenset(each.key for each in self.questions if each.answer == "file")
