"""The why of a decision, and in what capacity it was taken."""

from __future__ import annotations

import re
from dataclasses import dataclass

from interpares.registration.domain.errors import ReasonMissing

CODE = re.compile(r"[a-z][a-z0-9-]{1,63}")
DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Grounds:
    """What whoever decides says about the why.

    reason_code: plain code. reason: hex hash of the sealed text. capacity: in which whoever decides does so.
    Raises ReasonMissing where there is no reason.
    """

    reason_code: str
    reason: str
    capacity: str

    def __post_init__(self) -> None:
        """Refuse grounds that are none."""
        for field, form in (("reason_code", CODE), ("reason", DIGEST)):
            if not form.fullmatch(getattr(self, field)):
                raise ReasonMissing.in_field(field)
