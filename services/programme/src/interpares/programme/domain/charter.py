"""The rules of one programme, as its guards need them: read from the template when it is drafted.

The template itself lies in the birth event. Each rule is known by its path in it, the template's version, and the
SHA-256 of its canonical JSON, so that a decision can name what it applied.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from interpares.common.canonical import canonical_json
from interpares.programme.domain.decision import RuleRef
from interpares.programme.domain.errors import UnknownRole
from interpares.programme.domain.money.rules import FundingRules, read_funding

WHOLE = "all"  # the strand of an undivided programme, and of a rule in the scope of the programme


class Obtained(StrEnum):
    """How a role is obtained."""

    SELECTION = "selection"
    AWARD = "award"
    DECLARATION = "declaration"


class Quantifier(StrEnum):
    """Whether each holder of the role owes the split, or any of them takes each duty of it."""

    EACH = "each"
    ONE_OF = "one_of"


class OnHostLoss(StrEnum):
    """What becomes of a duty whose host drops out."""

    REASSIGN = "reassign"
    LAPSE = "lapse"
    DECIDE = "decide"


@dataclass(frozen=True)
class RoleRule:
    """A role: how it is obtained, and whether whoever holds it holds no other."""

    key: str
    obtained: Obtained
    exclusive: bool
    ref: RuleRef


@dataclass(frozen=True)
class HostingRule:
    """Who owes which meetings.

    formats: one entry per duty, in the order of the split. whole: in the scope of the programme, not of a strand.
    counts_towards: key of the rule under which the host owes one duty less; empty if none.
    """

    key: str
    quantifier: Quantifier
    role: str
    whole: bool
    formats: tuple[str, ...]
    on_host_loss: OnHostLoss
    counts_towards: str
    ref: RuleRef


@dataclass(frozen=True)
class Charter:
    """The rules of a programme.

    hash: hex SHA-256 of the template's canonical JSON. strands: sorted; ``("all",)`` if the programme is not divided.
    """

    template: str
    version: int
    hash: str
    by_country: bool
    strands: tuple[str, ...]
    call: RuleRef
    roles: dict[str, RoleRule]
    hosting: dict[str, HostingRule]
    funding: FundingRules | None = None

    def role(self, key: str) -> RoleRule:
        """Return a role. Raises UnknownRole."""
        if key not in self.roles:
            message = f"The template {self.template} has no role {key!r}."
            raise UnknownRole(message, field="role")
        return self.roles[key]

    def hosting_in_order(self) -> tuple[HostingRule, ...]:
        """Return the hosting rules in the order of derivation: those that count towards another come first."""
        return tuple(sorted(self.hosting.values(), key=lambda rule: (not rule.counts_towards, rule.key)))


def digest(value: Any) -> str:
    """Return the hex SHA-256 of the canonical JSON of a part of a template."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def read_charter(template: dict[str, Any], strands: tuple[str, ...]) -> Charter:
    """Return the charter of a template that ``refuse_unexecuted`` let pass, for the strands of the programme."""
    version = template["version"]

    def ref(path: str, part: Any) -> RuleRef:
        return RuleRef(path, version, digest(part))

    roles = {
        key: RoleRule(
            key=key,
            obtained=Obtained(role["obtained"]),
            exclusive=role["holding"] == "exclusive",
            ref=ref(f"roles.{key}", role),
        )
        for key, role in template["roles"].items()
    }
    hosting = {
        key: HostingRule(
            key=key,
            quantifier=Quantifier(rule["quantifier"]),
            role=rule["role"],
            whole=rule["scope"] == "programme",
            formats=tuple(split["format"] for split in rule["formats"] for _ in range(split["duties"])),
            on_host_loss=OnHostLoss(rule["on_host_loss"]),
            counts_towards=rule.get("counts_towards", ""),
            ref=ref(f"hosting.{key}", rule),
        )
        for key, rule in template["hosting"].items()
    }
    return Charter(
        template=template["id"],
        version=version,
        hash=digest(template),
        by_country=template["strands"]["by"] == "country",
        strands=tuple(sorted(strands)),
        call=ref("lifecycle", template["lifecycle"]),
        roles=roles,
        hosting=hosting,
        funding=read_funding(template),
    )
