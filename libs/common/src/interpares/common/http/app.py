"""Making the application of a service: every route behind the gate, every failure a problem."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import datetime, timedelta
from typing import Any, Final

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.routing import iter_route_contexts

from interpares.common import problems
from interpares.common.auth import Verifier
from interpares.common.health import Health
from interpares.common.http.documentation import docs_asset, docs_page, document, openapi_document
from interpares.common.http.gate import Gate, GuardedRoute, Router, utc_now
from interpares.common.http.middleware import Limited, Observed
from interpares.common.http.tries import Tries
from interpares.common.policy import PUBLIC, Memberships, Policy, PolicyGap, check_policy
from interpares.common.settings import ServiceSettings

API: Final = "/api/v1"
BODY_BYTES: Final = 1024 * 1024
# Of a file; each route that takes one sets its own limit below this. Other routes refuse what is not JSON unread.
UPLOAD_BYTES: Final = 32 * 1024 * 1024
Handler = Callable[[Request], Awaitable[Response]]
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_app(
    *,
    title: str,
    version: str,
    routers: Iterable[APIRouter],
    policy: Policy,
    verifier: Verifier,
    memberships: Memberships,
    health: Health,
    settings: ServiceSettings,
    lifespan: Lifespan | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> FastAPI:
    """Return the application of a service.

    routers: made with ``Router``; they are put below ``/api/v1``.
    policy: a rule for every route of the routers, with the whole path, ``/api/v1/…``, as it stands in the route.
    lifespan: entered when the server starts, before the process counts as started.
    Raises PolicyGap where routes and policy do not match, so that neither the build nor the start can pass over it.
    """

    @asynccontextmanager
    async def living(app: FastAPI) -> AsyncIterator[None]:
        async with lifespan(app) if lifespan else nullcontext():
            health.started()
            try:
                yield
            finally:
                health.stopping()

    app = FastAPI(
        title=title,
        version=version,
        lifespan=living,
        openapi_url=None,
        redirect_slashes=False,
        # Ours keeps paths, query strings and messages of exceptions out of the traces.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    for router in routers:
        app.include_router(router, prefix=API)
    common = _common_routes(health)
    app.include_router(common)
    whole: Policy = {**policy, **{("GET", str(route.path)): PUBLIC for route in iter_route_contexts(common.routes)}}
    _check_guarded(app)
    app.state.gate = Gate(
        rules=check_policy(app, whole),
        verifier=verifier,
        memberships=memberships,
        service_subjects=settings.service_subjects,
        max_age=timedelta(seconds=settings.membership_max_age_seconds),
        clock=clock,
        tries=Tries(settings.link_tries_per_minute),
    )
    problems.install(app)
    app.add_exception_handler(405, _method_not_allowed)
    app.add_middleware(Limited, size=BODY_BYTES, upload_size=UPLOAD_BYTES)
    app.add_middleware(Observed)
    described: dict[str, Any] = {}

    def openapi() -> dict[str, Any]:
        if not described:
            described.update(document(app, whole))
        return described

    # FastAPI documents this way of changing the document.
    app.openapi = openapi  # type: ignore[method-assign]
    return app


def _common_routes(health: Health) -> APIRouter:
    """Return what every service serves beside its API, to anybody."""
    router = Router(include_in_schema=False)
    for path, handler in health.routes().items():
        router.add_api_route(path, _endpoint(handler))
    router.add_api_route(f"{API}/openapi.json", _endpoint(openapi_document))
    router.add_api_route("/docs", _endpoint(docs_page))
    router.add_api_route("/docs/{asset}", _endpoint(docs_asset))
    router.add_api_route(f"{problems.PAGES}/{{code}}", _endpoint(_problem_page))
    return router


def _endpoint(handler: Handler) -> Handler:
    # FastAPI reads the annotations at run time; those of the handlers need not be there then.
    async def endpoint(request: Request) -> Response:
        return await handler(request)

    return endpoint


async def _problem_page(request: Request) -> Response:
    return problems.page(request.path_params["code"])


async def _method_not_allowed(request: Request, _error: Exception) -> Response:
    """Name all methods of the address; the framework knows those of the first matching route only."""
    contexts = [
        each for each in iter_route_contexts(request.app.routes) if each.path_regex.match(request.scope["path"])
    ]
    allowed = sorted({method for context in contexts for method in context.methods or ()})
    return problems.technical(405, "method-not-allowed", {"Allow": ", ".join(allowed)})


def _check_guarded(app: FastAPI) -> None:
    for context in iter_route_contexts(app.routes):
        if not isinstance(context.original_route, GuardedRoute):
            message = f"{context.path}: not behind the gate; make its router with Router"
            raise PolicyGap(message)
