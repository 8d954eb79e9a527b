"""The desk of the office over HTTP on a real database: what waits, what came in, reminders, tasks, drafts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, get_args
from uuid import UUID, uuid4

import pytest
from services.programme.tests.entrypoints.test_meetings_over_http import AWARD, DETAILS, LABEL, RULES, TERMS, Gathering

from interpares.common.auth import actor_id
from interpares.common.policy import Capacity
from interpares.common.testing.edge import ISSUER
from interpares.programme.domain.manual import SETTLING
from interpares.programme.entrypoints.http.by_hand import SETTLED_AT
from interpares.programme.entrypoints.http.office import Kind
from interpares.programme.entrypoints.http.policy import POLICY
from interpares.programme.entrypoints.http.prepared import Preparing
from interpares.programme.projections.desk_sources import SOURCES

if TYPE_CHECKING:
    import httpx2
    from services.programme.tests.entrypoints.conftest import Office

LETTER = {"channel": "phone", "received_on": "2026-03-01T09:00:00Z"}
WHY = {"reason_code": "best-fit", "reason": "It fits best."}
OPEN = "AT.follower-meeting.1"
CLERK, HEAD = actor_id(ISSUER, "office"), actor_id(ISSUER, "head")


def path(office: Office, *parts: object) -> str:
    return "/".join((f"/programmes/{office.programme_id}", *map(str, parts)))


@pytest.fixture
async def staffed(running: Office) -> Office:
    """An office with a clerk ("office") and a head."""
    await running.served.hold("head", Capacity.OFFICE, running.office_id)
    return running


async def desk(office: Office, query: str = "", subject: str = "office") -> list[dict[str, Any]]:
    """Return what waits, read page by page."""
    items: list[dict[str, Any]] = []
    after = ""
    while True:
        address = f"/desk/items?limit=3&{query}{after}"
        for view in ("duties", "outputs", "decisions"):
            await office.served.get("office", path(office, view), office.position)
        answer = await office.served.get(subject, address, office.position)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        items += page["items"]
        if page["next"] is None:
            return items
        after = f"&after={page['next']}"


def told(items: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(each["kind"], each["item"]) for each in items]


# What waits, and what came in


async def test_the_desk_shows_what_waits_the_most_pressing_first(staffed: Office) -> None:
    followers = [str(member) for member in staffed.members[3:5]]
    offer = {"to": followers, "respond_by": "2099-01-01T12:00:00Z"}
    await staffed.does(path(staffed, "duties", OPEN, "offer"), offer)
    _, application = await staffed.applies("follower")

    items = await desk(staffed)

    assert [each["item"] for each in items[:2]] == [f"duty:{OPEN}"] * 2
    assert [each["organisation_id"] for each in items[:2]] == sorted(followers)
    assert {each["waits_for"] for each in items[:2]} == {"organisation"}
    assert ("application", f"application:{application}") in told(items)
    open_duties = (await staffed.served.get("office", path(staffed, "duties?status=open"))).json()["items"]
    assert sorted(each["item"] for each in items if each["kind"] == "duty") == sorted(
        f"duty:{each['duty']}" for each in open_duties
    )
    assert len({(each["item"], each["organisation_id"]) for each in items}) == len(items)
    assert await desk(staffed, subject="auditor") == items


async def test_the_desk_is_filtered_by_programme_kind_and_day(staffed: Office) -> None:
    offer = {"to": [str(staffed.members[3])], "respond_by": "2099-01-01T12:00:00Z"}
    await staffed.does(path(staffed, "duties", OPEN, "offer"), offer)

    assert told(await desk(staffed, "kind=offer")) == [("offer", f"duty:{OPEN}")]
    assert told(await desk(staffed, "due_before=2099-01-02T00:00:00Z")) == [("offer", f"duty:{OPEN}")]
    assert await desk(staffed, "due_before=2098-01-02T00:00:00Z") == []
    assert told(await desk(staffed, "waits_for=organisation")) == [("offer", f"duty:{OPEN}")]
    assert await desk(staffed, f"programme={uuid4()}") == []
    await staffed.served.hold("other-office", Capacity.OFFICE, uuid4())
    assert await desk(staffed, subject="other-office") == []


async def test_an_unknown_kind_is_refused_instead_of_telling_that_nothing_waits(staffed: Office) -> None:
    for listed in ("items", "incoming"):
        answer = await staffed.served.get("office", f"/desk/{listed}?kind=ofer")
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "kind")
    assert set(get_args(Kind)) == {found for source in SOURCES for found in re.findall(r", '([a-z]+)', ", source)[:1]}


async def test_of_a_closed_programme_waits_only_what_can_still_be_answered(staffed: Office) -> None:
    await staffed.does(path(staffed, "duties", OPEN, "offer"), {"to": [str(staffed.members[3])]})
    await staffed.applies("follower")
    drafting = Drafting(staffed)
    draft = await drafting.prepare()
    assert {"offer", "duty", "application", "draft"} <= {each["kind"] for each in await desk(staffed)}

    await staffed.does(path(staffed, "closure"))

    await staffed.served.get("office", path(staffed), staffed.position)
    assert told(await desk(staffed)) == [("draft", f"draft:{draft}")]
    selected = [{"item": f"duty:{OPEN}", "organisation_id": str(staffed.members[3])}]
    refused = await staffed.does(path(staffed, "desk", "reminders"), {"selected": selected}, 422)
    assert refused["errors"][0]["field"] == "selected.0"


async def test_a_cursor_that_was_not_handed_out_is_refused(staffed: Office) -> None:
    answer = await staffed.served.get("office", "/desk/items?after=WyJub3ciLCJhIiwiYiIsImMiXQ")
    assert answer.status_code == 422


async def test_what_came_in_is_listed_the_latest_first(staffed: Office) -> None:
    follower = str(staffed.members[3])
    await staffed.does(path(staffed, "duties", OPEN, "offer"), {"to": [follower, str(staffed.members[4])]})
    refusal = path(staffed, "duties", OPEN, "refusal")
    own = await staffed.served.post(f"coordinator-{follower}", refusal, {**WHY, "organisation_id": follower})
    assert own.status_code == 200, own.text
    for_another = {"organisation_id": str(staffed.members[4]), "on_behalf": LETTER}
    await staffed.does(refusal, for_another)
    await staffed.served.get("office", path(staffed, "decisions"), staffed.position)

    answer = await staffed.served.get("office", "/desk/incoming?limit=2")

    page = answer.json()
    assert [(each["kind"], each["channel"], each["outcome"]) for each in page["items"]] == [
        ("on-behalf", "phone", "declined"),
        ("answer", "", "declined"),
    ]
    rest = (await staffed.served.get("office", f"/desk/incoming?after={page['next']}")).json()["items"]
    assert {each["kind"] for each in rest} == {"application"}
    assert len(rest) == len(staffed.members)


async def test_nothing_reaches_the_office_in_the_future(staffed: Office) -> None:
    refused = await staffed.does(
        path(staffed, "participations", staffed.members[0], "withdrawal"),
        {"on_behalf": {"channel": "mail", "received_on": "2199-01-01T00:00:00Z"}},
        422,
    )
    assert [each["field"] for each in refused["errors"]] == ["on_behalf.received_on"]


async def test_agreements_deadlines_and_requests_wait_too(office: Office, multiply: dict[str, Any]) -> None:
    office.programme_id = await draft(office, multiply | RULES)
    await office.open_call()
    await office.admit_all()
    await office.derive()
    gathering = Gathering(office)
    host = str(gathering.host)
    await office.does(path(office, "duties", AWARD, "offer"), {"to": [host]})
    await office.does(path(office, "duties", AWARD, "acceptance"), {"organisation_id": host, "on_behalf": LETTER})
    meeting = await gathering.plan()
    drafted = await gathering.post(gathering.coordinator, f"/{meeting}/agreement", terms=TERMS)
    assert drafted.status_code == 200, drafted.text
    await gathering.get()

    kinds = {each["kind"] for each in await desk(office)}
    agreements = await desk(office, "kind=agreement")

    assert {"agreement", "deadline"} <= kinds
    assert all(each["meeting"] == DETAILS["title"] and not each["label"] for each in agreements)
    named = await desk(office, "kind=deadline")
    assert all(each["meeting"] == DETAILS["title"] and each["label"] == LABEL for each in named)
    came_in = (await office.served.get("office", "/desk/incoming?kind=answer&limit=1")).json()["items"]
    assert [(each["subject"], each["meeting"]) for each in came_in] == [(f"meeting:{meeting}", DETAILS["title"])]
    assert {(each["item"], each["organisation_id"], each["waits_for"]) for each in agreements} == {
        (f"agreement:{meeting}", str(gathering.host), "organisation"),
        (f"agreement:{meeting}", str(office.office_id), "office"),
    }
    selected = [{"item": f"agreement:{meeting}", "organisation_id": str(gathering.host)}]
    await office.does(path(office, "desk", "reminders"), {"selected": selected})


async def draft(office: Office, template: dict[str, Any]) -> str:
    """Draft another programme and return its id."""
    body = {"title": {"en": "Other"}, "office_id": str(office.office_id), "template": template, "strands": ["AT"]}
    return str((await office.does("/programmes", body, 201))["id"])


# Reminders and tasks


async def test_exactly_those_selected_are_reminded(staffed: Office) -> None:
    first, second = (str(member) for member in staffed.members[3:5])
    await staffed.does(path(staffed, "duties", OPEN, "offer"), {"to": [first, second]})
    await desk(staffed)
    selected = [{"item": f"duty:{OPEN}", "organisation_id": first}]

    answer = await staffed.does(path(staffed, "desk", "reminders"), {"selected": selected})

    items = await desk(staffed, "kind=offer")
    assert {each["organisation_id"]: each["reminded_at"] is None for each in items} == {first: False, second: True}
    decision = path(staffed, "decisions", answer["decision"]["id"])
    explained = (await staffed.served.get("office", decision, staffed.position)).json()
    assert [each["organisation_id"] for each in explained["concerns"]] == [first]
    assert [each["ground"] for each in explained["alternatives"]] == ["not-selected", "best-fit"]


async def test_an_empty_selection_reminds_nobody(staffed: Office) -> None:
    refused = await staffed.does(path(staffed, "desk", "reminders"), {"selected": []}, 422)
    assert (refused["code"], refused["errors"][0]["field"]) == ("nobody-selected", "selected")


async def test_who_was_not_asked_is_not_reminded(staffed: Office) -> None:
    await staffed.does(path(staffed, "duties", OPEN, "offer"), {"to": [str(staffed.members[3])]})
    await desk(staffed)
    selected = [
        {"item": f"duty:{OPEN}", "organisation_id": str(staffed.members[3])},
        {"item": f"duty:{OPEN}", "organisation_id": str(staffed.members[0])},
    ]
    refused = await staffed.does(path(staffed, "desk", "reminders"), {"selected": selected}, 422)
    assert refused["errors"][0]["field"] == "selected.1"
    assert all(each["reminded_at"] is None for each in await desk(staffed, "kind=offer"))


async def test_a_task_is_given_and_handed_over_with_a_reason(staffed: Office) -> None:
    tasks = path(staffed, "desk", "tasks")
    await staffed.does(tasks, {"task": f"duty:{OPEN}", "owner": str(CLERK), "deputy": str(HEAD)})
    assert told(await desk(staffed, f"owner={HEAD}")) == [("duty", f"duty:{OPEN}")]

    await staffed.does(tasks, {"task": f"duty:{OPEN}", "owner": str(HEAD), "reason": "The clerk is on leave."})

    (item,) = await desk(staffed, f"owner={HEAD}")
    assert (item["owner"], item["deputy"]) == (str(HEAD), None)
    assert await desk(staffed, f"owner={CLERK}") == []
    refused = await staffed.does(tasks, {"task": f"duty:{OPEN}", "owner": str(uuid4())}, 422)
    assert refused["errors"][0]["field"] == "owner"


# Drafts


def matched(version: int) -> dict[str, str]:
    return {"If-Match": f'"{version}"'}


class Drafting:
    """Sends what drafts need: a version in If-Match."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.follower = str(office.members[3])

    def offer(self, **more: Any) -> dict[str, Any]:
        return {**WHY, "to": [self.follower], **more}

    async def prepare(self, subject: str = "office", **more: Any) -> str:
        body = {"path": f"/duties/{OPEN}/offer", "body": self.offer(**more)}
        answer = await self.office.served.post(subject, path(self.office, "drafts"), body)
        assert answer.status_code == 201, answer.text
        assert answer.headers["etag"] == '"1"'
        return str(answer.json()["id"])

    async def sends(  # noqa: PLR0917 -- who, what, where
        self, subject: str, method: str, where: str, body: dict[str, Any], version: int | None, key: str = ""
    ) -> httpx2.Response:
        headers = self.office.served.issuer.bearer(subject)
        headers |= matched(version) if version else {}
        headers |= {"Idempotency-Key": key} if key else {}
        address = f"/api/v1{path(self.office, 'drafts', where)}"
        return await self.office.served.client.request(method, address, json=body, headers=headers)

    async def sign(self, subject: str, draft: str, version: int | None, key: str = "") -> httpx2.Response:
        return await self.sends(subject, "POST", f"{draft}/signature", {}, version, key)

    async def edit(self, subject: str, draft: str, version: int, **more: Any) -> httpx2.Response:
        return await self.sends(subject, "PUT", draft, {"body": self.offer(**more)}, version)

    async def shown(self, draft: str) -> dict[str, Any]:
        answer = await self.office.served.get("office", path(self.office, "drafts", draft))
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture
def drafting(staffed: Office) -> Drafting:
    return Drafting(staffed)


