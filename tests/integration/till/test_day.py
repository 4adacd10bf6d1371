"""What a day at the till fixes: who reports VAT, the fee, tips, splits, the Z."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from posplugin.app import App
from posplugin.domain.documents import Invoice, VatReportedBy
from posplugin.domain.errors import FactsDiffer, OutboxError, UsageError
from posplugin.domain.payment import Authorization, PaymentRequest
from posplugin.domain.zreport import CashSales, TenderTotal, ZReport
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
