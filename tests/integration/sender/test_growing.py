"""What an evening, its night and a look at them read does not grow with what has been delivered.

By the plans that SQLite makes, and not by the clock.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from posplugin.cli.status import as_data
from posplugin.office import Filter
from posplugin.outbox.database import Database
from posplugin.outbox.finding import tally
from posplugin.simulator import Simulator
from tests.integration.sender.shop import PAPERS, OpenShop, Shop, settling

#: What grows for ever, but for what stands in these indexes, which hold what is few.
_GROWS = "records|events|attempts|steps|voids|z_reports|journals|cleared"
_FEW = (
    *("records_open", "records_owed", "records_troubled", "records_hidden", "records_closed", "records_reversed"),
    *("records_followed", "records_unsent", "records_drafts", "steps_to_do", "z_reports_aside"),
)
#: All settlements that there are.
_EVERY_DAY = ("records_settlements USING", "INDEX sqlite_autoindex_z_reports_1 (terminal_id=?)")


@contextmanager
def reading(patch: pytest.MonkeyPatch) -> Iterator[dict[str, list[str]]]:
    """Give the plan of every query that is made meanwhile, on whichever connection."""
    plans: dict[str, list[str]] = {}
    rows: Callable[..., list[tuple[Any, ...]]] = Database.rows

    def noted(self: Database, sql: str, parameters: Any = ()) -> list[tuple[Any, ...]]:
        if sql.lstrip().startswith(("SELECT", "WITH")):
            told = rows(self, f"EXPLAIN QUERY PLAN {sql}", parameters)
            plans[" ".join(sql.split())] = [str(step) for *_, step in told]
        return rows(self, sql, parameters)

    with patch.context() as while_it_lasts:
        while_it_lasts.setattr(Database, "rows", noted)
        yield plans


def all_of_it(plans: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the queries that read all of what grows."""
    scan = re.compile(rf"SCAN (?:{_GROWS})\b")

    def reads_all(sql: str, step: str) -> bool:
        newest_first = re.search(r"ORDER BY id DESC LIMIT (\?|1)$", sql)
        counted = sql == "SELECT count(*) FROM records"
        scans = scan.match(step) and not any(index in step for index in _FEW)
        return bool(scans and not newest_first and not counted) or any(part in step for part in _EVERY_DAY)

    found = {sql: [step for step in steps if reads_all(sql, step)] for sql, steps in plans.items()}
    return {sql: steps for sql, steps in found.items() if steps}


@pytest.fixture
def shop(shops: OpenShop) -> Shop:
    """A till that settles, with papers, and has had an evening."""
    return settling(shops, settlement=PAPERS, invoicing='attach_receipt = true\ndefault_credit_limit = "100000.00"')


def evening(shop: Shop, number: int) -> None:
    shop.evening(2, first=10 * number)
    shop.promise(str(10 * number + 5), {25: 10000})
    shop.close_day(number)


def test_the_sale_the_night_and_what_comes_after(shop: Shop, go: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    with reading(monkeypatch) as plans:
        for number in (1, 2):
            evening(shop, number)
            shop.until_quiet()
            shop.later()
            shop.app.follow()
            for order in go.orders():
                go.send_order(order["Id"])
            shop.later()
            shop.app.follow()
            for sent in go.invoices():
                if sent["Balance"]:
                    go.pay(sent["InvoiceNo"])
            shop.later(timedelta(days=1))
            shop.app.follow()
            shop.app.sync_customers()
    assert len(plans) > 30
    assert all_of_it(plans) == {}


def test_status_the_lists_and_a_record_by_its_name(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    evening(shop, 1)
    shop.send()
    with reading(monkeypatch) as plans:
        app = shop.app
        as_data(app, app.status(), len(app.outbox.needing_a_person()))
        app.office().find(Filter(limit=200))
        tally(app.outbox)
        for record in app.outbox.select("id = 1"):
            assert app.outbox.by_reference(record.reference) == record
        assert app.outbox.by_reference("10").receipt == "10"
    assert len(plans) > 15
    assert all_of_it(plans) == {}
