"""When a meeting is, as people write it."""

from datetime import datetime

from babel.dates import format_date

from interpares.registration.application.seat_ports import KnownMeeting

# English as letters have it: 31 March 2027.
LOCALES = {"de": "de", "en": "en_GB"}


def span(meeting: KnownMeeting, language: str) -> str:
    """Return first and last moment in local time with the zone, empty while they are not known.

    On one day: ``31. März 2027, 09:30–16:00 (Europe/Berlin)``.
    """
    if not meeting.starts_local:
        return ""
    starts = datetime.fromisoformat(meeting.starts_local)
    told = f"{format_date(starts, 'long', locale=LOCALES[language])}, {starts:%H:%M}"
    if meeting.ends_local:
        ends = datetime.fromisoformat(meeting.ends_local)
        same_day = starts.date() == ends.date()
        told += (
            f"–{ends:%H:%M}" if same_day else f" – {format_date(ends, 'long', locale=LOCALES[language])}, {ends:%H:%M}"
        )
    return f"{told} ({meeting.zone})" if meeting.zone else told
