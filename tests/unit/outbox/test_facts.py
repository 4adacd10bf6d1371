"""Documents as text: the same facts, the same text, read back to the øre, for ever."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posplugin.domain.documents import Invoice, VatReportedBy
from posplugin.domain.payment import PaymentField, PaymentRef
from posplugin.domain.sale import LineKind, OriginalSale
from posplugin.domain.settlement import Journal, Settlement
from posplugin.domain.zreport import CashMovement, CashSales, GroupTotal, TenderTotal, ZReport
from posplugin.outbox import facts
from posplugin.outbox.facts import ContentDamaged
from tests.fixtures.clocks import EVENING
from tests.fixtures.customers import PERSON
from tests.fixtures.journals import JOURNAL
from tests.fixtures.sales import DAY, invoice, line, request, returned, sale, tender

GOLDEN = Path(__file__).with_name("golden")


def whole_invoice() -> Invoice:
    """One of everything that an invoice can hold: the golden file. Never change it; a new version gets a new file."""
    split = sale(
        [
            line(400_00, 25, "Øl «Ægir»", quantity=Decimal("0.50"), article_group="04003", article_id="a-1"),
            line(100_00, 15, "Burger"),
            line(200_00, 0, "Gavekort", kind=LineKind.GIFT_CARD),
        ],
        [tender(350_00, tip=10_00), tender(350_00, "card")],
        receipt="1042",
        employee_number=7,
    )
    asked = request(split, fields={field: field.value for field in PaymentField})
    return invoice(asked, vat_reported_by=VatReportedBy.SETTLEMENT, fee=39_00)


def whole_credit_note() -> Invoice:
    original = OriginalSale(terminal_id="bar-2", sale_id="s-1", receipt="1042", sold_on=date(2026, 11, 19))
    return invoice(request(replace(returned(-50_00), original=original)))


def whole_z_report(**values: Any) -> ZReport:
    """As the first version wrote it: no movements, no codes of the tax authority."""
    group = GroupTotal(article_group="04003", kind=LineKind.GOODS, vat_rate=25, amount=160_00, vat=32_00)
    tenders = (TenderTotal(channel="cash", expected=200_50, counted=199_00), TenderTotal(channel="card", expected=0))
    cash = CashSales(groups=(group,), tenders=tenders, tips=40_00, rounding=50)
    plain: dict[str, Any] = {"terminal_id": "bar-1", "number": 7, "business_date": DAY, "closed_at": EVENING}
    return ZReport(**{**plain, "cash": cash, "invoiced": (PaymentRef("bar-1", "s-1", "invoice"),), **values})


def settled_z_report() -> ZReport:
    """With all that a settlement wants to know, from a host that numbers by text and cannot tell what it invoiced."""
    group = GroupTotal(
        article_group="ol", kind=LineKind.SERVICE_CHARGE, vat_rate=15, amount=-39_00, vat=-5_09, saft_code="04006"
    )
    tender = TenderTotal(channel="Vipps", expected=-39_00, saft_code="12011")
    return whole_z_report(
        number="2026-11-20/1",
        cash=CashSales(groups=(group,), tenders=(tender,)),
        invoiced=None,
        includes_invoiced=True,
        movements=(
            CashMovement(kind="Bank", amount=-500_00, saft_code="11010"),
            CashMovement(kind="float", amount=1, channel="safe"),
        ),
    )


def whole_journal() -> Journal:
    return replace(
        JOURNAL, posting_date=date(2026, 12, 1), lines=(replace(JOURNAL.lines[1], vat=-32_00), JOURNAL.lines[0])
    )


def journal_of_no_number() -> Journal:
    return Journal(department="bar", day=DAY, posting_date=DAY, description="Z 2026-11-20/1", lines=())


GOLDENS: dict[str, tuple[facts.Family, Any]] = {
    "invoice-v1.json": ("invoice", whole_invoice()),
    "credit-note-v1.json": ("invoice", whole_credit_note()),
    "z-report-v1.json": ("z_report", whole_z_report()),
    "z-report-settled-v1.json": ("z_report", settled_z_report()),
    "settlement-v1.json": ("settlement", Settlement(z=settled_z_report(), department="bar")),
    "journal-v1.json": ("journal", whole_journal()),
    "journal-of-no-number-v1.json": ("journal", journal_of_no_number()),
}
#: Written before settlements: version 1 had fewer members then. They are read for ever, and written no more.
NO_MORE_WRITTEN = {"z-report-v1.json"}


@pytest.mark.parametrize(("name", "family", "document"), [(n, *value) for n, value in GOLDENS.items()], ids=GOLDENS)
def test_what_was_written_by_version_1_is_read_as_it_was_meant(name: str, family: facts.Family, document: Any) -> None:
    text = (GOLDEN / name).read_text(encoding="utf-8").rstrip("\n")
    assert facts.read(family, text, 1, facts.digest(text)) == document
    if facts.SCHEMA_VERSION == 1 and name not in NO_MORE_WRITTEN:
        assert facts.write(document) == text


@pytest.mark.parametrize(("family", "document"), GOLDENS.values(), ids=GOLDENS)
def test_what_is_written_is_read_as_it_was(family: facts.Family, document: Any) -> None:
    text = facts.write(document)
    again = facts.read(family, text, facts.SCHEMA_VERSION, facts.digest(text))
    assert again == document
    assert facts.write(again) == text


def test_a_z_of_before_settlements_is_the_same_z_told_again_today() -> None:
    """So that a till that was updated may tell it once more."""
    text = (GOLDEN / "z-report-v1.json").read_text(encoding="utf-8").rstrip("\n")
    plain = json.loads(text)
    assert "movements" not in plain
    for number in (7, "7", "007"):
        assert facts.read("z_report", text, 1, facts.digest(text)) == whole_z_report(number=number)


@pytest.mark.parametrize(
    ("family", "changes"),
    [
        ("z_report", {"number": 0}),
        ("z_report", {"closed_at": "2026-11-20T19:00:00"}),
        ("z_report", {"cash": None}),
        ("journal", {"lines": [{"account": "x", "amount": 1}]}),
        ("settlement", {"department": None}),
    ],
)
def test_a_settlement_with_a_fitting_hash_must_still_make_sense(family: facts.Family, changes: dict[str, Any]) -> None:
    whole: dict[str, Any] = {"z_report": settled_z_report(), "journal": whole_journal()}
    made = whole.get(family, Settlement(z=settled_z_report(), department="bar"))
    text = json.dumps({**json.loads(facts.write(made)), **changes})
    with pytest.raises(ContentDamaged, match="cannot be read: 1 fields are off"):
        facts.read(family, text, 1, facts.digest(text))


def stored(text: str) -> Invoice:
    return facts.read_invoice(text, facts.SCHEMA_VERSION, facts.digest(text))


def test_text_is_canonical() -> None:
    """Sorted keys, no spaces, letters as they are: the same facts always hash the same."""
    text = facts.write(whole_invoice())
    plain = json.loads(text)
    assert text == json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert "Øl «Ægir»" in text
    assert facts.write(stored(text)) == text


@given(
    st.lists(
        st.tuples(st.integers(1, 10**9), st.sampled_from([0, 12, 15, 25]), st.text(max_size=20)), min_size=1, max_size=5
    ),
    st.dictionaries(st.sampled_from(PaymentField), st.text(st.characters(codec="utf-8"), max_size=40)),
    st.sampled_from(VatReportedBy),
    st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**6), max_value=10**6),
)
def test_any_invoice_is_read_as_it_was_written(
    rows: list[tuple[int, int, str]], fields: dict[PaymentField, str], mode: VatReportedBy, quantity: Decimal
) -> None:
    lines = [
        line(amount, rate, name.encode("utf-8", "replace").decode(), quantity=quantity) for amount, rate, name in rows
    ]
    made = invoice(request(sale(lines), fields=fields), vat_reported_by=mode)
    assert stored(facts.write(made)) == made


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace("10000", "10001"),
        lambda text: text + " ",
        lambda text: text[:-1],
        lambda text: text[:0],
        lambda text: text.replace("Øl", "øl"),
    ],
)
def test_a_document_that_is_not_what_was_written_is_never_read(damage: Any) -> None:
    text = facts.write(invoice())
    with pytest.raises(ContentDamaged, match="does not match its hash"):
        facts.read_invoice(damage(text), 1, facts.digest(text))


@pytest.mark.parametrize(
    "changes",
    [{"lines": []}, {"delivered_at": "yesterday"}, {"customer_number": "x"}, {"ref": None}, {"vat_reported_by": "us"}],
)
def test_a_document_with_a_fitting_hash_must_still_make_sense(changes: dict[str, object]) -> None:
    text = json.dumps({**json.loads(facts.write(invoice())), **changes})
    with pytest.raises(ContentDamaged, match="cannot be read: 1 fields are off"):
        stored(text)


def test_an_older_version_is_brought_up_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pure functions on the parsed text; what is stored is not rewritten."""
    made = invoice()
    plain = json.loads(facts.write(made))
    plain["client"] = plain.pop("customer_name")
    old = json.dumps({"old": plain})
    monkeypatch.setattr(facts, "SCHEMA_VERSION", 3)
    monkeypatch.setitem(facts.UPGRADES, ("invoice", 1), lambda found: found["old"])
    monkeypatch.setitem(
        facts.UPGRADES,
        ("invoice", 2),
        lambda found: {**{k: v for k, v in found.items() if k != "client"}, "customer_name": found["client"]},
    )
    assert facts.read_invoice(old, 1, facts.digest(old)) == made


def test_a_document_of_a_newer_version_is_not_guessed_at() -> None:
    text = facts.write(invoice())
    with pytest.raises(ContentDamaged, match="newer"):
        facts.read_invoice(text, facts.SCHEMA_VERSION + 1, facts.digest(text))


SAME = invoice()


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (replace(SAME, fee=39_00), True),
        (replace(SAME, note="x", your_reference="y"), True),
        (replace(SAME, department="roof", business_date=date(2026, 11, 21)), True),
        (replace(SAME, vat_reported_by=VatReportedBy.SETTLEMENT), True),
        (replace(SAME, customer_name="Another name"), True),
        (replace(SAME, customer_number=PERSON.number), False),
        (replace(SAME, tip=1), False),
        (replace(SAME, paid_otherwise=1), False),
        (replace(SAME, original=OriginalSale(terminal_id="bar-1", sale_id="s-0")), False),
        (invoice(request(sale([line(100_00, description="Vin")]))), False),
        (invoice(request(sale(100_01))), False),
    ],
)
def test_the_same_payment_is_told_by_customer_amounts_and_lines(other: Invoice, same: bool) -> None:
    assert facts.same_payment(SAME, other) is same
