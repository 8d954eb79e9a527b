"""What an auditor needs of a decision besides its reason: authority, interest, criteria, evidence, source."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from interpares.common.http import Body, Count, Instant

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,63}$")]
# A counted repetition of \w would be compiled into megabytes: lengths are limited apart.
Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="SHA-256 in hex.")]
People = Annotated[tuple[UUID, ...], Field(max_length=50, description="Opaque ids of accounts.")]


class OnBehalf(Body):
    """The decision reached the office another way and is entered for whoever took it."""

    channel: Annotated[str, Field(pattern="^(phone|mail|letter|meeting)$")]
    received_on: Instant
    document_hash: Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="SHA-256 of the letter.")] | None = None


class Retrospective(Body):
    """The decision was taken earlier and is only entered now; ``decided_at`` says when it was taken."""

    document_hash: (
        Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="SHA-256 of the minutes or list it is taken from.")]
        | None
    ) = None
    received_on: Instant | None = None


class Vote(Body):
    """A count of votes, at least one of them in favour."""

    in_favour: Annotated[Count, Field(ge=1)]
    against: Count = 0
    abstained: Count = 0


class Authority(Body):
    """By what authority the decision is taken, beyond the capacity of whoever enters it."""

    body: Annotated[Code, Field(description="The body that decided, such as steering-committee.")]
    vote: Vote | None = None
    co_signers: Annotated[People, Field(description="Who signed as well: others than whoever enters it.")] = ()


class Interest(Body):
    """A declaration on conflicts of interest. ``none``: there is none; else whose it is, and what was done about it."""

    kind: Annotated[Code, Field(description="Such as none, kinship, employment, business.")]
    persons: People = ()
    handling: Annotated[Code, Field(description="Such as abstained, disclosed, replaced.")] | None = None


class Criterion(Body):
    """What was looked at, and what was found: a code, a number or a day."""

    code: Code
    finding: Annotated[str, Field(max_length=64, pattern=r"^[\w.:+-]*$")] = ""


class Proof(Body):
    """A fact or document relied on. position: at which its service told of it, 0 for a document of the office."""

    ref: Annotated[str, Field(max_length=200, pattern=r"^[\w.:/-]+$", description="Its name, such as minutes:12.")]
    version: Annotated[int, Field(ge=1, lt=2**31)] = 1
    hash: Digest
    position: Annotated[int, Field(ge=0, lt=2**63)] = 0
