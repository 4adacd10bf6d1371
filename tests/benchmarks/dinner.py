"""What is sold again and again while it is measured: a dinner for two on a company's account."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from posplugin.domain.payment import PaymentField, PaymentRequest
from tests.fixtures.sales import line, request, sale

LINES: Final = (
    line(2 * 145_00, 15, "2 Kremet fiskesuppe"),
    line(395_00, 15, "Skrei"),
    line(379_00, 15, "Lammeskank"),
    line(2 * 139_00, 15, "2 Tilslørte bondepiker"),
    line(645_00, 25, "Riesling, flaske"),
    line(2 * 55_00, 15, "2 Farris"),
    line(2 * 89_00, 25, "2 Irish coffee"),
)


def dinner(number: int) -> PaymentRequest:
    """Return the number-th of them, as the till asks for its payment."""
    of = sale(LINES, sale_id=f"dinner-{number}", receipt=f"{number:06}")
    return request(of, fields={PaymentField.YOUR_REFERENCE: "Kari Nordmann"})


def on_a_disk() -> Path | None:
    """Return a folder for temporary files that outlives a start, and so is no memory; None where there is none."""
    lasting = Path("/var/tmp")  # hier(7)
    return lasting if lasting.is_dir() else None
