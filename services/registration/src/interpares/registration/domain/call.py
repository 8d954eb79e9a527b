"""An open call, as far as applications are concerned."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from interpares.registration.domain.applying.form import Form
from interpares.registration.domain.applying.ranking_rule import Rule
from interpares.registration.domain.errors import DeadlinePassed, RoleNotSought, StrandNotSought


@dataclass(frozen=True)
class OpenCall:
    """A programme seeks applications.

    office_id: the organisation that runs the programme. roles: those sought. strands: parts of the programme.
    deadline: aware instant from which on applications are late. form: what is asked. rules: how applicants are ranked,
    by role.
    """

    call_id: UUID
    programme_id: UUID
    office_id: UUID
    roles: tuple[str, ...]
    strands: tuple[str, ...]
    deadline: datetime
    form: Form = field(default_factory=Form)
    rules: dict[str, Rule] = field(default_factory=dict)

    def rule_for(self, role: str) -> Rule:
        """Return by what applicants for a role are ranked: as they came in, where the call says nothing else."""
        return self.rules.get(role, Rule())

    def check(self, role: str, now: datetime) -> None:
        """Raise DeadlinePassed or RoleNotSought where nobody can apply for the role now."""
        if now >= self.deadline:
            raise DeadlinePassed
        if role not in self.roles:
            raise RoleNotSought.among(self.roles)

    def check_knows(self, role: str, strand: str | None) -> None:
        """Raise RoleNotSought or StrandNotSought for what the call does not have."""
        if role not in self.roles:
            raise RoleNotSought.among(self.roles)
        if strand is not None and strand not in self.strands:
            raise StrandNotSought.among(self.strands)

    def strand_for(self, wanted: str | None, country: str) -> str | None:
        """Return the strand of an application: the one wanted, else the applicant's country where that is one.

        None in an undivided programme if none was named. Raises StrandNotSought.
        """
        if wanted in self.strands:
            return wanted
        if wanted is None and country in self.strands:
            return country
        if wanted is None and len(self.strands) <= 1:
            return None
        raise StrandNotSought.among(self.strands)
