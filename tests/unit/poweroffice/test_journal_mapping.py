"""A journal → the voucher that is posted, or the draft that is left for a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posplugin.domain.settlement import Journal, JournalLine
from posplugin.poweroffice.client import encode
from posplugin.poweroffice.journal_mapping import LONGEST_TEXT, JournalIds, cash_journal, draft, vat_code
from posplugin.poweroffice.journal_reading import from_cash_journal, from_draft, reference_in
from tests.contract import Contract

REFERENCE = "pp-k7q2m9xa-s-4f8a2c9e11b03d77-a1b2c3d4-1"
DAY = date(2026, 11, 20)
ACCOUNTS = {1580: 58, 1900: 90, 1990: 99, 2901: 29, 2981: 98, 3000: 300, 3001: 301, 7746: 77}
VAT_IDS = {"0": 1000, "3": 1003, "31": 1031, "7": 1007}
IDS = JournalIds(accounts=ACCOUNTS, vat_codes=VAT_IDS)


def of(account: int, amount: int, code: str | None = None, rate: int | None = None, *names: str) -> JournalLine:
    return JournalLine(account=account, amount=amount, vat_code=code, vat_rate=rate, names=names)


def journal(*lines: JournalLine, **more: Any) -> Journal:
    told = {"department": "bar", "day": DAY, "posting_date": DAY, "description": "Kasseoppgjør Z 12, bar-1"}
    return Journal(**{**told, **more}, lines=lines)


#: DESIGN's example, the settlement where the invoice reports its own VAT.
BY_INVOICE = journal(
    of(1580, 240_00, None, None, "card"),
    of(3000, -160_00, "3", 25, "mat"),
    of(3001, -40_00, "31", 15, "take-away"),
    of(2981, -40_00, None, None, "tips"),
)
#: The same where the settlement reports all VAT.
BY_SETTLEMENT = journal(
    of(1580, 240_00),
    of(1990, 300_00),
    of(3000, -400_00, "3", 25),
    of(3001, -100_00, "31", 15),
    of(2981, -40_00),
)


def _posted(body: dict[str, Any]) -> list[tuple[int, int, Decimal]]:
    return [(line["AccountId"], line["VatId"], line["CurrencyAmount"]) for line in body["VoucherLines"]]


def _left(body: dict[str, Any]) -> list[tuple[str, int, int, Decimal]]:
    """Side, account, VAT code, amount of each line; a line has one side."""
    lines = []
    for line in body["ManualVoucherLines"]:
        (side,) = (side for side in ("Debit", "Credit") if f"{side}AccountId" in line)
        assert [name for name in line if name.endswith("VatId")] == [f"{side}VatId"]
        lines.append((side, line[f"{side}AccountId"], line[f"{side}VatId"], line["CurrencyAmount"]))
    return lines


def test_the_example_with_vat_by_the_invoice() -> None:
    """Card +240, 3000 −160 (3), 3001 −40 (31), tips −40 (0)."""
    assert _posted(cash_journal(BY_INVOICE, REFERENCE, IDS)) == [
        (58, 1000, Decimal("240.00")),
        (300, 1003, Decimal("-160.00")),
        (301, 1031, Decimal("-40.00")),
        (98, 1000, Decimal("-40.00")),
    ]


def test_the_example_with_vat_by_the_settlement() -> None:
    """Card +240, clearing +300, 3000 −400, 3001 −100, tips −40."""
    assert _posted(cash_journal(BY_SETTLEMENT, REFERENCE, IDS)) == [
        (58, 1000, Decimal("240.00")),
        (99, 1000, Decimal("300.00")),
        (300, 1003, Decimal("-400.00")),
        (301, 1031, Decimal("-100.00")),
        (98, 1000, Decimal("-40.00")),
    ]


def test_the_example_as_a_draft() -> None:
    """Each line has one side, and a positive amount."""
    assert _left(draft(BY_INVOICE, REFERENCE, IDS)) == [
        ("Debit", 58, 1000, Decimal("240.00")),
        ("Credit", 300, 1003, Decimal("160.00")),
        ("Credit", 301, 1031, Decimal("40.00")),
        ("Credit", 98, 1000, Decimal("40.00")),
    ]


def test_the_head_of_what_is_posted() -> None:
    told = replace(BY_INVOICE, number=12, saft_source_id="999999999-1", saft_batch_id="12")

    body = cash_journal(told, REFERENCE, IDS)

    assert {name: value for name, value in body.items() if name != "VoucherLines"} == {
        "CurrencyCode": "NOK",
        "VoucherDate": "2026-11-20",
        "Description": "Kasseoppgjør Z 12, bar-1",
        "ExternalImportReference": REFERENCE,
        "ImportedVoucherNo": 12,
        "SaftSourceId": "999999999-1",
        "SaftBatchId": "12",
    }


@pytest.mark.parametrize(
    ("told", "member", "value"),
    [
        ({"number": None}, "ImportedVoucherNo", None),
        ({"number": 2**63 - 1}, "ImportedVoucherNo", 2**63 - 1),
        ({"number": 2**63}, "ImportedVoucherNo", None),
        ({"saft_source_id": None}, "SaftSourceId", None),
        ({"saft_source_id": "x" * 36}, "SaftSourceId", "x" * 35),
        ({"saft_batch_id": "Z-" + "7" * 40}, "SaftBatchId", "Z-" + "7" * 33),
    ],
)
def test_what_poweroffice_cannot_take_is_left_out_or_cut(told: dict[str, Any], member: str, value: object) -> None:
    assert cash_journal(replace(BY_INVOICE, **told), REFERENCE, IDS).get(member) == value


def test_a_draft_is_found_by_its_description() -> None:
    """It has no field for a reference, and its comment is never returned; nor does it take SAF-T ids."""
    body = draft(replace(BY_INVOICE, number=12, saft_source_id="1", saft_batch_id="2"), REFERENCE, IDS)

    assert body.keys() == {"CurrencyCode", "VoucherDate", "Description", "ManualVoucherLines"}
    assert body["Description"] == f"Kasseoppgjør Z 12, bar-1 ({REFERENCE})"
    assert reference_in(body) == REFERENCE


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        (REFERENCE, REFERENCE),
        (f"rettet av Kari: Kasseoppgjør ({REFERENCE}), ferdig", REFERENCE),
        (REFERENCE.removesuffix("-1") + "-12", REFERENCE.removesuffix("-1") + "-12"),
        (REFERENCE[:-2], None),
        ("pp-1", None),
        ("Kasseoppgjør Z 12", None),
        ("", None),
        (None, None),
    ],
)
def test_a_reference_is_read_out_of_what_persons_write(text: str | None, reference: str | None) -> None:
    assert reference_in({"Description": text}) == reference


@pytest.mark.parametrize("make", [cash_journal, draft])
def test_every_line_has_its_posting_date_and_department(make: Callable[..., dict[str, Any]]) -> None:
    """The day it counts on may be another than the Z's, where that one's period is locked."""
    body = make(replace(BY_INVOICE, posting_date=date(2026, 12, 1)), REFERENCE, replace(IDS, department=520))
    lines = body.get("VoucherLines") or body["ManualVoucherLines"]

    assert body["VoucherDate"] == "2026-11-20"
    assert {(line["PostingDate"], line["DepartmentId"]) for line in lines} == {("2026-12-01", 520)}


@pytest.mark.parametrize("make", [cash_journal, draft])
@pytest.mark.parametrize(("cafe", "there"), [(530, 530), (None, None)])
def test_a_line_of_another_department_names_that_one(
    make: Callable[..., dict[str, Any]], cafe: int | None, there: int | None
) -> None:
    """Or none, where that one has none in PowerOffice."""
    told = journal(of(1580, 100), replace(of(1990, -100), department="cafe"))
    body = make(told, REFERENCE, replace(IDS, department=520, others={"bar": 520, "cafe": cafe}))
    lines = body.get("VoucherLines") or body["ManualVoucherLines"]

    assert [line.get("DepartmentId") for line in lines] == [520, there]


@pytest.mark.parametrize("make", [cash_journal, draft])
def test_without_a_department_none_is_named(make: Callable[..., dict[str, Any]]) -> None:
    body = make(BY_INVOICE, REFERENCE, IDS)

    assert all("DepartmentId" not in line for line in body.get("VoucherLines") or body["ManualVoucherLines"])


@pytest.mark.parametrize(
    ("line", "locked", "code"),
    [
        (of(3000, -1, "3"), {}, "3"),
        (of(3000, -1, "3"), {3000: "31"}, "3"),
        (of(2901, -1), {}, "0"),
        (of(2901, -1), {2901: "0"}, "0"),
        (of(2901, -1), {2901: "7"}, "7"),
        (of(2901, -1), {2981: "7"}, "0"),
        (of(2901, -1), {2901: "3"}, "0"),
    ],
)
def test_what_is_no_turnover_has_code_0_or_the_7_that_its_account_is_locked_to(
    line: JournalLine, locked: Mapping[int, str], code: str
) -> None:
    assert vat_code(line, locked) == code
    ids = replace(IDS, locked=locked)
    assert cash_journal(journal(line), REFERENCE, ids)["VoucherLines"][0]["VatId"] == VAT_IDS[code]
    assert draft(journal(line), REFERENCE, ids)["ManualVoucherLines"][0]["CreditVatId"] == VAT_IDS[code]


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ((), "Kasseoppgjør Z 12, bar-1"),
        (("cash",), "cash"),
        (("mat", "øl", "vin"), "mat, øl, vin"),
        (("x" * LONGEST_TEXT,), "x" * LONGEST_TEXT),
        (("x" * (LONGEST_TEXT + 1),), "x" * (LONGEST_TEXT - 1) + "…"),
        (("x" * (LONGEST_TEXT - 3), "yyyy"), "x" * (LONGEST_TEXT - 3) + "…"),
    ],
)
def test_a_line_says_what_is_on_it_in_few_words(names: tuple[str, ...], text: str) -> None:
    body = cash_journal(journal(of(1900, 1, None, None, *names)), REFERENCE, IDS)

    assert body["VoucherLines"][0]["Description"] == text
    assert len(text) <= LONGEST_TEXT


def test_a_line_that_comes_to_nothing_is_left_out() -> None:
    """PowerOffice refuses an amount of 0."""
    told = journal(of(1900, 100), of(2981, 0), of(3000, -100, "3", 25))

    assert len(cash_journal(told, REFERENCE, IDS)["VoucherLines"]) == 2
    assert len(draft(told, REFERENCE, IDS)["ManualVoucherLines"]) == 2


@given(st.lists(st.tuples(st.sampled_from(sorted(ACCOUNTS)), st.integers(-(10**9), 10**9)), min_size=1))
def test_every_ore_arrives_on_its_account(lines: list[tuple[int, int]]) -> None:
    """What is posted and what is left as a draft read back as the same sums, to the øre, through JSON's doubles."""
    told = journal(*(of(account, amount) for account, amount in lines))
    numbers = {key: number for number, key in ACCOUNTS.items()}
    sums = {account: total for account, total in told.fixed.items() if total}
    posted, left = cash_journal(told, REFERENCE, IDS), draft(told, REFERENCE, IDS)

    for body in (posted, left):
        encode(body)
    read = from_cash_journal({**posted, "Id": "a"}, numbers), from_draft({**left, "Id": "a"}, numbers, is_posted=False)
    for one in read:
        assert {account: total for account, total in one.amounts.items() if total} == sums
        assert one.reference == REFERENCE
    assert all(line["CurrencyAmount"] > 0 for line in left["ManualVoucherLines"])


@pytest.mark.skipif(not Contract.available(), reason="openapi-v2.json is not beside the checkout")
def test_the_bodies_are_as_poweroffice_describes_them() -> None:
    contract = Contract()
    told = replace(BY_SETTLEMENT, number=12, saft_source_id="1", saft_batch_id="12")
    for path, make in (("/Vouchers/CashJournals", cash_journal), ("/JournalEntryVouchers/ManualJournals", draft)):
        for ids in (IDS, replace(IDS, department=520)):
            body = {**make(told, REFERENCE, ids)}
            for lines in (body.get("VoucherLines"), body.get("ManualVoucherLines")):
                for line in lines or ():
                    line["CurrencyAmount"] = float(line["CurrencyAmount"])
            contract.request("POST", path, {}, body)
