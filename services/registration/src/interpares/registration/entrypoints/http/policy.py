"""Who may call which route. Whether the capacity is held in the right organisation the route itself asks."""

from typing import Final

from interpares.common.http import API
from interpares.common.policy import ANYONE_SIGNED_IN, Capacity, Policy

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
    ("POST", f"{API}/people"): REGISTRARS,
    ("GET", f"{API}/people/{{person_id}}"): EVERYBODY,
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
