"""The Z report as a PDF: what the till had, what is posted of it, and where the two differ."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posplugin.domain.documents import Invoice, VatReportedBy
from posplugin.domain.money import kroner_text
from posplugin.domain.sale import LineKind
from posplugin.domain.settlement import Journal, JournalLine, Settlement
from posplugin.domain.zreport import CashMovement, CashSales, GroupTotal, TenderTotal, ZReport
from posplugin.papers.z_report import z_report_pdf
from posplugin.texts import texts
from tests.fixtures.sales import invoice, line, request, returned, sale

OSLO = ZoneInfo("Europe/Oslo")
DAY = date(2026, 11, 20)


def group(name: str | None, vat_rate: int, amount: int, vat: int, kind: LineKind = LineKind.GOODS) -> GroupTotal:
    return GroupTotal(article_group=name, kind=kind, vat_rate=vat_rate, amount=amount, vat=vat)


GROUPS = (
    group("mat", 15, 4_321_00, 563_62),
    group("øl", 25, 12_297_35, 2_459_46),
    group(None, 25, 100_00, 20_00),
    group(None, 0, 500_00, 0, LineKind.GIFT_CARD),
    group("pose", 25, 20_00, 4_00, LineKind.DEPOSIT),
)
CASH = CashSales(
    groups=GROUPS,
    tenders=(
        TenderTotal(channel="cash", expected=1_295_00, counted=780_00),
        TenderTotal(channel="card", expected=15_882_95),
        TenderTotal(channel="vipps", expected=300_00),
    ),
    tips=240_00,
    rounding=-40,
)
Z = ZReport(
    terminal_id="bar-1",
    number=26324,
    business_date=DAY,
    closed_at=datetime(2026, 11, 21, 1, 30, tzinfo=UTC),
    cash=CASH,
    movements=(CashMovement(kind="bank deposit", amount=-500_00),),
)
LINES = (
    JournalLine(account=1580, amount=16_182_95, names=("card", "vipps")),
    JournalLine(account=1900, amount=780_00, names=("cash",)),
    JournalLine(account=1920, amount=500_00, names=("bank deposit",)),
    JournalLine(account=7745, amount=40, names=("rounding",)),
    JournalLine(account=7746, amount=15_00, names=("cash_difference",)),
    JournalLine(account=2901, amount=-500_00, names=("gift_cards_sold",)),
    JournalLine(account=2981, amount=-240_00, names=("tips",)),
    JournalLine(account=3000, amount=-12_417_35, vat_code="3", vat_rate=25, vat=-2_483_46, names=("øl", "", "pose")),
    JournalLine(account=3001, amount=-4_321_00, vat_code="31", vat_rate=15, vat=-563_62, names=("mat",)),
)


def paper(
    z: ZReport = Z,
    lines: Sequence[JournalLine] = LINES,
    invoiced: Sequence[Invoice] = (),
    language: str = "nb",
    posting_date: date = DAY,
) -> bytes:
    """The report of a Z whose lines have got words, as they are posted."""
    said, settlement = texts(language), Settlement(z=z, department="bar")
    journal = Journal(
        department="bar",
        day=z.business_date,
        posting_date=posting_date,
        description=said.settlement.description_of(settlement),
        lines=said.settlement.worded(lines),
    )
    return z_report_pdf(settlement, journal, invoiced, said, OSLO)


def rows(*args: Any, **values: Any) -> list[str]:
    """Every line of every page, as it is read."""
    pages = pypdf.PdfReader(io.BytesIO(paper(*args, **values))).pages
    text = "\n".join(page.extract_text(extraction_mode="layout") for page in pages)
    return [" ".join(row.split()) for row in text.splitlines() if row.strip()]


def part(told: Sequence[str], title: str, until: str | None = None) -> Sequence[str]:
    """What stands below a title."""
    below = told[told.index(title) + 1 :]
    return below[: below.index(until)] if until else below


def test_a_whole_report() -> None:
    bought = sale(300_00, sale_id="s-7", receipt="1042")
    first, credit = invoice(request(bought)), invoice(request(returned([line(-100_00)], receipt="1050")))

    assert [row for row in rows(invoiced=[first, credit]) if not row.startswith("Side ")] == [
        "Dagsoppgjør Z 26324",
        "Kasse bar-1",
        "Avdeling bar",
        "Driftsdøgn 20.11.2026",
        "Avsluttet 21.11.2026 02:30",
        "Salg i kassen",
        "Varegruppe Sats Mva Med mva",
        "mat 15 % 563,62 4 321,00",
        "øl 25 % 2 459,46 12 297,35",
        "Uten varegruppe 25 % 20,00 100,00",
        "Gavekort 0 % 0,00 500,00",
        "Pant, pose 25 % 4,00 20,00",
        "Sum 3 047,08 17 238,35",
        "Salg 17 238,35",
        "Tips 240,00",
        "Øreavrunding -0,40",
        "Betalt 17 477,95",
        "Betalinger",
        "Betaling Tatt imot Inn og ut Opptalt Differanse",
        "Kontant 1 295,00 -500,00 780,00 -15,00",
        "Kort 15 882,95",
        "vipps 300,00",
        "Sum 17 477,95",
        "Lagt inn og tatt ut, utenom salg",
        "Hva Betaling Beløp",
        "bank deposit Kontant -500,00",
        "Bilaget",
        "Konto Mva-kode Tekst Debet Kredit",
        "1580 Kort, vipps 16 182,95",
        "1900 Kontant 780,00",
        "1920 bank deposit 500,00",
        "7745 Øreavrunding 0,40",
        "7746 Kassedifferanse 15,00",
        "2901 Gavekort solgt 500,00",
        "2981 Tips 240,00",
        "3000 3 Salg øl, pose, 25 % 12 417,35",
        "3001 31 Salg mat, 15 % 4 321,00",
        "Sum 17 478,35 17 478,35",
        "Diff 0,00",
        "Merverdiavgift",
        "Sats Med mva Mva i kassen Mva i regnskapet Differanse",
        "25 % 12 417,35 2 483,46 2 483,47 0,01",
        "15 % 4 321,00 563,62 563,61 -0,01",
        "Sum 16 738,35 3 047,08 3 047,08 0,00",
        "Salg på faktura",
        "Disse salgene er ikke med i bilaget: fakturaene fører inntekt og mva selv.",
        "Nota Kundenummer Beløp",
        "1042 10001 300,00",
        "1050 10001 -100,00",
        "Sum 200,00",
    ]


def test_it_can_be_read_in_english() -> None:
    told = rows(language="en", invoiced=[invoice()])

    assert told[0] == "Settlement Z 26324"
    assert "Cash 1 295,00 -500,00 780,00 -15,00" in told
    assert "7746 Cash difference 15,00" in told
    assert "3000 3 Sales øl, pose, 25 % 12 417,35" in told
    assert told[-1].startswith("Page 2 of 2")


def test_what_is_not_there_has_no_part_on_the_paper() -> None:
    """No movements, no tips and no rounding, nothing on invoice, nothing with VAT: no empty tables."""
    cash = CashSales(groups=(group("gavekort", 0, 500_00, 0, LineKind.GIFT_CARD),), tenders=(_card(500_00),))
    lines = (JournalLine(account=1580, amount=500_00, names=("card",)), LINES[5])
    told = rows(replace(Z, cash=cash, movements=()), lines)

    assert "Gavekort, gavekort 0 % 0,00 500,00" in told
    assert not {"Betalt 500,00", "Lagt inn og tatt ut, utenom salg", "Merverdiavgift", "Salg på faktura"} & set(told)
    assert told[-1] == "Side 1 av 1"


def _card(expected: int) -> TenderTotal:
    return TenderTotal(channel="card", expected=expected)


def test_invoices_whose_goods_the_settlement_sells_are_told_from_those_that_post_them_themselves() -> None:
    """A Z may reach over the day on which the VAT changed hands: each kind has its own sentence and sum."""
    apart = invoice(request(sale(300_00, receipt="1042")))
    within = invoice(request(sale(200_00, receipt="1043")), vat_reported_by=VatReportedBy.SETTLEMENT)
    told = rows(invoiced=[apart, within])

    assert told.count("Salg på faktura") == 2
    assert told[
        told.index("Disse salgene er ikke med i bilaget: fakturaene fører inntekt og mva selv.") + 2
    ].startswith("1042 ")
    sentence = next(row for row in told if row.startswith("Varene i disse salgene er med i bilaget, mot Faktura kasse"))
    assert "1043 10001 200,00" in told[told.index(sentence) :]
    assert "1042 10001 300,00" not in told[told.index(sentence) :]


def test_customers_are_told_by_number_alone() -> None:
    facts = invoice()

    assert facts.customer_name not in " ".join(rows(invoiced=[facts]))


def test_figures_that_hold_what_is_invoiced_say_so() -> None:
    sentence = "Kassens tall har med det som er fakturert."

    assert sentence in rows(replace(Z, includes_invoiced=True))
    assert sentence not in rows()


def test_another_posting_date_is_told() -> None:
    assert "Bokføringsdato 01.12.2026" in rows(posting_date=date(2026, 12, 1))


def test_a_day_that_does_not_add_up_shows_by_how_much() -> None:
    """It is never posted; but whoever looks at the paper sees it, in the till's figures and in the journal."""
    told = rows(replace(Z, cash=replace(CASH, tips=0)), LINES[:-1])

    assert "Uforklart differanse 240,00" in told
    assert "Diff 4 321,00" in told


