"""What a delivered record takes on the disk, beside the JSON that is kept of it: a real till, a real sender."""

from __future__ import annotations

import tempfile
from pathlib import Path

from posplugin.app import App
from posplugin.domain.payment import Authorization
from posplugin.outbox.lifecycle import Status
from posplugin.simulator import Simulator
from tests.benchmarks.comparison import Comparison, Measured, Table
from tests.benchmarks.dinner import dinner, on_a_disk
from tests.integration.sender.shop import Shop

#: Each part of a record, as SQL counts its bytes.
_KEPT = {
    "its document": "SELECT sum(octet_length(document)) FROM records",
    "what was asked": "SELECT sum(octet_length(request)) FROM attempts",
    "what was answered": "SELECT sum(octet_length(answer)) FROM attempts",
}
#: The pages of tables and indexes; what is not of these is there from the first day on.
_PAGES = """
SELECT sum(pgsize) FROM dbstat JOIN sqlite_schema s ON s.name = dbstat.name
WHERE s.type = ? AND s.tbl_name IN ('records', 'events', 'attempts')
"""


def measure(quick: bool) -> Measured:
    """Sell and deliver so many dinners, and see how much the file has grown."""
    count = 20 if quick else 400
    with tempfile.TemporaryDirectory(dir=on_a_disk()) as name, Simulator(None, requests_per_second=100_000) as go:
        shop = Shop(Path(name), go)
        shop.close()
        path = shop.app.database.path
        empty = path.stat().st_size
        shop.app = shop.open()
        for number in range(1, count + 1):
            asked = dinner(number)
            assert isinstance(shop.app.till().authorize(asked), Authorization)
            assert shop.app.till().capture(asked)
        shop.send()
        assert shop.statuses() == {Status.DELIVERED}
        kept = {what: _number(shop.app, sql) / count for what, sql in _KEPT.items()}
        pages = {what: _number(shop.app, _PAGES, what) / count for what in ("table", "index")}
        shop.close()
        grown = (path.stat().st_size - empty) / count
    note = (
        f"what the file has grown by with {count} dinners, each with its events and its attempt; the JSON is the "
        f"document ({kept['its document']:.0f} bytes), what was asked and what was answered"
    )
    return Measured(
        comparisons=[
            Comparison(
                what="disk per delivered record",
                beside="its JSON",
                ours=grown,
                theirs=sum(kept.values()),
                unit="bytes",
                goal=3,
                note=note,
            )
        ],
        tables=[
            Table(
                title="disk",
                head=("a delivered record", "bytes"),
                rows=[
                    *((what, f"{size:.0f}") for what, size in kept.items()),
                    ("pages of records, events and attempts, with these in them", f"{pages['table']:.0f}"),
                    ("pages of their indexes", f"{pages['index']:.0f}"),
                ],
            )
        ],
    )


def _number(app: App, sql: str, *parameters: str) -> int:
    row = app.database.row(sql, parameters)
    assert row is not None
    return int(row[0] or 0)
