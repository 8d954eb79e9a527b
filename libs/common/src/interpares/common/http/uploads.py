"""Files as the whole body of a request: type and announced size are looked at first, then it is read into a spool.

A route that takes a file is made with ``upload_router``. What it gets is named by its SHA-256; beyond a mebibyte it
lies in a temporary file, never in memory. The name a client gives a file is never a path.
"""

import hashlib
import tempfile
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from email.message import Message
from typing import IO, Annotated, Any, ClassVar

from fastapi import APIRouter, Depends, Request, Response
from starlette.exceptions import HTTPException

from interpares.common.http.gate import ROUTE, Gate, GuardedRoute, StrictRequest

IN_MEMORY = 1024 * 1024
FIRST_BYTES = 4096


@dataclass(frozen=True)
class Upload:
    """A file that came. media_type: one of those the route takes. sha256: hex. file: at its start, closed later."""

    media_type: str
    sha256: str
    size: int
    file: IO[bytes]


class UploadRoute(GuardedRoute):
    """A route behind the gate whose body is a file. ACCEPTS: media types. SIZE: bytes at most. LOOK: see below."""

    ACCEPTS: ClassVar[frozenset[str]] = frozenset()
    SIZE: ClassVar[int] = 0
    LOOK: ClassVar[Callable[[str, bytes], None]] = staticmethod(lambda _media_type, _first: None)

    def __init__(self, *args: Any, **options: Any) -> None:
        binary = {"schema": {"type": "string", "format": "binary", "maxLength": self.SIZE}}
        body = {"required": True, "content": dict.fromkeys(sorted(self.ACCEPTS), binary)}
        options["openapi_extra"] = {**(options.get("openapi_extra") or {}), "requestBody": body}
        super().__init__(*args, **options)

    def guarded_by(
        self, handle: Callable[[Request], Coroutine[Any, Any, Response]]
    ) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler with the gate before it, and the file read between the two."""

        async def guarded(request: Request) -> Response:
            gate: Gate = request.app.state.gate
            rule = gate.rules[request.method, request.scope["endpoint"]]
            request.scope[ROUTE] = rule.path
            await gate.admit(request, rule)
            strict = StrictRequest(request.scope, request.receive)
            strict.check_address()
            media_type = self._accepted(request)
            with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as spool:
                strict.state.upload = await self._read(strict, media_type, spool)
                if "idempotency-key" in strict.headers:
                    strict.state.request_hash = _hash(strict, strict.state.upload.sha256)
                return await gate.handled(strict, rule, handle)

        return guarded

    def _accepted(self, request: Request) -> str:
        message = Message()
        message["content-type"] = request.headers.get("content-type", "")
        media_type = message.get_content_type()
        if "content-type" not in request.headers or media_type not in self.ACCEPTS:
            raise HTTPException(415, headers={"Accept-Post": ", ".join(sorted(self.ACCEPTS)), "Connection": "close"})
        announced = request.headers.get("content-length", "0")
        if not announced.isdecimal() or int(announced[:20]) > self.SIZE:
            raise HTTPException(413, headers={"Connection": "close"})
        return media_type

    async def _read(self, request: Request, media_type: str, spool: IO[bytes]) -> Upload:
        digest, size, first, looked = hashlib.sha256(), 0, b"", False
        async for chunk in request.stream():
            if not looked:
                first += chunk[: FIRST_BYTES - len(first)]
                if len(first) == FIRST_BYTES:
                    type(self).LOOK(media_type, first)
                    looked = True
            size += len(chunk)
            if size > self.SIZE:
                raise HTTPException(413, headers={"Connection": "close"})
            digest.update(chunk)
            spool.write(chunk)
        if not looked:
            type(self).LOOK(media_type, first)
        spool.seek(0)
        return Upload(media_type, digest.hexdigest(), size, spool)


def upload_router(
    *, accepts: frozenset[str], size: int, look: Callable[[str, bytes], None] | None = None, **options: Any
) -> APIRouter:
    """Return a router for routes that take a file.

    accepts: media types. size: bytes at most, up to UPLOAD_BYTES. look: is shown the type and the first bytes, up to
    4096, before more is read, and refuses them by raising.
    """
    own = {"ACCEPTS": accepts, "SIZE": size} | ({"LOOK": staticmethod(look)} if look else {})
    kind = type("UploadRouteOf", (UploadRoute,), own)
    return APIRouter(route_class=kind, **options)


def _hash(request: Request, sha256: str) -> bytes:
    return hashlib.sha256(f"{request.method}\n{request.url.path}?{request.url.query}\n{sha256}".encode()).digest()


async def _upload_of(request: Request) -> Upload:
    upload: Upload = request.state.upload
    return upload


CurrentUpload = Annotated[Upload, Depends(_upload_of)]
