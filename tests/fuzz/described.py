"""What an OpenAPI description has, as schemathesis reads it."""

from __future__ import annotations

from typing import Any

import schemathesis
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation


def operations_of(description: dict[str, Any]) -> list[APIOperation[Any, Any, Any, Any]]:
    """Return every operation; one that cannot be read is a mistake in the description."""
    found = list(schemathesis.openapi.from_dict(description).get_all_operations())
    read = [each.ok() for each in found if isinstance(each, Ok)]
    assert len(read) == len(found)
    return read
