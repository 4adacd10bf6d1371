"""The Z on paper says what the law wants, in the figures of the Z report, and nothing that the till cannot know."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime

from posplugin.domain.sale import Sale, Tender
from posplugin.domain.zreport import CashMovement
from posplugin.saft.moments import OSLO
from sample_terminal.drawer import Drawer
from sample_terminal.evening import sale_of
from sample_terminal.figures import Count, DayLog, GrandTotals, day_figures
from sample_terminal.house import House
from sample_terminal.menu import Group
from sample_terminal.receipts import WIDTH
from sample_terminal.zday import z_report
from sample_terminal.zpaper import z_paper

AT = datetime(2026, 11, 20, 20, 0, tzinfo=OSLO)
CLOSED = datetime(2026, 11, 21, 1, 15, tzinfo=OSLO)
OUT = CashMovement(kind="UTTAK", amount=-300000, saft_code="11010")
IN = CashMovement(kind="INNSKUDD", amount=50000, saft_code="11011")
LOG = DayLog(
    drawer=Drawer(opening_float=200000, movements=(IN, OUT, IN), difference=-3500),
    voids=Count(2, 70000),
    training=Count(1, 18900),
)
SALES = (
    sale_of("2 burger, 2 brus", "cash", "s1", AT),
    sale_of("1 suppe*, 1 pils", "card+30", "s2", AT),
    sale_of("1 gavekort", "card", "s3", AT),
    sale_of("2 torsk", "invoice 300, mobile", "s4", AT),
    sale_of("-1 vin", "invoice", "s5", AT),
    sale_of("-1 brus", "cash", "s6", AT),
)


def paper(*sales: Sale, log: DayLog = LOG, before: GrandTotals | None = None) -> str:
    report = z_report(
        "bar-1",
        26324,
        business_date=date(2026, 11, 20),
        closed_at=CLOSED,
        sales=sales,
        counted_cash=log.drawer.counted(sales),
        movements=log.drawer.movements,
    )
    return z_paper(report, day_figures(sales, report.cash, log, before))


def value(text: str, label: str) -> list[str]:
    """Return what stands after a label, number and amount apart."""
    (found,) = re.findall(rf"(?m)^ *{re.escape(label)} {{1,}}(.+)$", text)
    return str(found).replace("\u00a0", "").split()


def test_it_has_a_title_a_business_a_moment_and_a_register() -> None:
    head = paper(*SALES).splitlines()[3:9]

    assert [line.strip() for line in head] == [
        "Z-RAPPORT nr 26324",
        "Bryggekroa AS",
        "Org.nr 999 999 999",
        "21.11.2026 01:15",
        "Kasse bar-1",
        "Driftsdøgn 20.11.2026",
    ]


def test_cash_sales_are_told_by_group_by_payment_and_by_vat_and_what_is_invoiced_apart() -> None:
    text = paper(*SALES)

    assert value(text, "Kontantsalg") == ["1799,90"]
    assert value(text, "herav gavekort solgt") == ["500,00"]
    assert value(text, "Mat") == ["5", "1142,00"]  # of the two fish, 478.00 was paid here
    assert value(text, "Mineralvann") == ["1", "48,90"]
    assert value(text, "Kort") == ["2", "813,00"]
    assert value(text, "Kontant") == ["2", "539,00"]
    assert value(text, "Mobil") == ["1", "478,00"]
    assert value(text, "Tips, i betalingene") == ["1", "30,00"]
    assert value(text, "Øreavrunding") == ["0,10"]
    assert value(text, "25 %") == ["900,72", "225,18"]
    assert value(text, "15 %") == ["151,30", "22,70"]
    assert value(text, "Salgskvitteringer") == ["4"]
    assert value(text, "Returkvitteringer") == ["1", "48,90"]
    assert value(text, "Utleveringskvitteringer") == ["2", "161,00"]
    assert value(text, "Kredittsalg, faktureres") == ["1", "300,00"]
    assert value(text, "Kredittsalg, krediteres") == ["1", "139,00"]
    assert value(text, "Annulleringer") == ["2", "700,00"]
    assert value(text, "Trening") == ["1", "189,00"]


def test_the_drawer_leads_from_the_float_to_what_was_counted() -> None:
    text = paper(*SALES)

    assert value(text, "Vekselbeholdning") == ["2000,00"]
    assert value(text, "Tatt imot kontant") == ["539,00"]
    assert value(text, "Satt inn (INNSKUDD)") == ["1000,00"]
    assert value(text, "Tatt ut (UTTAK)") == ["−3000,00"]
    assert value(text, "Skal være i skuffen") == ["539,00"]
    assert value(text, "Talt i skuffen") == ["504,00"]
    assert value(text, "Kassedifferanse") == ["−35,00"]


def test_a_drawer_that_nobody_counted_has_no_difference() -> None:
    text = paper(*SALES, log=DayLog())

    assert value(text, "Talt i skuffen") == ["ikke", "talt"]
    assert "Kassedifferanse" not in text


def test_a_shortage_is_told_though_nothing_was_sold_for_cash() -> None:
    text = paper(SALES[2], log=DayLog(drawer=Drawer(opening_float=200000, difference=-3500)))

    assert value(text, "Talt i skuffen") == ["1965,00"]
    assert value(text, "Kassedifferanse") == ["−35,00"]


def test_grand_totals_are_of_the_registers_whole_life() -> None:
    text = paper(*SALES, before=GrandTotals(sales=100000, returns=5000))

    assert [value(text, f"Akkumulert {what}") for what in ("salg", "retur", "netto")] == [
        ["2848,80"],
        ["98,90"],
        ["2749,90"],
    ]


def test_a_day_without_sales_is_a_whole_paper() -> None:
    text = paper(log=DayLog())

    assert value(text, "Kontantsalg") == ["0,00"]
    assert value(text, "Utleveringskvitteringer") == ["0", "0,00"]


def test_it_fits_the_roll_and_says_that_this_is_no_approved_till() -> None:
    wide = replace(SALES[1], tenders=(Tender(tender_id="1", channel="x" * 60, amount=SALES[1].total),))
    report = z_report("b" * 64, "Z" * 35, business_date=AT.date(), closed_at=CLOSED, sales=[wide])
    groups = {"100": Group("Et langt navn på en varegruppe som ikke får plass", "")}

    text = z_paper(report, day_figures([wide], report.cash), House("H" * 60, "1234"), groups)

    assert max(map(len, text.splitlines())) <= WIDTH
    assert text.count("IKKE ET GODKJENT KASSASYSTEM") == 2
    assert value(text, "110") == ["1", "109,00"]  # a group that has no name is told by its id
    assert "Org.nr 1234" in text
