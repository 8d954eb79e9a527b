"""What a prepared decision has to say of rules applied by hand, so that whoever prepares it is told, not who signs."""

from typing import Any

from interpares.programme.domain.manual import asked_for, read_manual, refuse_unnamed
from interpares.programme.domain.wording import Wording
from interpares.programme.entrypoints.http.schemas import Deciding

# What is decided at an address below the programme: type and, where only one is meant, outcome.
SETTLED_AT: dict[str, tuple[str, str]] = {
    "/participations": ("admission", "admitted"),
    "/applications/{application_id}/refusal": ("application-refusal", "declined"),
    "/joinings": ("joining", ""),
    "/participations/{organisation_id}/roles": ("role-grant", "granted"),
    "/selections/{round}/assessments": ("assessment", ""),
    "/selections/{round}/result": ("selection-result", "decided"),
    "/duties/{duty}/offer": ("duty-offer", "offered"),
    "/duties/{duty}/acceptance": ("duty-acceptance", "accepted"),
    "/meetings": ("meeting-planning", "planned"),
    "/meetings/{meeting_id}/adoption": ("meeting-planning", "planned"),
    "/meetings/{meeting_id}/refusal": ("meeting-refusal", "declined"),
    "/meetings/{meeting_id}/confirmation": ("meeting-confirmation", "confirmed"),
    "/funding/grant": ("grant-award", "awarded"),
    "/funding/shares": ("share-allocation", ""),
    "/funding/pledges": ("contribution-pledge", ""),
    "/funding/contributions": ("contribution-record", "recorded"),
    "/funding/vouchers": ("voucher-record", "recorded"),
    "/accompaniments/{accompaniment}/expert-days": ("expert-days", ""),
    "/outputs": ("output-record", ""),
    "/outputs/{output_id}/assignment": ("output-change", ""),
    "/outputs/{output_id}/meeting": ("output-change", ""),
    "/outputs/{output_id}/completion": ("output-change", ""),
    "/outputs/{output_id}/dropping": ("output-change", ""),
    "/outputs/{output_id}/checks/{months}/answer": ("check-answer", ""),
    "/deliverables/{deliverable}/acceptance": ("deliverable-answer", ""),
    "/deliverables/{deliverable}/return": ("deliverable-answer", ""),
    "/goals/{goal}/indicators/{indicator}": ("indicator", ""),
    "/documents/{document_id}/versions/{version}/reviewers": ("reviewer-choice", "chosen"),
    "/closure": ("programme-closure", ""),
}


def refuse_without_rules(path: str, body: Deciding, template: dict[str, Any]) -> None:
    """Refuse a draft that leaves out what the template has people apply by hand to what it decides.

    path: of the command, below the programme. Raises ManualRuleNotNamed below ``body``.
    """
    if path not in SETTLED_AT or body.retrospective is not None:
        return
    asked = asked_for(read_manual(Wording(template)), *SETTLED_AT[path])
    refuse_unnamed(asked, {f"manual.{key}" for key in body.manual_rules}, at="body.manual_rules")
