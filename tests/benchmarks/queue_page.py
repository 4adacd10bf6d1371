"""Says how long the pages of the console's queue take with so many records in the file, beside the same with few.

    python -m tests.benchmarks.queue_page --records 200000

Each page is asked for as a browser does: over HTTP, from the console as `posplugin console` serves it, one request
after another. Milliseconds until all of the page has arrived: the median and the worst of so many, and once with
nothing of the file in memory, as the first person in the morning has it.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import httpx

from posplugin.app import App
from posplugin.console.gate import Gate
from posplugin.console.serve import listen, port_of, serving
from posplugin.console.shown import code_of
from posplugin.console.site import make_site
from tests.benchmarks.full_outbox import fill

#: The records of the file that is measured beside the full one.
FEW = 1000


@dataclass(frozen=True, slots=True)
class Measured:
    """One page, milliseconds."""

    median: float
    worst: float
    cold: float


def pages(app: App) -> dict[str, str]:
    """Return what is asked for, by what a person would call it: each filter and each search finds something."""
    (newest,) = app.outbox.select("1 ORDER BY id DESC LIMIT 1")
    half = newest.id // 2
    one = app.outbox.select("id <= ? AND customer_number IS NOT NULL ORDER BY id DESC LIMIT 1", (half,))[0]
    name, days = (one.customer_name or "").lower(), timedelta(days=30)

    def asked(**fields: object) -> str:
        return "/?" + urlencode(fields)

    return {
        "the queue, with its counts": "/",
        "an older page": asked(before=half),
        "the last page": asked(before=51),
        "hidden ones too": asked(hidden=1),
        "sent": asked(state="sent"),
        "sent, an older page": asked(state="sent", before=half),
        "not sent": asked(state="not_sent"),
        "waiting": asked(state="waiting"),
        "closed": asked(state="closed"),
        "closed, an older page": asked(state="closed", before=half),
        "credit notes": asked(kind="credit_note"),
        "settlements": asked(kind="settlement"),
        "a day": asked(**{"from": one.business_date, "to": one.business_date}),
        "two months": asked(**{"from": one.business_date - days, "to": one.business_date + days}),
        "all but the last month": asked(to=newest.business_date - days),
        "a customer": asked(customer=one.customer_number),
        "a customer's two months": asked(
            customer=one.customer_number, **{"from": one.business_date - days, "to": one.business_date + days}
        ),
        "a small department": asked(department="roof"),
        "search: a receipt": asked(q=one.receipt),
        "search: a reference": asked(q=one.reference),
        "search: a part of a reference": asked(q=code_of(one)),
        "search: a customer's name": asked(q=name),
        "search: a part of a name": asked(q=name[1:5]),
        "search: an amount": asked(amount=f"{one.amount / 100:.2f}".replace(".", ",")),
        "search: what is not there": asked(q="nowhere"),
        "search and filters together": asked(q=name[1:5], state="sent", kind="invoice", department="bar", before=half),
        "a record": f"/record/{one.id}",
        "runs, with their picture": "/runs",
    }


@contextmanager
def served(config: Path) -> Iterator[tuple[App, httpx.Client]]:
    """Serve the console of a settings file, and give the app and a browser that is inside."""
    with App.open(config) as app:
        bound = listen(0)
        gate = Gate(port_of(bound))
        with serving(make_site(app, gate), bound), httpx.Client(base_url=f"http://127.0.0.1:{gate.port}") as browser:
            browser.get(gate.link()).raise_for_status()
            yield app, browser


def measured(config: Path, times: int) -> dict[str, Measured]:
    """Ask for every page so many times."""
    with served(config) as (app, browser):
        asked = pages(app)
        for path in asked.values():
            _timed(browser, path)
        warm = {name: [_timed(browser, path) for _ in range(times)] for name, path in asked.items()}
    cold = {name: _cold(config, path) for name, path in asked.items()}
    return {name: Measured(statistics.median(took), max(took), cold[name]) for name, took in warm.items()}


def _cold(config: Path, path: str) -> float:
    with served(config) as (app, browser):
        forget(app.settings.outbox.path)
        app.database.execute("PRAGMA shrink_memory")
        return _timed(browser, path)


def forget(file: Path) -> None:
    """Have the operating system keep nothing of a file in memory, where it can be told so."""
    if hasattr(os, "posix_fadvise"):
        opened = os.open(file, os.O_RDONLY)
        os.fsync(opened)
        os.posix_fadvise(opened, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(opened)


def _timed(browser: httpx.Client, path: str) -> float:
    began = time.perf_counter()
    browser.get(path).raise_for_status()
    return (time.perf_counter() - began) * 1000


def main() -> None:
    """Fill two outboxes, or take the full one that is named, and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--times", type=int, default=15)
    parser.add_argument("--config", type=Path, help="The settings file of an outbox that is full already.")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        few = measured(fill(Path(folder, "few"), FEW), asked.times)
        many = measured(asked.config or fill(Path(folder, "many"), asked.records), asked.times)
    print(f"{'milliseconds':32}{FEW:>9,} records{asked.records:>24,} records")
    print(f"{'':32}{'median':>9}{'worst':>8}{'median':>16}{'worst':>8}{'cold':>8}")
    for name, took in many.items():
        beside = few[name]
        print(f"{name:32}{beside.median:9.0f}{beside.worst:8.0f}{took.median:16.0f}{took.worst:8.0f}{took.cold:8.0f}")


if __name__ == "__main__":
    main()
