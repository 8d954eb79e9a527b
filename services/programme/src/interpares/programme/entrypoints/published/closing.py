"""The end of a programme, as others hear of it."""

from interpares.common.contracts.programme import ProgrammeClosed
from interpares.programme.domain.closing import events
from interpares.programme.entrypoints.published import Published

PUBLISHED: Published = {
    events.Closed: (
        ProgrammeClosed,
        lambda event: {"duties_open": event.duties_open, "checks_open": event.checks_open},
    ),
}
