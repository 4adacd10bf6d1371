"""What a day at the till fixes: who reports VAT, the fee, tips, splits, the Z."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from posplugin.app import App
from posplugin.domain.documents import Invoice, VatReportedBy
from posplugin.domain.errors import FactsDiffer, OutboxError, OutboxUnavailable, UsageError
from posplugin.domain.payment import Authorization, PaymentRequest
from posplugin.domain.settlement import Settlement
from posplugin.domain.zreport import CashSales, TenderTotal, ZReport
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from tests.fixtures.clocks import EVENING
from tests.fixtures.sales import DAY, line, request, returned, sale, tender
from tests.fixtures.settings import LEDGER

OpenApp = Callable[..., App]
Z = ZReport(terminal_id="bar-1", number=1, business_date=DAY, closed_at=EVENING, cash=CashSales())


def kept(app: App, asked: PaymentRequest) -> Invoice:
    """The facts that the till's promise put on disk."""
    answer = app.till().authorize(asked)
    assert isinstance(answer, Authorization), answer
    record = app.outbox.by_payment(asked.ref)
    assert record is not None
    return record.invoice()


def on(days: int, sale_id: str, hours: float = 0) -> PaymentRequest:
    return request(sale(sale_id=sale_id, at=EVENING + timedelta(days=days, hours=hours)))


def test_who_reports_vat_is_fixed_by_a_days_first_promise(open_app: OpenApp) -> None:
    """Settings changed in the middle of a day count from the next business date on."""
    first = open_app(ledger=LEDGER)
    assert kept(first, on(0, "s-1")).vat_reported_by is VatReportedBy.INVOICE
    changed = open_app(ledger=LEDGER, invoicing={"vat_reported_by": "settlement"})
    assert kept(changed, on(0, "s-2")).vat_reported_by is VatReportedBy.INVOICE
    assert kept(changed, on(0, "s-3", hours=8.9)).vat_reported_by is VatReportedBy.INVOICE  # 04:54 in the night
    assert kept(changed, on(0, "s-4", hours=9)).vat_reported_by is VatReportedBy.SETTLEMENT  # 05:00
    back = open_app(ledger=LEDGER)
    assert kept(back, on(1, "s-5")).vat_reported_by is VatReportedBy.SETTLEMENT
    assert kept(back, on(0, "s-6")).vat_reported_by is VatReportedBy.INVOICE


def test_a_capture_of_what_was_never_promised_fixes_its_day_too(open_app: OpenApp) -> None:
    open_app(ledger=LEDGER).till().capture(on(0, "s-1"))
    changed = open_app(ledger=LEDGER, invoicing={"vat_reported_by": "settlement"})
    assert kept(changed, on(0, "s-2")).vat_reported_by is VatReportedBy.INVOICE


def test_a_fee_of_the_settings_is_on_the_invoice_and_on_paper(open_app: OpenApp) -> None:
    app = open_app(invoicing={"invoice_fee": True, "invoice_fee_amount": "39.00"})
    assert kept(app, request()).total == 139_00
    answer = app.till().authorize(request())
    assert isinstance(answer, Authorization)
    assert ("Herav fakturagebyr", "39,00") in answer.receipt.rows
    assert ("Beløp som faktureres", "139,00") in answer.receipt.rows
    assert kept(app, request(returned(-50_00))).total == -50_00


def test_a_fee_that_only_poweroffice_knows_is_the_one_of_the_sales_department(open_app: OpenApp) -> None:
    departments = {"roof": {"client_key": "bar-client-0b2d", "products": {"vat_25": "30"}}}
    app = open_app(invoicing={"invoice_fee": True}, departments=departments)
    app.outbox.write_note("fee_price bar", "3900")
    app.outbox.write_note("fee_price roof", "4900")
    assert kept(app, request()).fee == 39_00
    assert kept(app, request(sale(sale_id="s-2", department="roof"))).fee == 49_00


def test_without_a_known_fee_nothing_is_promised_but_goods_can_come_back(open_app: OpenApp) -> None:
    app = open_app(invoicing={"invoice_fee": True})
    with pytest.raises(OutboxError, match="run `posplugin check`"):
        app.till().authorize(request())
    assert app.outbox.select("1") == []
    assert kept(app, request(returned(-50_00))).fee == 0


def test_a_fee_that_changes_after_the_promise_does_not_change_it(open_app: OpenApp) -> None:
    app = open_app(invoicing={"invoice_fee": True, "invoice_fee_amount": "39.00"})
    before = kept(app, request())
    assert kept(open_app(invoicing={"invoice_fee": True, "invoice_fee_amount": "45.00"}), request()) == before


def test_a_tip_and_a_split_are_told_on_paper(open_app: OpenApp) -> None:
    app = open_app(invoicing={"tips_on_invoice": True})
    split = sale([line(400_00), line(100_00, 15)], [tender(300_00, tip=30_00), tender(200_00, "card", tip=40_00)])
    answer = app.till().authorize(request(split))
    assert isinstance(answer, Authorization)
    assert answer.receipt.title == "Utleveringskvittering – faktureres senere"
    assert answer.receipt.rows == (
        ("Kunde", "10001 Ærlig Håndverk AS"),
        ("Nota", "s-1"),
        ("Beløp som faktureres", "330,00"),
        ("Herav mva 25 %", "48,00"),
        ("Herav mva 15 %", "7,83"),
        ("Herav tips", "30,00"),
        ("Betalt på annen måte", "200,00"),
        ("Dette er ikke en salgskvittering", ""),
    )


