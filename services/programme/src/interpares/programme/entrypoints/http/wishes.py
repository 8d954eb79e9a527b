"""What a request says of a meeting, in the words of the domain."""

from typing import Any
from uuid import UUID

from interpares.common.errors import Invalid
from interpares.programme.application import meetings_commands as commands
from interpares.programme.domain.meetings.meeting import Details, Mode, Venue
from interpares.programme.domain.meetings.planning import Changes, Wish
from interpares.programme.entrypoints.http.desk import Why
from interpares.programme.entrypoints.http.schemas import meetings as schemas


def details(body: schemas.Plan | schemas.Proposal) -> Details:
    """Return what a new meeting is to be like. Raises Invalid for dates with an offset."""
    return Details(title=body.title, **_kept(body))


def changes(body: schemas.Change) -> Changes:
    """Return what is to be different: only what the request names."""
    named = body.model_fields_set
    kept = _kept(body)
    fields = {name: kept[name] for name in kept if name in named}
    if "dates" in named:
        fields |= {name: kept[name] for name in ("starts", "ends", "zone")}
    if body.title is not None:
        fields["title"] = body.title
    return Changes(fields, body.host_id, body.organiser_id)


def plan(
    body: schemas.Plan, programme_id: UUID, meeting_id: UUID, reasons: Why
) -> commands.PlanFromDuty | commands.PlanOnOccasion:
    """Return the command: of a duty, or on an occasion. Raises Invalid where it is neither or both."""
    whole: dict[str, Any] = {
        "programme_id": programme_id,
        "meeting_id": meeting_id,
        "grounds": reasons.grounds,
        "texts": reasons.texts,
    }
    if (body.duty is None) == (body.occasion is None):
        message, way_out = "A meeting is planned of a duty, or on an occasion.", "Name one of duty and occasion."
        raise Invalid(message, way_out, field="duty")
    if body.duty is not None:
        for name in ("format", "strand", "follows", "host_id"):
            if getattr(body, name) is not None:
                message, way_out = "This follows from the duty.", "Leave it out."
                raise Invalid(message, way_out, field=name)
        return commands.PlanFromDuty(duty=body.duty, details=details(body), organiser=body.organiser_id, **whole)
    if body.format is None:
        message, way_out = "A meeting has a format.", "Choose one of the formats of the occasion."
        raise Invalid(message, way_out, field="format")
    return commands.PlanOnOccasion(wish=wish(body, body.occasion or "", body.format), **whole)


def wish(body: schemas.Plan | schemas.Proposal, occasion: str, form: str) -> Wish:
    """Return the wish for a meeting that nobody owes."""
    parties = {"host": body.host_id, "organiser": body.organiser_id} if isinstance(body, schemas.Plan) else {}
    return Wish(
        occasion=occasion,
        format=form,
        details=details(body),
        strand=body.strand or "",
        follows=body.follows or "",
        **parties,
    )


def local(dates: schemas.Dates) -> dict[str, Any]:
    """Return start, end and zone. Raises Invalid for times with an offset."""
    for name in ("starts", "ends"):
        if getattr(dates, name).tzinfo is not None:
            message, way_out = "The local time carries an offset.", "Leave the offset out; the zone tells it."
            raise Invalid(message, way_out, field=f"dates.{name}")
    return {"starts": dates.starts, "ends": dates.ends, "zone": dates.zone}


def _kept(body: schemas.Kept) -> dict[str, Any]:
    venue = body.venue
    return {
        "mode": Mode(body.mode),
        "venue": Venue(venue.place, venue.country, venue.address or "") if venue else None,
        "audiences": body.audiences,
        "themes": body.themes,
        "languages": body.languages,
        "seats": body.seats,
        "guests": body.guests,
        **(local(body.dates) if body.dates else {"starts": None, "ends": None, "zone": ""}),
    }