async def test_a_clerk_prepares_and_the_head_signs(drafting: Drafting, staffed: Office) -> None:
    draft = await drafting.prepare(file_reference="10-24/7")
    assert ("draft", f"draft:{draft}") in told(await desk(staffed))

    answer = await drafting.sign("head", draft, 1)

    assert answer.status_code == 200, answer.text
    staffed.position = answer.json()["position"]
    decision = path(staffed, "decisions", answer.json()["decision"]["id"])
    explained = (await staffed.served.get("office", decision, staffed.position)).json()
    assert (explained["actor"], explained["source"]["entered_by"]) == (str(HEAD), str(CLERK))
    assert (explained["file_reference"], explained["reason"]) == ("10-24/7", "It fits best.")
    duty = (await staffed.served.get("office", path(staffed, "duties", OPEN), staffed.position)).json()
    assert duty["offered_to"] == [drafting.follower]
    shown = await drafting.shown(draft)
    assert (shown["status"], shown["decision_id"]) == ("signed", answer.json()["decision"]["id"])
    assert ("draft", f"draft:{draft}") not in told(await desk(staffed))


async def test_of_two_clerks_who_edit_one_version_the_second_is_told_and_loses_nothing(drafting: Drafting) -> None:
    draft = await drafting.prepare()

    first = await drafting.edit("office", draft, 1, reason="First.")
    second = await drafting.edit("head", draft, 1, reason="Second.")

    assert (first.status_code, first.headers["etag"]) == (200, '"2"')
    assert (second.status_code, second.json()["code"]) == (412, "stale")
    assert (await drafting.shown(draft))["body"]["reason"] == "First."
    again = await drafting.edit("head", draft, 2, reason="Second.")
    assert again.status_code == 200
    assert (await drafting.shown(draft))["body"]["reason"] == "Second."