def test_the_columns_that_technicians_search_are_the_documents(app: App) -> None:
    asked = on(0, "s-1", hours=6)  # 02:00 in the night
    invoice = kept(app, replace(asked, sale=replace(asked.sale, receipt="1042")))
    record = app.outbox.by_payment(asked.ref)
    assert record is not None
    assert (record.business_date, record.receipt, record.department) == (DAY, "1042", "bar")
    assert (record.customer_number, record.customer_name, record.amount) == (10001, "Ærlig Håndverk AS", 100_00)
    assert (invoice.business_date, invoice.delivered_at) == (DAY, EVENING + timedelta(hours=6))


# -- the Z -------------------------------------------------------------------------------------------------------------


def settled(app: App, z: ZReport = Z) -> Record | None:
    return app.outbox.settlements.of(z)


def test_a_z_report_is_kept_once_and_may_be_told_again(app: App) -> None:
    till = app.till()
    for _ in range(3):
        assert till.day_closed(Z) is True
    assert till.day_closed(replace(Z, number=2)) is True
    assert app.database.row("SELECT count(*) FROM z_reports") == (2,)


def test_another_z_of_the_same_number_is_told_from_the_first(app: App) -> None:
    till = app.till()
    till.day_closed(Z)
    cash = CashSales(tenders=(TenderTotal(channel="card", expected=100),), tips=100)
    with pytest.raises(FactsDiffer, match="Z 1 of bar-1 is already kept with other totals"):
        till.day_closed(replace(Z, cash=cash))


def test_a_z_of_another_terminal_is_not_ours(app: App) -> None:
    with pytest.raises(UsageError, match="Z 1 is of terminal bar-2, not bar-1"):
        app.till().day_closed(replace(Z, terminal_id="bar-2"))


ROOF = {"roof": {"client_key": "bar-client-0b2d", "ledger": LEDGER}}


@pytest.mark.parametrize(
    ("changes", "is_settled"),
    [
        ({}, False),
        ({"ledger": LEDGER}, True),
        ({"ledger": LEDGER, "settlement": {"enabled": True}}, True),
        ({"ledger": LEDGER, "settlement": {"enabled": False}}, False),
        ({"departments": {"bar": {"ledger": LEDGER}}}, True),
        ({"departments": ROOF}, False),
    ],
    ids=["no ledger", "ledger", "on", "off", "the department's own", "another department's"],
)
def test_a_z_is_to_be_posted_where_the_terminals_department_has_accounts(
    open_app: OpenApp, changes: dict[str, Any], is_settled: bool
) -> None:
    app = open_app(**changes)
    for _ in range(2):
        assert app.till().day_closed(Z) is True
    record = settled(app)
    assert (record is not None) is is_settled
    assert app.outbox.settlements.find("bar-1", 1) == Z
    assert app.database.row("SELECT count(*) FROM records") == (int(is_settled),)
    if record:
        assert record.settlement() == Settlement(z=Z, department="bar")
        assert (record.status, record.business_date, record.receipt) == (Status.PENDING, DAY, "Z 1")
        assert [event.who for event in app.outbox.events(record)] == ["till"]


def test_a_z_and_its_settlement_are_kept_both_or_neither(open_app: OpenApp, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_app(ledger=LEDGER)

    def fails(*_: object) -> None:
        raise OutboxUnavailable("the disk is full")

    with monkeypatch.context() as full:
        full.setattr(app.outbox, "_event", fails)
        with pytest.raises(OutboxUnavailable):
            app.till().day_closed(Z)
    assert (app.outbox.settlements.find("bar-1", 1), settled(app)) == (None, None)
    assert app.till().day_closed(Z) is True
    assert settled(app) is not None


def test_a_z_is_there_when_the_till_is_started_again(open_app: OpenApp) -> None:
    first = open_app(ledger=LEDGER)
    first.till().day_closed(Z)
    before = settled(first)
    again = open_app(ledger=LEDGER)
    assert again.till().day_closed(Z) is True
    assert settled(again) == before


def test_what_was_kept_while_settlements_were_off_is_not_posted_by_being_told_again(open_app: OpenApp) -> None:
    """It was settled by hand, perhaps: a person chooses the days."""
    open_app().till().day_closed(Z)
    app = open_app(ledger=LEDGER)
    assert app.till().day_closed(Z) is True
    assert settled(app) is None
    assert app.till().day_closed(replace(Z, number=2)) is True
    assert settled(app, replace(Z, number=2)) is not None


def test_a_number_may_be_text(open_app: OpenApp) -> None:
    app = open_app(ledger=LEDGER)
    for number in ("Z-2026-11-20", "0042", 42, "42"):
        assert app.till().day_closed(replace(Z, number=number)) is True
    assert app.database.rows("SELECT receipt FROM records ORDER BY id") == [("Z Z-2026-11-20",), ("Z 42",)]
    record = settled(app, replace(Z, number="00042"))
    assert record is not None
    assert record.settlement().z.number == 42


def test_a_day_that_does_not_add_up_is_the_accountants_to_see(open_app: OpenApp) -> None:
    """The till goes on; the settlement will wait for a person."""
    app = open_app(ledger=LEDGER)
    off = replace(Z, cash=CashSales(tenders=(TenderTotal(channel="card", expected=100_01),), tips=100_00))
    assert off.cash.difference == 1
    assert app.till().day_closed(off) is True
    record = settled(app, off)
    assert record is not None
    assert record.settlement().z == off


def test_days_before_enabled_since_were_booked_otherwise(open_app: OpenApp) -> None:
    app = open_app(ledger=LEDGER, invoicing={"enabled_since": Z.business_date + timedelta(days=1)})
    assert app.till().day_closed(Z) is True
    assert settled(app) is None
