"""Files in a bucket, on a server that speaks S3: kept, fetched, erased, and what is said where they cannot be."""

from __future__ import annotations

import os
import subprocess
import sys
from io import BytesIO
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
import structlog
from services.registration.tests.conftest import ROOT, serving
from services.registration.tests.objectstore import BUCKET, ObjectStore

from interpares.common.errors import Busy
from interpares.common.testing.processes import LOOPBACK, free_port
from interpares.registration.infrastructure.files import FileRoom
from interpares.registration.infrastructure.rooms import fault_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from services.registration.tests.conftest import Registration

    from interpares.common.testing.databases import Database as Made

URL = f"s3://{BUCKET}/prod"
WHY = {"reason_code": "sent-by-mistake", "reason": "It was the draft."}
pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def s3() -> Iterator[ObjectStore]:
    with ObjectStore() as running:
        yield running


@pytest.fixture(autouse=True)
def environment(s3: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in s3.environment().items():
        monkeypatch.setenv(name, value)
    return monkeypatch


@pytest.fixture
async def in_bucket(registration: Registration, registration_database: Made) -> AsyncIterator[Registration]:
    """The service with its files in the bucket; its operator is named."""
    async with serving(registration_database, URL) as running:
        yield running


def lying(s3: ObjectStore) -> dict[str, bytes]:
    """Return all that lies in the bucket, by key."""
    keys = [each["Key"] for each in s3.client().list_objects_v2(Bucket=BUCKET).get("Contents", [])]
    return {key: s3.client().get_object(Bucket=BUCKET, Key=key)["Body"].read() for key in keys}


async def test_a_file_is_kept_in_the_bucket_fetched_and_erased(in_bucket: Registration, s3: ObjectStore) -> None:
    town = await in_bucket.organisation()
    coordinator = await in_bucket.member("coordinator", town)

    sent = (await in_bucket.send_file(coordinator, town, b"canary-7301", name="canary-7302.txt")).json()
    place = f"prod/contents/{sent['id']}"
    assert lying(s3)[place] == b"canary-7301"
    fetched = await in_bucket.get(coordinator, f"/files/{sent['id']}/content")
    assert fetched.content == b"canary-7301"
    erased = await in_bucket.post(coordinator, f"/files/{sent['id']}/erasure", WHY)

    assert erased.status_code == 200, erased.text
    assert place not in lying(s3)
    assert (await in_bucket.get(coordinator, f"/files/{sent['id']}/content")).json()["code"] == "file-erased"


async def test_files_about_somebody_leave_the_bucket_with_them(in_bucket: Registration, s3: ObjectStore) -> None:
    town = await in_bucket.organisation()
    coordinator = await in_bucket.member("coordinator", town)
    person = await in_bucket.person(f"subject-{uuid4().hex}")
    headers = in_bucket.issuer.bearer(coordinator) | {"Content-Type": "text/plain"}
    named = {"name": "cv.txt", "about": [person]}
    path = f"/api/v1/organisations/{town}/files"
    sent = (await in_bucket.client.post(path, params=named, content=b"canary-7303", headers=headers)).json()
    asked = await in_bucket.post(ROOT, f"/people/{person}/erasure-requests", {"reason": "By letter."})
    body = {"outcome": "erased", "reason_code": "as-asked", "reason": "As she wished."}

    decided = await in_bucket.post(ROOT, f"/erasure-requests/{asked.json()['id']}/decision", body)

    assert decided.status_code == 200, decided.text
    assert f"prod/contents/{sent['id']}" not in lying(s3)
    sought = {"person_id": person, "actor": str(uuid4()), "words": ["canary-7303"]}
    assert (await in_bucket.post(ROOT, "/privacy/verification", sought)).json()["left"] == []


async def test_a_file_larger_than_one_part_comes_back_whole() -> None:
    room = FileRoom(URL)
    file_id, content = uuid4(), os.urandom(12 * 1024 * 1024)

    await room.put(file_id, BytesIO(content))

    assert b"".join([piece async for piece in await room.content(file_id)]) == content
    await room.remove(file_id)
    await room.remove(file_id)


async def test_while_the_bucket_does_not_answer_files_wait_and_an_erasure_stands(
    in_bucket: Registration, s3: ObjectStore, environment: pytest.MonkeyPatch, registration_database: Made
) -> None:
    town = await in_bucket.organisation()
    coordinator = await in_bucket.member("coordinator", town)
    sent = (await in_bucket.send_file(coordinator, town, b"canary-7304")).json()
    sought = {"person_id": str(uuid4()), "actor": str(uuid4())}
    environment.setenv("AWS_ENDPOINT_URL", f"http://{LOOPBACK}:{free_port()}")
    async with serving(registration_database, URL) as away:
        refused = await away.send_file(coordinator, town, b"later")
        fetched = await away.get(coordinator, f"/files/{sent['id']}/content")
        erased = await away.post(coordinator, f"/files/{sent['id']}/erasure", WHY)
        with pytest.raises(Busy):
            # What passes by itself ends no worker.
            await FileRoom(URL).tidied(away.parts.database)

    assert [(each.status_code, each.json()["code"]) for each in (refused, fetched)] == [(503, "busy")] * 2
    assert refused.headers["retry-after"] == "5"
    assert erased.status_code == 200
    environment.setenv("AWS_ENDPOINT_URL", s3.url)
    # Whoever verifies is told what still lies there; the worker removes it.
    told = (await in_bucket.post(ROOT, "/privacy/verification", sought)).json()["left"]
    assert told == [{"place": "contents nobody is to find", "rows": 1}]
    assert await FileRoom(URL).tidied(in_bucket.parts.database) == 1
    assert (await in_bucket.post(ROOT, "/privacy/verification", sought)).json()["left"] == []


async def test_what_somebody_else_put_there_is_left_alone(in_bucket: Registration, s3: ObjectStore) -> None:
    s3.client().put_object(Bucket=BUCKET, Key="prod/contents/note.txt", Body=b"not ours")

    assert await FileRoom(URL).tidied(in_bucket.parts.database) == 0

    assert "prod/contents/note.txt" in lying(s3)


async def test_without_its_bucket_nothing_counts_as_erased(s3: ObjectStore) -> None:
    room = FileRoom("s3://none-such/prod")
    with pytest.raises(Busy):
        await room.content(uuid4())
    with pytest.raises(Busy):
        await room.put(uuid4(), BytesIO(b"x"))


async def test_a_room_that_can_be_used_has_no_fault(s3: ObjectStore, tmp_path: Path) -> None:
    assert [await fault_of(url) for url in (URL, None, f"file://{tmp_path}/new")] == [None] * 3
    assert [key for key in lying(s3) if "trials" in key] == []


async def test_what_is_wrong_with_a_room_is_said(
    s3: ObjectStore, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    told = {
        "bucket": await fault_of("s3://none-such/prod"),
        "folder": await fault_of(f"file://{tmp_path}/file/below"),
    }
    for name, changes in {
        "key": {"AWS_ACCESS_KEY_ID": "AKIANOBODYATALL"},
        "secret": {"AWS_SECRET_ACCESS_KEY": "wrong"},
        "rights": dict(
            zip(
                ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), s3.grant(["s3:ListBucket", "s3:GetObject"]), strict=True
            )
        ),
    }.items():
        with environment.context() as other:
            for variable, value in changes.items():
                other.setenv(variable, value)
            told[name] = await fault_of(URL)
    see = "see AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    assert told == {
        "bucket": "there is no such bucket",
        "folder": "the folder cannot be written",
        "key": f"the credentials are refused (InvalidAccessKeyId); {see}",
        "secret": f"the credentials are refused (SignatureDoesNotMatch); {see}",
        "rights": "the credentials do not suffice (AccessDenied); it takes listing, putting, getting and deleting",
    }


