"""What any service publishes about personal data; pseudonymous ids only."""

from typing import ClassVar
from uuid import UUID

from interpares.common.contracts.contract import Contract


class TextsErased(Contract):
    """The service that tells this holds no text any more that a person wrote privately or that is about them.

    person_id, actor: as in ``registration.person-erased.v1``, which it answers.
    """

    TYPE: ClassVar[str] = "privacy.texts-erased.v1"

    person_id: UUID
    actor: UUID
