"""One small file per rule of reading SAF-T, and what becomes of each transaction in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from posplugin.saft import CustomerNumbers, Entry, NotASale, Played, Reader, Refused, SaftError, SaftRules, Skipped
from sample_terminal.rule_files import documents
from sample_terminal.saft_xml import to_xml

ROOT = Path(__file__).parents[3]
RULES = ROOT / "sample_terminal/data/rules"
SCHEMA = ROOT.parent / "shared/saf-t/Norwegian_SAF-T_Cash_Register_Schema_v_1.00.xsd"
NAMES = sorted(path.stem for path in RULES.iterdir())

#: File to the verdict on each transaction: what was paid how (øre, tip after +), or why it was not played.
EXPECTED = {
    "invoice_payment": ["invoice 23450"],
    "credit_sale_without_payment": ["invoice 23450"],
    "credit_sale_paid_in_part": ["card 47800, invoice 30000"],
    "cash_sale_on_account": ["refused: prepaid card or a room charge"],
    "credit_sale_paid_by_card": ["refused: all of it was paid otherwise"],
    "payment_of_open_invoice": ["refused: payment of an open invoice (11005)"],
    "opening_float": ["no sale: the opening float"],
    "unknown_type": ["refused: the type UKJENT has no predefined code"],
    "training": ["skipped: training", "card 18900"],
    "void_pair": ["skipped: voided", "skipped: voided", "card 18900"],
    "void_by_event": ["skipped: voided", "skipped: voided"],
    "void_without_pair": ["refused: voids 77, which is no sale in this file", "card 18900"],
    "void_of_another_amount": ["refused: their amounts differ", "refused: their amounts differ"],
    "return_marked_debit": ["card -13900"],
    "sale_marked_debit": ["refused: marked D, but its type 11001 is no return"],
    "return_of_invoice": ["invoice 27800", "invoice -13900 of BAR-1-1", "invoice -13900 of BAR-1-1"],
    "return_of_an_earlier_file": ["invoice -13900 of BAR-1-944"],
    "return_without_original": ["refused: names no original (refID)"],
    "sale_and_return": ["invoice 27800", "invoice 32800"],
    "discount_on_the_whole": ["card 50290"],
    "tip_within_payments": ["invoice 10000, card 28900+5000"],
    "tip_beside_payments": ["card 38900+5000"],
    "tip_in_neither_way": ["refused: payments add up to 410,00, but total 389,00, rounding 0,00 and tip 50,00"],
    "tip_on_invoice_alone": ["invoice 38900+5000"],
    "tip_beside_what_is_left_on_account": ["refused: nothing tells whether the tip"],
    "rounding_of_cash": ["cash 4000"],
    "rounding_of_card": ["refused: rounded by 0,10 without cash"],
    "sums_that_differ": ["refused: lines add up to 189,00, but its total is 200,00"],
    "payments_that_differ": ["refused: payments add up to 180,00, but total 189,00"],
    "payment_in_euro": ["refused: the payment BANKKORT is in EUR"],
    "missing_customer": ["invoice 18900"],
    "customer_of_letters": ["refused: 'K-17' is no PowerOffice number"],
    "references": ["invoice 18900"],
    "vat_code_alone": ["card 18900"],
    "vat_code_and_rate_that_differ": ["refused: 25 % by its standard code 3, but 15 % here"],
    "rate_of_another_year": ["refused: 10 is no Norwegian VAT rate"],
    "nr_twice": ["card 18900", "refused: its nr stands there twice"],
    "two_registers": ["card 18900", "card 18900"],
    "z_at_half_past_two": ["card 18900"] * 3,
    "hour_that_comes_twice": ["card 18900"] * 4,
    "no_z": ["card 18900"] * 2,
}


def read(name: str) -> list[Entry]:
    reader = Reader(RULES / f"{name}.xml", SaftRules(customer_numbers=CustomerNumbers.POWEROFFICE), "bar-1")
    return [entry for entry in reader.entries() if isinstance(entry, Entry)]


def only(name: str) -> Played:
    verdict = read(name)[0].verdict
    assert isinstance(verdict, Played)
    return verdict


def in_short(entry: Entry) -> str:
    match entry.verdict:
        case NotASale(why):
            return f"no sale: {why}"
        case Skipped(why, _):
            return f"skipped: {why}"
        case Refused(text):
            assert text.startswith(f"Transaction {entry.transaction.nr} of register BAR-1: ")
            return f"refused: {text}"
        case Played(sale=sale):
            paid = ", ".join(f"{t.channel} {t.amount}" + (f"+{t.tip}" if t.tip else "") for t in sale.tenders)
            return paid + (f" of {sale.original.sale_id}" if sale.original else "")


@pytest.mark.parametrize("name", [name for name in NAMES if name != "file_in_euro"])
def test_each_rule_gives_what_it_should(name: str) -> None:
    found = [in_short(entry) for entry in read(name)]

    assert len(found) == len(EXPECTED[name])
    for said, expected in zip(found, EXPECTED[name], strict=True):
        kind, colon, part = expected.partition(": ")
        assert (said.startswith(kind) and part in said) if colon else said == expected


def test_a_file_in_another_currency_is_refused_whole() -> None:
    with pytest.raises(SaftError, match="is in EUR; only NOK"):
        read("file_in_euro")


def test_a_discount_on_the_whole_is_shared_over_the_rates_and_its_vat_with_it() -> None:
    played = only("discount_on_the_whole")

    # 389.00 + 39.90 at 25 % and 174.00 at 15 %, less 100.00: 71.14 (64.52 + 6.62) and 28.86.
    assert [(line.vat_rate, line.amount) for line in played.sale.lines] == [(25, 32448), (15, 14514), (25, 3328)]
    assert played.line_vat == (6490, 1893, 666)


def test_the_customer_is_the_tills_own_id_unless_it_is_said_to_be_poweroffices() -> None:
    linked = Reader(RULES / "customer_of_letters.xml", SaftRules(), "bar-1")
    entry = next(iter(linked.entries()))

    assert isinstance(entry, Entry)
    assert isinstance(entry.verdict, Played)
    assert (entry.verdict.host_customer_id, entry.verdict.customer_number) == ("K-17", None)
    assert only("invoice_payment").customer_number == 10002


def test_references_are_read_from_labelled_lines_of_desc() -> None:
    assert dict(only("references").fields) == {"your_reference": "Kari", "order_number": "47"}


def test_a_z_at_half_past_two_closes_yesterday_and_takes_what_was_sold_in_its_second() -> None:
    days = [(entry.day.business_date.isoformat(), entry.day.z is not None) for entry in read("z_at_half_past_two")]

    assert days == [("2026-11-20", True), ("2026-11-20", True), ("2026-11-20", False)]


def test_in_the_hour_that_comes_twice_file_order_tells_which() -> None:
    offsets = [
        e.verdict.sale.at.isoformat()[11:] for e in read("hour_that_comes_twice") if isinstance(e.verdict, Played)
    ]

    assert offsets == ["02:20:00+02:00", "02:50:00+02:00", "02:10:00+01:00", "02:40:00+01:00"]


def test_without_a_z_the_book_date_counts_else_the_day_that_began_at_five() -> None:
    assert [entry.day.business_date.isoformat() for entry in read("no_z")] == ["2026-11-20", "2026-11-18"]


def test_the_files_are_what_the_code_writes_and_each_has_an_expectation() -> None:
    made = {name: to_xml(document) for name, document in documents().items()}

    assert made == {path.stem: path.read_bytes() for path in RULES.iterdir()}
    assert set(made) == {*EXPECTED, "file_in_euro"}


@pytest.mark.skipif(not SCHEMA.exists(), reason="the tax authority's schema is not beside this checkout (../shared)")
@pytest.mark.parametrize("path", [*RULES.iterdir(), RULES.parent / "evening.xml"], ids=lambda path: path.stem)
def test_every_file_is_valid_against_the_schema(path: Path) -> None:
    etree.XMLSchema(etree.parse(str(SCHEMA))).assertValid(etree.parse(str(path)))
