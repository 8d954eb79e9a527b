"""Who may call what; in which organisation the capacity must be held is asked by the route."""

from interpares.common.http import API
from interpares.common.policy import Capacity, Policy

OFFICE = frozenset({Capacity.OFFICE})
OFFICE_OR_COORDINATOR = OFFICE | {Capacity.COORDINATOR}
DESK = OFFICE | {Capacity.AUDITOR}
READERS = DESK | {Capacity.COORDINATOR, Capacity.FACILITATOR}
PROGRAMME = f"{API}/programmes/{{programme_id}}"
DUTY = f"{PROGRAMME}/duties/{{duty}}"
MEETINGS = f"{PROGRAMME}/meetings"
MEETING = f"{MEETINGS}/{{meeting_id}}"
FUNDING = f"{PROGRAMME}/funding"
OUTPUT = f"{PROGRAMME}/outputs/{{output_id}}"
DRAFT = f"{PROGRAMME}/drafts/{{draft_id}}"
DECISION = f"{PROGRAMME}/decisions/{{decision_id}}"

POLICY: Policy = {
    ("POST", f"{API}/programmes"): OFFICE,
    ("GET", f"{API}/programmes"): READERS,
    ("GET", PROGRAMME): READERS,
    ("POST", f"{PROGRAMME}/call"): OFFICE,
    ("POST", f"{PROGRAMME}/call/closure"): OFFICE,
    ("POST", f"{PROGRAMME}/closure"): OFFICE,
    ("GET", f"{PROGRAMME}/applications"): DESK,
    ("POST", f"{PROGRAMME}/applications/{{application_id}}/refusal"): OFFICE,
    ("POST", f"{PROGRAMME}/participations"): OFFICE,
    ("GET", f"{PROGRAMME}/participations"): READERS,
    ("POST", f"{PROGRAMME}/participations/{{organisation_id}}/roles"): OFFICE,
    ("POST", f"{PROGRAMME}/participations/{{organisation_id}}/roles/{{role}}/end"): OFFICE,
    ("POST", f"{PROGRAMME}/participations/{{organisation_id}}/withdrawal"): OFFICE_OR_COORDINATOR,
    ("POST", f"{PROGRAMME}/duties"): OFFICE,
    ("GET", f"{PROGRAMME}/duties"): READERS,
    ("GET", DUTY): READERS,
    ("POST", f"{DUTY}/offer"): OFFICE,
    ("POST", f"{DUTY}/acceptance"): OFFICE_OR_COORDINATOR,
    ("POST", f"{DUTY}/refusal"): OFFICE_OR_COORDINATOR,
    ("POST", f"{DUTY}/release"): OFFICE_OR_COORDINATOR,
    ("POST", f"{DUTY}/reopening"): OFFICE,
    ("POST", f"{DUTY}/lapse"): OFFICE,
    ("POST", MEETINGS): OFFICE_OR_COORDINATOR,
    ("POST", f"{MEETINGS}/proposals"): OFFICE_OR_COORDINATOR,
    ("POST", f"{MEETINGS}/records"): OFFICE,
    ("GET", MEETINGS): READERS,
    ("GET", MEETING): READERS,
    ("GET", f"{MEETING}/history"): READERS,
    ("GET", f"{MEETING}/agreements"): READERS,
    ("GET", f"{MEETING}/gate"): READERS,
    ("POST", f"{MEETING}/adoption"): OFFICE,
    ("POST", f"{MEETING}/refusal"): OFFICE,
    ("POST", f"{MEETING}/withdrawal"): OFFICE_OR_COORDINATOR,
    ("POST", f"{MEETING}/change"): OFFICE_OR_COORDINATOR,
    ("POST", f"{MEETING}/agreement"): OFFICE_OR_COORDINATOR,
    ("POST", f"{MEETING}/agreement/approval"): OFFICE_OR_COORDINATOR,
    ("POST", f"{MEETING}/confirmation"): OFFICE,
    ("POST", f"{MEETING}/rescheduling"): OFFICE_OR_COORDINATOR,
    ("POST", f"{MEETING}/cancellation"): OFFICE,
    ("POST", f"{MEETING}/holding"): OFFICE_OR_COORDINATOR,
    ("GET", f"{PROGRAMME}/deadlines"): READERS,
    ("POST", f"{PROGRAMME}/exceptions"): OFFICE,
    ("POST", f"{PROGRAMME}/exceptions/end"): OFFICE,
    ("GET", f"{PROGRAMME}/exceptions"): DESK,
    ("GET", f"{PROGRAMME}/decisions"): READERS,
    ("GET", FUNDING): DESK,
    ("GET", f"{FUNDING}/proof-of-use"): DESK,
    ("GET", f"{FUNDING}/proof-of-use/{{form}}"): DESK,
    ("POST", f"{FUNDING}/grant"): OFFICE,
    ("POST", f"{FUNDING}/shares"): OFFICE,
    ("GET", f"{FUNDING}/vouchers"): DESK,
    ("POST", f"{FUNDING}/vouchers"): OFFICE,
    ("POST", f"{FUNDING}/vouchers/{{number}}/correction"): OFFICE,
    ("GET", f"{FUNDING}/contributions"): DESK,
    ("POST", f"{FUNDING}/pledges"): OFFICE_OR_COORDINATOR,
    ("POST", f"{FUNDING}/contributions"): OFFICE_OR_COORDINATOR,
    ("POST", f"{FUNDING}/contributions/{{number}}/correction"): OFFICE,
    ("GET", DECISION): READERS,
    ("GET", f"{DECISION}/letter"): READERS,
    ("POST", f"{DECISION}/communications"): OFFICE,
    ("POST", f"{DECISION}/objections"): OFFICE_OR_COORDINATOR,
    ("POST", f"{PROGRAMME}/objections/{{objection_id}}/answer"): OFFICE,
    ("POST", f"{DECISION}/correction"): OFFICE,
    ("POST", f"{DECISION}/supersession"): OFFICE,
    ("POST", f"{DECISION}/revocation"): OFFICE,
    ("GET", f"{API}/desk/items"): DESK,
    ("GET", f"{API}/desk/incoming"): DESK,
    ("POST", f"{PROGRAMME}/desk/tasks"): OFFICE,
    ("POST", f"{PROGRAMME}/desk/reminders"): OFFICE,
    ("POST", f"{PROGRAMME}/desk/signatories"): OFFICE,
    ("POST", f"{PROGRAMME}/drafts"): OFFICE,
    ("GET", f"{PROGRAMME}/drafts"): DESK,
    ("GET", DRAFT): DESK,
    ("PUT", DRAFT): OFFICE,
    ("POST", f"{DRAFT}/signature"): OFFICE,
    ("POST", f"{DRAFT}/discard"): OFFICE,
    ("GET", f"{PROGRAMME}/outputs"): READERS,
    ("GET", OUTPUT): READERS,
    ("POST", f"{PROGRAMME}/outputs"): OFFICE,
    ("POST", f"{OUTPUT}/assignment"): OFFICE,
    ("POST", f"{OUTPUT}/meeting"): OFFICE,
    ("POST", f"{OUTPUT}/completion"): OFFICE_OR_COORDINATOR,
    ("POST", f"{OUTPUT}/dropping"): OFFICE,
    ("POST", f"{OUTPUT}/checks/{{months}}/answer"): OFFICE_OR_COORDINATOR,
}
