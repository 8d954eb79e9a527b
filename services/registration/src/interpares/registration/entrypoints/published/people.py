"""What other services are told of people: whom to forget, whose tasks are now whose."""

from collections.abc import Callable, Mapping
from typing import Any

from interpares.common.contracts.registration import MembershipHandedOver, PersonErased
from interpares.common.envelope import Publication
from interpares.registration.domain.membership import HandedOver
from interpares.registration.domain.person import Erased


def _erased(event: Erased) -> Publication:
    return Publication(PersonErased(person_id=event.originator_id, actor=event.actor))


def _handed_over(event: HandedOver) -> Publication:
    return Publication(
        MembershipHandedOver(
            membership_id=event.originator_id,
            successor_membership_id=event.successor_membership_id,
            actor=event.actor,
            successor=event.successor,
            organisation_id=event.organisation_id,
            capacity=event.capacity.value,
        )
    )


PUBLISHED: Mapping[type, Callable[[Any], Publication | None]] = {Erased: _erased, HandedOver: _handed_over}
