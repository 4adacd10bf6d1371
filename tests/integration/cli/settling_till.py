"""A till that settles, for the commands: its settings, its sales, its days."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from posplugin.app import App
from posplugin.domain.payment import PaymentRef, PaymentRequest
from posplugin.domain.sale import Sale, SaleLine, Tender
from posplugin.domain.zreport import ZReport
from tests.integration.sender.settled import z_of

Run = Callable[..., tuple[int, str, str]]
FILE = Path("posplugin.toml")
WAITS = "Venter på å bli sendt"


def change(**settings: str) -> None:
    """Write lines of the settings file otherwise: each begins with the name."""
    text = FILE.read_text()
    for name, value in settings.items():
        old = next(line for line in text.splitlines() if line.removeprefix("# ").startswith(f"{name} = "))
        text = text.replace(old, f"{name} = {value}", 1)
    FILE.write_text(text)


def switch_off() -> None:
    """Post no settlements from now on."""
    on = FILE.read_text().replace("[settlement]\nenabled = true", "[settlement]", 1)
    FILE.write_text(on.replace("[settlement]", "[settlement]\nenabled = false", 1))


def switch_on() -> None:
    """Post settlements again."""
    FILE.write_text(FILE.read_text().replace("enabled = false", "enabled = true", 1))


def sell(receipt: str, amount: int = 30000) -> PaymentRef:
    """Sell by invoice, the sale final; return its payment."""
    ref = PaymentRef("till-1", receipt, "1")
    sale = Sale(
        sale_id=receipt,
        terminal_id="till-1",
        at=datetime.now(UTC),
        lines=(SaleLine(description="Middag", amount=amount, vat_rate=25),),
        tenders=(Tender(tender_id="1", channel="invoice", amount=amount),),
    )
    with App.open() as app:
        request = PaymentRequest(ref=ref, sale=sale, customer_number=10002)
        app.till().authorize(request)
        app.till().capture(request)
    return ref


def close_day(number: int, sold: dict[int, int] | None = None, **told: Any) -> ZReport:
    """Close the day; return the Z."""
    changes = told.pop("cash", {})
    z = z_of(number, sold, at=told.pop("at", datetime.now(UTC)), terminal="till-1", **told)
    z = replace(z, cash=replace(z.cash, **changes))
    with App.open() as app:
        assert app.till().day_closed(z)
    return z


def flat(text: str) -> str:
    """Return a text with its lines joined and its columns closed up; amounts keep their spaces."""
    return " ".join(text.replace("\u00a0", "_").split())


def rows_of(text: str) -> list[str]:
    """Return the lines of a text as `flat` has them."""
    return [flat(line) for line in text.splitlines()]


def previewed(run: Run, *words: str) -> list[dict[str, Any]]:
    """Return what `settlement preview --json` gives."""
    found: list[dict[str, Any]] = json.loads(run("settlement", "preview", "--json", *words)[1])
    return found


def record_of(run: Run, receipt: str = "Z 42") -> dict[str, Any]:
    """Return one record as `outbox list --json` gives it."""
    found = json.loads(run("outbox", "list", "--json")[1])
    return next(record for record in found if record["receipt"] == receipt)


def zone() -> Any:
    """Return the terminal\'s zone."""
    with App.open() as app:
        return app.settings.terminal.timezone
