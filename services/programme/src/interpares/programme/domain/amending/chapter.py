"""The chapter on amendments: another version of the template is put in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from interpares.programme.domain.alternatives import instead
from interpares.programme.domain.amending import events
from interpares.programme.domain.amending.changes import Changes, changes_between, refuse_undermining
from interpares.programme.domain.amending.errors import AmendmentNotFitting, NothingAmended
from interpares.programme.domain.chapter import Chapter
from interpares.programme.domain.charter import read_charter
from interpares.programme.domain.decision import RuleRef
from interpares.programme.domain.drafting import strands_of
from interpares.programme.domain.wording import Wording

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.programme.domain.grounds import Grounds


class Amending(Chapter):
    """The rules, and how they change."""

    def changes(self, template: dict[str, Any]) -> Changes:
        """Return what a template would change."""
        return changes_between(self.state.charter.rules, Wording(template).hashes())

    def amend(
        self, template: dict[str, Any], strands: tuple[str, ...], touched: tuple[UUID, ...], grounds: Grounds
    ) -> events.RulesAmended:
        """Put another version of the template in force; duties follow from it when they are derived again.

        template: as ``Template.as_document`` returns it, checked. strands: all of them, if there are to be more; empty
        for those there are. touched: the earlier decisions that applied a rule which ``changes`` names as touched.
        Raises AmendmentNotFitting, StrandsNotFitting, NothingAmended.
        """
        self._not_closed()
        changes = self.changes(template)
        if not (*changes.touching, *changes.added):
            message = "The template has the rules that are in force."
            raise NothingAmended(message)
        before = self.state.charter
        strands = strands_of(template, strands) if strands else before.strands
        charter = read_charter(template, strands)
        refuse_undermining(self.state, charter, changes)
        if not set(before.strands) <= set(strands):
            message = "The programme has strands that would be gone."
            raise AmendmentNotFitting(message, field="strands")
        decision = grounds.decide(
            "rule-amendment",
            f"programme:{self.id}",
            "amended",
            concerns=tuple(
                member.organisation
                for member in sorted(self.state.participations.values(), key=lambda member: member.number)
                if member.active
            ),
            rule=RuleRef("template", charter.version, charter.hash),
            alternatives=(instead("keep-rules", grounds),),
        )
        return self._happen(
            events.RulesAmended,
            decision=decision,
            template=template,
            template_hash=charter.hash,
            strands=charter.strands,
            changed=changes.changed,
            added=changes.added,
            removed=changes.removed,
            touched=touched,
        )
