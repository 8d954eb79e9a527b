"""The doctor names what is wrong and what to do, and finds nothing wrong where all is well."""

from collections.abc import Callable

import httpx2
import pytest

from interpares.console import diagnosis
from interpares.console.contexts import Context
from interpares.console.diagnosis import Finding
from interpares.console.issuer.app import access_token
from interpares.console.issuer.keys import signing_key

MakeContext = Callable[..., Context]
WELL = {
    "/livez": httpx2.Response(200),
    "/readyz": httpx2.Response(200),
    "/api/v1/openapi.json": httpx2.Response(200, json={"info": {"title": "Interpares", "version": "0.1.0"}}),
    "/.well-known/openid-configuration": httpx2.Response(200, json={"issuer": "http://issuer.test"}),
}


async def look(
    context: Context, monkeypatch: pytest.MonkeyPatch, answer: Callable[[httpx2.Request], httpx2.Response]
) -> dict[str, Finding]:
    monkeypatch.setattr(diagnosis, "http", lambda: httpx2.AsyncClient(transport=httpx2.MockTransport(answer)))
    return {finding.what: finding async for finding in diagnosis.surroundings(context)}


@pytest.fixture
def token(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], httpx2.Response]:
    key = signing_key(tmp_path_factory.mktemp("issuer") / "inner" / "key.pem")

    def give(now: int) -> httpx2.Response:
        given = access_token("http://issuer.test", "demo-office", key, "kid", now)
        return httpx2.Response(200, json={"access_token": given, "expires_in": 300})

    return give


@pytest.mark.integration
def test_this_machine_can_run_a_demo() -> None:
    findings = list(diagnosis.machine())
    assert [finding.what for finding in findings if not finding.fine] == []
    assert {"PostgreSQL starts", "NATS starts"} <= {finding.what for finding in findings}


async def test_where_all_is_well_nothing_needs_doing(
    context: MakeContext, monkeypatch: pytest.MonkeyPatch, token: Callable[[int], httpx2.Response]
) -> None:
    monkeypatch.setattr("interpares.console.diagnosis.time.time", lambda: 1000)
    found = await look(
        context(), monkeypatch, lambda request: token(1000) if request.method == "POST" else WELL[request.url.path]
    )
    assert all(finding.fine and not finding.way_out for finding in found.values())
    assert found["token"].fact == "for demo-office, valid for 300 s, clocks differ by 0 s"
    assert found["programme version"].fact.endswith("Interpares 0.1.0")


async def test_what_does_not_answer_is_unreachable(context: MakeContext, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(_: httpx2.Request) -> httpx2.Response:
        message = "refused"
        raise httpx2.ConnectError(message)

    found = await look(context(), monkeypatch, silent)
    assert all(finding.unreachable and finding.way_out for finding in found.values())


async def test_what_is_not_ready_says_why(context: MakeContext, monkeypatch: pytest.MonkeyPatch) -> None:
    found = await look(context(), monkeypatch, lambda _: httpx2.Response(503, text="database: not reached"))
    assert "answers 503: database: not reached" in found["programme is ready"].fact
    assert not found["programme is ready"].unreachable
    assert found["token"].way_out


async def test_clocks_that_differ_are_found(
    context: MakeContext, monkeypatch: pytest.MonkeyPatch, token: Callable[[int], httpx2.Response]
) -> None:
    monkeypatch.setattr("interpares.console.diagnosis.time.time", lambda: 1600)
    found = await look(
        context(), monkeypatch, lambda request: token(1000) if request.method == "POST" else WELL[request.url.path]
    )
    assert found["token"].fact.endswith("clocks differ by 600 s")
    assert "clock" in found["token"].way_out


async def test_nats_is_looked_at_where_the_context_may(context: MakeContext, monkeypatch: pytest.MonkeyPatch) -> None:
    away = context(nats_url="nats://127.0.0.1:1")
    monkeypatch.setattr("interpares.console.subscription.CONNECT_SECONDS", 0.2)
    found = await look(away, monkeypatch, lambda _: httpx2.Response(503))
    assert found["NATS"].unreachable
    assert "127.0.0.1:1" in found["NATS"].fact
