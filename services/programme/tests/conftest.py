"""Past events in, new events or an error out: the words in which tests of the programme are told."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, UUID, uuid5

import pytest
import yaml

from interpares.common.aggregate import Metadata
from interpares.common.context import Occasion, acting
from interpares.common.contracts.template import Template
from interpares.programme.domain import events
from interpares.programme.domain.charter import Obtained
from interpares.programme.domain.decision import Decision, RuleRef, Source
from interpares.programme.domain.derivation import DerivedDuty
from interpares.programme.domain.grounds import Grounds
from interpares.programme.domain.moment import LocalMoment
from interpares.programme.domain.participation import Applicant
from interpares.programme.domain.programme import Programme
from interpares.programme.domain.reviewing.state import Document, Version, review_id

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
TEMPLATES = Path(__file__).parents[3] / "templates"
REASON = "5e" * 32
Happened = tuple[type[Any], dict[str, Any]]


def named(name: str) -> UUID:
    """Return the id that stands for a name in a test."""
    return uuid5(NAMESPACE_URL, name)


OCCASION = Occasion(
    actor=named("clerk"), command_id=named("command"), correlation_id=named("flow"), causation_id=None, now=NOW
)
METADATA = Metadata(
    actor=OCCASION.actor,
    command_id=OCCASION.command_id,
    correlation_id=OCCASION.correlation_id,
    causation_id=None,
    traceparent="",
    tracestate="",
)


class Story:
    """One programme, told in past events; names become ids."""

    now = NOW
    occasion = OCCASION
    programme_id = named("programme")
    office = named("office")
    reason = REASON

    def __init__(self) -> None:
        self.document = self.template()

    # What was

    def id(self, name: str) -> UUID:
        """Return the id that stands for a name."""
        return named(name)

    def template(self, **changes: Any) -> dict[str, Any]:
        """Return the document of a small template: two hosts' visits each, a finale, and a circle of guests."""
        formats = {key: {"label": {"en": key}} for key in ("talk", "tour", "fair")}
        roles = {
            "host": {"label": {"en": "Host"}, "obtained": "selection"},
            "guest": {"label": {"en": "Guest"}, "obtained": "selection"},
            "prize": {"label": {"en": "Prize"}, "obtained": "award", "holding": "concurrent"},
            "friend": {"label": {"en": "Friend"}, "obtained": "declaration", "holding": "concurrent"},
        }
        hosting = {
            "visits": {
                "label": {"en": "Visits"},
                "quantifier": "each",
                "role": "host",
                "formats": [{"format": "talk"}, {"format": "tour"}],
                "on_host_loss": "reassign",
            },
            "finale": {
                "label": {"en": "Finale"},
                "quantifier": "one_of",
                "role": "host",
                "scope": "programme",
                "formats": [{"format": "fair"}],
                "on_host_loss": "decide",
            },
            "circle": {
                "label": {"en": "Circle"},
                "quantifier": "one_of",
                "role": "guest",
                "formats": [{"format": "talk"}],
                "on_host_loss": "lapse",
            },
        }
        small = {
            "id": "small",
            "version": 3,
            "title": {"en": "Small"},
            "lifecycle": "call",
            "strands": {"by": "country", "keys": ["AT", "DE"]},
            "formats": formats,
            "roles": roles,
            "hosting": hosting,
        }
        return Template.model_validate(small | changes).as_document()

    def with_rule(self, key: str, **changes: Any) -> None:
        """Change a hosting rule of the template this story is told with."""
        hosting = self.document["hosting"]
        self.document = self.template(hosting={**hosting, key: {**hosting[key], **changes}})

    def multiply(self, **conference: Any) -> dict[str, Any]:
        """Return the document of the MULTIPLY template, its conference rule changed."""
        written = yaml.safe_load((TEMPLATES / "multiply.yaml").read_text(encoding="utf-8"))
        written["hosting"]["conference"] |= conference
        return Template.model_validate(written).as_document()

    def drafted(self, *strands: str) -> Happened:
        """Tell that the programme was drafted."""
        document = self.document
        fields = {
            "title": {"en": "A small programme"},
            "office": self.office,
            "template": document,
            "template_hash": "",
            "strands": strands or ("AT", "DE"),
            "originator_topic": Programme.TOPIC,
        }
        return Programme.Created, fields

    def called(self) -> Happened:
        """Tell that the call was opened."""
        return events.CallOpened, {
            "office": self.office,
            "title": {"en": "A small programme"},
            "roles": tuple(sorted(self.document["roles"])),
            "strands": ("AT", "DE"),
            "deadline": LocalMoment(datetime(2026, 12, 1, 12, 0), "Europe/Brussels"),  # noqa: DTZ001 -- local time by intent
            "conditions": {"roles": self.document["roles"]},
        }

    def admitted(self, name: str, role: str = "host", strand: str = "AT") -> Happened:
        """Tell that an organisation was admitted."""
        fields = {
            "organisation": named(name),
            "application": named(f"{name} applies"),
            "role": role,
            "strand": strand,
            "country": strand,
            "obtained": Obtained.SELECTION,
        }
        return events.ParticipationAdmitted, fields

    def derived(self, *duties: tuple[str, str, str | None]) -> Happened:
        """Tell that duties were derived: id, format, name of who owes it."""
        derived = []
        for duty, form, owner in duties:
            strand, rule, ordinal = duty.split(".")
            derived.append(DerivedDuty(strand, rule, int(ordinal), form, named(owner) if owner else None))
        return events.DutiesDerived, {"duties": tuple(derived), "assigned": (), "presumed": ()}

    def offered(self, duty: str, *to: str) -> Happened:
        """Tell that a duty was offered."""
        return events.DutyOffered, {"duty": duty, "to": tuple(map(named, to)), "respond_by": None}

    def accepted(self, duty: str, host: str, form: str = "talk") -> Happened:
        """Tell that a duty was accepted."""
        return events.DutyAccepted, {"duty": duty, "host": named(host), "format": form}

    def knows_a_review(self, programme: Programme) -> str:
        """Let the programme know a review that was given, as far as outputs care; return it as their source."""
        document, reviewer = named("a document"), named("a reviewer")
        version = Version(1, "d0" * 32, given=(reviewer,))
        programme.state.reviewing.keep(document, Document("plan", (), (version,), withdrawn=True))
        return f"review:{review_id(document, 1, reviewer)}"

    def past(self, *happened: Happened) -> Programme:
        """Return the programme to which all this happened, the draft first."""
        return self.replayed(self.told(1, *happened))

    def running(self, *happened: Happened) -> Programme:
        """Return a programme whose call is open and to which all this happened."""
        return self.past(self.drafted(), self.called(), *happened)

    def told(self, version: int, *happened: Happened) -> list[events.Event]:
        """Return events from a version on, as they are stored under the occasion of the story."""
        past = self.decision("past", "programme:past", "past")
        return [
            event_class(
                **{
                    "originator_id": self.programme_id,
                    "originator_version": version + index,
                    "timestamp": NOW,
                    "metadata": METADATA,
                    "decision": past,
                }
                | fields
            )
            for index, (event_class, fields) in enumerate(happened)
        ]

    def replayed(self, history: list[events.Event]) -> Programme:
        """Return the programme with this history."""
        programme: Any = None
        for event in history:
            programme = event.mutate(programme)
        assert isinstance(programme, Programme)
        return programme

    # What is asked

    def grounds(self, reason_code: str = "fits", capacity: str = "office", **more: Any) -> Grounds:
        """Return the why."""
        return Grounds(reason_code=reason_code, reason=REASON, capacity=capacity, organisation=self.office, **more)

    def applicant(self, name: str, role: str = "host", country: str = "AT", **more: Any) -> Applicant:
        """Return an application as registration tells of it."""
        facts: dict[str, Any] = {
            "application_id": named(f"{name} applies"),
            "programme_id": self.programme_id,
            "organisation_id": named(name),
            "country": country,
            "role": role,
            "strand": None,
            "withdrawn": False,
            "version": 1,
            "hash": "ab" * 32,
            "position": 17,
        }
        return Applicant(**facts | more)

    # What follows

    def rule(self, path: str, programme: Programme) -> RuleRef:
        """Return the reference to a rule by its path."""
        section, key = path.split(".")
        charter = programme.state.charter
        return charter.hosting[key].ref if section == "hosting" else charter.roles[key].ref

    def decision(self, decision_type: str, subject: str, outcome: str, **more: Any) -> Decision:
        """Return a whole decision of the story; what is not said is as ``grounds`` leaves it."""
        facts: dict[str, Any] = {
            "concerns": (),
            "capacity": "office",
            "organisation": self.office,
            "authority": None,
            "interest": None,
            "decided_at": NOW,
            "effective_at": NOW,
            "reason_code": "fits",
            "reason": REASON,
            "criteria": (),
            "rule": None,
            "evidence": (),
            "alternatives": (),
            "source": Source(),
            "file_reference": "",
            "follows": None,
            "corrects": None,
            "supersedes": None,
            "revokes": None,
        }
        return Decision(type=decision_type, subject=subject, outcome=outcome, **facts | more)


@pytest.fixture
def story() -> Iterator[Story]:
    """A story, and its occasion in force."""
    with acting(OCCASION):
        yield Story()
