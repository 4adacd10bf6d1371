"""How it goes with a thousand, a hundred thousand and a million delivered records in the outbox.

An evening is sold, settled, delivered, sent and paid by the programs themselves, with PowerOffice simulated; the years
before it are copies of it, an evening a day (`tests.benchmarks.years`). What is open is the same in all the files. Each
call is made in the process, on a file that has been read before, by turns over the files: what starting Python takes is
the same at every size. The table has the first call of a morning too, with nothing of the file in memory.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Final

from posplugin.checking.gate import open_gate
from posplugin.cli.status import as_data
from posplugin.domain.reasons import Reason
from posplugin.office import Filter
from posplugin.outbox.lifecycle import Status
from posplugin.simulator import Simulator
from tests.benchmarks.comparison import Comparison, Measured, Samples, Table, by_turns
from tests.benchmarks.dinner import on_a_disk
from tests.benchmarks.queue_page import forget
from tests.benchmarks.years import age
from tests.integration.sender.shop import SETTLES, Shop

_SIZES: Final = (1_000, 100_000, 1_000_000)
_QUICK_SIZES: Final = (1_000, 5_000)
#: Sales by invoice of an evening.
_EVENING: Final = 200
_QUICK_EVENING: Final = 20
#: What waits for the sender, and for a person, in each of the files.
_WAITING: Final = 20
_ATTENTION: Final = 5
#: How many `posplugin outbox list` reads.
_PAGE: Final = 200
_GOAL: Final = 1.2
_SETTINGS: Final = SETTLES | {"settlement": "attach_z_report = true", "invoicing": "attach_receipt = true"}
#: Numbers of receipts that nobody has had.
_RECEIPTS: Final = count(1_000_000)


def status(shop: Shop) -> object:
    """All that `posplugin status` tells, but for its trial of the disk."""
    return as_data(shop.app, shop.app.status(), len(shop.app.outbox.needing_a_person()))


def listing(shop: Shop) -> object:
    """What `posplugin outbox list` reads."""
    return shop.app.office().find(Filter(limit=_PAGE))


def claim(shop: Shop) -> None:
    """What a sender does to take a record in hand, and to give it back: two synced commits."""
    first, *_ = shop.app.outbox.in_status(Status.PENDING)
    claimed = shop.app.outbox.move(first, Status.SENDING, "sender", "taken in hand")
    shop.app.outbox.move(claimed, Status.PENDING, "sender", "given back")


def sale(shop: Shop) -> None:
    """Authorize and capture."""
    shop.app.till().capture(shop.promise(str(next(_RECEIPTS)), {25: 10_000}))


def night(shop: Shop) -> None:
    """A sale, a run of the sender, and where everything stands."""
    sale(shop)
    shop.send()
    shop.app.follow()


_COMPARED: Final[Mapping[str, Callable[[Shop], object]]] = {"status": status, "list": listing, "claim": claim}


def measure(quick: bool) -> Measured:
    """Time what a till, a sender and a technician do, at every size."""
    sizes, evening, rounds = (_QUICK_SIZES, _QUICK_EVENING, 5) if quick else (_SIZES, _EVENING, 150)
    with tempfile.TemporaryDirectory(dir=on_a_disk()) as folder, ExitStack() as stack:
        one = Path(folder, "one")
        ahead = _one_evening(one, evening)
        shops = {}
        for size in sizes:
            shops[size] = stack.enter_context(_grown(one, Path(folder, str(size)), -(-size // (evening + 1)), ahead))
        took = {what: _timed(shops, call, rounds) for what, call in _COMPARED.items()}
        cold = {what: _cold(shops, _COMPARED[what], 1 if quick else 5) for what in ("status", "list")}
        took["authorize + capture"] = _timed(shops, sale, rounds)
        took["a night: one sale, a run, and where everything stands"] = _timed(shops, night, 2 if quick else 10)
        megabytes = {size: shop.app.database.path.stat().st_size / 1e6 for size, shop in shops.items()}
    few, *many = sizes
    return Measured(
        comparisons=[
            Comparison(
                what=f"{what} with {size:,} delivered records".replace(",", " "),
                beside=f"the same with {few:,}".replace(",", " "),
                ours=took[what][size].p50,
                theirs=took[what][few].p50,
                unit="ms",
                goal=_GOAL,
                note=f"p50; the file has {megabytes[size]:,.0f} MB".replace(",", " "),
            )
            for what in _COMPARED
            for size in many
        ],
        tables=[_table(took, cold, sizes)],
    )


def _table(
    took: Mapping[str, Mapping[int, Samples]], cold: Mapping[str, Mapping[int, float]], sizes: tuple[int, ...]
) -> Table:
    rows = [[f"{what}, p50", *(f"{by_size[size].p50:.2f}" for size in sizes)] for what, by_size in took.items()]
    rows += [[f"{what}, p99", *(f"{took[what][size].p99:.2f}" for size in sizes)] for what in _COMPARED]
    rows += [[f"{what}, cold", *(f"{by_size[size]:.1f}" for size in sizes)] for what, by_size in cold.items()]
    return Table(title="growth", head=["milliseconds", *(f"{size:,}".replace(",", " ") for size in sizes)], rows=rows)


# -- the files ---------------------------------------------------------------------------------------------------------


def _one_evening(folder: Path, sales: int) -> float:
    """Leave an outbox of one evening whose invoices are paid; return its clock's lead, seconds."""
    with Simulator(None, requests_per_second=100_000) as go:
        shop = Shop(folder, go, **_SETTINGS)
        shop.evening(sales)
        shop.close_day(1)
        shop.send()
        shop.later()
        for order in go.orders():
            go.send_order(order["Id"])
        for invoice in go.invoices():
            go.pay(invoice["InvoiceNo"])
        shop.later()
        shop.app.follow()
        if shop.app.outbox.select("status <> 'delivered' OR accounting_state NOT IN ('paid', 'posted')"):
            raise AssertionError("not all of the evening was delivered and paid")
        shop.close()
        return shop.ahead.total_seconds()


