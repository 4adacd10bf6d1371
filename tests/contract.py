"""What the OpenAPI description of PowerOffice GO v2 says of a request and its answer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]

#: Where the description lies, beside this checkout.
DESCRIPTION = Path(__file__).parents[2] / "shared" / "poweroffice-go" / "openapi-v2.json"
_BASE = re.compile(r"(/demo)?/v2(?=/)", re.IGNORECASE)
_GATEWAY = {"statusCode", "message"}

_OTHER_MEMBERS: Mapping[str, dict[str, Any]] = {
    # Seen in 2026, later than the description (FACTS 6).
    "ClientIntegrationInformationDto": {"AllowSendInvoice": {"type": "boolean"}},
    # The description says an object, RFC 6902 any value.
    "Operation": {"value": {}},
}


class ContractError(AssertionError):
    """A request or an answer is not as described; the text lists where."""


class Contract:
    """The description, to hold requests and answers against; each check raises ContractError."""

    def __init__(self, path: Path = DESCRIPTION) -> None:
        document = json.loads(path.read_text(encoding="utf-8"))
        self._paths: dict[str, dict[str, Any]] = document["paths"]
        self._schemas: dict[str, Any] = document["components"]["schemas"]
        for name, members in _OTHER_MEMBERS.items():
            self._schemas[name]["properties"].update(members)
        self._strict = {name: _converted(schema, False) for name, schema in self._schemas.items()}
        self._lenient = {name: _converted(schema, True) for name, schema in self._schemas.items()}

    @staticmethod
    def available() -> bool:
        """Return whether the description lies beside this checkout."""
        return DESCRIPTION.is_file()

    def request(self, method: str, path: str, query: Mapping[str, str] | None = None, body: object = None) -> None:
        """Check a request: the path in any case, with or without /v2 before it; the body as JSON values."""
        operation, values = self._operation(method, path)
        parameters = dict(self._parameters(operation))
        for name, value in values.items():
            self._check(_typed(value), parameters[name.lower()], f"path {name}", strict=True)
        for name, value in (query or {}).items():
            if name.lower() not in parameters:
                raise ContractError(f"query {name}: no such parameter")
            self._check(_typed(value, parameters[name.lower()]), parameters[name.lower()], f"query {name}", True)
        content = operation.get("requestBody", {}).get("content", {})
        if body is not None and not content:
            raise ContractError("body: there is none in this request")
        for media in content.values():
            self._check(body, media["schema"], "body", strict=True)

    def answer(self, method: str, path: str, status: int, headers: Mapping[str, str], body: bytes | str) -> None:
        """Check an answer, errors included; what the description leaves open passes."""
        operation, _ = self._operation(method, path)
        declared = operation["responses"].get(str(status))
        if declared is None and status < 500 and status not in (400, 404, 415):
            raise ContractError(f"status {status}: not among {', '.join(operation['responses'])}")
        lower = {name.lower(): value for name, value in headers.items()}
        if "x-pagination" in lower and not isinstance(json.loads(lower["x-pagination"]), dict):
            raise ContractError("X-Pagination is not a JSON object")
        if not body:
            if status < 300 and "content" in (declared or {}):
                raise ContractError(f"status {status}: the body is empty")
            return
        if status == 204:
            raise ContractError("status 204: the body is not empty")
        if status >= 500 or (status == 200 and "content" not in (declared or {})):
            return
        if not lower.get("content-type", "").startswith("application/json"):
            raise ContractError(f"Content-Type is {lower.get('content-type')!r}")
        value = json.loads(body)
        if status >= 400:
            self._check_error(value)
        elif declared is not None:
            self._check(value, declared["content"]["application/json"]["schema"], "answer", strict=False)

    def parameters(self, method: str, path: str) -> dict[str, dict[str, Any]]:
        """Return the schemas of an operation's query parameters by name in lower case."""
        return dict(self._parameters(self._operation(method, path)[0]))

    def _check_error(self, value: Any) -> None:
        if isinstance(value, dict) and value.keys() == _GATEWAY:
            return
        # The keys arrive in lower case although the schema's are not (FACTS 3 b).
        pascal = {name[:1].upper() + name[1:]: member for name, member in value.items()}
        self._check(pascal, {"$ref": "#/components/schemas/ProblemDetails"}, "error", strict=False)
        if not {"Title", "Status"} <= pascal.keys():
            raise ContractError(f"error: neither ProblemDetails nor the gateway's: {value}")

    def _operation(self, method: str, path: str) -> tuple[dict[str, Any], dict[str, str]]:
        path = _BASE.sub("", path, count=1)
        # A literal path before one with a place to fill in.
        for template in sorted(self._paths, key=lambda each: "{" in each):
            pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(template))
            found = re.fullmatch(pattern, path, re.IGNORECASE)
            if found and method.lower() in self._paths[template]:
                return self._paths[template][method.lower()], found.groupdict()
        raise ContractError(f"{method} {path}: no such operation")

    def _parameters(self, operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield schemas by name in lower case, with resourceParameter taken apart."""
        for parameter in operation.get("parameters", []):
            if parameter["name"] == "resourceParameter":
                for name, schema in self._schemas["ResourceParameters"]["properties"].items():
                    if not schema.get("readOnly"):
                        yield name.lower(), schema
            else:
                yield parameter["name"].lower(), parameter["schema"]

    def _check(self, value: object, schema: dict[str, Any], where: str, strict: bool) -> None:
        root = {**_converted(schema, False), "components": {"schemas": self._strict if strict else self._lenient}}
        validator = Draft202012Validator(root, format_checker=_FORMATS)
        errors = [f"{where}{error.json_path[1:]}: {error.message}" for error in validator.iter_errors(value)]
        if errors:
            raise ContractError("\n".join(errors))


def _converted(schema: Any, null_objects: bool) -> Any:
    """Turn OpenAPI 3.0 into JSON Schema.

    With `null_objects` a member that is another object may be null: OpenAPI 3.0 cannot say so beside
    a $ref, and Go's objects have such members without a value.
    """
    if isinstance(schema, list):
        return [_converted(each, null_objects) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        reference = {"$ref": schema["$ref"]}
        return {"anyOf": [reference, {"type": "null"}]} if null_objects else reference
    plain = {name: each for name, each in schema.items() if name not in ("example", "description", "nullable")}
    converted = {
        name: {member: _converted(each, null_objects) for member, each in value.items()}
        if name == "properties"
        else _converted(value, null_objects)
        for name, value in plain.items()
    }
    if schema.get("nullable"):
        converted["type"] = [schema["type"], "null"]
        if "enum" in schema:
            converted["enum"] = [*schema["enum"], None]
    return converted


def _typed(text: str, schema: Mapping[str, Any] | None = None) -> object:
    """Return what the text of a parameter stands for."""
    if (schema or {}).get("type", "integer") == "integer" and text.lstrip("-").isdecimal():
        return int(text)
    if (schema or {}).get("type") == "boolean" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    return text


def _moment(text: str) -> bool:
    return datetime.fromisoformat(text).tzinfo is not None


_FORMATS = FormatChecker(formats=())
_TEXTS: Mapping[str, Callable[[str], object]] = {
    "uuid": UUID,
    "date": lambda text: date.fromisoformat(text).isoformat() == text,
    "date-time": _moment,
}
for _name, _check in _TEXTS.items():
    _FORMATS.checks(_name, raises=ValueError)(
        lambda value, check=_check: not isinstance(value, str) or bool(check(value))
    )
for _name, _bits in (("int32", 32), ("int64", 64)):
    _FORMATS.checks(_name)(
        lambda value, bits=_bits: not isinstance(value, int) or -(1 << bits - 1) <= value < 1 << bits - 1
    )
