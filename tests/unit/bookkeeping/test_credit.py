"""Never more back than was sold, at any rate."""

from __future__ import annotations

import pytest

from posplugin.bookkeeping.credit import exceeded
from posplugin.domain.documents import Invoice
from posplugin.domain.sale import LineKind, SaleLine
from tests.fixtures.sales import invoice, line, request, returned, sale


def sold(*lines: SaleLine) -> Invoice:
    return invoice(request(sale(lines)))


def back(*lines: SaleLine) -> Invoice:
    return invoice(request(returned(lines)))


SOLD = sold(line(80_00), line(20_00, 15))
CASES: dict[str, tuple[list[Invoice], list[Invoice], tuple[LineKind, int] | None]] = {
    "all of it": ([SOLD], [back(line(-80_00), line(-20_00, 15))], None),
    "part of it": ([SOLD], [back(line(-79_99))], None),
    "an øre too much at one rate": ([SOLD], [back(line(-80_01))], (LineKind.GOODS, 25)),
    "less than all, more than its rate": ([SOLD], [back(line(-30_00, 15))], (LineKind.GOODS, 15)),
    "a rate that was not sold": ([SOLD], [back(line(-1_00, 12))], (LineKind.GOODS, 12)),
    "a kind that was not sold": (
        [SOLD],
        [back(line(-1_00, 25, kind=LineKind.DEPOSIT))],
        (LineKind.DEPOSIT, 25),
    ),
    "two parts that fit": ([SOLD], [back(line(-40_00)), back(line(-40_00))], None),
    "two parts that do not": ([SOLD], [back(line(-40_00)), back(line(-40_01))], (LineKind.GOODS, 25)),
    "two invoices of one sale": ([SOLD, SOLD], [back(line(-160_00))], None),
    "nothing sold": ([], [back(line(-1))], (LineKind.GOODS, 25)),
    "bottles that came back at the sale itself": ([sold(line(80_00), line(-3_00, 15))], [back(line(-80_00))], None),
}


@pytest.mark.parametrize(("original", "credits_", "what"), CASES.values(), ids=CASES)
def test_returns_are_compared_per_kind_and_rate(
    original: list[Invoice], credits_: list[Invoice], what: tuple[LineKind, int] | None
) -> None:
    assert exceeded(original, credits_[:-1], credits_[-1]) == what
