"""Requests made from the OpenAPI document: what a route needs at least, so that a new route is asked like others."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from hypothesis import HealthCheck, find, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]
FORMATS = {"date": "2099-12-01", "date-time": "2026-03-01T09:00:00Z"}
# What a pattern cannot tell: these mean a real thing.
MEANT: Mapping[str, Any] = {"zone": "Europe/Vienna", "received_on": "2026-03-01T09:00:00Z", "capacity": "coordinator"}
QUIET = settings(database=None, suppress_health_check=list(HealthCheck), derandomize=True, max_examples=50)


class Asking:
    """Makes requests for the routes of one service."""

    def __init__(self, document: Json) -> None:
        self._document = document
        self._schemas: Json = document["components"]["schemas"]

    def operation(self, method: str, path: str) -> Json:
        """Return what the document says of a route."""
        operation: Json = self._document["paths"][path][method.lower()]
        return operation

    def request(self, method: str, path: str, ids: Mapping[str, str]) -> Json:
        """Return the arguments of a request that names existing things wherever a field or parameter has their name."""
        operation = self.operation(method, path)
        given: Json = {"params": {}}
        places = dict(ids)
        for parameter in operation.get("parameters", ()):
            value = ids.get(parameter["name"]) or self._value(parameter["schema"], parameter["name"], ids)
            if parameter["in"] == "path":
                places[parameter["name"]] = str(value)
            elif parameter["in"] == "query" and parameter.get("required"):
                given["params"][parameter["name"]] = value
        given["path"] = re.sub(r"\{(\w+)\}", lambda found: places[found[1]], path)
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" in content:
            given["json"] = self._value(content["application/json"]["schema"], "", ids)
        elif content:
            kind = "text/plain" if "text/plain" in content else next(iter(content))
            given |= {"content": b"x", "headers": {"Content-Type": kind}}
        return given

    def _value(self, schema: Json, name: str, ids: Mapping[str, str]) -> Any:  # noqa: PLR0911 -- a line per kind of schema
        if name in ids:
            return ids[name]
        match schema:
            case {"$ref": str(reference)}:
                return self._value(self._schemas[reference.rpartition("/")[2]], name, ids)
            case {"const": value} | {"enum": [value, *_]}:
                return MEANT.get(name, value)
            case {"anyOf": [*options]} | {"oneOf": [*options]} | {"allOf": [*options]}:
                return self._value(options[0], name, ids)
            case {"type": "object"} | {"properties": _}:
                properties = schema.get("properties", {})
                wanted = [*schema.get("required", ()), *({"on_behalf"} & properties.keys())]
                made = {each: self._value(_not_null(properties[each]), each, ids) for each in wanted}
                return made or ({"en": "x"} if "additionalProperties" in schema and not properties else {})
            case {"type": "array"}:
                first = schema.get("prefixItems", ())
                more = schema.get("minItems", 0) - len(first)
                return [self._value(each, name, ids) for each in (*first, *([schema.get("items", {})] * max(0, more)))]
            case {"type": "string"}:
                return _string(schema, name)
            case {"type": "integer"} | {"type": "number"}:
                return schema.get("minimum", 1)
            case {"type": "boolean"}:
                return True
        return None


def _not_null(schema: Json) -> Json:
    options = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    return options[0] if options else schema


def _string(schema: Json, name: str) -> str:
    if name in MEANT:
        return str(MEANT[name])
    if schema.get("format") == "uuid":
        return str(uuid4())
    if schema.get("format") in FORMATS:
        return str(FORMATS[schema["format"]])
    if "pattern" in schema:
        return _matching(schema["pattern"], schema.get("minLength", 0), schema.get("maxLength", 200))
    return "x" * int(schema.get("minLength", 1))


@cache
def _matching(pattern: str, least: int, most: int) -> str:
    for common in ("for-a-test", "Somebody has to try.", "2099-12-01T12:00", "DE", "de", "47.5", "a@example.org", "9"):
        if re.search(pattern, common) and least <= len(common) <= most:
            return common
    found = find(st.from_regex(pattern), lambda found: least <= len(found) <= most, settings=QUIET)
    return str(found)