async def test_a_bucket_that_does_not_answer_may_come_back(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AWS_ENDPOINT_URL", f"http://{LOOPBACK}:{free_port()}")
    assert await fault_of(URL) is None


async def test_a_bucket_that_keeps_versions_is_warned_of(s3: ObjectStore) -> None:
    s3.client().create_bucket(Bucket="versions", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    s3.client().put_bucket_versioning(Bucket="versions", VersioningConfiguration={"Status": "Enabled"})

    with structlog.testing.capture_logs() as logs:
        assert await fault_of("s3://versions/prod") is None

    assert [each["event"] for each in logs] == ["files-keep-versions"]


@pytest.mark.parametrize("role", ["api", "worker"])
def test_a_process_that_cannot_keep_files_says_so_in_one_line_and_does_not_start(s3: ObjectStore, role: str) -> None:
    settings = {
        "ENVIRONMENT": "development",
        "DATABASE_URL": "postgresql://nobody:x@127.0.0.1:1/none",
        "NATS_URL": "nats://127.0.0.1:1",
        "OIDC_ISSUER": "http://issuer.test",
        "OIDC_AUDIENCE": "interpares",
        "OIDC_JWKS_URL": "http://issuer.test/keys",
        "TOKEN_URL": "http://issuer.test/token",
        "CLIENT_ID": "registration",
        "CLIENT_SECRET": "x",
        "FEED_URLS": '{"programme": "http://programme.test"}',
        "FILES_URL": "s3://none-such/prod",
    }
    given = {f"INTERPARES_{name}": value for name, value in settings.items()} | s3.environment()

    ended = subprocess.run(
        [sys.executable, "-m", "interpares.registration", role],
        env=given,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    told = "Cannot start: INTERPARES_FILES_URL: there is no such bucket.\n"
    assert (ended.returncode, ended.stderr, ended.stdout) == (2, told, "")
