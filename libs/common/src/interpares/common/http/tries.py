"""Personal links nobody has: how many of them one address may try, before none from there is looked up for a while.

A link can't be guessed; this keeps those who try from keeping the service busy. Only links that lead nowhere count, so
a town hall whose many people share an address and open what they were sent is never in its own way. Counts are held in
memory, by process, and are forgotten with the first try after their minute; nothing of an address is logged.
"""

from __future__ import annotations

import time
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

import structlog
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter

from interpares.common.errors import NotFound, TooManyTries

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    from fastapi import Request, Response

    Handler = Callable[[Request], Coroutine[Any, Any, Response]]

# Of IPv6 a household or an office has a whole network, so its addresses count as one.
OWN_NETWORK = 64
NOBODY = "nobody"
log = structlog.get_logger(__name__)


class Tries:
    """Counts the links of an address that lead nowhere. per_minute: how many may."""

    def __init__(self, per_minute: int) -> None:
        self._limit = RateLimitItemPerMinute(per_minute)
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    async def watched(self, request: Request, handle: Handler) -> Response:
        """Handle a request that comes with a link, and count it if its link leads nowhere.

        Raises TooManyTries, whatever link it is, where too many did.
        """
        who = sort_of(request.client.host if request.client else None)
        await self._check(who)
        try:
            response = await handle(request)
        except NotFound:
            await self._limiter.hit(self._limit, who)
            raise
        if response.status_code == HTTPStatus.NOT_FOUND:
            await self._limiter.hit(self._limit, who)
        return response

    async def _check(self, who: str) -> None:
        if await self._limiter.test(self._limit, who):
            return
        log.warning("links-tried")
        stats = await self._limiter.get_window_stats(self._limit, who)
        raise TooManyTries(stats.reset_time - time.time())


def sort_of(host: str | None) -> str:
    """Return what stands for an address: itself, of IPv6 its network of 64 bits."""
    try:
        address = ip_address(host or "")
    except ValueError:
        return host or NOBODY
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address), OWN_NETWORK), strict=False))
