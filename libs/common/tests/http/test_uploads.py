"""Files as bodies: type and size come before reading, and what is read is named by its hash."""

import hashlib
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from interpares.common.errors import Invalid
from interpares.common.health import Health
from interpares.common.http import CurrentUpload, RequestHash, create_app, upload_router
from interpares.common.policy import Capacity
from interpares.common.testing.edge import HeldMemberships, TokenIssuer, client_of, edge_settings

LIMIT = 3 * 1024 * 1024
PATH = "/api/v1/lists"
files = upload_router(accepts=frozenset({"text/csv"}), size=LIMIT)


@files.post("/lists")
async def take_list(upload: CurrentUpload, hashed: RequestHash) -> dict[str, Any]:
    content = upload.file.read()
    return {
        "type": upload.media_type,
        "sha256": upload.sha256,
        "same": hashlib.sha256(content).hexdigest() == upload.sha256,
        "size": upload.size,
        "hash": hashed.hex(),
    }


def look(media_type: str, first: bytes) -> None:
    assert (media_type, len(first) <= 4096) == ("text/csv", True)
    if first.startswith(b"x"):
        message = "This begins badly."
        raise Invalid(message, field="body")


OTHER = "/api/v1/looked-at"
looked_at = upload_router(accepts=frozenset({"text/csv"}), size=LIMIT, look=look)


@looked_at.post("/looked-at")
async def take_other(upload: CurrentUpload) -> int:
    return upload.size


@pytest.fixture
def app(issuer: TokenIssuer, memberships: HeldMemberships) -> FastAPI:
    return create_app(
        title="Files",
        version="1",
        routers=[files, looked_at],
        policy={("POST", PATH): frozenset({Capacity.COORDINATOR}), ("POST", OTHER): frozenset({Capacity.COORDINATOR})},
        verifier=issuer.verifier(),
        memberships=memberships,
        health=Health(),
        settings=edge_settings(),
        clock=lambda: memberships.confirmed,  # type: ignore[arg-type,return-value]
    )


async def pieces(count: int, *, told: list[int] | None = None) -> AsyncIterator[bytes]:
    for number in range(count):
        if told is not None:
            told.append(number)
        yield b"x" * 65536


async def send(client: httpx2.AsyncClient, content: Any, media_type: str = "text/csv", **more: str) -> httpx2.Response:
    return await client.post(PATH, content=content, headers={"Content-Type": media_type, **more})


async def test_a_file_larger_than_json_may_be_is_taken(anna: httpx2.AsyncClient) -> None:
    content = b"name\n" * 400_000
    answer = await send(anna, content, "text/csv; charset=utf-8")

    assert answer.json() == {
        "type": "text/csv",
        "sha256": hashlib.sha256(content).hexdigest(),
        "same": True,
        "size": len(content),
        "hash": "",
    }


async def test_a_key_stands_for_the_file_and_the_address(anna: httpx2.AsyncClient) -> None:
    hashes = [
        (await anna.post(path, content=content, headers={"Content-Type": "text/csv", "Idempotency-Key": "k"})).json()
        for path, content in ((PATH, b"a"), (PATH, b"a"), (PATH, b"b"), (f"{PATH}?name=x", b"a"))
    ]
    first, again, other, elsewhere = (each["hash"] for each in hashes)
    assert first == again
    assert len({first, other, elsewhere}) == 3


@pytest.mark.parametrize("media_type", ["application/json", "text/html", "application/zip", ""])
async def test_another_type_is_refused(media_type: str, anna: httpx2.AsyncClient) -> None:
    answer = await send(anna, b"{}", media_type)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported-media-type")


async def test_a_file_too_large_is_refused_by_its_announced_size(anna: httpx2.AsyncClient) -> None:
    answer = await send(anna, b"x" * (LIMIT + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


async def test_a_file_that_grows_too_large_is_refused(anna: httpx2.AsyncClient) -> None:
    answer = await send(anna, pieces(LIMIT // 65536 + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


async def test_what_begins_badly_is_not_read_on(app: FastAPI, issuer: TokenIssuer, anna: httpx2.AsyncClient) -> None:
    told: list[int] = []

    answers = [await anna.post(OTHER, content=pieces(40, told=told), headers={"Content-Type": "text/csv"})]
    answers.append(await anna.post(OTHER, content=b"x", headers={"Content-Type": "text/csv"}))
    answers.append(await anna.post(OTHER, content=b"y" * 9000, headers={"Content-Type": "text/csv"}))

    assert [answer.status_code for answer in answers] == [422, 422, 200]
    assert len(told) < 3


async def test_nobody_without_a_capacity_makes_it_read(app: FastAPI, issuer: TokenIssuer) -> None:
    answer = await send(client_of(app, headers=issuer.bearer("vera")), b"x")
    assert answer.status_code == 403


async def test_the_document_says_what_is_taken(app: FastAPI) -> None:
    operation = app.openapi()["paths"][PATH]["post"]
    assert operation["requestBody"] == {
        "required": True,
        "content": {"text/csv": {"schema": {"type": "string", "format": "binary", "maxLength": LIMIT}}},
    }
