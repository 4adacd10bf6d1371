"""The rows of the delivery receipt that a till prints."""

from __future__ import annotations

from decimal import Decimal

from posplugin.domain.payment import PaymentField
from posplugin.domain.sale import LineKind
from posplugin.papers.receipt import receipt_for
from posplugin.texts import texts
from tests.fixtures.sales import invoice, line, request, returned, sale, tender

NB = texts("nb")


def test_a_split_tells_the_share_its_vat_and_what_was_paid_otherwise() -> None:
    split = sale([line(400_00), line(100_00, 15)], [tender(300_00, tip=20_00), tender(200_00, "card")], receipt="1042")
    facts = invoice(request(split, fields={PaymentField.YOUR_REFERENCE: "Kari"}), fee=39_00)
    receipt = receipt_for(facts, NB)

    assert receipt.title == "Utleveringskvittering – faktureres senere"
    assert receipt.rows == (
        ("Kunde", "10001 Ærlig Håndverk AS"),
        ("Nota", "1042"),
        ("Beløp som faktureres", "359,00"),
        ("Herav mva 25 %", "48,00"),
        ("Herav mva 15 %", "7,83"),
        ("Herav fakturagebyr", "39,00"),
        ("Mva i fakturagebyret", "7,80"),
        ("Herav tips", "20,00"),
        ("Betalt på annen måte", "200,00"),
        ("Deres referanse", "Kari"),
        ("Dette er ikke en salgskvittering", ""),
    )


def test_vat_is_told_once_for_each_rate() -> None:
    lines = [line(39_00, 15), line(100_00), line(20_00, 25, kind=LineKind.SERVICE_CHARGE), line(10_00, 0)]
    told = [row for row in receipt_for(invoice(request(sale(lines))), NB).rows if "mva" in row[0]]

    assert told == [("Herav mva 25 %", "24,00"), ("Herav mva 15 %", "5,09")]


def test_a_return_says_that_a_credit_note_follows() -> None:
    facts = invoice(request(returned([line(-100_00, quantity=Decimal(-1))])))
    receipt = receipt_for(facts, NB)

    assert receipt.title == "Kreditnota følger"
    assert ("Beløp som krediteres", "−100,00") in receipt.rows
