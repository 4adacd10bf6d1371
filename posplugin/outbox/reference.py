"""The name under which a document is known in the accounting system: stored before the first try, never reused.

pp-k7q2m9xa-i-4f8a2c9e11b03d77-a1b2c3d4-1
   |        | |                |        generation
   |        | |                tender
   |        | terminal and sale: what a credit note on another terminal finds its original by
   |        kind
   installation: made when the outbox was, so that a new outbox never meets an old one's names
"""

from __future__ import annotations

import hashlib
import secrets

from posplugin.domain.documents import REFERENCE_PREFIX, RecordKind
from posplugin.domain.payment import PaymentRef

#: PowerOffice's limit where it states one (customers); orders are not stated, so we keep to it.
LONGEST_REFERENCE = 50

#: Where the sale begins in a reference, and where the tender does.
CODE_AT = len(f"{REFERENCE_PREFIX}12345678-i-")
_TENDER_AT = CODE_AT + 17
#: The fewest characters of a code that name a record: so many are of the sale, the others of the tender.
SHORTEST_CODE = 6
_OF_TENDER = 4
#: The code of a record, as SQL has it.
CODE_SQL = f"substr(reference, {CODE_AT + 1}, {SHORTEST_CODE}) || substr(reference, {_TENDER_AT + 1}, {_OF_TENDER})"

_LETTERS = {RecordKind.INVOICE: "i", RecordKind.CREDIT_NOTE: "c", RecordKind.SETTLEMENT: "s"}
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def code_in(reference: str) -> str:
    """Return what names a record in commands, short enough to type: the beginnings of its sale and of its tender."""
    return reference[CODE_AT : CODE_AT + SHORTEST_CODE] + reference[_TENDER_AT : _TENDER_AT + _OF_TENDER]


def new_installation() -> str:
    """Return a new installation id."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(8))


def sale_code(terminal_id: str, sale_id: str) -> str:
    """Return the part of a reference that every terminal can work out for a sale."""
    return hashlib.sha256(f"{terminal_id}\n{sale_id}".encode()).hexdigest()[:16]


def reference(installation: str, kind: RecordKind, ref: PaymentRef, generation: int) -> str:
    """Return the reference of one generation of a document, at most 50 characters."""
    tender = hashlib.sha256(ref.tender_id.encode()).hexdigest()[:8]
    code = sale_code(ref.terminal_id, ref.sale_id)
    return f"{REFERENCE_PREFIX}{installation}-{_LETTERS[kind]}-{code}-{tender}-{generation}"


def generations(reference: str) -> tuple[str, ...]:
    """Return the references of this and all earlier generations, newest first."""
    stem, newest = reference.rpartition("-")[0], generation(reference)
    return tuple(f"{stem}-{number}" for number in range(newest, 0, -1)) or (reference,)


def next_generation(reference: str) -> str:
    """Return the reference that follows this one."""
    return f"{reference.rpartition('-')[0]}-{generation(reference) + 1}"


def generation(reference: str) -> int:
    """Return which generation a reference is; 0 for one that is none of ours."""
    number = reference.rpartition("-")[2]
    return int(number) if number.isdecimal() else 0


def is_of(found: str, kind: RecordKind, ref: PaymentRef) -> bool:
    """Whether a reference is a generation of a payment's document, whichever installation made it."""
    installation = found.removeprefix(REFERENCE_PREFIX).partition("-")[0]
    return generation(found) > 0 and same_document(found, reference(installation, kind, ref, 1))


def same_document(reference: str, other: str) -> bool:
    """Whether two references are generations of the same document."""
    return reference.rpartition("-")[0] == other.rpartition("-")[0]


def is_invoice_of(reference: str, terminal_id: str, sale_id: str) -> bool:
    """Whether a reference found in the accounting system is an invoice of this sale, from any installation."""
    parts = reference.split("-")
    return (
        len(parts) == 6
        and f"{parts[0]}-" == REFERENCE_PREFIX
        and parts[2] == "i"
        and parts[3] == sale_code(terminal_id, sale_id)
    )
