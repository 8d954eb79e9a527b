"""That somebody was erased."""

from interpares.common.contracts.registration import PersonErased
from interpares.common.envelope import Publication
from interpares.common.eventstore import Recorded
from interpares.registration.domain.person import Erased


def publish(recorded: Recorded) -> Publication | None:
    """Return what other services are told, so that they erase what they hold of the person."""
    event = recorded.event
    if not isinstance(event, Erased):
        return None
    return Publication(PersonErased(person_id=event.originator_id, actor=event.actor))
