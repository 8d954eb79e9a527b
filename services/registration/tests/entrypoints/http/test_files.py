"""Files over HTTP: sent in, shown to those entitled, fetched to be saved, erased."""

from __future__ import annotations

import hashlib
import os
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from services.registration.tests.infrastructure.test_contents import docx, pdf

from interpares.common.auth import actor_id
from interpares.common.testing.edge import ISSUER
from interpares.registration.domain.file import MediaType
from interpares.registration.domain.file_refusals import FilesNotKept
from interpares.registration.infrastructure.files import FileRoom, FileTable

if TYPE_CHECKING:
    from services.registration.tests.conftest import Registration

WHY = {"reason_code": "sent-by-mistake", "reason": "It was the draft."}
pytestmark = pytest.mark.integration


async def applied(registration: Registration) -> tuple[str, str, str]:
    """Let a town apply to an office's programme; return the town, its coordinator, somebody of the office."""
    office = await registration.organisation("Office", kind="agency")
    clerk = await registration.member("office", office)
    town = await registration.organisation()
    coordinator = await registration.member("coordinator", town)
    call = await registration.open_call(office)
    body = {"programme_id": str(call.programme_id), "organisation_id": town, "role": "follower", "motivation": "Yes."}
    assert (await registration.post(coordinator, "/applications", body)).status_code == 201
    return town, coordinator, clerk


async def test_a_file_comes_back_as_it_was_sent(registration: Registration) -> None:
    town, coordinator, clerk = await applied(registration)
    content = pdf()

    sent = await registration.send_file(coordinator, town, content, "application/pdf", "Beschluß Nr. 5.pdf")
    assert sent.status_code == 201, sent.text
    file_id = sent.json()["id"]
    shown = (await registration.get(clerk, f"/files/{file_id}")).json()
    fetched = await registration.get(clerk, f"/files/{file_id}/content")

    digest = hashlib.sha256(content).hexdigest()
    assert (sent.json()["sha256"], sent.json()["size"]) == (digest, len(content))
    assert {**shown, "stored_at": ""} == {
        "id": file_id,
        "organisation_id": town,
        "name": "Beschluß Nr. 5.pdf",
        "media_type": "application/pdf",
        "size": len(content),
        "sha256": digest,
        "stored_at": "",
        "erased_at": None,
    }
    assert fetched.content == content
    assert {name: fetched.headers[name] for name in ("content-type", "etag", "content-length")} == {
        "content-type": "application/pdf",
        "etag": f'"{digest}"',
        "content-length": str(len(content)),
    }
    assert fetched.headers["x-content-type-options"] == "nosniff"
    assert fetched.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert fetched.headers["content-disposition"] == (
        "attachment; filename=\"Beschlu_ Nr. 5.pdf\"; filename*=UTF-8''Beschlu%C3%9F%20Nr.%205.pdf"
    )


async def test_a_name_gets_the_ending_of_what_the_file_is(registration: Registration) -> None:
    town, coordinator, _ = await applied(registration)
    sent = await registration.send_file(coordinator, town, b"hello", name='harm"less.html')

    fetched = await registration.get(coordinator, f"/files/{sent.json()['id']}/content")

    assert fetched.headers["content-disposition"] == (
        "attachment; filename=\"harm_less.html.txt\"; filename*=UTF-8''harm%22less.html.txt"
    )
    assert fetched.headers["content-type"].startswith("text/plain")


async def test_others_find_nothing(registration: Registration) -> None:
    town, coordinator, clerk = await applied(registration)
    file_id = (await registration.send_file(coordinator, town, b"hello")).json()["id"]
    strangers = [await registration.member("coordinator"), await registration.member("office")]
    auditor = await registration.member("auditor")
    facilitator = await registration.member("facilitator", town)

    answers = {}
    for who, name in ((strangers[0], "coordinator"), (strangers[1], "office"), (auditor, "auditor"), (clerk, "own")):
        reads = [f"/files/{file_id}", f"/files/{file_id}/content", f"/organisations/{town}/files"]
        statuses = [(await registration.get(who, path)).status_code for path in reads]
        statuses.append((await registration.send_file(who, town, b"hello")).status_code)
        statuses.append((await registration.post(who, f"/files/{file_id}/erasure", WHY)).status_code)
        answers[name] = statuses

    assert answers == {
        "coordinator": [404] * 5,
        "office": [404] * 5,
        "auditor": [200, 200, 200, 403, 403],
        "own": [200, 200, 200, 201, 200],
    }
    assert (await registration.get(facilitator, f"/files/{file_id}")).status_code == 403


