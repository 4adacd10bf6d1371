"""`make demo`: an evening at the till, until its invoices and its settlement stand in the books, equal to the øre.

Everything is real but PowerOffice: the commands a technician uses, as processes; files in a fresh folder; HTTP.
"""

from __future__ import annotations

import json
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from posplugin.domain.money import kroner_text
from posplugin.domain.zreport import ZReport
from sample_terminal.demo_books import LEDGER, show_books
from sample_terminal.evening import EVENING as EVENING_DAY
from sample_terminal.journal import Journal
from sample_terminal.processes import POSPLUGIN, TILL, StepFailed, output, run, started, title

_TILL_ID = "till-1"
EVENING = Path(__file__).parent / "data" / "evening.xml"
_DONE, _SOME_REFUSED = 0, 3


@dataclass(frozen=True, slots=True)
class Compared:
    """One invoice sale, as the till has it and as PowerOffice has it; amounts in øre."""

    receipt: str
    delivery_receipt: int
    customer: int | None
    at_the_till: int
    order: int | None
    in_poweroffice: int | None

    @property
    def equal(self) -> bool:
        """Whether they are the same to the øre."""
        return self.at_the_till == self.in_poweroffice


def demo(folder: Path) -> bool:
    """Play the evening in an empty folder; return whether its invoices and its settlement are in PowerOffice, equal."""
    settings, journal = folder / "posplugin.toml", folder / "journal.sqlite3"
    with _simulator(folder) as url:
        title("Settings, customers, and the whole set-up proven")
        mode = ("--terminal", _TILL_ID, "--department", "bar", "--department-code", "10", "--mode", "simulator")
        run(folder, *POSPLUGIN, "init", *mode, "--simulator-url", url)
        with settings.open("a") as file:
            file.write(LEDGER)
        run(folder, *POSPLUGIN, "customers", "sync")
        run(folder, *POSPLUGIN, "check")
        title("An evening at the till (what is refused, in the cashier's words)")
        evening = (*TILL, "play", str(EVENING), "--config", str(settings), "--journal", str(journal))
        run(folder, *evening, expected=(_DONE, _SOME_REFUSED))
        title("Sent, and sent again")
        run(folder, *POSPLUGIN, "send")
        run(folder, *POSPLUGIN, "send")
        run(folder, *POSPLUGIN, "status")
        title("Each invoice at the till beside the same in PowerOffice")
        compared, strangers = _compare(folder, journal, url)
        equal = _verdict(compared, strangers)
        title("The day's settlement")
        run(folder, *POSPLUGIN, "settlement", "preview", "--date", f"{EVENING_DAY}")
        title("The settlement in PowerOffice's books, beside the Z report of the till")
        return show_books(_z_reports(journal), _simulated(url, "postings")) and equal


def _z_reports(journal: Path) -> list[ZReport]:
    with Journal(journal) as kept:
        return kept.z_reports(_TILL_ID)


def _compare(folder: Path, journal: Path, url: str) -> tuple[list[Compared], int]:
    with Journal(journal) as kept:
        on_account = kept.on_account()
    records = json.loads(output(folder, *POSPLUGIN, "outbox", "list", "--limit", "1000", "--json"))
    references = {record["payment"]: record["reference"] for record in records}
    orders = {order["ExternalImportReference"]: order for order in _simulated(url, "orders")}
    compared = []
    for number, request in on_account:
        order = orders.pop(references.get(str(request.ref), ""), None)
        compared.append(
            Compared(
                receipt=request.sale.receipt,
                delivery_receipt=number,
                customer=request.customer_number,
                at_the_till=request.tender.amount + request.tender.tip,
                order=order["SalesOrderNo"] if order else None,
                in_poweroffice=int(order["TotalAmount"] * 100) if order else None,
            )
        )
    return compared, len(orders)


def _simulated(url: str, what: str) -> list[dict[str, Any]]:
    """Return what stands in the simulated PowerOffice, seen from behind and not through the API."""
    with urllib.request.urlopen(f"{url}/simulator/{what}") as answer:
        rows: list[dict[str, Any]] = json.load(answer, parse_float=Decimal)
    return rows


def _verdict(compared: Sequence[Compared], strangers: int) -> bool:
    print(f"{'receipt':>8} {'delivery':>8} {'customer':>8} {'at the till':>12} {'PowerOffice':>12} {'order':>6}")
    for one in compared:
        there = "–" if one.in_poweroffice is None else kroner_text(one.in_poweroffice)
        print(
            f"{one.receipt:>8} {one.delivery_receipt:>8} {one.customer or '–':>8} {kroner_text(one.at_the_till):>12} "
            f"{there:>12} {one.order or '–':>6} {'equal' if one.equal else 'DIFFERENT'}"
        )
    sums = kroner_text(sum(one.at_the_till for one in compared)), sum(one.in_poweroffice or 0 for one in compared)
    print(f"{'sum':>8} {'':>8} {'':>8} {sums[0]:>12} {kroner_text(sums[1]):>12}")
    equal = bool(compared) and all(one.equal for one in compared) and not strangers
    if equal:
        print(
            f"\nAll {len(compared)} invoices and credit notes stand in PowerOffice (simulated), once, equal to the øre."
        )
    else:
        print(f"\nNOT EQUAL, or orders that the till knows nothing of: {strangers}")
    return equal


@contextmanager
def _simulator(folder: Path) -> Iterator[str]:
    """Run the simulator on a free port, and give its address."""
    with started(folder, *POSPLUGIN, "simulator", "--port", "0", "--state", str(folder / "simulator.sqlite3")) as url:
        print(f"PowerOffice GO is simulated at {url}; it is not PowerOffice.")
        yield url


def main() -> int:
    """Run the demo in a fresh folder; 0 only if all is equal."""
    with tempfile.TemporaryDirectory(prefix="posplugin-demo-") as name:
        try:
            return 0 if demo(Path(name)) else 1
        except StepFailed as error:
            print(f"The demo failed: {error}", file=sys.stderr)
            return 1


if __name__ == "__main__":
    sys.exit(main())
