"""Composition root of the programme service."""

from collections.abc import Sequence
from pathlib import Path

from fastapi import APIRouter

from interpares.common.memberships import ProjectedMemberships
from interpares.common.service import Parts, Service
from interpares.programme.entrypoints import subscriptions
from interpares.programme.entrypoints.http.access import Access
from interpares.programme.entrypoints.http.accompaniment import accompaniment_routes
from interpares.programme.entrypoints.http.amendment import amendment_routes
from interpares.programme.entrypoints.http.course import course_routes
from interpares.programme.entrypoints.http.decisions import decision_routes
from interpares.programme.entrypoints.http.deliverables import deliverable_routes
from interpares.programme.entrypoints.http.desk import Desk
from interpares.programme.entrypoints.http.documents import document_routes
from interpares.programme.entrypoints.http.drafts import draft_routes, drafting_routes, settling_routes
from interpares.programme.entrypoints.http.duties import duty_routes, ledger_routes
from interpares.programme.entrypoints.http.goals import goal_routes
from interpares.programme.entrypoints.http.joining import joining_routes
from interpares.programme.entrypoints.http.looking_back import looking_back_routes
from interpares.programme.entrypoints.http.meetings import meetings_routes
from interpares.programme.entrypoints.http.money import contribution_routes, grant_routes, voucher_routes
from interpares.programme.entrypoints.http.office import desk_routes
from interpares.programme.entrypoints.http.outputs import following_routes, output_routes
from interpares.programme.entrypoints.http.pairing import pairing_routes
from interpares.programme.entrypoints.http.policy import POLICY
from interpares.programme.entrypoints.http.programmes import participation_routes, programme_routes
from interpares.programme.entrypoints.http.reciprocity import reciprocity_routes
from interpares.programme.entrypoints.http.reviewing import conflict_routes, reviewing_routes
from interpares.programme.entrypoints.http.revising import revising_routes
from interpares.programme.entrypoints.http.selections import comparing_routes, selecting_routes
from interpares.programme.entrypoints.http.takeovers import preview_routes, takeover_routes
from interpares.programme.entrypoints.publications import publish
from interpares.programme.entrypoints.tending import Expiry, Tending
from interpares.programme.projections.decision_log import DecisionLogProjector
from interpares.programme.projections.desk import DeskProjector
from interpares.programme.projections.documents import DocumentsProjector
from interpares.programme.projections.duty_ledger import DutyLedgerProjector
from interpares.programme.projections.exceptions import ExceptionsProjector
from interpares.programme.projections.meetings import MeetingsProjector
from interpares.programme.projections.money import MoneyProjector
from interpares.programme.projections.outputs import OutputsProjector
from interpares.programme.projections.past import PastProjector
from interpares.programme.projections.programmes import ProgrammesProjector
from interpares.programme.settings import ProgrammeSettings


def routers(parts: Parts) -> Sequence[APIRouter]:
    """Return the routes, wired."""
    desk, access = Desk(parts.commands), Access(parts.database, parts.store)
    return [
        programme_routes(parts.database, desk, access),
        participation_routes(parts.database, desk, access),
        ledger_routes(parts.database, access),
        duty_routes(parts.database, desk, access),
        decision_routes(parts.database, access),
        *meetings_routes(parts.database, desk, access),
        grant_routes(parts.database, desk, access),
        voucher_routes(parts.database, desk, access),
        contribution_routes(parts.database, desk, access),
        document_routes(parts.database, access),
        reviewing_routes(desk, access),
        conflict_routes(desk, access),
        output_routes(parts.database, access),
        following_routes(parts.database, desk, access),
        desk_routes(parts.database, desk, access),
        draft_routes(parts.database, access),
        drafting_routes(parts.database, parts.commands, access, POLICY),
        settling_routes(parts.database, desk, access, POLICY),
        preview_routes(parts.database, parts.commands, access),
        takeover_routes(parts.database, desk, access),
        revising_routes(parts.database, desk, access),
        looking_back_routes(parts.database, access),
        reciprocity_routes(parts.database, access),
        selecting_routes(parts.database, desk, access),
        comparing_routes(parts.database, parts.store, access),
        joining_routes(parts.database, desk, access),
        pairing_routes(desk, access),
        course_routes(desk, access),
        goal_routes(parts.database, desk, access),
        deliverable_routes(desk, access),
        accompaniment_routes(desk, access),
        amendment_routes(parts.database, desk, access),
    ]


SERVICE = Service(
    name="programme",
    settings=ProgrammeSettings,
    migrations=Path(__file__).parent / "infrastructure" / "migrations",
    memberships=ProjectedMemberships,
    routers=routers,
    policy=POLICY,
    projectors=(
        ProgrammesProjector(),
        DutyLedgerProjector(),
        DecisionLogProjector(),
        MoneyProjector(),
        OutputsProjector(),
        DocumentsProjector(),
        MeetingsProjector(),
        ExceptionsProjector(),
        DeskProjector(),
        PastProjector(),
    ),
    publish=publish,
    subscriptions={"registration": subscriptions.HANDLERS},
    tasks=lambda parts, _jetstream: {
        "tend-checks": Tending(parts.database, parts.commands).run,
        "end-roles": Expiry(parts.database, parts.commands).run,
    },
)
