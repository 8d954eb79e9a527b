"""The client gets tokens by itself, repeats under the same key, and passes on what a service says."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
import stamina

from interpares.console.client import Client, Unwilling
from interpares.console.contexts import Context
from interpares.console.failures import Problem, Refused, Unreachable

MakeContext = Callable[..., Context]
PROBLEM = {
    "type": "/problems/hosting-duty-taken",
    "title": "Hosting duty taken",
    "status": 409,
    "detail": "The duty AT.award-meeting.1 has its host.",
    "code": "hosting-duty-taken",
    "trace_id": "4bf92f3577b34da6",
    "way_out": "Look for another open duty.",
    "errors": [],
}


@dataclass
class World:
    """An issuer and a service. ``answers``: what the service does next; the last one for ever."""

    answers: list[httpx2.Response | Exception]
    seconds: int = 300
    requests: list[httpx2.Request] = field(default_factory=list)
    tokens: int = 0

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.host == "issuer.test":
            self.tokens += 1
            return httpx2.Response(200, json={"access_token": f"token-{self.tokens}", "expires_in": self.seconds})
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def client(self, context: Context, patience: float = 30.0) -> Client:
        return Client(context, httpx2.AsyncClient(transport=httpx2.MockTransport(self)), patience=patience)

    def headers(self, name: str) -> list[str | None]:
        return [request.headers.get(name) for request in self.requests]


@pytest.fixture(autouse=True)
def hurry() -> Any:
    """Repetitions need not wait in a test."""
    stamina.set_testing(True, attempts=5)
    yield
    stamina.set_testing(False)


def ok(**body: Any) -> httpx2.Response:
    return httpx2.Response(200, json=body)


def busy(retry_after: str = "2") -> httpx2.Response:
    return httpx2.Response(503, json={**PROBLEM, "status": 503, "code": "busy"}, headers={"Retry-After": retry_after})


async def test_a_read_carries_token_and_position(context: MakeContext) -> None:
    world = World([ok(id="p")])
    assert await world.client(context()).get("programme", "/programmes/p", at_least=7, role=None, a="b") == {"id": "p"}
    [request] = world.requests
    assert str(request.url) == "http://programme.test/api/v1/programmes/p?a=b"
    assert request.headers["authorization"] == "Bearer token-1"
    assert request.headers["x-at-least-position"] == "7"


async def test_one_token_serves_many_requests(context: MakeContext) -> None:
    world = World([ok()])
    client = world.client(context())
    for _ in range(3):
        await client.get("programme", "/programmes")
    assert world.tokens == 1


async def test_a_token_about_to_end_is_renewed(context: MakeContext) -> None:
    world = World([ok()], seconds=0)
    client = world.client(context())
    for _ in range(2):
        await client.get("programme", "/programmes")
    assert world.headers("authorization") == ["Bearer token-1", "Bearer token-2"]


async def test_each_command_has_a_key_of_its_own(context: MakeContext) -> None:
    world = World([ok()])
    client = world.client(context())
    for _ in range(2):
        await client.post("registration", "/organisations", {})
    keys = world.headers("idempotency-key")
    assert None not in keys
    assert len(set(keys)) == 2


async def test_a_lost_connection_means_the_same_command_again(context: MakeContext) -> None:
    world = World([httpx2.ConnectError("refused"), httpx2.ReadError("cut"), ok(position=3)])
    answer = await world.client(context()).post("programme", "/programmes", {"title": "x"}, key="mine")
    assert answer == {"position": 3}
    assert world.headers("idempotency-key") == ["mine"] * 3
    assert {request.content for request in world.requests} == {b'{"title":"x"}'}


async def test_a_busy_service_is_asked_again_with_the_same_key(context: MakeContext) -> None:
    world = World([busy(), busy("0.5"), ok(position=1)])
    assert await world.client(context()).post("programme", "/programmes", {}) == {"position": 1}
    assert len(set(world.headers("idempotency-key"))) == 1
    assert len(world.requests) == 3


@pytest.mark.parametrize(("given", "seconds"), [("2", 2.0), ("0.5", 0.5), ("soon", 1.0)])
async def test_the_service_says_when_to_ask_again(context: MakeContext, given: str, seconds: float) -> None:
    with pytest.raises(Unwilling) as failure:
        await World([busy(given)]).client(context(), patience=0).get("programme", "/programmes")
    assert (failure.value.retry_after, failure.value.exit_code) == (seconds, 3)


async def test_without_patience_there_is_one_attempt(context: MakeContext) -> None:
    world = World([httpx2.ConnectError("refused")])
    stamina.set_testing(False)
    with pytest.raises(Unreachable) as failure:
        await world.client(context(), patience=0).get("programme", "/programmes")
    assert len(world.requests) == 1
    assert failure.value.exit_code == 3


async def test_a_refusal_is_told_in_the_services_words(context: MakeContext) -> None:
    world = World([httpx2.Response(409, json=PROBLEM)])
    with pytest.raises(Problem) as failure:
        await world.client(context()).post("programme", "/programmes/p/duties/d/acceptance", {})
    problem = failure.value
    assert (problem.status, problem.code, problem.trace_id) == (409, "hosting-duty-taken", "4bf92f3577b34da6")
    assert (problem.title, problem.detail, problem.way_out) == tuple(
        PROBLEM[name] for name in ("title", "detail", "way_out")
    )
    assert (problem.exit_code, len(world.requests)) == (1, 1)


@pytest.mark.parametrize("content", [b"<html>", b"[]", b""])
async def test_an_answer_that_is_no_problem_is_one_all_the_same(context: MakeContext, content: bytes) -> None:
    with pytest.raises(Problem) as failure:
        await World([httpx2.Response(502, content=content)]).client(context()).get("programme", "/programmes")
    assert failure.value.title == "The service answered 502"


async def test_a_token_that_is_not_believed_is_not_used_again(context: MakeContext) -> None:
    world = World([httpx2.Response(401, json=PROBLEM), ok()])
    client = world.client(context())
    with pytest.raises(Problem):
        await client.get("programme", "/programmes")
    await client.get("programme", "/programmes")
    assert world.headers("authorization") == ["Bearer token-1", "Bearer token-2"]


async def test_a_list_is_read_to_its_end(context: MakeContext) -> None:
    world = World([ok(items=[{"n": 1}, {"n": 2}], next="two"), ok(items=[{"n": 3}], next=None)])
    items = world.client(context()).items("programme", "/programmes", type="x")
    assert [item["n"] async for item in items] == [1, 2, 3]
    assert [str(request.url.query, "ascii") for request in world.requests] == ["type=x", "type=x&after=two"]


async def test_an_issuer_that_refuses_is_no_service_that_refuses(context: MakeContext) -> None:
    def refuse(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(401, json={"error": "invalid_client"})

    client = Client(context(), httpx2.AsyncClient(transport=httpx2.MockTransport(refuse)))
    with pytest.raises(Refused) as failure:
        await client.get("programme", "/programmes")
    assert failure.value.title == "No token"
