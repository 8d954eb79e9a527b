"""Who may call which route. Whether the capacity is held in the right organisation the route itself asks."""

from collections.abc import Mapping
from typing import Final

from interpares.common.http import API
from interpares.common.policy import ANYONE_SIGNED_IN, LINK, ONESELF, Capacity, Policy

# Partners have a contract of their own; nothing here is for them but what concerns their own person.
EVERYBODY: Final = frozenset(Capacity) - {Capacity.PARTNER}
REGISTRARS: Final = frozenset({Capacity.OPERATOR, Capacity.OFFICE})
APPLICANTS: Final = frozenset({Capacity.COORDINATOR, Capacity.OFFICE})

MEETING: Final = f"{API}/meetings/{{meeting_id}}"
READERS: Final = APPLICANTS | {Capacity.AUDITOR}
# Facilitators see what is about the organisations they accompany, and of these only while they do.
COMPANIONS: Final = READERS | {Capacity.FACILITATOR}
# Who lets others act for an organisation and corrects what is on record of it: registrars, and its coordinators.
OPENERS: Final = REGISTRARS | {Capacity.COORDINATOR}
ORGANISATION: Final = f"{API}/organisations/{{organisation_id}}"
PERSON: Final = f"{API}/people/{{person_id}}"

POLICY: Final[Policy] = {
    ("POST", f"{API}/organisations"): REGISTRARS,
    ("GET", f"{API}/organisations"): EVERYBODY,
    ("GET", f"{API}/organisations/{{organisation_id}}"): EVERYBODY,
    ("GET", f"{API}/organisations/{{organisation_id}}/memberships"): (
        REGISTRARS | {Capacity.AUDITOR, Capacity.COORDINATOR, Capacity.FACILITATOR}
    ),
    ("GET", f"{API}/organisations/search"): EVERYBODY,
    ("GET", f"{API}/organisations.csv"): EVERYBODY,
    ("GET", f"{API}/organisations.xlsx"): EVERYBODY,
    ("PUT", f"{API}/organisations/{{organisation_id}}"): OPENERS,
    ("POST", f"{API}/organisations/{{organisation_id}}/merger"): REGISTRARS,
    ("GET", f"{API}/organisations/{{organisation_id}}/history"): EVERYBODY,
    ("GET", f"{API}/organisations/{{organisation_id}}/succession"): EVERYBODY,
    ("GET", f"{API}/organisations/{{organisation_id}}/twinnings"): EVERYBODY,
    ("POST", f"{API}/twinnings"): REGISTRARS,
    ("POST", f"{API}/twinnings/{{twinning_id}}/end"): REGISTRARS,
    ("POST", f"{API}/organisation-imports"): REGISTRARS,
    ("GET", f"{API}/organisation-imports/{{import_id}}"): REGISTRARS,
    ("GET", f"{API}/organisation-imports/{{import_id}}/rows"): REGISTRARS,
    ("POST", f"{API}/organisation-imports/{{import_id}}/confirmation"): REGISTRARS,
    ("POST", f"{API}/people"): REGISTRARS,
    ("GET", f"{API}/people/{{person_id}}"): ANYONE_SIGNED_IN,
    ("GET", f"{API}/people/{{person_id}}/export"): ANYONE_SIGNED_IN,
    ("GET", f"{API}/people/{{person_id}}/export.pdf"): ANYONE_SIGNED_IN,
    ("GET", f"{API}/people/{{person_id}}/reads"): ANYONE_SIGNED_IN,
    ("POST", f"{API}/people/{{person_id}}/rectification"): ONESELF,
    ("GET", f"{API}/people/{{person_id}}/holds"): REGISTRARS | {Capacity.AUDITOR},
    ("POST", f"{API}/people/{{person_id}}/holds"): REGISTRARS,
    ("POST", f"{API}/people/{{person_id}}/holds/{{hold_id}}/end"): REGISTRARS,
    ("POST", f"{API}/people/{{person_id}}/erasure-requests"): ONESELF,
    ("GET", f"{API}/erasure-requests"): REGISTRARS | {Capacity.AUDITOR},
    ("GET", f"{API}/erasure-requests/{{request_id}}"): ANYONE_SIGNED_IN,
    ("GET", f"{API}/erasure-requests/{{request_id}}/letter"): ANYONE_SIGNED_IN,
    ("GET", f"{API}/erasure-requests/{{request_id}}/letter.pdf"): ANYONE_SIGNED_IN,
    ("POST", f"{API}/erasure-requests/{{request_id}}/decision"): REGISTRARS,
    ("GET", f"{API}/privacy/ledger"): frozenset({Capacity.OPERATOR}),
    ("POST", f"{API}/privacy/ledger/replay"): frozenset({Capacity.OPERATOR}),
    ("GET", f"{API}/me"): ANYONE_SIGNED_IN,
    ("POST", f"{ORGANISATION}/invitations"): OPENERS,
    ("GET", f"{ORGANISATION}/invitations"): OPENERS,
    ("GET", f"{API}/invitations/{{invitation_id}}"): OPENERS,
    ("POST", f"{API}/invitations/{{invitation_id}}/renewal"): OPENERS,
    ("POST", f"{API}/invitations/{{invitation_id}}/withdrawal"): OPENERS,
    ("GET", f"{API}/invitation"): LINK,
    ("POST", f"{API}/invitation/acceptance"): ONESELF,
    ("POST", f"{ORGANISATION}/handovers"): OPENERS,
    ("POST", f"{API}/memberships/{{membership_id}}/substitutes"): OPENERS,
    ("POST", f"{ORGANISATION}/accompaniments"): REGISTRARS,
    ("GET", f"{ORGANISATION}/mandates"): REGISTRARS | {Capacity.AUDITOR, Capacity.COORDINATOR, Capacity.FACILITATOR},
    ("POST", f"{API}/mandates/{{mandate_id}}/end"): OPENERS,
    ("GET", f"{PERSON}/facilitation"): ANYONE_SIGNED_IN,
    ("POST", f"{PERSON}/qualifications"): ONESELF,
    ("POST", f"{PERSON}/qualifications/{{qualification_id}}/removal"): ONESELF,
    ("POST", f"{PERSON}/availability"): ONESELF,
    ("POST", f"{PERSON}/availability/{{window_id}}/withdrawal"): ONESELF,
    ("POST", f"{API}/memberships"): REGISTRARS,
    ("POST", f"{API}/memberships/{{membership_id}}/end"): REGISTRARS,
    ("GET", f"{API}/calls"): EVERYBODY,
    ("GET", f"{API}/calls/{{call_id}}"): EVERYBODY,
    ("GET", f"{API}/calls/{{call_id}}/eligibility"): APPLICANTS,
    ("POST", f"{API}/drafts"): APPLICANTS,
    ("GET", f"{API}/drafts"): APPLICANTS,
    ("GET", f"{API}/drafts/{{draft_id}}"): APPLICANTS,
    ("PUT", f"{API}/drafts/{{draft_id}}"): APPLICANTS,
    ("POST", f"{API}/drafts/{{draft_id}}/signature"): APPLICANTS,
    ("POST", f"{API}/applications/{{application_id}}/points"): frozenset({Capacity.OFFICE}),
    ("POST", f"{API}/applications/{{application_id}}/priority"): frozenset({Capacity.OFFICE}),
    ("GET", f"{API}/applications/{{application_id}}/place"): READERS,
    ("POST", f"{API}/rankings"): frozenset({Capacity.OFFICE}),
    ("GET", f"{API}/rankings"): READERS,
    ("GET", f"{API}/rankings/{{ranking_id}}"): READERS,
    ("POST", f"{API}/applications"): APPLICANTS,
    ("GET", f"{API}/applications"): COMPANIONS,
    ("GET", f"{API}/applications/{{application_id}}"): COMPANIONS,
    ("POST", f"{API}/applications/{{application_id}}/withdrawal"): APPLICANTS,
    ("POST", f"{API}/organisations/{{organisation_id}}/files"): APPLICANTS,
    ("GET", f"{API}/organisations/{{organisation_id}}/files"): READERS,
    ("GET", f"{API}/files/{{file_id}}"): READERS,
    ("GET", f"{API}/files/{{file_id}}/content"): READERS,
    ("POST", f"{API}/files/{{file_id}}/erasure"): APPLICANTS,
    ("POST", f"{API}/organisations/{{organisation_id}}/prerequisites"): APPLICANTS,
    ("GET", f"{API}/organisations/{{organisation_id}}/prerequisites"): READERS,
    ("GET", f"{API}/organisations/{{organisation_id}}/readiness/{{programme_id}}"): READERS,
    ("GET", f"{API}/prerequisites/{{fact_id}}"): READERS,
    ("POST", f"{API}/prerequisites/{{fact_id}}/versions"): APPLICANTS,
    ("POST", f"{API}/prerequisites/{{fact_id}}/confirmation"): APPLICANTS,
    ("POST", f"{API}/prerequisites/{{fact_id}}/revocation"): APPLICANTS,
    ("GET", f"{API}/prerequisites/{{fact_id}}/plan"): READERS,
    ("GET", f"{API}/prerequisites/{{fact_id}}/plan/page"): READERS,
    ("GET", f"{API}/prerequisites/{{fact_id}}/plan/export"): READERS,
    ("GET", f"{API}/meetings"): READERS,
    ("GET", f"{MEETING}/seats"): READERS,
    ("POST", f"{MEETING}/seat-rules"): APPLICANTS,
    ("POST", f"{MEETING}/nominations"): APPLICANTS,
    ("POST", f"{MEETING}/seats/{{seat_id}}/acceptance"): APPLICANTS,
    ("POST", f"{MEETING}/seats/{{seat_id}}/release"): APPLICANTS,
    ("POST", f"{MEETING}/seats/{{seat_id}}/substitution"): APPLICANTS,
    ("POST", f"{MEETING}/seats/{{seat_id}}/link"): APPLICANTS,
    ("GET", f"{MEETING}/participants"): APPLICANTS,
    ("POST", f"{MEETING}/participants/{{participant_id}}/needs"): APPLICANTS,
    ("POST", f"{MEETING}/attendance"): APPLICANTS,
    ("GET", f"{MEETING}/attendance"): READERS,
    ("GET", f"{MEETING}/signature-list"): APPLICANTS,
    ("GET", f"{MEETING}/certificates"): APPLICANTS,
    ("GET", f"{API}/seat-links/{{token}}"): LINK,
    ("GET", f"{API}/seat-links/{{token}}/data"): LINK,
    ("POST", f"{API}/seat-links/{{token}}"): LINK,
}

DIRECTORY: Final = "the directory of organisations is open to everybody in the exchange"
IMPORTS: Final = "imports are of the directory, and whichever office is at work goes on with one"
FACILITATORS: Final = "every office looks for facilitators who fit"
# Where a capacity reaches further than the organisation it is held in, and why; operators and auditors do everywhere.
# An office also reaches organisations, and whoever acts for them, that no office deals with yet (``registrars``).
REACH: Final[Mapping[tuple[str, str], Mapping[Capacity, str]]] = {
    **{
        ("GET", f"{ORGANISATION}{part}"): dict.fromkeys(EVERYBODY, DIRECTORY)
        for part in ("", "/history", "/succession", "/twinnings")
    },
    ("GET", f"{API}/organisation-imports/{{import_id}}/rows"): {Capacity.OFFICE: IMPORTS},
    ("GET", f"{PERSON}/facilitation"): {Capacity.OFFICE: FACILITATORS},
}
