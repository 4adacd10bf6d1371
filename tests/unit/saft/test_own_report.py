"""A Z's own figures are held against its transactions; tills may tell them in several ways, but not wrongly."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from posplugin.saft import CustomerNumbers, DayRead, Entry, Played, Reader, SaftError, SaftRules, read_days
from posplugin.saft.codes import Codes
from posplugin.saft.entries import Event, Report, ReportVat, Transaction
from posplugin.saft.own_report import compared
from posplugin.saft.totals import Totals
from sample_terminal.figures import Count, ReportFigures
from sample_terminal.rule_files import sold
from sample_terminal.saft_xml import Document, RegisterLog, to_xml
from sample_terminal.zday import cash_sales

NIGHT = datetime(2026, 11, 20, 23)  # noqa: DTZ001  # a file's times are local and naive
Z = Event(register_id="BAR-1", event_id="Z1", kind="Z", at=NIGHT, report_id="1")
#: 39.90 rounded to 40.00; 189.00 with a tip of 20.00; a gift card; 149.00 taken away; 389.00 split, 289.00 of it paid.
SALES = (
    sold(1, "1 kaffe", "cash"),
    sold(2, "1 suppe", "card+20"),
    sold(3, "1 gavekort", "mobile"),
    sold(4, "1 suppe*, 1 brus", "card"),
    sold(5, "1 torsk", "invoice 100, card"),
)
SOLD, WHOLE = 3990 + 18900 + 50000 + 17400 + 4890 + 28900, 3990 + 18900 + 50000 + 17400 + 4890 + 38900


def vat(percent: int, sold_net: int, vat_amount: int, *, debit: bool = False) -> ReportVat:
    return ReportVat(percent=Decimal(percent), sold=sold_net, vat=vat_amount, debit=debit)


#: 39.90 + 189.00 + 48.90 + 289.00 at 25 %, and 174.00 at 15 %.
AT_25, AT_15 = vat(25, 56680 - 11336, 11336), vat(15, 15130, 2270)
REPORT = Report(
    cash_sales=SOLD,
    payments=(("KONTANT", 4000), ("BANKKORT", 20900 + 22290 + 28900), ("VIPPS", 50000)),
    vats=(AT_25, AT_15, vat(0, 50000, 0)),
    tips=2000,
)


def reader_of(path: Path, log: RegisterLog) -> Reader:
    path.write_bytes(to_xml(Document(day=NIGHT.date(), registers=[log])))
    return Reader(path, SaftRules(customer_numbers=CustomerNumbers.POWEROFFICE), "bar-1")


def sales_in(reader: Reader) -> list[Played]:
    return [e.verdict for e in reader.entries() if isinstance(e, Entry) and isinstance(e.verdict, Played)]


def totals_of(path: Path, *transactions: Transaction) -> tuple[Totals, Codes]:
    reader = reader_of(path, RegisterLog(register_id="BAR-1", transactions=transactions))
    totals = Totals(reader.codes)
    for played in sales_in(reader):
        totals.add_sale(played)
    return totals, reader.codes


@pytest.fixture
def day(tmp_path: Path) -> tuple[Totals, Codes]:
    return totals_of(tmp_path / "file.xml", *SALES)


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"cash_sales": SOLD - 50000},
        {"cash_sales": SOLD + 10},
        {"cash_sales": SOLD + 10 + 2000},
        {"payments": (("KONTANT", 3990), ("BANKKORT", 72090), ("VIPPS", 50000))},
        {"payments": (("KONTANT", 4000), ("BANKKORT", 70090), ("VIPPS", 50000))},
        {"payments": (*REPORT.payments, ("FAKTURA", 10000))},
        {"payments": (("12001", 4000), ("12002", 72090), ("12011", 50000), ("12010", 0))},
        {"payments": (("KONTANT", 4000), ("BANKKORT", 20900), ("BANKKORT", 51190), ("VIPPS", 50000))},
        {"vats": (vat(25, 56680, 11336), vat(15, 17400, 2270))},
        {"vats": (vat(25, 45343, 11337), AT_15, vat(0, 52000, 0), vat(10, 0, 0))},
        {"cash_sales": None, "tips": None, "vats": (), "payments": ()},
        {
            "cash_sales": WHOLE,
            "vats": (vat(25, 66680 - 13336, 13336), AT_15),
            "payments": (*REPORT.payments, ("FAKTURA", 10000)),
        },
    ],
)
def test_every_lawful_way_of_telling_the_figures_agrees(day: tuple[Totals, Codes], told: dict[str, object]) -> None:
    figures = compared(replace(REPORT, **told), *day)  # type: ignore[arg-type]

    assert [figure for figure in figures if not figure.agrees] == []


@pytest.mark.parametrize(
    ("told", "differs"),
    [
        ({"cash_sales": SOLD + 1}, [("total cash sales", SOLD + 1, SOLD)]),
        ({"cash_sales": WHOLE}, [("total cash sales", WHOLE, SOLD)]),
        ({"tips": 0}, [("tips", 0, 2000)]),
        ({"payments": (*REPORT.payments[:2], ("VIPPS", 50001))}, [("payment 12011", 50001, 50000)]),
        (
            {"payments": (*REPORT.payments[:2], ("12004", 50000))},
            [("payment 12004", 50000, 0), ("payment 12011", 0, 50000)],
        ),
        ({"payments": (*REPORT.payments, ("FAKTURA", 9999))}, [("payment invoice", 9999, 10000)]),
        ({"payments": (*REPORT.payments, ("Rabb", 1))}, [("payment Rabb", 1, 0)]),
        (
            {"vats": (replace(AT_25, vat=11400), AT_15, vat(0, 50000, 0))},
            [("sales at 25 %", 45344, 45344), ("VAT at 25 %", 11400, 11336)],
        ),
        ({"vats": (AT_25,)}, [("sales at 15 %", 0, 15130), ("VAT at 15 %", 0, 2270)]),
        ({"vats": (AT_25, AT_15, vat(10, 900, 100))}, [("sales at 10 %", 900, 0), ("VAT at 10 %", 100, 0)]),
    ],
)
def test_a_figure_that_is_wrong_is_named_with_both_amounts(
    day: tuple[Totals, Codes], told: dict[str, object], differs: list[tuple[str, int, int]]
) -> None:
    figures = compared(replace(REPORT, **told), *day)  # type: ignore[arg-type]

    assert [(figure.what, figure.file, figure.ours) for figure in figures if not figure.agrees] == differs


@pytest.mark.parametrize(
    "row", [vat(25, -11120, -2780), vat(25, -11120, -2780, debit=True), vat(25, 11120, 2780, debit=True)]
)
def test_a_day_of_returns_alone_is_negative_or_marked_debit(tmp_path: Path, row: ReportVat) -> None:
    figures = compared(Report(vats=(row,)), *totals_of(tmp_path / "file.xml", sold(1, "-1 vin", "card")))

    assert [figure.agrees for figure in figures] == [True, True]


def read_changed(path: Path, old: str, new: str) -> DayRead:
    """Return the day of a file whose report is right but for one text."""
    reader = reader_of(path, RegisterLog(register_id="BAR-1", events=[Z], transactions=SALES))
    cash = cash_sales([played.sale for played in sales_in(reader)])
    figures = ReportFigures(cash=cash, tips=Count(1, cash.tips))
    log = RegisterLog(register_id="BAR-1", events=[Z], transactions=SALES, reports={"Z1": figures})
    text = to_xml(Document(day=NIGHT.date(), registers=[log])).decode()
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    (day,) = read_days(Reader(path, SaftRules(), "bar-1"))
    assert isinstance(day, DayRead)
    return day


def test_the_problem_names_the_z_what_differs_and_both_amounts(tmp_path: Path) -> None:
    told, wrong = (f"<totalCashSaleAmnt>{kroner}<" for kroner in ("1240.80", "1000.00"))

    (problem,) = read_changed(tmp_path / "file.xml", told, wrong).problems

    assert problem.replace("\u00a0", " ") == (
        "Z 1 of register BAR-1: total cash sales is 1 000,00 in its own report, but its transactions come to 1 240,80; "
        "find out which is right"
    )


def test_a_report_with_what_is_no_amount_is_refused_with_its_file(tmp_path: Path) -> None:
    with pytest.raises(SaftError, match="The report of event Z1 of register BAR-1 cannot be read: tipAmnt"):
        read_changed(tmp_path / "file.xml", "<tipAmnt>20.00", "<tipAmnt>tjue")