async def test_nobody_signs_what_they_wrote_on_nor_another_version_than_they_read(drafting: Drafting) -> None:
    draft = await drafting.prepare()

    own = await drafting.sign("office", draft, 1)
    await drafting.edit("office", draft, 1, reason="Changed.")
    stale = await drafting.sign("head", draft, 1)
    blind = await drafting.sign("head", draft, None)

    assert (own.status_code, own.json()["code"]) == (403, "signed-by-preparer")
    assert stale.status_code == 412
    assert (blind.status_code, blind.json()["errors"][0]["field"]) == (422, "If-Match")
    keyed = await drafting.sign("head", draft, 1, key="a-key")
    assert keyed.status_code == 412


async def test_a_signature_repeated_under_its_key_is_the_first_one(drafting: Drafting) -> None:
    draft = await drafting.prepare()

    first = await drafting.sign("head", draft, 1, key="sign")
    again = await drafting.sign("head", draft, 1, key="sign")
    another = await drafting.sign("head", draft, 1)

    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert another.status_code == 412


async def test_only_named_signatories_sign(drafting: Drafting, staffed: Office) -> None:
    await staffed.served.hold("deputy", Capacity.OFFICE, staffed.office_id)
    await staffed.does(path(staffed, "desk", "signatories"), {"persons": [str(HEAD)]})
    draft = await drafting.prepare()

    refused = await drafting.sign("deputy", draft, 1)
    signed = await drafting.sign("head", draft, 1)

    assert (refused.status_code, refused.json()["code"]) == (403, "not-signatory")
    assert signed.status_code == 200
    stranger = await staffed.does(path(staffed, "desk", "signatories"), {"persons": [str(uuid4())]}, 422)
    assert stranger["errors"][0]["field"] == "persons.0"


