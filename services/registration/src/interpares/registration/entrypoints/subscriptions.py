"""What the service hears: calls, admissions and refusals of the programme service, turned into commands of its own."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from interpares.common.commands import UnitOfWork
from interpares.common.contracts.programme import ApplicationDeclined, CallClosed, CallOpened, ParticipationAdmitted
from interpares.common.envelope import Arrived
from interpares.registration.application.follow_calls import (
    NoteClosedCall,
    NoteOpenCall,
    note_closed_call,
    note_open_call,
)
from interpares.registration.application.follow_decisions import (
    NoteAdmission,
    NoteRefusal,
    note_admission,
    note_refusal,
)
from interpares.registration.application.ports import CallBook, CallNotice, PendingApplications
from interpares.registration.domain.call import OpenCall

PRODUCER = "programme"
Handler = Callable[[Arrived, UnitOfWork], Awaitable[None]]


def handlers(book: CallBook, pending: PendingApplications) -> Mapping[str, Handler]:
    """Return what to do with an event of the programme service, by its type."""

    async def on_call_opened(event: Arrived, unit: UnitOfWork) -> None:
        opened = CallOpened.model_validate(event.data)
        call = OpenCall(
            call_id=opened.call_id,
            programme_id=opened.programme_id,
            office_id=opened.office_id,
            roles=opened.roles,
            strands=opened.strands,
            deadline=instant(opened.deadline_local, opened.deadline_zone),
        )
        notice = CallNotice(opened.title, opened.deadline_local, opened.deadline_zone)
        conditions = opened.conditions.model_dump_json() if opened.conditions else "{}"
        await note_open_call(NoteOpenCall(call, notice, conditions), unit, book=book)

    async def on_call_closed(event: Arrived, unit: UnitOfWork) -> None:
        closed = CallClosed.model_validate(event.data)
        await note_closed_call(NoteClosedCall(closed.call_id), unit, book=book)

    async def on_participation_admitted(event: Arrived, unit: UnitOfWork) -> None:
        admitted = ParticipationAdmitted.model_validate(event.data)
        command = NoteAdmission(
            application_id=admitted.application_id,
            decision_id=admitted.decision.decision_id,
            reason_code=admitted.decision.reason_code,
            role=admitted.role,
            strand=admitted.strand,
        )
        await note_admission(command, unit, pending=pending)

    async def on_application_declined(event: Arrived, unit: UnitOfWork) -> None:
        declined = ApplicationDeclined.model_validate(event.data)
        command = NoteRefusal(
            application_id=declined.application_id,
            decision_id=declined.decision.decision_id,
            reason_code=declined.decision.reason_code,
        )
        await note_refusal(command, unit, pending=pending)

    return {
        CallOpened.TYPE: on_call_opened,
        CallClosed.TYPE: on_call_closed,
        ParticipationAdmitted.TYPE: on_participation_admitted,
        ApplicationDeclined.TYPE: on_application_declined,
    }


def merged(*parts: Mapping[str, Handler]) -> Mapping[str, Handler]:
    """Return the handlers of several parts; what two of them want to hear the first is told first."""
    whole: dict[str, Handler] = {}
    for part in parts:
        for kind, handler in part.items():
            whole[kind] = _both(whole[kind], handler) if kind in whole else handler
    return whole


def _both(first: Handler, second: Handler) -> Handler:
    async def handle(event: Arrived, unit: UnitOfWork) -> None:
        await first(event, unit)
        await second(event, unit)

    return handle


def instant(local: str, zone: str) -> datetime:
    """Return the instant (UTC) of a local time without offset, such as ``2026-12-01T12:00``, in a named zone.

    Raises ValueError for anything else: the message is then set aside, not the service stopped.
    """
    try:
        place = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        message = "the zone of the deadline is not known here"
        raise ValueError(message) from error
    read = datetime.fromisoformat(local)
    if read.tzinfo is not None:
        message = "the deadline has an offset beside its zone"
        raise ValueError(message)
    return read.replace(tzinfo=place).astimezone(UTC)
