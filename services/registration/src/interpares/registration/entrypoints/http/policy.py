"""Who may call which route. Whether the capacity is held in the right organisation the route itself asks."""

from typing import Final

from interpares.common.http import API
from interpares.common.policy import ANYONE_SIGNED_IN, ONESELF, Capacity, Policy

EVERYBODY: Final = frozenset(Capacity)
REGISTRARS: Final = frozenset({Capacity.OPERATOR, Capacity.OFFICE})
APPLICANTS: Final = frozenset({Capacity.COORDINATOR, Capacity.OFFICE})

READERS: Final = APPLICANTS | {Capacity.AUDITOR}

POLICY: Final[Policy] = {
    ("POST", f"{API}/organisations"): REGISTRARS,
    ("GET", f"{API}/organisations"): EVERYBODY,
    ("GET", f"{API}/organisations/{{organisation_id}}"): EVERYBODY,
    ("GET", f"{API}/organisations/{{organisation_id}}/memberships"): (
        REGISTRARS | {Capacity.AUDITOR, Capacity.COORDINATOR}
    ),
    ("GET", f"{API}/organisations/search"): EVERYBODY,
    ("GET", f"{API}/organisations.csv"): EVERYBODY,
    ("GET", f"{API}/organisations.xlsx"): EVERYBODY,
    ("PUT", f"{API}/organisations/{{organisation_id}}"): REGISTRARS,
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
    ("POST", f"{API}/memberships"): REGISTRARS,
    ("POST", f"{API}/memberships/{{membership_id}}/end"): REGISTRARS,
    ("GET", f"{API}/calls"): EVERYBODY,
    ("POST", f"{API}/applications"): APPLICANTS,
    ("GET", f"{API}/applications"): APPLICANTS | {Capacity.AUDITOR},
    ("GET", f"{API}/applications/{{application_id}}"): APPLICANTS | {Capacity.AUDITOR},
    ("POST", f"{API}/applications/{{application_id}}/withdrawal"): APPLICANTS,
    ("POST", f"{API}/organisations/{{organisation_id}}/files"): APPLICANTS,
    ("GET", f"{API}/organisations/{{organisation_id}}/files"): READERS,
    ("GET", f"{API}/files/{{file_id}}"): READERS,
    ("GET", f"{API}/files/{{file_id}}/content"): READERS,
    ("POST", f"{API}/files/{{file_id}}/erasure"): APPLICANTS,
}
