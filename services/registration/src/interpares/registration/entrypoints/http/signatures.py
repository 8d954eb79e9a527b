"""The list of signatures of a meeting as PDF. What is written in it comes as data, never as markup."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import UUID

from interpares.common.paper import typeset
from interpares.registration.application.seat_ports import KnownMeeting
from interpares.registration.entrypoints.http.dates import span
from interpares.registration.projections.seats import SeatedPerson

LAYOUT = Path(__file__).with_name("signatures.typ")
WORDS = {
    "de": {
        "heading": "Teilnahmeliste",
        "columns": ["Nr.", "Name", "Organisation", "Zielgruppe", "Unterschrift"],
        "page": "Seite",
    },
    "en": {
        "heading": "List of participants",
        "columns": ["No.", "Name", "Organisation", "Audience", "Signature"],
        "page": "Page",
    },
}


def signature_list(
    meeting: KnownMeeting,
    rows: Sequence[SeatedPerson],
    *,
    organisations: Mapping[UUID, str],
    audiences: Mapping[str, Mapping[str, str]],
    language: str,
) -> bytes:
    """Return the list. organisations: names by id; people are sorted by them and by family name.

    audiences: what they are called, language to text by key; one nobody told of is written by its key.
    """
    called = {key: names.get(language) or next(iter(names.values()), key) for key, names in audiences.items()}
    people = sorted(
        (organisations[row.organisation_id], row.family_name or "", row.given_name or "", row.audience) for row in rows
    )
    title = meeting.title.get(language) or next(iter(meeting.title.values()), "")
    data = {
        **WORDS[language],
        "language": language,
        "title": title,
        "when": span(meeting, language),
        "place": meeting.place or "",
        "rows": [
            [str(index + 1), f"{family}, {given}".strip(", "), organisation, called.get(audience, audience)]
            for index, (organisation, family, given, audience) in enumerate(people)
        ],
    }
    return typeset(LAYOUT.read_bytes(), data, any_font=True)
