"""Documents: entered by their owners, or by the office for them, and version by version from there on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.programme.domain.alternatives import instead
from interpares.programme.domain.chapter import Chapter
from interpares.programme.domain.decision import Criterion, Evidence
from interpares.programme.domain.reviewing import events
from interpares.programme.domain.reviewing.errors import (
    DocumentWithdrawn,
    OwnersNotFitting,
    UnknownDocument,
    UnknownDocumentKind,
    VersionNotFitting,
)

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.programme.domain.grounds import Grounds
    from interpares.programme.domain.reviewing.rules import DocumentRule
    from interpares.programme.domain.reviewing.state import Document, Version


class Owning(Chapter):
    """Which documents there are."""

    def enter_document(  # noqa: PLR0917 -- the parts of a document
        self,
        document_id: UUID,
        kind: str,
        owners: tuple[UUID, ...],
        version: int,
        language: str,
        document_hash: str,
        grounds: Grounds,
        *,
        title: str,
    ) -> events.DocumentEntered:
        """Enter a document with the version it has by now. title: hash of the sealed text.

        Raises ProgrammeNotRunning, UnknownDocumentKind, OwnersNotFitting, NotParticipating.
        """
        self._running()
        rule = self.state.charter.documents.get(kind)
        if rule is None:
            message = "The template knows no such documents."
            raise UnknownDocumentKind(message, field="kind")
        self._refuse_owners(rule, owners, grounds)
        decision = grounds.decide(
            "document-entry",
            f"document:{document_id}",
            "entered",
            concerns=owners,
            rule=rule.ref,
            evidence=(shown(document_id, version, document_hash),),
            alternatives=(instead("not-enter", grounds),),
        )
        return self._happen(
            events.DocumentEntered,
            decision=decision,
            document=document_id,
            kind=kind,
            owners=owners,
            title=title,
            version=version,
            language=language,
            document_hash=document_hash,
        )

    def enter_version(
        self, document_id: UUID, version: int, language: str, document_hash: str, grounds: Grounds
    ) -> events.DocumentVersionEntered:
        """Enter a further version; reviews of earlier ones go on. Raises VersionNotFitting, and as for all."""
        document = self._reviewable(document_id)
        last = document.versions[-1].number
        if version <= last:
            message = f"Version {last} was entered already."
            raise VersionNotFitting(message, "Give a higher number.", field="version")
        for other in document.versions:
            if other.hash == document_hash:
                message = f"The content is that of version {other.number}."
                raise VersionNotFitting(message, f"Have version {other.number} reviewed.", field="document_hash")
        decision = grounds.decide(
            "document-version",
            f"document:{document_id}",
            "entered",
            concerns=document.owners,
            rule=self._document_rule(document).ref,
            criteria=(Criterion("version", str(version)), Criterion("version-before", str(last))),
            evidence=(shown(document_id, version, document_hash),),
            alternatives=(instead("keep-version", grounds),),
        )
        return self._happen(
            events.DocumentVersionEntered,
            decision=decision,
            document=document_id,
            version=version,
            language=language,
            document_hash=document_hash,
        )

    def _reviewable(self, document_id: UUID) -> Document:
        """Return a document that is not withdrawn. Raises ProgrammeNotRunning, UnknownDocument, DocumentWithdrawn."""
        self._running()
        document = self.state.reviewing.document(str(document_id))
        if document is None:
            message = "This programme has no such document."
            raise UnknownDocument(message)
        if document.withdrawn:
            message = "The document was withdrawn."
            raise DocumentWithdrawn(message)
        return document

    @staticmethod
    def _document_version(document: Document, number: int) -> Version:
        version = document.version(number)
        if version is None:
            message = "The document has no such version."
            raise UnknownDocument(message)
        return version

    def _document_rule(self, document: Document) -> DocumentRule:
        return self.state.charter.documents[document.kind]

    def _refuse_owners(self, rule: DocumentRule, owners: tuple[UUID, ...], grounds: Grounds) -> None:
        if not owners or len(set(owners)) < len(owners) or (len(owners) > 1 and not rule.several):
            count = "one or several organisations" if rule.several else "one organisation"
            message = f"By the rule {rule.ref.id} {count} own it, each named once."
            raise OwnersNotFitting(message, field="owners")
        for index, owner in enumerate(owners):
            member = self._member(owner)
            if rule.owner_roles and not any(member.holds(role, self._day(grounds)) for role in rule.owner_roles):
                message = f"By the rule {rule.ref.id} it is owned in the role {' or '.join(rule.owner_roles)}."
                raise OwnersNotFitting(message, field=f"owners.{index}")


def shown(document_id: UUID, version: int, document_hash: str) -> Evidence:
    """Return a version of a document as evidence."""
    return Evidence(f"document:{document_id}", version, document_hash, 0)
