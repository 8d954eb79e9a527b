from __future__ import annotations

import hashlib
import json
import re
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

from interpares.common.policy import PUBLIC

if TYPE_CHECKING:
    import httpx2

    from interpares.common.policy import Policy

OUTSIDE = re.compile(r"(?:https?:)?//[a-z]")
VENDORED = files("interpares.common").joinpath("swagger")


@pytest.fixture
async def document(client: httpx2.AsyncClient) -> dict[str, Any]:
    described: dict[str, Any] = (await client.get("/api/v1/openapi.json")).json()
    return described


async def test_the_page_and_its_files_come_from_here_alone(client: httpx2.AsyncClient) -> None:
    page = await client.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert not OUTSIDE.search(page.text)
    assert not re.search(r"<script(?![^>]*src=)|<style|style=|\son\w+=", page.text)
    links = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert links == ["docs/swagger-ui.css", "data:,", "docs/swagger-ui-bundle.js", "docs/start.js"]
    for link in (link for link in links if link != "data:,"):
        asset = await client.get(f"/{link}")
        assert asset.status_code == 200
        assert asset.headers["content-type"].partition(";")[0] == ("text/css" if "css" in link else "text/javascript")
    start = await client.get("/docs/start.js")
    assert not OUTSIDE.search(start.text)
    assert "validatorUrl: null" in start.text


async def test_the_style_sheet_asks_for_nothing_outside(client: httpx2.AsyncClient) -> None:
    sheet = (await client.get("/docs/swagger-ui.css")).text
    addresses = re.findall(r"url\(\s*[\"']?([^\"')]{0,5})", sheet)
    assert set(addresses) == {"data:"}
    assert "@import" not in sheet


@pytest.mark.parametrize("asset", ["LICENSE", "package.json", "..%2F..%2Fauth.py", "index.html", "%2Fetc%2Fpasswd"])
async def test_no_other_file_is_served(asset: str, client: httpx2.AsyncClient) -> None:
    assert (await client.get(f"/docs/{asset}")).status_code == 404


def test_what_is_vendored_is_unmodified_and_carries_its_licence() -> None:
    assert {each.name for each in VENDORED.iterdir()} == {
        "LICENSE",
        "NOTICE",
        "package.json",
        "swagger-ui-bundle.js",
        "swagger-ui-bundle.js.LICENSE.txt",
        "swagger-ui.css",
    }
    assert json.loads(VENDORED.joinpath("package.json").read_text())["version"] == "5.35.0"
    sums = {
        name: hashlib.sha256(VENDORED.joinpath(name).read_bytes()).hexdigest()
        for name in ("swagger-ui-bundle.js", "swagger-ui.css")
    }
    assert sums == {
        "swagger-ui-bundle.js": "e6a898692f2d768e807c3ba4626068a69a2c5dd960dd6c76f3e4d3a3de180af2",
        "swagger-ui.css": "5ed08757e53da3e026d6cbecc61fe5d43585c9560b302d534ad56692519a273d",
    }


def test_every_route_is_described_but_the_technical_ones(document: dict[str, Any], policy: Policy) -> None:
    described = {(method.upper(), path) for path, each in document["paths"].items() for method in each}
    assert described == set(policy)
    assert document["info"] == {"title": "Sample", "version": "1.2.3"}


def test_every_operation_says_how_it_refuses(document: dict[str, Any], policy: Policy) -> None:
    for (method, path), rule in policy.items():
        operation = document["paths"][path][method.lower()]
        needed = {"422"} | ({"401", "403", "503"} if rule is not PUBLIC else set())
        needed |= {"404", "409", "413", "415"} if method == "POST" else set()
        assert needed <= operation["responses"].keys(), (method, path)
        assert operation["security"] == [{"token": []}]
        for status in needed:
            (media_type,) = operation["responses"][status]["content"]
            assert media_type == "application/problem+json"
    assert "WWW-Authenticate" in document["paths"]["/api/v1/me"]["get"]["responses"]["401"]["headers"]
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert set(document["components"]["schemas"]["Problem"]["required"]) >= {"type", "code", "trace_id", "way_out"}
    assert "HTTPValidationError" not in json.dumps(document)


def test_the_headers_are_described(document: dict[str, Any]) -> None:
    def headers(method: str, path: str) -> dict[str, Any]:
        parameters = document["paths"][path][method]["parameters"]
        return {each["name"]: each["schema"] for each in parameters if each["in"] == "header"}

    assert headers("post", "/api/v1/duties/{duty}/offer")["Idempotency-Key"]["type"] == "string"
    assert headers("get", "/api/v1/duties")["X-At-Least-Position"]["type"] == "integer"


def test_texts_are_described_with_what_they_may_contain(document: dict[str, Any]) -> None:
    reason = document["components"]["schemas"]["Offer"]["properties"]["reason"]
    assert (reason["minLength"], reason["maxLength"]) == (1, 4000)
    assert re.search(reason["pattern"], "because\nof this")
    assert not re.search(reason["pattern"], "  \n")
    assert not re.search(reason["pattern"], "a\x00b")
    assert document["components"]["schemas"]["Offer"]["additionalProperties"] is False
