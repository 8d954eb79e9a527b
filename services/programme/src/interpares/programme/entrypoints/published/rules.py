"""What leaves the service about joining, pairs, the course of a programme, accompaniment, and its rules."""

from typing import Any

from interpares.common.contracts.programme import accompanying, course, joining, pairing
from interpares.programme.domain import events
from interpares.programme.domain.accompanying import events as accompanying_events
from interpares.programme.domain.amending.events import RulesAmended
from interpares.programme.domain.course import events as course_events
from interpares.programme.domain.pairing import events as pairing_events
from interpares.programme.entrypoints.published import Published, audiences


def _nothing(_event: Any) -> dict[str, Any]:
    return {}


def _agreed(event: course_events.WorkshopAgreed) -> dict[str, Any]:
    agreement = event.agreement
    names = ("participants", "goals", "themes", "activities", "costs", "currency", "starts", "ends")
    return {name: getattr(agreement, name) for name in names}


def _of(*names: str, **renamed: str) -> Any:
    """Return what picks fields of an event: some by their names, some under another name."""

    def fields(event: Any) -> dict[str, Any]:
        return {name: getattr(event, name) for name in names} | {
            name: getattr(event, field) for name, field in renamed.items()
        }

    return fields


_HANDED = _of("deliverable", "version", organisation_id="organisation")

PUBLISHED: Published = {
    events.OrganisationJoined: (
        joining.OrganisationJoined,
        _of("role", "strand", "themes", "members", organisation_id="organisation"),
    ),
    events.ConsortiumChanged: (joining.ConsortiumChanged, _of("members", organisation_id="organisation")),
    pairing_events.PairProposed: (pairing.PairProposed, _of("pair", "kind", "members", "by")),
    pairing_events.PairConsented: (pairing.PairConsented, _of("pair", organisation_id="organisation")),
    pairing_events.PairDeclined: (pairing.PairDeclined, _of("pair", organisation_id="organisation")),
    pairing_events.PairConcluded: (pairing.PairConcluded, _of("pair", "kind", "members")),
    pairing_events.PairEnded: (pairing.PairEnded, _of("pair", "members")),
    course_events.InitiationBegan: (course.InitiationBegun, _nothing),
    course_events.WorkshopAgreed: (course.WorkshopAgreed, _agreed),
    course_events.GrantApplied: (course.GrantApplied, _of("number", "amount", "currency", "submitted_on")),
    course_events.GrantGranted: (course.GrantGranted, _of("number", "starts", "ends")),
    course_events.GrantRefused: (course.GrantRefused, _of("number")),
    course_events.ProgrammeOpened: (course.ProgrammeOpened, _nothing),
    course_events.TermSet: (course.TermSet, _of("starts", "ends")),
    course_events.PhaseBegun: (course.PhaseBegun, _of("phase")),
    course_events.DeliverableHandedIn: (course.DeliverableHandedIn, _HANDED),
    course_events.DeliverableAccepted: (course.DeliverableAccepted, _HANDED),
    course_events.DeliverableReturned: (course.DeliverableReturned, _HANDED),
    course_events.IndicatorRecorded: (
        course.IndicatorRecorded,
        _of("goal", "indicator", "value", "measured_on", "reached"),
    ),
    RulesAmended: (
        course.RulesAmended,
        lambda event: {
            "template_version": event.template["version"],
            "audiences": audiences(event.template),
            **_of("template_hash", "strands", "changed", "added", "removed", "touched")(event),
        },
    ),
    accompanying_events.AccompanimentAgreed: (
        accompanying.AccompanimentAgreed,
        _of("accompaniment", "rule", "days", "themes", organisation_id="organisation", companion_id="companion"),
    ),
    accompanying_events.ExpertDaysBooked: (
        accompanying.ExpertDaysBooked,
        _of("accompaniment", "day", "days", "booked"),
    ),
    accompanying_events.AccompanimentEnded: (
        accompanying.AccompanimentEnded,
        _of("accompaniment", organisation_id="organisation", companion_id="companion"),
    ),
}
