"""The small words of the template language: keys, labels, countries, amounts."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

# Control characters and bidirectional overrides have no business in a text that is shown to others.
PRINTABLE = r"^[^\x00-\x08\x0B\x0C\x0E-\x1F\x7F\u202A-\u202E\u2066-\u2069]*$"

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,63}$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000, pattern=PRINTABLE)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")]
Label = Annotated[
    dict[Language, Text], Field(min_length=1, description="a text per language, for example {de: …, en: …}")
]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Amount = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)]


class Part(BaseModel):
    """A part of a template: read only, and a word it does not know is an error, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")
