"""Somebody without an account opens the page behind a link and sends back its form."""

from urllib.parse import parse_qs

import httpx2
import pytest

from interpares.console.failures import Problem
from interpares.console.visiting import Visitor


class Page:
    """A service with one link that leads somewhere."""

    def __init__(self) -> None:
        self.requests: list[httpx2.Request] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        if request.url.path != "/api/v1/seat-links/good":
            return httpx2.Response(404, text="Dieser Link führt nirgendwohin.")
        return httpx2.Response(200, text="Danke." if request.method == "POST" else "Ihr Platz")

    def visitor(self) -> Visitor:
        return Visitor("http://registration.test/", httpx2.AsyncClient(transport=httpx2.MockTransport(self)))


async def test_a_page_is_opened_without_a_token_and_in_a_language() -> None:
    service = Page()
    assert await service.visitor().page("/api/v1/seat-links/good") == "Ihr Platz"
    (request,) = service.requests
    assert (request.headers.get("Authorization"), request.headers["Accept-Language"]) == (None, "de")


async def test_a_form_is_sent_as_a_browser_sends_it() -> None:
    service = Page()
    form = {"answer": "substitute", "family_name": "Vertretungsfreude & Söhne"}
    assert await service.visitor().page("/api/v1/seat-links/good", form) == "Danke."
    (request,) = service.requests
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert parse_qs(request.content.decode()) == {name: [value] for name, value in form.items()}


async def test_a_link_that_leads_nowhere_says_so() -> None:
    visitor = Page().visitor()
    assert await visitor.is_dead("/api/v1/seat-links/gone")
    assert not await visitor.is_dead("/api/v1/seat-links/good")
    with pytest.raises(Problem) as refused:
        await visitor.page("/api/v1/seat-links/gone")
    assert refused.value.status == 404
