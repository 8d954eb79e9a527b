"""Seats at a meeting: rules, nominations, the waiting list, answers on somebody's behalf, personal links."""

from functools import partial
from uuid import UUID

from fastapi import APIRouter

from interpares.common.commands import Commands, Handled
from interpares.common.eventstore import EventStore
from interpares.common.http import API, After, Asked, CurrentAsked, CurrentPrincipal, Limit, Page, Router, page_of
from interpares.common.links import new_link
from interpares.common.policy import Capacity
from interpares.registration.application.decided import Decided
from interpares.registration.application.personal_links import PersonalLinks
from interpares.registration.application.seat_ports import Participants
from interpares.registration.application.seats import (
    AcceptSeat,
    IssueSeatLink,
    LinkIssued,
    Nominate,
    Nomination,
    NominationDecided,
    ReleaseSeat,
    SetSeatRules,
    SubstituteSeat,
    accept_seat,
    issue_seat_link,
    nominate,
    release_seat,
    set_seat_rules,
    substitute_seat,
)
from interpares.registration.domain.seats.plan import SeatPlan, plan_id
from interpares.registration.domain.seats.rules import counted, guests, obstacle
from interpares.registration.domain.seats.rules import kept as seats_kept
from interpares.registration.domain.seats.state import Nominee, State, found
from interpares.registration.entrypoints.http.asking import behind, new_id
from interpares.registration.entrypoints.http.at_meetings import KnownMeetings, attending
from interpares.registration.entrypoints.http.authority import known, organisations
from interpares.registration.entrypoints.http.schemas.seats import (
    LinkAnswer,
    MeetingShown,
    NewNomination,
    NewSeatRules,
    NominationAnswer,
    NomineeGiven,
    QuotaShown,
    SeatsShown,
    Substitution,
    WaitingShown,
)
from interpares.registration.entrypoints.http.schemas.words import Answer, Reasoned


