"""Which account is found by which name, and what is said of those that have none."""

from __future__ import annotations

from typing import Any

import pytest

from posplugin.bookkeeping.ledger import Accounts
from posplugin.settings.ledger import Ledger


def accounts(**values: Any) -> Accounts:
    """A ledger of nothing but this."""
    return Accounts(Ledger(**values))


def row(article_group: str, vat: int, account: int, vat_code: str = "3") -> dict[str, Any]:
    return {"article_group": article_group, "vat": vat, "account": account, "vat_code": vat_code}


#: Tenders of the ledger, the till's name, its SAF-T code, and the account.
TENDERS: dict[str, tuple[dict[str, int], str, str | None, int | None]] = {
    "own name": ({"Visa": 1581, "12002": 1580}, "Visa", "12002", 1581),
    "SAF-T code": ({"12002": 1580}, "Visa", "12002", 1580),
    "own name before a pair": ({"card": 1580, "12002": 1581}, "card", "12002", 1580),
    "a code as the name": ({"12001": 1900}, "12001", None, 1900),
    "cash is 12001": ({"12001": 1900}, "cash", None, 1900),
    "12001 is cash": ({"cash": 1900}, "12001", None, 1900),
    "card is 12002": ({"12002": 1580}, "card", None, 1580),
    "card is 12003": ({"12003": 1580}, "card", None, 1580),
    "card is 12002 before 12003": ({"12003": 1581, "12002": 1580}, "card", None, 1580),
    "card with its own code": ({"12003": 1581, "12002": 1580}, "card", "12003", 1581),
    "12002 is card": ({"card": 1580}, "12002", None, 1580),
    "12003 is card": ({"card": 1580}, "Amex", "12003", 1580),
    "12003 is not 12002": ({"12002": 1580}, "Amex", "12003", None),
    "bank is 12004": ({"12004": 1920}, "bank", None, 1920),
    "12004 is bank": ({"bank": 1920}, "12004", None, 1920),
    "gift_card is 12005": ({"12005": 2905}, "gift_card", None, 2905),
    "12005 is gift_card": ({"gift_card": 2905}, "Gavekort", "12005", 2905),
    "mobile is 12011": ({"12011": 1585}, "mobile", None, 1585),
    "12011 is mobile": ({"mobile": 1585}, "Vipps", "12011", 1585),
    "nothing but its name": ({"cash": 1900}, "Vipps", None, None),
    "nothing but its code": ({"cash": 1900}, "Vipps", "12011", None),
    "no ledger of tenders": ({}, "cash", "12001", None),
}


@pytest.mark.parametrize(("tenders", "channel", "code", "account"), TENDERS.values(), ids=TENDERS)
def test_a_payment_is_found_by_its_name_its_code_or_the_well_known_pair(
    tenders: dict[str, int], channel: str, code: str | None, account: int | None
) -> None:
    looked_up = accounts(tenders=tenders)
    assert looked_up.tender(channel, code) == account
    assert bool(looked_up.gaps) == (account is None)


@pytest.mark.parametrize(
    ("channel", "code"), [("gift_card", None), ("gift_card", "12005"), ("12005", None), ("Gavekort", "12005")]
)
def test_a_gift_card_redeemed_is_on_the_account_of_those_sold_unless_it_has_its_own(
    channel: str, code: str | None
) -> None:
    assert accounts(gift_card=2901).tender(channel, code) == 2901
    assert accounts(gift_card=2901, tenders={"gift_card": 2905}).tender(channel, code) == 2905
    assert accounts(gift_card=2901).tender("cash", "12001") is None


SALES = [
    row("beer", 25, 3010),
    row("04003", 25, 3020),
    row("04003", 15, 3021, "31"),
    row("*", 25, 3000),
    row("*", 15, 3001, "31"),
]


@pytest.mark.parametrize(
    ("name", "code", "rate", "account"),
    [
        ("beer", "04003", 25, 3010),
        ("beer", "04003", 15, 3021),
        ("wine", "04003", 25, 3020),
        ("04003", None, 25, 3020),
        (None, "04003", 25, 3020),
        ("wine", "04999", 25, 3000),
        ("wine", None, 15, 3001),
        (None, None, 25, 3000),
        ("*", None, 25, 3000),
        ("beer", "04003", 12, None),
        (None, None, 0, None),
    ],
)
def test_sales_are_found_by_group_by_code_else_by_every_groups_row_at_their_rate(
    name: str | None, code: str | None, rate: int, account: int | None
) -> None:
    """Take-away is told by its rate."""
    found = accounts(sales=SALES).sale(name, code, rate)
    assert (found.account if found else None) == account
    assert found is None or found.vat == rate


@pytest.mark.parametrize(
    ("kind", "code", "account"),
    [("bank", "11010", 1921), ("deposit", "11010", 1920), ("11010", None, 1920), ("cash", None, None)],
)
def test_money_moved_is_found_by_its_kind_or_its_code(kind: str, code: str | None, account: int | None) -> None:
    assert accounts(movements={"bank": 1921, "11010": 1920}).movement(kind, code) == account


def test_every_gap_is_named_once_in_the_words_of_the_settings_file() -> None:
    looked_up = accounts(sales=SALES)
    for _ in range(2):
        looked_up.tender("Visa", "12002")
        looked_up.tender("cash", None)
        looked_up.movement("bank", "11010")
        looked_up.movement("till", None)
        looked_up.sale("mat", "04002", 0)
        looked_up.sale(None, None, 12)
        looked_up.single("rounding")
    assert list(looked_up.gaps) == [
        'ledger.tenders has no account for "Visa" (12002)',
        'ledger.tenders has no account for "cash"',
        'ledger.movements has no account for "bank" (11010)',
        'ledger.movements has no account for "till"',
        'ledger.sales has no row for article group "mat" (04002) at 0 %',
        'ledger.sales has no row for article group "*" at 12 %',
        "ledger.rounding is missing",
    ]


@pytest.mark.parametrize("name", ["gratuity", "gift_card", "rounding", "cash_difference", "invoice_clearing"])
def test_a_setting_of_its_own_is_its_account(name: str) -> None:
    assert accounts(**{name: 7745}).single(name) == 7745
    missing = accounts()
    assert missing.single(name) is None
    assert list(missing.gaps) == [f"ledger.{name} is missing"]