def test_what_was_counted_is_held_against_sales_and_what_was_put_in_and_taken_out() -> None:
    """The movements of a channel stand together; what nobody counted has no difference."""
    tenders = (TenderTotal(channel="cash", expected=100_00, counted=50_00), _card(100_00), _card(1_00))
    movements = (CashMovement(kind="out", amount=-80_00), CashMovement(kind="in", amount=20_00))
    told = rows(replace(Z, cash=replace(CASH, tenders=tenders), movements=movements))

    assert part(told, "Betalinger", "Lagt inn og tatt ut, utenom salg")[1:] == [
        "Kontant 100,00 -60,00 50,00 10,00",
        "Kort 100,00",
        "Kort 1,00",
        "Sum 201,00",
    ]


def test_sixty_groups_go_on_on_the_next_page_under_the_same_heading() -> None:
    groups = tuple(group(f"Gruppe {number:02}", 25, 1_000_000_00 + number, 200_000_00) for number in range(60))
    tenders = (_card(sum(each.amount for each in groups)),)
    sold = JournalLine(
        account=3000,
        amount=-tenders[0].expected,
        vat_code="3",
        vat_rate=25,
        vat=-60 * 200_000_00,
        names=tuple(each.article_group or "" for each in groups),
    )
    told = rows(replace(Z, cash=CashSales(groups=groups, tenders=tenders), movements=()), (sold,))

    assert [row.split()[1] for row in told if row.startswith("Gruppe ")] == [f"{number:02}" for number in range(60)]
    assert told.count("Varegruppe Sats Mva Med mva") == 2
    assert "Sum 12 000 000,00 60 000 017,70" in told
    text = next(number for number, row in enumerate(told) if row.startswith("3000 3 Salg Gruppe 00, Gruppe 01"))
    assert "og 57 til, 25 %" in told[text + 1]
    assert [row for row in told if row.startswith("Side ")] == [f"Side {page} av 3" for page in (1, 2, 3)]


def test_the_same_day_is_always_the_same_file() -> None:
    first = paper()

    assert paper() == first
    assert first.startswith(b"%PDF-")
    assert len(first) < 20_000


@given(st.text(max_size=3000), st.integers(-(10**10), 10**10))
@settings(max_examples=40, deadline=None)
def test_whatever_a_group_is_called_there_is_a_paper(name: str, amount: int) -> None:
    """Names are cut where a row would not fit on a page; amounts stand on one line up to a hundred million kroner."""
    cash = CashSales(groups=(group(name, 25, amount, 0),), tenders=(_card(amount),))
    sold = JournalLine(account=3000, amount=-amount, vat_code="3", vat_rate=25, names=(name,))
    paid = JournalLine(account=1580, amount=amount, names=("card",))
    told = rows(replace(Z, cash=cash, movements=()), (paid, sold))

    total = " ".join(kroner_text(amount).replace("−", "-").split())
    assert f"Sum 0,00 {total}" in told
    assert "Diff 0,00" in told


def test_without_the_library_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fpdf", None)
    with pytest.raises(ImportError, match=r'pip install "posplugin\[pdf\]"'):
        paper()
