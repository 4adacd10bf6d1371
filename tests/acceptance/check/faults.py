"""How each fault comes about: in PowerOffice, in the settings, or on the machine."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import apsw
import pytest
from playhouse.apsw_ext import APSWDatabase

from posplugin.domain.customer import Customer
from posplugin.domain.fault import Fault
from posplugin.outbox import migrations
from posplugin.outbox.database import Database
from posplugin.settings.clients import go_clients
from tests.acceptance.check.bench import Bench, products

Cause = Callable[[Bench, pytest.MonkeyPatch], None]
CAUSES: dict[Fault, Cause] = {}

#: A ledger in which everything is as PowerOffice has it; `changes` replace a line.
_LEDGER = {
    "gratuity": "2981",
    "gift_card": "2901",
    "rounding": "7745",
    "cash_difference": "7746",
    "invoice_clearing": "1990",
    "tenders": "{ cash = 1900, card = 1580 }",
    "sales": """[
  { article_group = "*", vat = 25, account = 3000, vat_code = "3" },
  { article_group = "*", vat = 15, account = 3001, vat_code = "31" },
]""",
}


def ledger(**changes: str) -> str:
    """Return a ledger for the settings."""
    return "[ledger]\n" + "\n".join(f"{name} = {value}" for name, value in {**_LEDGER, **changes}.items())


def _sale(vat: int, account: int, vat_code: str) -> str:
    return ledger(sales=f'[{{ article_group = "*", vat = {vat}, account = {account}, vat_code = "{vat_code}" }}]')


def causes(fault: Fault) -> Callable[[Cause], Cause]:
    """Say which fault a function brings about."""

    def keep(cause: Cause) -> Cause:
        assert fault not in CAUSES, fault
        CAUSES[fault] = cause
        return cause

    return keep


def _settings(fault: Fault, **settings: str) -> None:
    CAUSES[fault] = lambda bench, _: bench.change(**settings)


def _record(
    fault: Fault,
    kind: str,
    member: str,
    value: object,
    /,
    *,
    also: Mapping[str, str] | None = None,
    **changes: Any,
) -> None:
    def cause(bench: Bench, _: pytest.MonkeyPatch) -> None:
        bench.change(**also or {})
        bench.go.change(kind, member, value, **changes)

    CAUSES[fault] = cause


# -- this machine ------------------------------------------------------------------------------------------------------


@causes(Fault.SETTINGS_UNREADABLE)
def _(bench: Bench, _: pytest.MonkeyPatch) -> None:
    bench.config.write_text(bench.config.read_text() + "\n[schedul]\n")


@causes(Fault.SETTINGS_EXPOSED)
def _(bench: Bench, _: pytest.MonkeyPatch) -> None:
    bench.config.chmod(0o644)


@causes(Fault.ENABLED_SINCE_MOVED)
def _(bench: Bench, _: pytest.MonkeyPatch) -> None:
    bench.change(invoicing="enabled_since = 2026-01-01")
    assert bench.faults() == set()
    bench.send()
    for order in bench.go.orders():
        bench.go.delete_order(order["Id"])
    bench.change(invoicing="enabled_since = 2026-02-01")
    bench.sell("2")


@causes(Fault.OUTBOX_NOT_OPENED)
def _(bench: Bench, _: pytest.MonkeyPatch) -> None:
    bench.config.write_text(bench.config.read_text().replace('"outbox.sqlite3"', '"."'))


@causes(Fault.OUTBOX_TOO_NEW)
def _(bench: Bench, _: pytest.MonkeyPatch) -> None:
    bench.app.database.execute("PRAGMA user_version = 99")


@causes(Fault.SQLITE_TOO_OLD)
def _(_: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(APSWDatabase, "server_version", (3, 51, 2))


@causes(Fault.OUTBOX_DAMAGED)
def _(bench: Bench, _: pytest.MonkeyPatch) -> None:
    """An index that does not have what the table has."""
    path = bench.app.database.path
    bench.close()
    with Database(path) as database:
        database.execute("PRAGMA writable_schema = ON")
        wrong = "replace(sql, 'business_date', 'receipt')"
        database.execute(f"UPDATE sqlite_schema SET sql = {wrong} WHERE name = 'records_day'")
    bench.app = bench.open()


@causes(Fault.OUTBOX_HELD)
def _(_: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The till runs, and a newer version is installed."""
    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, "CREATE TABLE extra (a TEXT) STRICT;\n"))
    monkeypatch.setattr("posplugin.outbox.opening._PATIENCE", 0.1)