async def test_what_the_domain_refuses_leaves_the_draft_as_it_was(drafting: Drafting, staffed: Office) -> None:
    draft = await drafting.prepare()
    await staffed.does(path(staffed, "duties", OPEN, "offer"), {"to": [drafting.follower]})

    refused = await drafting.sign("head", draft, 1)

    assert (refused.status_code, refused.json()["code"]) == (409, "duty-already-offered")
    assert (await drafting.shown(draft))["status"] == "prepared"


async def test_a_draft_is_discarded_with_its_reason(drafting: Drafting, staffed: Office) -> None:
    draft = await drafting.prepare()

    answer = await drafting.sends("head", "POST", f"{draft}/discard", WHY, 1)

    assert answer.status_code == 200, answer.text
    assert answer.json()["decision"]["type"] == "draft-discard"
    assert (await drafting.shown(draft))["status"] == "discarded"
    assert (await drafting.sign("head", draft, 2)).status_code == 412
    assert (await drafting.edit("head", draft, 2)).status_code == 412
    assert (await drafting.sends("head", "POST", f"{draft}/discard", WHY, 2)).status_code == 404
    listed = await staffed.served.get("office", path(staffed, "drafts?status=discarded"))
    assert [each["id"] for each in listed.json()["items"]] == [draft]
    waiting = await staffed.served.get("office", path(staffed, "drafts?status=prepared"))
    assert waiting.json()["items"] == []


