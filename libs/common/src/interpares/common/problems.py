"""Problem details (RFC 9457): what the edge answers when it does not do what was asked.

Every answer names a code, the fact, and what the user can do. No value that was sent comes back in one.
"""

from __future__ import annotations

import inspect
import json
import math
from functools import singledispatch
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, TypeVar

import structlog
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse, Response

from interpares.common.auth import Unauthenticated
from interpares.common.errors import (
    Busy,
    Conflict,
    DomainError,
    Forbidden,
    Invalid,
    KeyReused,
    NotFound,
    Stale,
    TooManyTries,
)
from interpares.common.telemetry import current_trace_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fastapi import FastAPI
    from starlette.requests import Request

MEDIA_TYPE: Final = "application/problem+json"
PAGES: Final = "/problems"
ERRORS_LISTED = 50
TRIED: Final = (
    "Von diesem Anschluss aus wurden zu viele Links geöffnet, die nirgendwohin führen. Bitte warten Sie eine Minute und"
    " öffnen Sie dann den Link genau so, wie er Ihnen geschickt wurde.\n\n"
    "Too many links that lead nowhere were opened from here. Please wait a minute, then open the link exactly as it was"
    " sent to you.\n"
)
FIELD_LENGTH = 200
STATUS: Mapping[type[DomainError], int] = {Conflict: 409, Invalid: 422, NotFound: 404, Forbidden: 403, Stale: 412}
K = TypeVar("K")
log = structlog.get_logger(__name__)

# Codes that no class in ``errors`` stands for: the fact and the way out.
TECHNICAL: Mapping[str, tuple[str, str]] = {
    "unauthenticated": ("A valid access token is needed.", "Sign in and send the new token as a bearer token."),
    "invalid-request": ("The request is not as this address needs it.", "Correct the fields listed under errors."),
    "not-found": ("There is nothing under this address.", "Check the address and the ids in it."),
    "method-not-allowed": ("This address does not know this method.", "Use one of the methods listed in Allow."),
    "too-large": (
        "The request is larger than is taken.",
        "Send less than 1 MiB, or as a file no more than this address takes.",
    ),
    "unsupported-media-type": (
        "The request is of a type this address does not take.",
        "Send JSON with Content-Type application/json, or a file of a type this address takes.",
    ),
    "bad-request": ("The request could not be read.", "Repeat it; if it fails again, check the client."),
    "unexpected": (
        "The service failed in a way nobody foresaw.",
        "Repeat the request with the same Idempotency-Key; if it fails again, report the trace id.",
    ),
}
BY_STATUS: Mapping[int, str] = {
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    415: "unsupported-media-type",
}