@causes(Fault.OUTBOX_OF_ANOTHER)
def _(bench: Bench, _: pytest.MonkeyPatch) -> None:
    bench.config.write_text(bench.config.read_text().replace('id = "bar-1"', 'id = "bar-2"'))


@causes(Fault.OUTBOX_NOT_WRITTEN)
def _(_: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every connection opened from now on may only read."""
    monkeypatch.setattr(apsw, "connection_hooks", [lambda connection: connection.pragma("query_only", True)])


@causes(Fault.NO_PDF_LIBRARY)
def _(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fpdf", None)
    bench.change(invoicing="attach_receipt = true")


# -- the way to PowerOffice --------------------------------------------------------------------------------------------


@causes(Fault.NOT_REACHED)
def _(bench: Bench, _: pytest.MonkeyPatch) -> None:
    bench.go.fault("503", path="/VatSettings")


_settings(Fault.KEYS_REFUSED, subscription_key="another-key")


@causes(Fault.CLOCK_WRONG)
def _(bench: Bench, _: pytest.MonkeyPatch) -> None:
    bench.go.advance(3 * 60)


@causes(Fault.PRIVILEGE_MISSING)
def _(bench: Bench, _: pytest.MonkeyPatch) -> None:
    bench.go.set_privilege("SalesOrders_Full", False)


@causes(Fault.PRIVILEGE_WITHOUT_SUBSCRIPTION)
def _(bench: Bench, _: pytest.MonkeyPatch) -> None:
    bench.go.set_covered("OutgoingInvoice_Full", False)


@causes(Fault.PRIVILEGE_REFUSED)
def _(bench: Bench, _: pytest.MonkeyPatch) -> None:
    """As with a token from before the privilege was given."""
    bench.go.fault("403", path="/LockDateSettings")


_settings(Fault.MAY_NOT_SEND, invoicing='delivery = "send"')

# -- PowerOffice's own settings ----------------------------------------------------------------------------------------


@causes(Fault.NOT_VAT_REGISTERED)
def _(bench: Bench, _: pytest.MonkeyPatch) -> None:
    bench.go.set_vat_registered(False)


@causes(Fault.PERIOD_LOCKED)
def _(bench: Bench, _: pytest.MonkeyPatch) -> None:
    bench.go.set_lock_date(bench.go.today)


@causes(Fault.BEFORE_CONVERSION)
def _(bench: Bench, _: pytest.MonkeyPatch) -> None:
    bench.change(invoicing="enabled_since = 2021-06-01")
    bench.go.set_conversion_date(bench.go.today)


# -- departments and employees -----------------------------------------------------------------------------------------

_settings(Fault.DEPARTMENT_MISSING, department_code='department_code = "99"')
_settings(Fault.DEPARTMENT_INACTIVE, department_code='department_code = "30"')


@causes(Fault.NO_EMPLOYEES)
def _(bench: Bench, _: pytest.MonkeyPatch) -> None:
    bench.change(invoicing="include_employee_number = true")
    for number in (1, 2, 3):
        bench.go.change("employee", "Number", number, IsArchived=True)


# -- products ----------------------------------------------------------------------------------------------------------

_settings(Fault.PRODUCT_NOT_SET, products=products(vat_15=None))
_settings(Fault.PRODUCT_MISSING, products=products(vat_25="404"))
_record(Fault.PRODUCT_TWICE, "product", "Code", "99", Code="33")
_record(Fault.PRODUCT_ARCHIVED, "product", "Code", "32", IsArchived=True)
_settings(Fault.PRODUCT_WITHOUT_ACCOUNT, products=products(vat_0="99"))
_record(Fault.PRODUCT_ACCOUNT_MISSING, "account", "AccountNo", 3003, AccountNo=3999)
_record(Fault.PRODUCT_ACCOUNT_INACTIVE, "account", "AccountNo", 3002, IsActive=False)
_record(Fault.PRODUCT_ACCOUNT_NEEDS_DEPARTMENT, "account", "AccountNo", 3002, IsDepartmentRequired=True)
_record(Fault.PRODUCT_ACCOUNT_NEEDS_PROJECT, "account", "AccountNo", 3002, IsProjectRequired=True)
_settings(Fault.VAT_REPORTED_TWICE, vat_reported_by="settlement")
_settings(Fault.VAT_NOT_REPORTED, products=products(vat_12="52"))
_settings(Fault.VAT_OF_ANOTHER_RATE, products=products(vat_12="31"))
_settings(Fault.VAT_ON_NO_TURNOVER, products=products(gratuity="33"))
_settings(
    Fault.PRODUCT_NOT_ON_CLEARING,
    vat_reported_by="settlement",
    products=products(settlement=True, vat_12="36"),
    more=ledger(),
)
_record(Fault.FEE_WITHOUT_PRICE, "product", "Code", "7", UnitPrice=None, also={"invoicing": "invoice_fee = true"})

# -- the ledger --------------------------------------------------------------------------------------------------------

_settings(Fault.ACCOUNT_MISSING, more=ledger(rounding="7999"))
_record(Fault.ACCOUNT_INACTIVE, "account", "AccountNo", 7746, IsActive=False, also={"more": ledger()})
_record(
    Fault.ACCOUNT_NEEDS_DEPARTMENT,
    *("account", "AccountNo", 7746),
    IsDepartmentRequired=True,
    also={"more": ledger()},
)
_record(Fault.ACCOUNT_NEEDS_PROJECT, "account", "AccountNo", 1580, IsProjectRequired=True, also={"more": ledger()})
_settings(Fault.ACCOUNT_LOCKED_TO_ANOTHER_CODE, more=_sale(25, 3001, "3"))
_settings(Fault.ACCOUNT_LOCKED_TO_TURNOVER, more=ledger(tenders="{ cash = 1900, card = 3000 }"))
_settings(Fault.VAT_CODE_MISSING, more=_sale(25, 3100, "99"))
_record(Fault.VAT_CODE_INACTIVE, "vat", "Code", "3", IsActive=False, also={"more": ledger()})
_settings(Fault.VAT_CODE_OF_ANOTHER_RATE, more=_sale(15, 3100, "3"))
_settings(Fault.VAT_CODE_NOT_FOR_SALES, more=_sale(0, 3100, "7"))

# -- customers ---------------------------------------------------------------------------------------------------------


@causes(Fault.CUSTOMERS_NEVER_READ)
def _(bench: Bench, _: pytest.MonkeyPatch) -> None:
    bench.app.database.execute("DELETE FROM customers")
    bench.app.database.execute("DELETE FROM notes WHERE name LIKE 'customers_synced%'")


@causes(Fault.CUSTOMERS_TOO_OLD)
def _(bench: Bench, _: pytest.MonkeyPatch) -> None:
    bench.later(timedelta(days=8))


@causes(Fault.LINKED_CUSTOMER_GONE)
def _(bench: Bench, _: pytest.MonkeyPatch) -> None:
    bench.app.customers.link("K-1", 99999, "test")


@causes(Fault.LINKED_CUSTOMER_ARCHIVED)
def _(bench: Bench, _: pytest.MonkeyPatch) -> None:
    bench.app.customers.link("K-1", 10006, "test")


# -- prices ------------------------------------------------------------------------------------------------------------

_settings(Fault.PRICES_WITHOUT_VAT, invoicing="send_amount_excluding_vat = false")


@causes(Fault.PRICES_WITH_VAT)
def _(bench: Bench, _: pytest.MonkeyPatch) -> None:
    bench.go.switch("U7", "b")


_record(Fault.TOTAL_NOT_UNDERSTOOD, "vat", "Code", "3", Rate=Decimal("0.24"))


@causes(Fault.DRAFT_REFUSED)
def _(bench: Bench, _: pytest.MonkeyPatch) -> None:
    bench.go.archive_customer(10001)


@causes(Fault.DRAFT_LEFT)
def _(bench: Bench, _: pytest.MonkeyPatch) -> None:
    bench.go.fault("500-before", method="DELETE", path="/SalesOrders/")


def _lost(bench: Bench) -> None:
    """A check whose draft was made, and whose answer never came; lists do not show it yet."""
    bench.go.switch("U4", "b")
    bench.go.fault("drop-after", method="POST", path="/SalesOrders/Complete", times=1)
    assert bench.faults() == {Fault.NOT_REACHED}
    assert len(bench.trial_drafts()) == 1


@causes(Fault.DRAFT_UNCERTAIN)
def _(bench: Bench, _: pytest.MonkeyPatch) -> None:
    _lost(bench)


@causes(Fault.DRAFT_SENT)
def _(bench: Bench, _: pytest.MonkeyPatch) -> None:
    _lost(bench)
    bench.go.send_order(bench.trial_drafts()[0]["Id"])
    bench.later()


@causes(Fault.PRICES_NOT_MEASURED)
def _(_: Bench, __: pytest.MonkeyPatch) -> None:
    """Nothing needs to be wrong, but that no draft may be made."""


@causes(Fault.NO_CUSTOMER_FOR_DRAFT)
def _(bench: Bench, _: pytest.MonkeyPatch) -> None:
    embassy = Customer(number=10007, name="Den Lille Ambassade", is_vat_free=True)
    register = bench.app.customers.of(go_clients(bench.app.settings)[0])
    register.store([embassy], bench.clock(), everything=True)
