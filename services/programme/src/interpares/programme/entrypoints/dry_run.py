"""``python -m interpares.programme dry-run``: a template tried out; JSON in on stdin, JSON out on stdout.

In: ``template``, and optionally ``strands``, ``organisations`` and ``starts``. Out: what follows; or, with exit code 1,
``refused`` with the facts that stand against it. Needs no settings, no database, no network.
"""

import json
import sys
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from interpares.common.contracts.template import FundedBy, Template
from interpares.common.contracts.template.eligibility import OrganisationKind
from interpares.common.errors import DomainError
from interpares.programme.application.consequences import consequences
from interpares.programme.application.dry_run import DryRun, Wishes
from interpares.programme.application.sample import Sample
from interpares.programme.entrypoints.eligibility import found_by

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,63}$")]


class Organisation(BaseModel):
    """An organisation that wants a role. attended: formats of meetings it was at before. members: names."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=200)]
    role: Key
    kind: OrganisationKind = OrganisationKind.MUNICIPALITY
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] = "DE"
    strand: str | None = None
    population: int | None = None
    funding: tuple[FundedBy, ...] = ()
    member_of: tuple[Key, ...] = ()
    themes: tuple[Key, ...] = ()
    members: tuple[str, ...] = ()
    attended: tuple[Key, ...] = ()

    def sample(self) -> Sample:
        """Return it as the dry run wants it."""
        return Sample(
            name=self.name,
            role=self.role,
            country=self.country,
            kind=self.kind.value,
            strand=self.strand,
            population=self.population,
            funding=tuple(each.model_dump(mode="json") for each in self.funding),
            member_of=self.member_of,
            themes=self.themes,
            members=self.members,
            attended=self.attended,
        )


class Asked(BaseModel):
    """What is to be tried."""

    model_config = ConfigDict(extra="forbid")

    template: Template
    strands: tuple[str, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    starts: date | None = None


def tried(document: Any, now: datetime) -> tuple[dict[str, Any], int]:
    """Return the answer to a document, and the exit code."""
    try:
        asked = Asked.model_validate(document)
        wishes = Wishes(
            template=asked.template.as_document(),
            strands=asked.strands,
            organisations=tuple(each.sample() for each in asked.organisations),
            starts=asked.starts,
        )
        return consequences(DryRun(wishes, found_by, now).play()), 0
    except ValidationError as error:
        facts = [{"path": ".".join(map(str, each["loc"])), "fact": each["msg"]} for each in error.errors()]
        return {"refused": facts}, 1
    except DomainError as error:
        return {"refused": [{"path": getattr(error, "field", ""), "fact": error.message}]}, 1


def main() -> int:
    """Answer on stdout, return the exit code."""
    try:
        document = json.load(sys.stdin)
    except ValueError as error:
        answer, code = {"refused": [{"path": "", "fact": f"is no JSON: {error}"}]}, 1
    else:
        answer, code = tried(document, datetime.now(UTC))
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    return code
