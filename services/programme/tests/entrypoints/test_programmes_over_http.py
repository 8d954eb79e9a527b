"""Programmes, their call, applications and participations over HTTP on a real database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from interpares.common.policy import Capacity

if TYPE_CHECKING:
    from services.programme.tests.entrypoints.conftest import Office

LISTS = ("participations", "duties", "decisions", "applications")
LETTER = {"on_behalf": {"channel": "letter", "received_on": "2026-03-01T09:00:00Z"}}


def path(office: Office, *parts: object) -> str:
    return "/".join(("/programmes", office.programme_id, *map(str, parts)))


async def roles_of(office: Office, member: int) -> tuple[list[str], bool]:
    """Return the roles of a member as of the office's last decision, and whether it takes part."""
    shown = await office.served.get("office", path(office, "participations"), office.position)
    found = {each["organisation_id"]: each for each in shown.json()["items"]}[str(office.members[member])]
    return found["roles"], found["active"]


async def whole_list(office: Office, where: str, limit: int) -> list[Any]:
    """Return a list read page by page."""
    items, after = [], ""
    while True:
        page = (await office.served.get("office", f"{where}?limit={limit}{after}", office.position)).json()
        assert len(page["items"]) <= limit
        items += page["items"]
        if page["next"] is None:
            return items
        after = f"&after={page['next']}"


async def test_a_programme_is_shown_from_draft_to_closed_call(office: Office) -> None:
    seen = []

    async def look() -> None:
        shown = (await office.served.get("office", path(office), office.position)).json()
        seen.append((shown["stage"], shown["deadline_local"], shown["deadline_zone"]))

    await look()
    await office.open_call()
    await look()
    await office.does(path(office, "call", "closure"))
    await look()

    deadline = "2099-12-01T12:00:00", "Europe/Vienna"
    assert seen == [("drafted", None, None), ("call-open", *deadline), ("call-closed", *deadline)]


async def test_a_deadline_carries_no_offset(office: Office) -> None:
    body = {"deadline": {"local": "2099-12-01T12:00:00Z", "zone": "Europe/Vienna"}}

    refused = await office.does(path(office, "call"), body, 422)

    assert [error["field"] for error in refused["errors"]] == ["deadline.local"]


async def test_programmes_are_listed_for_those_who_have_to_do_with_them(running: Office) -> None:
    served = running.served
    await served.hold("elsewhere", Capacity.COORDINATOR, uuid4())
    await served.hold("other-office", Capacity.OFFICE, uuid4())
    expected = {"office": 1, "auditor": 1, f"coordinator-{running.members[0]}": 1, "elsewhere": 0, "other-office": 0}

    found = {name: (await served.get(name, "/programmes", running.position)).json()["items"] for name in expected}

    assert {name: len(items) for name, items in found.items()} == expected


async def test_lists_read_in_pages_are_the_lists_read_at_once(running: Office) -> None:
    for what in LISTS:
        in_pages = await whole_list(running, path(running, what), 2)
        at_once = await whole_list(running, path(running, what), 200)

        assert in_pages == at_once, what
        assert len(at_once) >= 7, what


async def test_a_cursor_of_another_list_is_refused(office: Office) -> None:
    refused = {}
    for what in LISTS:
        answer = await office.served.get("office", f"{path(office, what)}?after=Ik5vdCBhIGN1cnNvci4i")
        refused[what] = answer.status_code, answer.json()["errors"][0]["field"]

    assert refused == dict.fromkeys(LISTS, (422, "after"))


async def test_a_position_that_nothing_has_yet_is_refused(office: Office) -> None:
    answer = await office.served.get("office", path(office, "duties"), office.position + 1)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "X-At-Least-Position")


async def test_an_application_is_decided_once(running: Office) -> None:
    _, application = await running.applies("follower")
    body = {"application_id": str(application), "role": "follower"}

    await running.does(path(running, "applications", application, "refusal"))
    again = await running.does(path(running, "participations"), body, 409)

    assert again["code"] == "application-already-decided"


async def test_an_applicant_is_admitted_in_the_role_applied_for(running: Office) -> None:
    _, application = await running.applies("follower")
    body = {"application_id": str(application), "role": "front-runner"}

    refused = await running.does(path(running, "participations"), body, 422)

    assert refused["code"] == "role-not-applied-for"


async def test_an_application_nobody_told_of_does_not_exist(running: Office) -> None:
    body = {"application_id": str(uuid4()), "role": "follower"}

    assert (await running.does(path(running, "participations"), body, 404))["code"] == "unknown-application"


async def test_roles_are_granted_and_ended(running: Office) -> None:
    member = running.members[3]
    seen = [await roles_of(running, 3)]

    await running.does(path(running, "participations", member, "roles", "follower", "end"))
    seen.append(await roles_of(running, 3))
    await running.does(path(running, "participations", member, "roles"), {"role": "front-runner"})
    seen.append(await roles_of(running, 3))

    assert seen == [(["follower"], True), ([], True), (["front-runner"], True)]


async def test_a_member_leaves_by_itself_or_by_letter(running: Office) -> None:
    leaving, written = running.members[3], running.members[4]
    why = {"reason_code": "no-staff", "reason": "Nobody is left to do it."}

    await running.does(path(running, "participations", written, "withdrawal"), {}, 422)
    await running.does(path(running, "participations", written, "withdrawal"), LETTER)
    left = await running.served.post(
        f"coordinator-{leaving}", path(running, "participations", leaving, "withdrawal"), why
    )

    running.position = left.json()["position"]
    assert [await roles_of(running, 3), await roles_of(running, 4)] == [([], False), ([], False)]
