"""The receipt as a PDF: everything stands there, in letters that can be read, and is always the same file."""

from __future__ import annotations

import io
import sys
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posplugin.domain.documents import Invoice
from posplugin.domain.payment import PaymentField
from posplugin.domain.sale import OriginalSale
from posplugin.papers.pdf import receipt_pdf
from posplugin.texts import texts
from tests.fixtures.sales import invoice, line, request, sale, tender

OSLO = ZoneInfo("Europe/Oslo")
LINES = [
    line(297_00, 25, "Øl", quantity=Decimal(3)),
    line(39_00, 15, "Skillingsbolle, med hjem"),
    line(1_234_00, 25, "Meny «Årstidens»", quantity=Decimal("0.5")),
]


def rows(facts: Invoice, language: str = "nb") -> list[str]:
    """Every line of every page, as it is read."""
    pages = pypdf.PdfReader(io.BytesIO(receipt_pdf(facts, texts(language), OSLO))).pages
    text = "\n".join(page.extract_text(extraction_mode="layout") for page in pages)
    return [" ".join(row.split()) for row in text.splitlines() if row.strip()]


def test_a_whole_receipt() -> None:
    fields = {PaymentField.YOUR_REFERENCE: "Kari Nordmann", PaymentField.PURPOSE: "Styremøte"}
    facts = invoice(request(sale(LINES, receipt="1042"), fields=fields))

    assert rows(facts) == [
        "Utleveringskvittering – faktureres senere",
        "Dette er ikke en salgskvittering",
        "Nota 1042",
        "Dato 20.11.2026 20:00",
        "Kasse bar-1",
        "Kunde 10001 Ærlig Håndverk AS",
        "Vare Antall Mva Beløp",
        "Øl 3 25 % 297,00",
        "Skillingsbolle, med hjem 1 15 % 39,00",
        "Meny «Årstidens» 0,5 25 % 1 234,00",
        "Beløp som faktureres 1 570,00",
        "Merverdiavgift i varene",
        "Sats Grunnlag Mva Med mva",
        "25 % 1 224,80 306,20 1 531,00",
        "15 % 33,91 5,09 39,00",
        "Deres referanse Kari Nordmann",
        "Formål Styremøte",
        "Side 1 av 1",
    ]


def test_a_split_shows_the_share_of_each_item_and_how_the_amount_comes_about() -> None:
    split = sale(LINES, [tender(785_00, tip=50_00), tender(785_00, "card")])
    told = rows(invoice(request(split), fee=39_00))

    assert "Vare Antall Mva Beløp Andel" in told
    assert "Øl 3 25 % 297,00 148,50" in told
    start = told.index("Sum varer 1 570,00")
    assert told[start + 1 : start + 5] == [
        "Betalt på annen måte -785,00",
        "Tips 50,00",
        "Fakturagebyr 39,00",
        "Beløp som faktureres 874,00",
    ]


def test_a_return_names_the_receipt_it_is_of() -> None:
    original = OriginalSale(terminal_id="bar-2", sale_id="s-9", receipt="909", sold_on=date(2026, 11, 2))
    told = rows(invoice(request(sale([line(-100_00)], original=original))))

    assert told[0] == "Kreditnota følger"
    assert "Gjelder nota 909, 02.11.2026" in told
    assert "Beløp som krediteres -100,00" in told


def test_it_can_be_read_in_english() -> None:
    told = rows(invoice(request(sale(LINES))), "en")
    assert told[0] == "Delivery receipt – to be invoiced"
    assert "Amount to be invoiced 1 570,00" in told


def test_letters_that_the_fonts_lack_get_the_nearest() -> None:
    """Western letters as they are; Sámi, Polish and Turkish without their marks; what is no letter as a question."""
    told = rows(invoice(request(sale([line(100_00, 25, "Æøå Éšž Kárášjohka čđŋŧ Łódź İğ – «×» 🍺 ﬁ")]))))
    assert "Æøå Éšž Kárášjohka cdnt Lódz Ig – «×» ? fi 1 25 % 100,00" in told


def test_many_items_go_on_on_the_next_page_under_the_same_heading() -> None:
    told = rows(invoice(request(sale([line(100_00, 25, f"Rett {number}") for number in range(90)]))))

    assert [row.split()[1] for row in told if row.startswith("Rett ")] == [str(number) for number in range(90)]
    assert told.count("Vare Antall Mva Beløp") == 3
    assert told[-1] == "Side 3 av 3"


def test_the_same_invoice_is_always_the_same_file() -> None:
    facts = invoice(request(sale(LINES)))
    first = receipt_pdf(facts, texts("nb"), OSLO)

    assert receipt_pdf(facts, texts("nb"), OSLO) == first
    assert first.startswith(b"%PDF-")
    assert len(first) < 20_000


@given(st.text(max_size=300), st.text(min_size=1, max_size=250))
@settings(max_examples=60, deadline=None)
def test_whatever_was_entered_there_is_a_paper(description: str, note: str) -> None:
    facts = invoice(request(sale([line(100_00, 25, description)]), fields={PaymentField.NOTE: note}))
    assert any(row.endswith("100,00") for row in rows(facts))


def test_a_word_that_is_longer_than_the_page_is_broken() -> None:
    told = rows(invoice(request(sale([line(100_00, 25, "x" * 400)]))))
    assert sum(row.count("x") for row in told) == 400


def test_without_the_library_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fpdf", None)
    with pytest.raises(ImportError, match=r'pip install "posplugin\[pdf\]"'):
        receipt_pdf(invoice(), texts("nb"), OSLO)
