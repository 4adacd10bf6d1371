"""Days that are closed and settled, and what PowerOffice has of them afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from posplugin.domain.reasons import Reason
from posplugin.domain.zreport import ZReport
from posplugin.outbox.lifecycle import Status
from tests.acceptance.unknowns.conftest import OpenShop
from tests.acceptance.unknowns.evening import FAULTS, Shop
from tests.integration.sender.settled import in_the_books, settled, stand_settled_once
from tests.integration.sender.shop import CLEARING_MODE, SETTLES

#: Where settlements are posted, and left as drafts.
POST, LEAVE = "/Vouchers/CashJournals", "/JournalEntryVouchers/ManualJournals"
#: What is read when an answer was lost.
LOOKS = ("/AccountTransactions", "/JournalEntryVouchers")
#: By Z: plain, cash that is short and taken to the bank, returns and small amounts, and one without sales.
DAYS: Mapping[int, Mapping[str, Any]] = {
    1: {"sold": {25: 16000, 15: 4000}, "tips": 4000},
    2: {
        "sold": {25: 123450, 15: 6789, 12: 1120, 0: 500},
        "gift_cards": 50000,
        "rounding": -36,
        "paid": {"cash": 60000, "card": 111823, "gift_card": 10000},
        "counted": 38950,
        "moved": {"bank deposit": -20000},
    },
    3: {"sold": {25: -333, 15: 1}},
    4: {"sold": {}},
}


def open_settling(open_shop: OpenShop, *answers: str, as_draft: bool = False, **settings: Any) -> Shop:
    """Open a till that settles, without papers, at a PowerOffice that answers as told."""
    posting = 'posting = "draft"\n' if as_draft else ""
    return open_shop(*answers, **SETTLES | {"settlement": f"{posting}attach_z_report = false"} | settings)


def open_clearing(open_shop: OpenShop, *answers: str) -> Shop:
    """Open one whose settlement reports the VAT of what is invoiced."""
    clearing: dict[str, Any] = {**CLEARING_MODE}
    return open_settling(open_shop, *answers, **clearing)


def close_days(shop: Shop) -> list[ZReport]:
    """Close all days; return those of which there is something to post."""
    return [z for z in (shop.close_day(number, **told) for number, told in DAYS.items()) if z.cash.groups]


def set_fault(shop: Shop, fault: str, path: str = POST) -> None:
    """Let posting go wrong, and now and then the look for what was posted."""
    if fault != "none":
        shop.go.fault(fault, path=path, method="POST", **FAULTS[fault])
        for each in LOOKS:
            shop.go.fault(fault, path=each, method="GET", every=3, times=1)


def all_are_settled_once(shop: Shop, days: Sequence[ZReport]) -> None:
    """Every Z stands in the books once, to the øre, and is known to; one of which nothing is posted is let go."""
    stand_settled_once(shop.go, *days)
    told = {z.name: Status.DELIVERED for z in days}
    assert {record.receipt: record.status for record in shop.records()} == {"Z 4": Status.DISCARDED} | told
    assert {record.reason for record in shop.records()} == {None}


def none_is_settled_twice(shop: Shop, days: Sequence[ZReport]) -> set[Reason | None]:
    """Every Z stands there right, or not at all; return why the latter need a person."""
    there, wanted = settled(shop.go), {z.name: [in_the_books(z)] for z in days}
    assert there.items() <= wanted.items()
    return {shop.record(name).reason for name in wanted.keys() - there.keys()}


def drafts_of(shop: Shop) -> Counter[str]:
    """Return how many drafts there are by what they are called: Z, terminal and reference."""
    return Counter(str(draft["Description"]) for draft in shop.go.drafts())
