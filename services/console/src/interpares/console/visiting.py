"""Pages of a service as somebody opens them who has no account, only a link."""

from __future__ import annotations

from collections.abc import Mapping

import httpx2

from interpares.console.failures import Problem


class Visitor:
    """Opens a page by the path of a link and sends back its form. address: of the service. language: of the pages."""

    def __init__(self, address: str, http: httpx2.AsyncClient, language: str = "de") -> None:
        self._address = address.rstrip("/")
        self._http = http
        self._headers = {"Accept-Language": language}

    async def page(self, path: str, form: Mapping[str, str] | None = None) -> str:
        """Return the page, or with a form the one that answers it. Raises Problem where it leads nowhere."""
        answer = await self._send(path, form)
        if not answer.is_success:
            raise Problem(answer.status_code, {"title": "The link did not do", "detail": "The page says why."})
        return answer.text

    async def is_dead(self, path: str) -> bool:
        """Tell whether a link leads nowhere any more."""
        return (await self._send(path, None)).status_code == httpx2.codes.NOT_FOUND

    async def _send(self, path: str, form: Mapping[str, str] | None) -> httpx2.Response:
        url = f"{self._address}{path}"
        if form is None:
            return await self._http.get(url, headers=self._headers)
        return await self._http.post(url, headers=self._headers, data=dict(form))
