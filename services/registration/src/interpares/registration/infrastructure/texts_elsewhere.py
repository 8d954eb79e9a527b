"""The sealed texts of one person in every service: from the own table, and asked of the others over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx2

from interpares.common.erasing import texts_of
from interpares.common.errors import Busy

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from interpares.common.database import Database
    from interpares.common.feed import ServiceToken

OWN = "registration"
RETRY_SECONDS = 5.0


class TextsOfAllServices:
    """Implements ``TextsElsewhere``."""

    def __init__(
        self, database: Database, urls: Mapping[str, str], token: ServiceToken, http: httpx2.AsyncClient
    ) -> None:
        """``urls``: of the APIs of the other services, by name."""
        self._database = database
        self._urls = urls
        self._token = token
        self._http = http

    async def of(self, person_id: UUID, actor: UUID) -> dict[str, list[dict[str, Any]]]:
        """See the port."""
        found = {OWN: await texts_of(self._database, person_id, actor)}
        for service, url in self._urls.items():
            found[service] = await self._asked(service, url, {"person_id": str(person_id), "actor": str(actor)})
        return found

    async def _asked(self, service: str, url: str, params: dict[str, str]) -> list[dict[str, Any]]:
        try:
            headers = {"authorization": f"Bearer {await self._token.value()}"}
            answer = await self._http.get(f"{url.rstrip('/')}/api/v1/privacy/texts", params=params, headers=headers)
            answer.raise_for_status()
            texts: list[dict[str, Any]] = answer.json()["texts"]
        except (httpx2.HTTPError, ValueError, KeyError) as error:
            message = (
                f"The {service} service cannot be asked just now, and an export without its part would not be whole."
            )
            raise Busy(RETRY_SECONDS, message) from error
        return texts
