"""Access tokens for a context: fetched when needed, renewed before they expire."""

from __future__ import annotations

import asyncio
import time

import httpx2

from interpares.console.contexts import Context
from interpares.console.failures import Refused, Unreachable

# A token is renewed this long before its end, so that it is still good when a slow request arrives.
MARGIN_SECONDS = 30.0


class Tokens:
    """The tokens of one context; any number of requests may ask at the same time, one of them fetches."""

    def __init__(self, context: Context, http: httpx2.AsyncClient) -> None:
        self._context = context
        self._http = http
        self._lock = asyncio.Lock()
        self._token = ""
        self._until = 0.0

    async def value(self) -> str:
        """Return a token that is valid for a while. Raises Refused or Unreachable."""
        async with self._lock:
            if time.monotonic() >= self._until:
                self._token, seconds = await self._fetch()
                self._until = time.monotonic() + max(seconds - MARGIN_SECONDS, seconds / 2)
            return self._token

    def forget(self) -> None:
        """Fetch a new one next time: a service did not believe this one."""
        self._until = 0.0

    async def _fetch(self) -> tuple[str, float]:
        url = self._context.token_url
        credentials = httpx2.BasicAuth(self._context.client_id, self._context.client_secret)
        try:
            answer = await self._http.post(url, data={"grant_type": "client_credentials"}, auth=credentials)
        except httpx2.TransportError as error:
            raise Unreachable(
                title="The issuer does not answer",
                detail=f"{url}: {type(error).__name__}.",
                way_out="Is the demo still running? interpares doctor looks at every address.",
            ) from error
        if answer.status_code != httpx2.codes.OK:
            raise Refused(
                title="No token",
                detail=f"The issuer at {url} answered {answer.status_code} to context {self._context.name}.",
                way_out="The context may belong to a demo that has ended; interpares contexts lists them all.",
            )
        body = answer.json()
        return str(body["access_token"]), float(body.get("expires_in", 2 * MARGIN_SECONDS))