@pytest.mark.parametrize(
    ("where", "body", "field"),
    [
        (f"/duties/{OPEN}/offer", {"to": []}, "body.to"),
        (f"/duties/{OPEN}/offer", {"to": [str(UUID(int=1))], "reason": ""}, "body.reason"),
        ("/duties/nonsense/offer", {"to": [str(UUID(int=1))]}, "path"),
        ("/drafts", {}, "path"),
        ("/nowhere", {}, "path"),
    ],
)
async def test_a_draft_is_checked_when_it_is_saved(
    staffed: Office, where: str, body: dict[str, Any], field: str
) -> None:
    given = {"path": where, "body": {**WHY, **body}}
    answer = await staffed.served.post("office", path(staffed, "drafts"), given)
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == [field]


async def test_every_decision_an_office_takes_about_a_programme_can_be_prepared(office: Office) -> None:
    paths = set(Preparing(office.served.app, POLICY).paths())
    here = "/api/v1/programmes/{programme_id}"
    decided = {
        address.removeprefix(here)
        for (method, address), rule in POLICY.items()
        if method == "POST"
        and address.startswith(f"{here}/")
        and isinstance(rule, frozenset)
        and Capacity.OFFICE in rule
        and "/drafts" not in address
        and "/takeovers" not in address
    }
    assert decided - paths == set()