def seat_routes(  # noqa: C901 -- a route after the other
    commands: Commands, store: EventStore, *, meetings: KnownMeetings, participants: Participants, links: PersonalLinks
) -> APIRouter:
    """Return the routes."""
    router = Router(tags=["seats"])
    nominating = partial(nominate, participants=participants)
    release = partial(release_seat, participants=participants, links=links)
    substitute = partial(substitute_seat, participants=participants, links=links)
    issue = partial(issue_seat_link, links=links)

    async def state_of(meeting_id: UUID) -> State:
        return known(await store.load(SeatPlan, plan_id(meeting_id)), "meeting").state

    async def acting_for(asked: Asked, meeting_id: UUID, seat_id: UUID) -> Capacity:
        here = await attending(asked.principal, meeting_id, meetings)
        group, _ = found(await state_of(meeting_id), seat_id)
        return here.acting(group.organisation_id)

    @router.get("/meetings", operation_id="listMeetings")
    async def list_all(
        principal: CurrentPrincipal, after: After = None, limit: Limit = 50, programme_id: UUID | None = None
    ) -> Page[MeetingShown]:
        """List the meetings one has to do with: as office, as host, as somebody who sends people."""
        rows = await meetings.page(
            everything=principal.has(Capacity.AUDITOR),
            own=organisations(principal, Capacity.COORDINATOR),
            offices=organisations(principal, Capacity.OFFICE),
            programme_id=programme_id,
            after=behind(after),
            limit=limit + 1,
        )
        return page_of([MeetingShown(**vars(row)) for row in rows], limit, lambda row: (row.meeting_id,))

    @router.get("/meetings/{meeting_id}/seats", operation_id="readSeats")
    async def read_seats(meeting_id: UUID, principal: CurrentPrincipal) -> SeatsShown:
        """Return how the seats stand by their rules, and who waits for what; counted anew from what is recorded."""
        await attending(principal, meeting_id, meetings)
        return _shown(await state_of(meeting_id))

    @router.post("/meetings/{meeting_id}/seat-rules", operation_id="setSeatRules")
    async def set_rules(meeting_id: UUID, body: NewSeatRules, asked: CurrentAsked) -> Answer:
        """Set the rules seats are given by: the office, or the host."""
        command = SetSeatRules(
            meeting_id=meeting_id,
            rules=body.rules(),
            reason_code=body.reason_code,
            reason=asked.sealed(body.reason, body.about),
            acting_as=(await attending(asked.principal, meeting_id, meetings)).running(),
        )
        return Answer.to(await asked.run(commands, set_seat_rules, command, Decided, lane=plan_id(meeting_id)))

    @router.post("/meetings/{meeting_id}/nominations", status_code=201, operation_id="nominate")
    async def nominate_some(meeting_id: UUID, body: NewNomination, asked: CurrentAsked) -> NominationAnswer:
        """Nominate people: they get seats together, or wait together, or are refused together."""
        here = await attending(asked.principal, meeting_id, meetings)
        command = Nominate(
            meeting_id=meeting_id,
            nomination_id=new_id(),
            organisation_id=body.organisation_id,
            people=tuple(_nomination(each) for each in body.people),
            waits=body.waits,
            reason_code=body.reason_code,
            reason=asked.sealed(body.reason, body.about),
            acting_as=here.acting(body.organisation_id),
        )
        lane = plan_id(meeting_id)
        handled = await asked.run(commands, nominating, command, NominationDecided, lane=lane)
        result = handled.result
        return NominationAnswer(
            decision=Answer.to(Handled(result.decision, handled.position)).decision,
            position=handled.position,
            nomination_id=result.nomination_id,
            seats=result.seats,
            seated=result.seated,
            waiting_before=result.waiting_before,
            respond_by=result.respond_by,
        )

    @router.post("/meetings/{meeting_id}/seats/{seat_id}/acceptance", operation_id="acceptSeat")
    async def accept_one(meeting_id: UUID, seat_id: UUID, asked: CurrentAsked) -> Answer:
        """Say for somebody that they will come."""
        command = AcceptSeat(meeting_id, seat_id, await acting_for(asked, meeting_id, seat_id))
        return Answer.to(await asked.run(commands, accept_seat, command, Decided, lane=plan_id(meeting_id)))

    @router.post("/meetings/{meeting_id}/seats/{seat_id}/release", operation_id="releaseSeat")
    async def release_one(meeting_id: UUID, seat_id: UUID, body: Reasoned, asked: CurrentAsked) -> Answer:
        """Give up a seat or a place on the waiting list; whoever waits moves up."""
        command = ReleaseSeat(
            meeting_id=meeting_id,
            seat_id=seat_id,
            cause="withdrawn",
            reason_code=body.reason_code,
            reason=asked.sealed(body.reason, body.about),
            by=await acting_for(asked, meeting_id, seat_id),
        )
        return Answer.to(await asked.run(commands, release, command, Decided, lane=plan_id(meeting_id)))

    @router.post("/meetings/{meeting_id}/seats/{seat_id}/substitution", operation_id="substituteSeat")
    async def substitute_one(meeting_id: UUID, seat_id: UUID, body: Substitution, asked: CurrentAsked) -> Answer:
        """Let somebody else come instead."""
        command = SubstituteSeat(
            meeting_id=meeting_id,
            seat_id=seat_id,
            substitute_id=body.person_id or new_id(),
            guest=body.guest(),
            by=await acting_for(asked, meeting_id, seat_id),
        )
        return Answer.to(await asked.run(commands, substitute, command, Decided, lane=plan_id(meeting_id)))

    @router.post("/meetings/{meeting_id}/seats/{seat_id}/link", operation_id="issueSeatLink")
    async def issue_one(meeting_id: UUID, seat_id: UUID, asked: CurrentAsked) -> LinkAnswer:
        """Make a personal link to a seat, to be handed on; it is shown once, and an earlier one leads nowhere."""
        await acting_for(asked, meeting_id, seat_id)
        link = new_link()
        command = IssueSeatLink(meeting_id, seat_id, new_id(), link.key)
        handled = await asked.run(commands, issue, command, LinkIssued, lane=plan_id(meeting_id))
        # What was answered before is on record without the token, so that nobody finds it there.
        token = None if handled.repeated else link.token
        return LinkAnswer(
            id=handled.result.link_id,
            token=token,
            page=f"{API}/seat-links/{token}" if token else None,
            expires_at=handled.result.expires_at,
        )

    return router


def _nomination(given: NomineeGiven) -> Nomination:
    participant_id = given.person_id or new_id()
    return Nomination(Nominee(new_id(), participant_id, given.audience, given.language), given.guest())


def _shown(state: State) -> SeatsShown:
    rules, facts = state.rules, state.facts
    seated = guests(facts, state.groups)
    quotas = counted(rules, facts, seated)
    of_host = sum(len(group.places) for group in state.groups if group.seated) - len(seated)
    waiting = [group for group in state.groups if not group.seated]
    kept = seats_kept(quotas)
    return SeatsShown(
        meeting_id=state.meeting_id,
        status=facts.status,
        seats=facts.seats,
        taken=len(seated),
        of_host=of_host,
        kept=kept,
        free=None if facts.seats is None else max(0, facts.seats - len(seated)),
        overtaking=rules.overtaking,
        respond_days=rules.respond_days,
        quotas=tuple(
            QuotaShown(
                by=each.quota.by,
                key=each.key,
                at_least=each.quota.at_least,
                at_most=each.quota.at_most,
                enforced=each.quota.enforced,
                seated=each.seated,
                kept=each.kept,
                met=each.met,
            )
            for each in quotas
        ),
        waiting=tuple(
            WaitingShown(
                place=index + 1,
                number=group.number,
                nomination_id=group.nomination_id,
                organisation_id=group.organisation_id,
                people=len(group.places),
                obstacle=obstacle(rules, facts, seated, group.places) or "others wait before it",
            )
            for index, group in enumerate(waiting)
        ),
    )
