"""The OpenAPI document and the page that shows it; every file of the page comes from this service.

Swagger UI lies unmodified in ``common/swagger``; what is ours is the page and the script that starts it.
"""

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from interpares.common.http.gate import LINK_HEADER
from interpares.common.http.middleware import SECURITY_HEADERS
from interpares.common.policy import LINK, OPEN, SAFE, Policy, Rule
from interpares.common.problems import MEDIA_TYPE

PAGE: Final = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="icon" href="data:,">
</head>
<body>
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
START: Final = """SwaggerUIBundle({
  url: "api/v1/openapi.json",
  dom_id: "#swagger-ui",
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  validatorUrl: null,
});
"""
VENDORED: Final = {"swagger-ui.css": "text/css", "swagger-ui-bundle.js": "text/javascript"}
# Its style sheet holds its icons as data addresses.
PAGE_POLICY: Final = SECURITY_HEADERS["Content-Security-Policy"] + "; img-src 'self' data:"


class FieldFault(BaseModel):
    """What is wrong with one field."""

    field: str
    message: str


class Problem(BaseModel):
    """Problem details as in RFC 9457. type: address of a page about the code; way_out: what you can do."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    trace_id: str
    way_out: str
    errors: list[FieldFault]


async def docs_page(_request: Request) -> Response:
    """Return the page."""
    return Response(PAGE, media_type="text/html", headers={"Content-Security-Policy": PAGE_POLICY})


async def docs_asset(request: Request) -> Response:
    """Return a file of the page."""
    asset = request.path_params["asset"]
    if asset == "start.js":
        return Response(START, media_type="text/javascript")
    if asset not in VENDORED:
        raise HTTPException(404)
    content = files("interpares.common").joinpath("swagger", asset).read_bytes()
    return Response(content, media_type=VENDORED[asset])


async def openapi_document(request: Request) -> Response:
    """Return the OpenAPI document."""
    return Response(json.dumps(request.app.openapi()), media_type="application/json")


def document(app: FastAPI, policy: Policy) -> dict[str, Any]:
    """Return the OpenAPI document: routes as FastAPI knows them, with what the gate adds to each."""
    described = get_openapi(
        title=app.title,
        version=app.version,
        routes=app.routes,
        separate_input_output_schemas=True,
    )
    components = described.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= schema.pop("$defs") | {"Problem": schema}
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            for parameter in operation.get("parameters", ()):
                parameter["schema"] = _without_null(parameter["schema"])
            _add_refusals(operation, method.upper(), path, policy[method.upper(), path])
    return described


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    # What may be left out of a query or header is not therefore null.
    kinds: list[dict[str, Any]] = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    if len(kinds) != 1:
        return schema
    return {name: value for name, value in schema.items() if name != "anyOf"} | kinds[0]


def _add_refusals(operation: dict[str, Any], method: str, path: str, rule: Rule) -> None:
    responses = operation["responses"]
    responses.pop("422", None)
    refusals = {422: "A field is not as it must be"}
    if rule not in OPEN:
        operation["security"] = [{"token": []}]
        refusals |= {401: "No valid access token", 403: "No membership allows this", 503: "Not now"}
    if rule is LINK:
        refusals |= {404: "No such link, or one that is over", 503: "Not now"}
    if rule is LINK or any(each["name"] == LINK_HEADER for each in operation.get("parameters", ())):
        refusals |= {429: "Too many links that lead nowhere came from there"}
    if "{" in path or method not in SAFE:
        refusals |= {404: "Not there, or not for you"}
    if method not in SAFE:
        refusals |= {409: "The state of things, or an earlier use of the Idempotency-Key, stands against it"}
        refusals |= {413: "More than is taken here", 415: "Of a type that is not taken here"}
    if any(each["name"] == "If-Match" for each in operation.get("parameters", ())):
        refusals |= {412: "Changed since it was read"}
    headers = {401: "WWW-Authenticate", 429: "Retry-After", 503: "Retry-After"}
    for status in sorted(refusals):
        answer: dict[str, Any] = {"description": refusals[status], "content": {MEDIA_TYPE: PROBLEM}}
        if status in headers:
            answer["headers"] = {headers[status]: {"schema": {"type": "string"}}}
        responses.setdefault(str(status), answer)


PROBLEM: Mapping[str, Any] = {"schema": {"$ref": "#/components/schemas/Problem"}}
