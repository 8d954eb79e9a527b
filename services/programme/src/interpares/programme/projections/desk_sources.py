"""What waits in each chapter, as statements over its views; the desk puts them together.

A chapter that has something to wait for adds one statement to ``SOURCES``.
"""

# Each yields programme_id, item, kind, organisation_id (who has to answer; of whom it is), waits_for, since, due.
APPLICATIONS = (
    "SELECT a.programme_id, 'application:' || a.application_id, 'application', a.organisation_id, 'office',"
    " a.submitted_at, NULL::timestamptz FROM heard_applications a WHERE NOT a.withdrawn AND NOT EXISTS"
    " (SELECT 1 FROM decision_log d WHERE d.programme_id = a.programme_id"
    " AND d.subject = 'application:' || a.application_id AND d.type IN ('admission', 'application-refusal'))"
)
OFFERS = (
    "SELECT l.programme_id, 'duty:' || l.duty, 'offer', asked.organisation_id, 'organisation', d.decided_at,"
    " l.respond_by FROM duty_ledger l CROSS JOIN LATERAL unnest(l.offered_to) AS asked (organisation_id)"
    " JOIN decision_log d ON d.decision_id = l.last_decision WHERE l.status = 'offered'"
)
DUTIES = (
    "SELECT l.programme_id, 'duty:' || l.duty, 'duty', l.owner_id, 'office', d.decided_at, NULL::timestamptz"
    " FROM duty_ledger l JOIN decision_log d ON d.decision_id = l.last_decision WHERE l.status IN ('open', 'released')"
)
CHECKS = (
    "SELECT c.programme_id, 'check:' || c.output_id || '.' || c.months, 'check', o.owner_id,"
    " CASE WHEN c.level = 0 THEN 'organisation' ELSE 'office' END, c.due::timestamptz, c.due::timestamptz"
    " FROM output_checks c JOIN outputs o USING (programme_id, output_id) WHERE c.status IN ('due', 'escalated')"
)
OUTPUTS = (
    "SELECT o.programme_id, 'output:' || o.output_id, 'output', NULL::uuid, 'office', o.recorded_at,"
    " NULL::timestamptz FROM outputs o WHERE o.standing = 'open'"
)
DRAFTS = (
    "SELECT v.programme_id, 'draft:' || v.draft_id, 'draft', NULL::uuid, 'office', v.recorded_at, NULL::timestamptz"
    " FROM draft_versions v WHERE v.status = 'prepared' AND NOT EXISTS (SELECT 1 FROM draft_versions later"
    " WHERE later.draft_id = v.draft_id AND later.version > v.version)"
)
REQUESTS = (
    "SELECT m.programme_id, 'meeting:' || m.meeting_id, 'request', m.asked_by_id, 'office', d.decided_at, m.starts_at"
    " FROM meetings m JOIN decision_log d ON d.decision_id = m.last_decision WHERE m.status = 'proposed'"
)
AGREEMENTS = (
    "SELECT m.programme_id, 'agreement:' || m.meeting_id, 'agreement', side.organisation_id,"
    " CASE WHEN side.organisation_id = own.office_id THEN 'office' ELSE 'organisation' END, d.decided_at, m.starts_at"
    " FROM meetings m JOIN programmes own USING (programme_id) JOIN decision_log d ON d.decision_id = m.last_decision"
    " CROSS JOIN LATERAL unnest(m.agreement_sides) AS side (organisation_id)"
    " WHERE m.status = 'planned' AND side.organisation_id <> ALL(m.approved_by)"
)
# Whether a deadline was met is seen elsewhere, so that it leaves the desk a week after its day.
DEADLINES = (
    "SELECT l.programme_id, 'deadline:' || l.meeting_id || '.' || l.key, 'deadline', by.organisation_id,"
    " CASE WHEN by.organisation_id IS NULL OR by.organisation_id = own.office_id THEN 'office'"
    " ELSE 'organisation' END, l.day::timestamptz, l.day::timestamptz FROM meeting_deadlines l"
    " JOIN meetings m USING (meeting_id) JOIN programmes own ON own.programme_id = l.programme_id"
    " LEFT JOIN LATERAL unnest(l.organisations) AS by (organisation_id) ON true"
    " WHERE (m.status = 'held' OR m.status IN ('planned', 'confirmed') AND own.stage <> 'closed')"
    " AND l.day > current_date - 7"
)
OVER = (
    "SELECT m.programme_id, 'meeting:' || m.meeting_id, 'meeting', m.host_id, 'office', m.ends_at, m.ends_at"
    " FROM meetings m WHERE m.status = 'confirmed' AND m.ends_at < now()"
)
# Each participant owes what its roles owe, until it is handed in; then the office looks at it, until it accepts.
DELIVERABLES = (
    "SELECT owed.programme_id, 'deliverable:' || owed.deliverable, 'deliverable', by.organisation_id,"
    " CASE WHEN handed.status = 'handed-in' THEN 'office' ELSE 'organisation' END,"
    " coalesce(handed.since, by.admitted_at),"
    " coalesce(owed.day, (term.starts + owed.after_months * interval '1 month')::date)::timestamptz"
    " FROM desk_milestones owed JOIN participations by ON by.programme_id = owed.programme_id AND by.active"
    " AND (cardinality(owed.roles) = 0 OR by.roles && owed.roles)"
    " LEFT JOIN desk_terms term ON term.programme_id = owed.programme_id"
    " LEFT JOIN desk_deliverables handed ON handed.programme_id = owed.programme_id"
    " AND handed.deliverable = owed.deliverable AND handed.organisation_id = by.organisation_id"
    " WHERE handed.status IS DISTINCT FROM 'accepted'"
    " AND (owed.day IS NOT NULL OR term.starts IS NOT NULL OR handed.status IS NOT NULL)"
)
OBJECTIONS = (
    "SELECT o.programme_id, 'objection:' || o.objection_id, 'objection', o.organisation_id, 'office', o.since,"
    " NULL::timestamptz FROM desk_objections o"
)
REVIEWS = (
    "SELECT r.programme_id, 'review:' || r.review_id, 'review', r.reviewer_id, 'organisation', r.asked_at,"
    " r.due::timestamptz FROM reviews r WHERE r.status = 'asked'"
)
# Reviewers were chosen, and some have dropped out since: the office looks for others.
REVIEWERS = (
    "SELECT v.programme_id, 'document:' || v.document_id || '.' || v.version, 'reviewers', NULL::uuid, 'office',"
    " max(coalesce(r.answered_at, r.asked_at)), NULL::timestamptz FROM document_versions v"
    " JOIN documents d USING (programme_id, document_id)"
    " JOIN reviews r USING (programme_id, document_id, version) WHERE NOT d.withdrawn"
    " GROUP BY v.programme_id, v.document_id, v.version, v.reviewers_at_least HAVING v.reviewers_at_least >"
    " count(*) FILTER (WHERE r.status IN ('asked', 'given') AND r.reviewer_id <> ALL(d.conflicts))"
)
SOURCES: tuple[str, ...] = (
    *(APPLICATIONS, OFFERS, DUTIES, CHECKS, OUTPUTS, DRAFTS),
    *(REQUESTS, AGREEMENTS, DEADLINES, OVER),
    *(DELIVERABLES, OBJECTIONS, REVIEWS, REVIEWERS),
)
COLUMNS = "(programme_id, item, kind, organisation_id, waits_for, since, due)"
# Once a programme is closed, only this can still be answered; a deadline may be that of a meeting's minutes.
OUTLIVING = ("check", "deadline", "draft", "objection", "output")
_OUTLIVING = ", ".join(f"'{kind}'" for kind in OUTLIVING)
ITEMS = (
    f"(SELECT waiting.* FROM ({' UNION ALL '.join(SOURCES)}) AS waiting {COLUMNS}"  # noqa: S608 -- constants only
    f" JOIN programmes own USING (programme_id) WHERE own.stage <> 'closed' OR waiting.kind IN ({_OUTLIVING})) AS i"
)
NOBODY = "'00000000-0000-0000-0000-000000000000'::uuid"