async def test_an_erased_file_is_gone_and_its_hash_stays(registration: Registration) -> None:
    town, coordinator, _ = await applied(registration)
    sent = (await registration.send_file(coordinator, town, b"canary-5517", name="canary-5518.txt")).json()

    erased = await registration.post(coordinator, f"/files/{sent['id']}/erasure", WHY)
    assert erased.status_code == 200, erased.text

    fetched = await registration.get(coordinator, f"/files/{sent['id']}/content")
    shown = (await registration.get(coordinator, f"/files/{sent['id']}")).json()
    again = await registration.post(coordinator, f"/files/{sent['id']}/erasure", WHY)
    listed = (await registration.get(coordinator, f"/organisations/{town}/files")).json()["items"]
    assert (fetched.status_code, fetched.json()["code"]) == (409, "file-erased")
    assert (shown["name"], shown["sha256"]) == (None, sent["sha256"])
    assert (again.status_code, again.json()["code"]) == (409, "file-erased")
    assert [each["id"] for each in listed] == [sent["id"]]
    folder = registration.parts.settings.files_url.removeprefix("file://")
    assert not contains(folder, b"canary-5517")


def list_of(folder: str) -> list[Path]:
    return list(Path(folder, "contents").iterdir())


def contains(folder: str, needle: bytes) -> bool:
    return any(needle in each.read_bytes() for each in Path(folder).rglob("*") if each.is_file())


@pytest.mark.parametrize(
    ("content", "kind", "name", "status", "field"),
    [
        (b"<!doctype html>", "text/html", "a.html", 415, None),
        (b"<svg/>", "image/svg+xml", "a.svg", 415, None),
        (b"<script>", "text/plain", "a.txt", 422, "body"),
        (docx(("word/vbaProject.bin", b"x")), MediaType.DOCX.value, "a.docx", 422, "body"),
        (pdf(), "image/png", "a.png", 422, "body"),
        (b"", "text/plain", "a.txt", 422, "body"),
        (b"x", "text/plain", "../../a.txt", 422, "name"),
        (b"x", "text/plain", "..", 422, "name"),
        (b"x", "text/plain", "a\\b.txt", 422, "name"),
        (b"x", "text/plain", "a\nb.txt", 422, "name"),
        (b"x" * (2**21 + 1), "text/plain", "a.txt", 413, None),
    ],
)
async def test_what_is_not_kept(  # noqa: PLR0917 -- pytest passes them by name
    registration: Registration, content: bytes, kind: str, name: str, status: int, field: str | None
) -> None:
    town = await registration.organisation()
    coordinator = await registration.member("coordinator", town)

    answer = await registration.send_file(coordinator, town, content, kind, name)

    assert answer.status_code == status, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == ([field] if field else [])
    assert (await registration.get(coordinator, f"/organisations/{town}/files")).json()["items"] == []


async def test_a_repetition_is_the_first_answer_and_keeps_one_file(registration: Registration) -> None:
    town = await registration.organisation()
    coordinator = await registration.member("coordinator", town)
    key = {"Idempotency-Key": uuid4().hex}

    first = await registration.send_file(coordinator, town, b"hello", **key)
    again = await registration.send_file(coordinator, town, b"hello", **key)
    other = await registration.send_file(coordinator, town, b"another", **key)

    assert first.json() == again.json()
    assert (other.status_code, other.json()["code"]) == (409, "idempotency-key-reused")
    assert len((await registration.get(coordinator, f"/organisations/{town}/files")).json()["items"]) == 1


async def test_files_about_a_person_are_found_for_erasure(registration: Registration) -> None:
    town = await registration.organisation()
    coordinator = await registration.member("coordinator", town)
    person = await registration.person(f"p-{uuid4()}")
    path = f"/api/v1/organisations/{town}/files"
    headers = registration.issuer.bearer(coordinator) | {"Content-Type": "text/plain"}
    about = {"name": "cv.txt", "about": [person]}
    sent = (await registration.client.post(path, params=about, content=b"cv", headers=headers)).json()
    await registration.send_file(coordinator, town, b"other")
    files = FileTable(registration.parts.database)

    found = await files.about(UUID(person), actor_id(ISSUER, "nobody"))

    assert [str(each.id) for each in found] == [sent["id"]]


async def test_contents_nobody_is_to_find_are_removed(registration: Registration) -> None:
    town = await registration.organisation()
    coordinator = await registration.member("coordinator", town)
    kept = (await registration.send_file(coordinator, town, b"kept")).json()
    room = FileRoom(registration.parts.settings.files_url)
    young, old = uuid4(), uuid4()
    await room.put(young, BytesIO(b"left behind"))
    await room.put(old, BytesIO(b"left behind"))
    folder = registration.parts.settings.files_url.removeprefix("file://")
    os.utime(f"{folder}/contents/{old}", (0, 0))
    os.utime(f"{folder}/contents/{kept['id']}", (0, 0))

    assert await room.tidied(registration.parts.database) == 1

    left = sorted(each.name for each in list_of(folder))
    assert left == sorted([str(young), kept["id"]])


async def test_without_a_place_no_files_are_kept(registration: Registration) -> None:
    room = FileRoom(None)

    with pytest.raises(FilesNotKept):
        await room.put(uuid4(), BytesIO(b"x"))
    assert await room.tidied(registration.parts.database) == 0
