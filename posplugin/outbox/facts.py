"""Documents as canonical JSON with a schema version and a hash, so that what is sent is what was written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import cache
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from posplugin.domain.documents import Invoice
from posplugin.domain.errors import OutboxError
from posplugin.domain.settlement import Journal, Settlement
from posplugin.domain.zreport import ZReport

Family = Literal["invoice", "settlement", "journal", "z_report"]
Document = Invoice | Settlement | Journal | ZReport

#: The version that is written now. Older ones are read through UPGRADES; stored text is not rewritten.
SCHEMA_VERSION = 1

#: From (family, version) to the next version: pure functions on the parsed JSON.
UPGRADES: dict[tuple[Family, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}

_TYPES: dict[Family, type[Document]] = {
    "invoice": Invoice,
    "settlement": Settlement,
    "journal": Journal,
    "z_report": ZReport,
}


class ContentDamaged(OutboxError):
    """The stored document is not what was written; never send it. Compare with the till's journal and a backup."""


@cache
def _adapter(family: Family) -> TypeAdapter[Any]:
    return TypeAdapter(_TYPES[family])


def prepare() -> None:
    """Build what the first write would build, so that the day's first cashier does not wait for it."""
    for family in _TYPES:
        _adapter(family)


def write(document: Document) -> str:
    """Return the canonical JSON: the same facts always give the same text."""
    family = next(family for family, made_of in _TYPES.items() if isinstance(document, made_of))
    plain = _adapter(family).dump_python(document, mode="json")
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """Return the SHA-256 of a stored document."""
    return hashlib.sha256(text.encode()).hexdigest()


def read(family: Family, text: str, version: int, sha256: str) -> Any:
    """Return the document, brought up from an older version; raise `ContentDamaged` when it was tampered with."""
    if digest(text) != sha256:
        raise ContentDamaged("the stored document does not match its hash")
    if version < 1:
        raise ContentDamaged(f"the stored document is of version {version}, which there never was")
    if version > SCHEMA_VERSION:
        raise ContentDamaged(f"the stored document is of version {version}, which a newer posplugin wrote; install it")
    for step in range(version, SCHEMA_VERSION):
        text = json.dumps(UPGRADES[family, step](json.loads(text)))
    try:
        return _adapter(family).validate_json(text)
    except ValidationError as error:
        raise ContentDamaged(f"the stored document cannot be read: {error.error_count()} fields are off") from error


def read_invoice(text: str, version: int, sha256: str) -> Invoice:
    """Return a stored invoice or credit note."""
    invoice: Invoice = read("invoice", text, version, sha256)
    return invoice


def read_settlement(text: str, version: int, sha256: str) -> Settlement:
    """Return a stored settlement."""
    settlement: Settlement = read("settlement", text, version, sha256)
    return settlement


def same_payment(one: Invoice, other: Invoice) -> bool:
    """Whether two documents tell of the same payment: customer, amounts and lines; settings do not matter."""

    def told(document: Invoice) -> tuple[object, ...]:
        return (
            document.ref,
            document.customer_number,
            document.items,
            document.tip,
            document.paid_otherwise,
            document.original,
        )

    return told(one) == told(other)