def problem(
    status: int,
    code: str,
    detail: str,
    way_out: str = "",
    *,
    errors: list[dict[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
    traced: bool = True,
) -> Response:
    """Return a problem as a response; traced: whether it names the trace, which makes it differ from time to time."""
    body: dict[str, Any] = {
        "type": f"{PAGES}/{code}",
        "title": title(code),
        "status": status,
        "detail": detail,
        "code": code,
        "trace_id": current_trace_id() if traced else "",
        "way_out": way_out,
        "errors": errors or [],
    }
    return Response(
        json.dumps(body, ensure_ascii=False).encode(errors="replace"),
        status,
        {**(headers or {}), "Cache-Control": "no-store"},
        MEDIA_TYPE,
    )


def technical(status: int, code: str, headers: Mapping[str, str] | None = None, *, traced: bool = True) -> Response:
    """Return the problem that a technical code stands for."""
    detail, way_out = TECHNICAL[code]
    return problem(status, code, detail, way_out, headers=headers, traced=traced)


def title(code: str) -> str:
    """Return a code in words."""
    return code.replace("-", " ").capitalize()


def install(app: FastAPI) -> None:
    """Make the application answer with problems."""
    for kind in (
        DomainError,
        KeyReused,
        Busy,
        TooManyTries,
        Unauthenticated,
        RequestValidationError,
        HTTPException,
        ClientDisconnect,
    ):
        app.add_exception_handler(kind, _answered)


async def _answered(request: Request, error: Exception) -> Response:
    answered = answer(error)
    if isinstance(error, TooManyTries) and "text/html" in request.headers.get("accept", ""):
        # Whoever opens a link does so with a browser.
        headers = {name: answered.headers[name] for name in ("Retry-After", "Cache-Control")}
        return PlainTextResponse(TRIED, answered.status_code, headers)
    return answered


@singledispatch
def answer(error: Exception) -> Response:
    """Return the problem an exception stands for; what nobody foresaw is logged and gets a constant answer."""
    log.error("unexpected", exc_info=error)
    return technical(500, "unexpected")


@answer.register(DomainError)
def _domain(error: DomainError) -> Response:
    status = next((status for kind, status in STATUS.items() if isinstance(error, kind)), HTTPStatus.CONFLICT)
    errors = [{"field": error.field, "message": error.message}] if isinstance(error, Invalid) else [*error.items]
    return problem(status, error.code, error.message, error.way_out, errors=errors)


@answer.register(KeyReused)
def _key_reused(error: KeyReused) -> Response:
    return problem(HTTPStatus.CONFLICT, error.code, error.message, error.way_out)


@answer.register(Busy)
def _busy(error: Busy) -> Response:
    after = str(max(1, math.ceil(error.retry_after)))
    return problem(503, error.code, error.message, error.way_out, headers={"Retry-After": after})


@answer.register(TooManyTries)
def _too_many(error: TooManyTries) -> Response:
    after = str(max(1, math.ceil(error.retry_after)))
    return problem(
        HTTPStatus.TOO_MANY_REQUESTS, error.code, error.message, error.way_out, headers={"Retry-After": after}
    )


@answer.register(Unauthenticated)
def _unauthenticated(_error: Unauthenticated) -> Response:
    return technical(401, "unauthenticated", {"WWW-Authenticate": 'Bearer realm="interpares"'}, traced=False)


@answer.register(RequestValidationError)
def _invalid(error: RequestValidationError) -> Response:
    errors = [{"field": field(each["loc"]), "message": sentence(each)} for each in error.errors()[:ERRORS_LISTED]]
    return problem(422, "invalid-request", *TECHNICAL["invalid-request"], errors=errors)


@answer.register(HTTPException)
def _http(error: HTTPException) -> Response:
    return technical(error.status_code, BY_STATUS.get(error.status_code, "bad-request"), error.headers)


@answer.register(ClientDisconnect)
def _gone(_error: ClientDisconnect) -> Response:
    return technical(HTTPStatus.BAD_REQUEST, "bad-request")


def field(loc: tuple[int | str, ...]) -> str:
    """Return where in the request, with dots, without saying whether body, query or header."""
    path = loc[1:] if len(loc) > 1 and loc[0] in {"body", "query", "path", "header", "cookie"} else loc
    return ".".join(str(each) for each in path if each != "[key]")[:FIELD_LENGTH]


SENTENCES: Mapping[str, str] = {
    "missing": "This is needed.",
    "extra_forbidden": "There is no such field.",
    "json_invalid": "This is not JSON.",
    "string_too_short": "Needs at least {min_length} characters.",
    "string_too_long": "Takes at most {max_length} characters.",
    "string_type": "Needs to be a text.",
    "string_pattern_mismatch": "Is not written as it must be.",
    "int_type": "Needs to be a whole number.",
    "int_parsing": "Needs to be a whole number.",
    "int_from_float": "Needs to be a whole number.",
    "int_parsing_size": "This number is too large.",
    "bool_type": "Needs to be true or false.",
    "bool_parsing": "Needs to be true or false.",
    "uuid_type": "Needs to be an id (UUID).",
    "uuid_parsing": "Needs to be an id (UUID).",
    "greater_than": "Needs to be more than {gt}.",
    "greater_than_equal": "Needs to be at least {ge}.",
    "less_than": "Needs to be less than {lt}.",
    "less_than_equal": "Needs to be at most {le}.",
    "too_short": "Needs at least {min_length} entries.",
    "too_long": "Takes at most {max_length} entries.",
    "literal_error": "Needs to be one of {expected}.",
    "enum": "Needs to be one of {expected}.",
    "timezone_aware": "Needs a time zone or offset.",
    "timezone_naive": "Takes no time zone or offset.",
    "model_attributes_type": "Needs to be an object.",
    "model_type": "Needs to be an object.",
    "dict_type": "Needs to be an object.",
    "list_type": "Needs to be a list.",
    "tuple_type": "Needs to be a list.",
}


def sentence(error: Mapping[str, Any]) -> str:
    """Return what is wrong with a field in plain words, without the value that was sent."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "value_error":
        # Our own validators: they say what is needed and quote nothing.
        return str(context.get("error", ""))
    if kind.startswith(("datetime", "date_", "time_")):
        return "Needs to be a date or time as in ISO 8601."
    return SENTENCES.get(kind, "This cannot be taken as it is.").format_map(context)


def _all_kinds(kind: type[K]) -> Iterator[type[K]]:
    yield kind
    for each in kind.__subclasses__():
        yield from _all_kinds(each)


def page(code: str) -> Response:
    """Return the page that documents a code. Raises HTTPException 404 for an unknown one."""
    if code in TECHNICAL:
        detail, way_out = TECHNICAL[code]
    else:
        kinds: list[type[DomainError | KeyReused | Busy | TooManyTries]] = [
            *_all_kinds(DomainError),
            KeyReused,
            *_all_kinds(Busy),
            TooManyTries,
        ]
        kind = next((each for each in kinds if each.code == code), None)
        if kind is None:
            raise HTTPException(404)
        detail, way_out = (inspect.getdoc(kind) or "").partition("\n\n")[0].replace("\n", " "), kind.way_out
    text = f"{title(code)}\n\n{detail}\n" + (f"\n{way_out}\n" if way_out else "")
    return PlainTextResponse(text)
