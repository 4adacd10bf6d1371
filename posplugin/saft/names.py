"""What a transaction of a file is called outside the file."""

from __future__ import annotations

import hashlib
from typing import Final

_LONGEST: Final = 64


def sale_id(register_id: str, nr: str) -> str:
    """Return the sale id of a transaction: register and nr, since nr is unique within its register only.

    The same for ever for the same two. What is too long, or cannot be printed, is cut and told apart by a digest.
    """
    name = f"{register_id}-{nr}"
    if name.isprintable() and len(name) <= _LONGEST:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:16]
    readable = "".join(letter for letter in name if letter.isprintable())
    return f"{readable[: _LONGEST - len(digest) - 1]}~{digest}"
