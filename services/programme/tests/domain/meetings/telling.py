"""The words in which tests of meetings are told."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from interpares.programme.domain.meetings.agreement import Bearer, Cost, Terms
from interpares.programme.domain.meetings.meeting import Details, Mode, Venue
from interpares.programme.domain.meetings.planning import Wish
from interpares.programme.domain.meetings.prerequisites import Fact

if TYPE_CHECKING:
    from services.programme.tests.conftest import Happened, Story

LABEL = {"en": "Label"}
TALK, TOUR = "AT.visits.1", "AT.visits.2"
OCCASIONS = {
    "mission": {
        "label": LABEL,
        "opened_by": "request",
        "formats": ["talk", "fair"],
        "roles": ["guest"],
        "invitees": [{"roles": ["guest"], "scope": "programme"}],
    },
    "open-door": {"label": LABEL, "opened_by": "offer", "formats": ["tour"], "invitees": [{"scope": "strand"}]},
    "sequel": {"label": LABEL, "opened_by": "follow-up", "formats": ["talk"], "invitees": [{"attended": ["talk"]}]},
}
DEADLINES = {
    "agenda": {"label": LABEL, "days": -30, "owed_by": "host"},
    "names": {"label": LABEL, "days": -14, "owed_by": "participants", "formats": ["talk"]},
    "minutes": {"label": LABEL, "days": 7, "counted_from": "end", "owed_by": "organiser"},
    "report": {"label": LABEL, "days": 30, "counted_from": "end", "owed_by": "office"},
    "review": {"label": LABEL, "days": 14, "owed_by": {"role": "guest"}, "formats": ["talk"]},
}
PREREQUISITES = {
    "head": {"label": LABEL, "proof": "named-head", "roles": ["host"], "due_before": "acceptance"},
    "resolution": {"label": LABEL, "proof": "political-resolution", "due_before": "meeting-confirmed"},
    "team": {"label": LABEL, "proof": "team", "due_before": "meeting-held", "kinds": ["municipality"]},
}


def details(**changes: Any) -> Details:
    """Return what a meeting is like: two days in June, in a room of Graz."""
    given: dict[str, Any] = {
        "title": {"de": "Gespräch", "en": "Talk"},
        "mode": Mode.ON_SITE,
        "venue": Venue("Graz", "AT", "Hauptplatz 1"),
        "starts": datetime(2026, 6, 10, 9, 0),  # noqa: DTZ001 -- local time by intent
        "ends": datetime(2026, 6, 11, 16, 0),  # noqa: DTZ001 -- as above
        "zone": "Europe/Vienna",
        "languages": ("de",),
        "seats": 40,
    }
    return Details(**given | changes)


TERMS = Terms(
    host_tasks=("room", "catering"),
    other_tasks=("invitations",),
    costs=(Cost("catering", Bearer.HOST), Cost("travel", Bearer.PARTICIPANTS)),
    interpretation=("de-en",),
)


def fact(kind: str, name: str = "graz", **more: Any) -> Fact:
    """Return something an organisation showed."""
    given: dict[str, Any] = {
        "fact_id": uuid5(NAMESPACE_URL, f"{name} shows {kind}"),
        "prerequisite": "",
        "kind": kind,
        "version": 2,
        "valid_from": date(2026, 1, 1),
        "valid_until": None,
        "revoked_on": None,
        "hash": "cd" * 32,
        "position": 5,
    }
    return Fact(**given | more)


def wish(occasion: str, form: str, **more: Any) -> Wish:
    """Return a wish for a meeting nobody owes."""
    return Wish(occasion=occasion, format=form, details=more.pop("details", details()), **more)


def society(story: Story) -> list[Happened]:
    """Give a story the template of these tests, and return what happened: Graz accepted two of its duties."""
    story.document = story.template(
        formats={
            "talk": {"label": LABEL, "audiences": ["mayors"], "theme": "energy"},
            "tour": {"label": LABEL, "modes": ["on-site"]},
            "fair": {"label": LABEL},
        },
        audiences={"mayors": {"label": LABEL}, "planners": {"label": LABEL}},
        themes={"energy": {"label": LABEL}, "waste": {"label": LABEL}},
        meetings=OCCASIONS,
        deadlines=DEADLINES,
        prerequisites=PREREQUISITES,
    )
    return [
        story.admitted("graz"),
        story.admitted("linz"),
        story.admitted("wels", "guest"),
        story.admitted("bonn", "host", "DE"),
        story.derived((TALK, "talk", "graz"), (TOUR, "tour", "graz"), ("AT.visits.3", "talk", "linz")),
        story.offered(TALK, "graz"),
        story.accepted(TALK, "graz"),
        story.offered(TOUR, "graz"),
        story.accepted(TOUR, "graz", "tour"),
    ]
