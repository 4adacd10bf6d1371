"""What is paid at the till and what is invoiced are shared out once, and the papers and the Z say the same."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st

from posplugin.domain.payment import PaymentRef, Receipt
from posplugin.domain.sale import INVOICE, OriginalSale, Sale, SaleLine, Tender
from posplugin.saft.moments import OSLO
from sample_terminal.evening import sale_of
from sample_terminal.house import House
from sample_terminal.receipts import WIDTH, delivery_receipt, sales_receipt
from sample_terminal.shares import invoiced_amount, paid_per_line
from sample_terminal.stored import sale_from, sale_json, z_report_from, z_report_json
from sample_terminal.zday import cash_sales, z_report

AT = datetime(2026, 11, 20, 20, 0, tzinfo=OSLO)

PAPER = Receipt(title="Faktura", rows=(("Kunde", "Bergen Havnelag AS"), ("Beløp", "300,00")))
#: 500 kr, 400 at 25 % and 100 at 15 %; 300 by invoice, 200 + 40 tip by card.
SPLIT = Sale(
    sale_id="s1",
    terminal_id="bar-1",
    at=AT,
    lines=(
        SaleLine(description="Meny", amount=40000, vat_rate=25, article_group="100"),
        SaleLine(description="Skolebolle", amount=10000, vat_rate=15, article_group="100"),
    ),
    tenders=(
        Tender(tender_id="1", channel=INVOICE, amount=30000),
        Tender(tender_id="2", channel="card", amount=20000, tip=4000),
    ),
)


def test_of_a_split_the_z_holds_the_part_that_was_paid_at_the_till() -> None:
    cash = cash_sales([SPLIT])

    assert [(group.vat_rate, group.amount, group.vat) for group in cash.groups] == [(15, 4000, 522), (25, 16000, 3200)]
    assert [(tender.channel, tender.expected) for tender in cash.tenders] == [("card", 24000)]
    assert cash.tips == 4000


def test_a_z_of_invoiced_sales_alone_holds_no_money_but_their_names() -> None:
    sale = sale_of("2 torsk", "invoice", "s2", AT)

    report = z_report("BAR-1", 1, business_date=date(2026, 11, 20), closed_at=AT, sales=[sale])

    assert (report.cash.groups, report.cash.tenders) == ((), ())
    assert report.invoiced == (PaymentRef("BAR-1", "s2", "1"),)


@given(
    st.lists(st.tuples(st.integers(1, 10**6), st.sampled_from([0, 12, 15, 25])), min_size=1, max_size=8),
    st.integers(0, 100),
)
def test_shares_add_up_and_none_exceeds_its_line(lines: list[tuple[int, int]], per_cent: int) -> None:
    total = sum(amount for amount, _ in lines)
    invoiced = total * per_cent // 100
    sale = replace(
        SPLIT,
        lines=tuple(SaleLine(description="x", amount=amount, vat_rate=rate) for amount, rate in lines),
        tenders=(
            Tender(tender_id="1", channel=INVOICE, amount=invoiced),
            Tender(tender_id="2", channel="card", amount=total - invoiced),
        ),
    )

    paid = paid_per_line(sale)

    assert sum(paid) == total - invoiced_amount(sale)
    assert all(0 <= part <= amount for part, (amount, _) in zip(paid, lines, strict=True))


def test_the_sales_receipt_of_a_split_speaks_of_what_was_paid() -> None:
    paper = sales_receipt(SPLIT, 7)

    assert "SALGSKVITTERING nr 7" in paper
    assert "Betalt her" in paper
    assert "herav tips" in paper
    assert [line.split()[-1] for line in paper.splitlines() if line.startswith("Mva")] == ["32,00", "5,22"]
    assert max(map(len, paper.splitlines())) <= WIDTH


def test_a_return_names_what_it_returns() -> None:
    sale = replace(
        sale_of("-1 brus", "cash", "s2", AT), original=OriginalSale(terminal_id="bar-1", sale_id="s1", receipt="1001")
    )

    paper = sales_receipt(sale, 8)

    assert "RETURKVITTERING nr 8" in paper
    assert "Retur av nota 1001" in paper


def test_a_return_of_a_split_says_what_is_credited_and_what_is_paid_back() -> None:
    back = replace(
        SPLIT,
        lines=tuple(replace(line, amount=-line.amount, quantity=-line.quantity * 2) for line in SPLIT.lines),
        tenders=tuple(replace(tender, amount=-tender.amount, tip=0) for tender in SPLIT.tenders),
    )

    money = sales_receipt(back, 8).replace("\u00a0", " ")
    credit = delivery_receipt(back, 3, Receipt(title="Kreditnota følger", rows=()))

    assert re.search(r"Krediteres for seg +300,00\nBetalt tilbake +−200,00", money)
    assert "−2 x Meny" in money
    assert "KREDITNOTA FØLGER nr 3" in credit
    assert "UTLEVERING" not in credit


def test_every_paper_has_the_house_s_name_and_number() -> None:
    for paper in (sales_receipt(SPLIT, 1, House("Kroa AS", "987654321")), delivery_receipt(SPLIT, 1, PAPER)):
        name, number = [line.strip() for line in paper.splitlines()[4:6]]
        assert (name, number) in {("Kroa AS", "Org.nr 987 654 321"), ("Bryggekroa AS", "Org.nr 999 999 999")}


def test_every_paper_says_that_this_is_no_approved_till() -> None:
    for paper in (sales_receipt(SPLIT, 1), delivery_receipt(SPLIT, 1, PAPER)):
        assert paper.count("IKKE ET GODKJENT KASSASYSTEM") == 2
    assert "UTLEVERINGSKVITTERING nr 1" in delivery_receipt(SPLIT, 1, PAPER)


def test_a_long_text_goes_on_the_next_line_and_nothing_of_it_is_lost() -> None:
    remark = "Hjorteburger, uten løk, gluten- og laktosefri, stekt hardt"
    sale = replace(SPLIT, lines=(replace(SPLIT.lines[0], description=remark), SPLIT.lines[1]))
    receipt = Receipt(title="Utleveringskvittering", rows=(("Deltakere", "Kari Nordmann, Ola Hansen " * 5),))

    for paper, text in ((sales_receipt(sale, 1), remark), (delivery_receipt(sale, 1, receipt), "Ola Hansen Kari")):
        assert max(map(len, paper.splitlines())) <= WIDTH
        assert text in " ".join(paper.split()).replace(" 400,00", "")


def test_what_is_stored_comes_back_as_it_was() -> None:
    sale = replace(
        SPLIT,
        at=datetime(2026, 10, 25, 2, 30, tzinfo=OSLO, fold=1),
        original=OriginalSale(terminal_id="a", sale_id="b"),
    )
    report = z_report("bar-1", 3, business_date=date(2026, 11, 20), closed_at=AT, sales=[sale], counted_cash=5)

    assert sale_from(sale_json(sale)) == sale
    assert z_report_from(z_report_json(report)) == report
