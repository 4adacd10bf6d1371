"""The evening of the demonstration is what the code writes, and its Z report adds up."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from posplugin.domain.errors import UsageError
from posplugin.saft.parts import tag
from sample_terminal.evening import evening_xml
from sample_terminal.menu import ordered
from sample_terminal.saft_elements import kroner

EVENING = Path(__file__).parents[3] / "sample_terminal/data/evening.xml"


def figures() -> ElementTree.Element:
    reports = ElementTree.fromstring(EVENING.read_bytes()).iter(tag("eventReport"))
    return next(report for report in reports if report.findtext(tag("reportType")) == "Z report")


def ore(element: ElementTree.Element, name: str) -> int:
    return sum(round(float(found.text or 0) * 100) for found in element.iter(tag(name)))


def test_the_file_in_the_tree_is_what_the_code_writes() -> None:
    assert EVENING.read_bytes() == evening_xml()


def test_no_two_evenings_share_a_receipt_number_or_a_z() -> None:
    first, second = evening_xml(), evening_xml(date(2026, 11, 21))

    for name in ("nr", "reportID"):
        numbers = [{e.text for e in ElementTree.fromstring(xml).iter(tag(name))} for xml in (first, second)]
        assert numbers[0].isdisjoint(numbers[1])


def test_the_z_adds_up_in_every_way_that_the_law_asks_for() -> None:
    z = figures()
    cash, net, vat = ore(z, "totalCashSaleAmnt"), ore(z, "cashSaleAmnt"), ore(z, "vatAmnt")
    rounding = 20 + 50 + 10 + 20 - 10 + 50

    assert ore(z, "artGroupAmnt") == cash == net + vat
    assert ore(z, "reportGrandTotalSales") - ore(z, "reportGrandTotalReturn") == cash
    assert ore(z, "reportGrandTotalSalesNet") == cash
    assert ore(z, "paymentAmnt") - ore(z, "tipAmnt") - cash == rounding
    assert z.findtext(tag("reportVoidTransNum")) == "1"
    assert z.findtext(tag("reportTrainingNum")) == "1"


def test_only_food_is_sold_to_take_away() -> None:
    assert [(line.vat_rate, line.amount) for line in ordered("1 burger, 1 burger*")] == [(25, 24500), (15, 22550)]
    with pytest.raises(UsageError, match="not sold to take away"):
        ordered("1 pils*")


def test_amounts_are_written_with_two_decimals() -> None:
    assert [kroner(amount) for amount in (0, 5, -1640, 100000)] == ["0.00", "0.05", "-16.40", "1000.00"]
