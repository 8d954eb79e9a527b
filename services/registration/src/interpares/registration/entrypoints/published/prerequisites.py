"""Prerequisites that are shown and confirmed, and those that are no longer: with the version a gate can name."""

from collections.abc import Callable, Mapping
from typing import Any

from interpares.common.contracts.registration import PrerequisiteConfirmed, PrerequisiteRevoked
from interpares.common.envelope import Publication
from interpares.registration.domain.prerequisites.fact import Confirmed, Revoked


def _confirmed(event: Confirmed) -> Publication:
    told = PrerequisiteConfirmed(
        fact_id=event.originator_id,
        organisation_id=event.organisation_id,
        programme_id=event.programme_id,
        prerequisite=event.prerequisite,
        kind=event.kind.value,
        version=event.version,
        valid_from=event.validity.valid_from,
        valid_until=event.validity.valid_until,
        evidence_hash=event.evidence_hash,
        capacity=event.by,
    )
    return Publication(told, event.programme_id)


def _revoked(event: Revoked) -> Publication | None:
    # Nobody was told of what was never confirmed.
    if not event.version:
        return None
    told = PrerequisiteRevoked(
        fact_id=event.originator_id,
        organisation_id=event.organisation_id,
        programme_id=event.programme_id,
        prerequisite=event.prerequisite,
        kind=event.kind.value,
        version=event.version,
        reason_code=event.reason_code,
    )
    return Publication(told, event.programme_id)


PUBLISHED: Mapping[type, Callable[[Any], Publication | None]] = {Confirmed: _confirmed, Revoked: _revoked}