@contextmanager
def _grown(one: Path, folder: Path, evenings: int, ahead: float) -> Iterator[Shop]:
    """Give a till of so many evenings, with a PowerOffice of its own."""
    folder.mkdir()
    shutil.copy(one / "outbox.sqlite3", folder)
    age(folder / "outbox.sqlite3", evenings)
    with Simulator(None, requests_per_second=100_000) as go:
        shop = Shop(folder, go, **_SETTINGS)
        shop.later(timedelta(seconds=ahead))
        open_gate(shop.app.settings, shop.app.outbox)
        for number in range(_WAITING + _ATTENTION):
            record = shop.sell(str(10_000 + number))
            if number >= _WAITING:
                told = {"reason": Reason.REJECTED, "detail": "the customer is blocked"}
                shop.app.outbox.move(record, Status.NEEDS_ATTENTION, "sender", "not taken", **told)
        try:
            yield shop
        finally:
            shop.close()


# -- timing ------------------------------------------------------------------------------------------------------------


def _timed(shops: Mapping[int, Shop], call: Callable[[Shop], object], rounds: int) -> dict[int, Samples]:
    samples = by_turns([partial(call, shop) for shop in shops.values()], rounds, warm=2)
    return dict(zip(shops, samples, strict=True))


def _cold(shops: Mapping[int, Shop], call: Callable[[Shop], object], rounds: int) -> dict[int, float]:
    """Return the medians, milliseconds, with nothing of the file in memory."""
    took = {size: Samples() for size in shops}
    for _ in range(rounds):
        for size, shop in shops.items():
            forget(shop.app.database.path)
            shop.app.database.execute("PRAGMA shrink_memory")
            took[size].time(partial(call, shop))
    return {size: samples.p50 for size, samples in took.items()}
