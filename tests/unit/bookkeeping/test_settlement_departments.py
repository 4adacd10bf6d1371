"""What is invoiced by another department of the same client is sold in that one's books."""

from __future__ import annotations

from dataclasses import replace

from posplugin.bookkeeping.reconciliation import Reconciliation
from posplugin.bookkeeping.settlement import Drawn, journal_lines
from posplugin.domain.documents import Invoice, VatReportedBy
from posplugin.settings.ledger import Ledger
from tests.fixtures.sales import invoice, line, request, sale, tender
from tests.fixtures.settings import LEDGER
from tests.fixtures.zreports import group, took, z_report

BOOKS = Ledger(**LEDGER)
#: Card +240 = 160 at 25 % + 40 at 15 % + tips 40.
LAWFUL = z_report(
    group(160_00, vat=32_00, name="beer"), group(40_00, 15, 5_22, "mat"), took("card", 240_00), tips=40_00
)
#: The café sells at 25 % on an account of its own, and has a clearing account of its own.
CAFE_BOOKS = Ledger(
    **{**LEDGER, "invoice_clearing": 1991, "sales": [{**LEDGER["sales"][0], "account": 3010}, LEDGER["sales"][1]]}
)


def dinner(sale_id: str = "1") -> Invoice:
    """DESIGN's example, in the bar; its Faktura carries no VAT of its own."""
    lines = (line(400_00, 25, article_group="beer"), line(100_00, 15, "Burger", article_group="mat"))
    paid = (tender(300_00), tender(200_00, "card", tip=40_00))
    return invoice(request(sale(lines, paid, sale_id=sale_id)), vat_reported_by=VatReportedBy.SETTLEMENT)


def in_cafe(made: Invoice) -> Invoice:
    return replace(made, department="cafe")


def by_department(made: Drawn) -> dict[tuple[int, str | None], int]:
    return {(each.account, each.department): each.amount for each in made.lines}


def with_cafe(
    *invoices: Invoice, ledger: Ledger | None = CAFE_BOOKS, cleared: tuple[Invoice, ...] | None = None
) -> Drawn:
    ledgers = {"cafe": ledger} if ledger else {}
    return journal_lines(LAWFUL, Reconciliation(invoices=invoices), BOOKS, cleared=cleared, ledgers=ledgers)


def test_what_another_department_invoices_is_sold_by_its_ledger_and_cleared_there() -> None:
    """Beside the same accounts of the till's own department."""
    made = with_cafe(in_cafe(dinner()), dinner("2"))
    assert by_department(made) == {
        (1580, None): 240_00,
        (1990, None): 300_00,
        (2981, None): -40_00,
        (3000, None): -400_00,
        (3001, None): -100_00,
        (1991, "cafe"): 300_00,
        (3010, "cafe"): -240_00,
        (3001, "cafe"): -60_00,
    }
    assert made.gaps == ()


def test_a_department_of_no_ledger_here_sells_in_the_tills_own() -> None:
    made = with_cafe(in_cafe(dinner()), ledger=None)
    assert by_department(made) == by_department(with_cafe(dinner()))


def test_what_another_departments_ledger_lacks_is_told_as_its_own() -> None:
    lacks = Ledger(**{**LEDGER, "invoice_clearing": None, "sales": LEDGER["sales"][:1]})
    assert with_cafe(in_cafe(dinner()), ledger=lacks).gaps == (
        "department cafe: ledger.invoice_clearing is missing",
        'department cafe: ledger.sales has no row for article group "mat" at 15 %',
    )


def test_only_what_is_to_be_cleared_is_sold() -> None:
    """Of two that the Z names, one has been posted with another Z."""
    mine, other = dinner(), dinner("2")
    assert by_department(with_cafe(mine, other, cleared=(mine,))) == by_department(with_cafe(mine))
    assert by_department(with_cafe(mine, cleared=())) == by_department(with_cafe())