def test_a_draft_is_held_against_rules_by_hand_at_every_address_that_settles_something(office: Office) -> None:
    assert SETTLED_AT.keys() - set(Preparing(office.served.app, POLICY).paths()) == set()
    settled = {decided for kinds in SETTLING.values() for decided in kinds}
    assert {kind.partition("/")[0] for kind in settled} == {kind for kind, _ in SETTLED_AT.values()}


async def test_whoever_prepares_is_told_of_a_rule_by_hand_and_not_whoever_signs(
    office: Office, multiply: dict[str, Any]
) -> None:
    enough = {"label": {"en": "Enough was exchanged"}, "applies_to": "closure"}
    await office.draft(**{**multiply, "manual": {"enough": enough}})

    async def prepares(**more: Any) -> httpx2.Response:
        given = {"path": "/closure", "body": {**WHY, **more}}
        return await office.served.post("office", path(office, "drafts"), given)

    await office.served.get("office", path(office), office.position)
    refused = await prepares()
    assert (refused.status_code, refused.json()["code"]) == (422, "manual-rule-not-named")
    assert [each["field"] for each in refused.json()["errors"]] == ["body.manual_rules"]
    assert "Enough was exchanged" in refused.text
    earlier = {"decided_at": "2020-01-01T00:00:00Z", "retrospective": {"document_hash": "ab" * 32}}
    assert [(await prepares(**more)).status_code for more in ({"manual_rules": ["enough"]}, earlier)] == [201, 201]


async def test_a_draft_nobody_prepared_is_not_found(drafting: Drafting) -> None:
    assert (await drafting.sign("head", str(uuid4()), 1)).status_code == 404
    assert (await drafting.edit("head", str(uuid4()), 1)).status_code == 404
    assert (await drafting.office.served.get("office", path(drafting.office, "drafts", uuid4()))).status_code == 404


# What the course of a programme, and objections, put on the desk


async def test_deliverables_wait_for_their_participant_and_then_for_the_office(
    office: Office, multiply: dict[str, Any]
) -> None:
    plan = {"label": {"en": "Plan"}, "roles": ["follower"]}
    milestone = {"label": {"en": "Plans"}, "due": "2099-06-30", "deliverables": {"plan": plan}}
    phases = [{"key": "work", "label": {"en": "Work"}, "milestones": {"plans": milestone}}]
    office.programme_id = await draft(office, multiply | {"phases": phases})
    await office.open_call()
    await office.admit_all()
    first, second, *_ = owed = sorted(str(member) for member in office.members[3:])

    waiting = await desk(office, "kind=deliverable")
    handed = {"organisation_id": first, "document_hash": "ab" * 32, "on_behalf": LETTER}
    await office.does(path(office, "deliverables", "work.plans.plan"), handed, 201)
    after = {each["organisation_id"]: each["waits_for"] for each in await desk(office, "kind=deliverable")}
    answer = {"organisation_id": first}
    await office.does(path(office, "deliverables", "work.plans.plan", "acceptance"), answer)

    assert [(each["organisation_id"], each["item"]) for each in waiting] == [
        (organisation, "deliverable:work.plans.plan") for organisation in owed
    ]
    assert {each["due"][:10] for each in waiting} == {"2099-06-30"}
    assert (after[first], after[second]) == ("office", "organisation")
    assert first not in {each["organisation_id"] for each in await desk(office, "kind=deliverable")}
    selected = [{"item": "deliverable:work.plans.plan", "organisation_id": second}]
    await office.does(path(office, "desk", "reminders"), {"selected": selected})


async def test_an_objection_waits_for_its_answer(staffed: Office) -> None:
    log = (await staffed.served.get("office", path(staffed, "decisions?type=admission"), staffed.position)).json()
    decision = log["items"][0]
    body = {"organisation_id": decision["concerns"][0], "on_behalf": LETTER}
    answer = await staffed.does(path(staffed, "decisions", decision["id"], "objections"), body, 201)

    (item,) = await desk(staffed, "kind=objection")

    assert item["item"] == f"objection:{answer['id'] or answer['decision']['id']}"
    assert (item["waits_for"], item["organisation_id"]) == ("office", decision["concerns"][0])
