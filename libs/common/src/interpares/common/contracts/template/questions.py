"""What applicants are asked, besides what is known of them."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from interpares.common.contracts.template.eligibility import OrganisationKind
from interpares.common.contracts.template.words import Key, Label, Part


class Question(Part):
    """A question to applicants for some roles and of some kinds; none means all of them.

    answer: a text of at most so many characters, a whole number, a day, yes or no, one of the choices, or a file.
    """

    label: Label
    roles: tuple[Key, ...] = ()
    kinds: tuple[OrganisationKind, ...] = ()
    answer: Literal["text", "number", "day", "yes-no", "choice", "file"] = "text"
    choices: dict[Key, Label] = Field(default_factory=dict)
    characters_at_most: int = Field(default=4000, ge=1, le=20000)
    required: bool = True

    @model_validator(mode="after")
    def _offers_choices(self) -> Self:
        if (self.answer == "choice") != bool(self.choices):
            kind, message = "choices_misplaced", "choices belong to the answer choice, which needs at least one"
            raise PydanticCustomError(kind, message)
        return self


class ApplicationForm(Part):
    """What an application needs: answers, and so many signatories."""

    questions: dict[Key, Question] = Field(default_factory=dict)
    signatories_at_least: int = Field(default=1, ge=1, le=20)
