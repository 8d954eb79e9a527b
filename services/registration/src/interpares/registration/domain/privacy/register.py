"""The register of personal data: every column that holds any, and what the law wants said about it.

Export, erasure, retention and the record of processing in docs/privacy.md are all made from it, so a column that stands
here is exported and erased, and one that does not makes the build fail.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Erase(StrEnum):
    """What an erasure does with a column."""

    ROW = "the row is deleted"
    TEXT = "text and salt are emptied, the hash stays"
    IDS = "nothing: it says nothing about anybody once the ids lead nowhere"


class Basis(StrEnum):
    """On what ground the data are processed, as in Article 6(1) of the GDPR."""

    TASK = "public task (e)"
    DUTY = "legal duty (c)"
    CONSENT = "consent (a)"


@dataclass(frozen=True)
class Periods:
    """For how long data are kept, unless the controller says otherwise.

    people: after the last membership ended. participants, needs: after the meeting. reads: after the read. links: after
    they expired.
    """

    people: timedelta = timedelta(days=730)
    participants: timedelta = timedelta(days=365)
    needs: timedelta = timedelta(days=14)
    reads: timedelta = timedelta(days=365)
    links: timedelta = timedelta(days=30)


USUAL = Periods()


def _days(period: str, after: str) -> str:
    days = getattr(USUAL, period).days
    return f"{days} days {after}, unless `INTERPARES_KEEP_{period.upper()}_DAYS` says otherwise"


@dataclass(frozen=True)
class Column:
    """A column with personal data. recipients: who gets to see it. hold: whether a duty to keep can stand before it."""

    name: str
    purpose: str
    recipients: str
    hold: bool = True


@dataclass(frozen=True)
class Holding:
    """The personal data of one table.

    whose: the column that says whose they are, by the person's id or the id they act under. basis, retention: of all
    its columns. expires: SQL condition by which rows go of themselves, of what was before the period is over; empty
    where they go with the person. period: by its name in ``Periods``.
    """

    table: str
    whose: str
    basis: Basis
    retention: str
    erase: Erase
    columns: tuple[Column, ...]
    expires: str = ""
    period: str = ""


REGISTRARS = "operators, programme offices"
MEMBERS = f"{REGISTRARS}, coordinators of the person's organisations"
COMPANIONS = f"{REGISTRARS}, auditors, the person"
INVITERS = f"{REGISTRARS}, coordinators of the inviting organisation"
AFTER_LAST_MEMBERSHIP = _days("people", "after the last membership ended")
ACCOUNTABLE = "as long as the decisions they are part of"

AT_MEETING = "the programme office, coordinators of the host and of whoever sends them"
HOSTS = "the programme office, coordinators of the host"
# The day a meeting is over; its clock matters less than the day.
_OVER = "SELECT meeting_id FROM known_meetings WHERE left(coalesce(ends_local, starts_local), 10)::timestamp"

REGISTER: tuple[Holding, ...] = (
    Holding(
        table="people",
        whose="person_id",
        basis=Basis.TASK,
        retention=AFTER_LAST_MEMBERSHIP,
        erase=Erase.ROW,
        columns=(
            Column("given_name", "to know whom one deals with", MEMBERS),
            Column("family_name", "to know whom one deals with", MEMBERS),
            Column("email", "to write to them about programmes they take part in", f"{MEMBERS}, notifications"),
            Column("subject", "to tell that an account is theirs", "nobody"),
            Column("registered_at", "to tell when retention begins", "nobody"),
        ),
    ),
    Holding(
        table="facilitator_qualifications",
        whose="person_id",
        basis=Basis.TASK,
        retention=AFTER_LAST_MEMBERSHIP,
        erase=Erase.ROW,
        columns=(
            Column("title", "to find a facilitator who fits", COMPANIONS),
            Column("awarded_by", "to find a facilitator who fits", COMPANIONS),
            Column("awarded_on", "to find a facilitator who fits", COMPANIONS),
            Column("valid_until", "to find a facilitator who fits", COMPANIONS),
        ),
    ),
    Holding(
        table="facilitator_availability",
        whose="person_id",
        basis=Basis.TASK,
        retention=ACCOUNTABLE,
        erase=Erase.IDS,
        columns=(
            Column("starts_on", "to agree on accompaniments", COMPANIONS),
            Column("ends_on", "to agree on accompaniments", COMPANIONS),
        ),
    ),
    Holding(
        table="mandates",
        whose="person_id",
        basis=Basis.TASK,
        retention=ACCOUNTABLE,
        erase=Erase.IDS,
        columns=(
            Column("kind", "to tell who could act for an organisation", MEMBERS),
            Column("starts_on", "to tell from when on", MEMBERS),
            Column("ends_on", "to tell until when", MEMBERS),
            Column("status", "to tell whether it runs", MEMBERS),
        ),
    ),
    Holding(
        table="invitees",
        whose="invitation_id",
        basis=Basis.TASK,
        retention="until they have come, the invitation is withdrawn, or its time is over",
        erase=Erase.ROW,
        columns=(
            Column("email", "to send the invitation", INVITERS, hold=False),
            Column("given_name", "to address the invitation", INVITERS, hold=False),
            Column("family_name", "to address the invitation", INVITERS, hold=False),
        ),
    ),
    Holding(
        table="restrictions",
        whose="person_id",
        basis=Basis.DUTY,
        retention="until the day it names",
        erase=Erase.ROW,
        columns=(Column("until", "to show and use the data no more", REGISTRARS),),
    ),
    Holding(
        table="sealed_texts",
        whose="author",
        basis=Basis.TASK,
        retention=ACCOUNTABLE,
        erase=Erase.TEXT,
        columns=(
            Column("text", "to say why something was decided", "whoever may read the decision"),
            Column("salt", "to prove that a text is the one that was typed", "nobody"),
        ),
    ),
    Holding(
        table="personal_data_reads",
        whose="person_id",
        basis=Basis.DUTY,
        retention=_days("reads", "after the read"),
        erase=Erase.IDS,
        columns=(
            Column("reader", "to tell the person who read their data", "the person, auditors"),
            Column("why", "to tell the person why", "the person, auditors"),
            Column("route", "to tell the person what was read", "the person, auditors"),
            Column("read_at", "to tell the person when", "the person, auditors"),
        ),
        expires="read_at < %(before)s",
        period="reads",
    ),
    Holding(
        table="organisation_memberships",
        whose="actor",
        basis=Basis.TASK,
        retention=ACCOUNTABLE,
        erase=Erase.IDS,
        columns=(
            Column("capacity", "to tell who could act for an organisation", MEMBERS),
            Column("granted_at", "to tell from when on", MEMBERS),
            Column("ended_at", "to tell until when", MEMBERS),
        ),
    ),
    Holding(
        table="erasure_requests",
        whose="person_id",
        basis=Basis.DUTY,
        retention=ACCOUNTABLE,
        erase=Erase.IDS,
        columns=(
            Column("received_on", "to keep the time limit", f"{REGISTRARS}, auditors"),
            Column("status", "to tell how the request ended", f"{REGISTRARS}, auditors"),
            Column("decided_at", "to tell when", f"{REGISTRARS}, auditors"),
        ),
    ),
    Holding(
        table="participants",
        whose="participant_id",
        basis=Basis.TASK,
        retention=_days("participants", "after the meeting"),
        erase=Erase.ROW,
        columns=(
            Column("given_name", "to welcome them and to write the list of signatures", AT_MEETING),
            Column("family_name", "to welcome them and to write the list of signatures", AT_MEETING),
            Column("email", "to write to them about the meeting", AT_MEETING),
        ),
        expires=f"meeting_id IN ({_OVER} < %(before)s)",
        period="participants",
    ),
    Holding(
        table="participant_needs",
        whose="participant_id",
        basis=Basis.CONSENT,
        retention=_days("needs", "after the meeting"),
        erase=Erase.ROW,
        columns=(
            Column("dietary", "to have food they can eat", HOSTS, hold=False),
            Column("access", "to have rooms and aids they need", HOSTS, hold=False),
        ),
        expires=f"meeting_id IN ({_OVER} < %(before)s)",
        period="needs",
    ),
    Holding(
        table="personal_links",
        whose="holder",
        basis=Basis.TASK,
        retention=f"until it is used or withdrawn, or {_days('links', 'after it expired')}",
        erase=Erase.ROW,
        columns=(Column("expires_at", "to let somebody act without an account", "nobody"),),
        expires="expires_at < %(before)s",
        period="links",
    ),
)

# Columns that lie in the same row as the id of a person and say nothing about them.
PLAIN: dict[str, frozenset[str]] = {
    "memberships": frozenset({"capacity"}),
    "held_capacities": frozenset({"capacity"}),
    "organisation_memberships": frozenset({"granted_as", "grant_reason_code", "ended_as", "end_reason_code"}),
    "mandates": frozenset({"capacity", "arranged_at", "arranged_as", "reason_code", "ended_at", "ended_as"}),
    "personal_links": frozenset({"key", "purpose"}),
    "seats": frozenset({"audience", "language", "status", "respond_by", "nominated_at", "settled_at"}),
    "sealed_texts": frozenset({"hash", "official", "recorded_at"}),
    "erasure_requests": frozenset(
        {
            "channel",
            "filed_at",
            "filed_as",
            "wish_code",
            "wish",
            "decided_as",
            "ground",
            "until",
            "reason_code",
            "reason",
        }
    ),
    "erasure_ledger": frozenset({"cause", "erased_at"}),
    "erasure_confirmations": frozenset({"service", "confirmed_at"}),
    "holds": frozenset({"until", "ground", "held_at", "lifted_at"}),
    # What operators gave up: the reason is a hash of a sealed text, the rest is what another service published.
    "discarded": frozenset(
        {"feed", "aggregate", "headers", "body", "error", "parked_at", "discarded_at", "reason_code", "reason"}
    ),
}
