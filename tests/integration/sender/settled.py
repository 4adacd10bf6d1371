"""A day's Z, what it comes to in the books by hand, and what the simulated PowerOffice has of it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from posplugin.domain.clock import business_date
from posplugin.domain.money import vat_in
from posplugin.domain.payment import PaymentRef
from posplugin.domain.sale import LineKind
from posplugin.domain.zreport import CashMovement, CashSales, GroupTotal, TenderTotal, ZReport
from posplugin.simulator import CLIENT_KEY, Simulator

#: Øre with VAT by account, debit positive.
Amounts = dict[int, int]
CASH, CARD, CLEARING, TIPS, ROUNDING, CASH_DIFFERENCE, BANK, GIFT_CARDS = 1900, 1580, 1990, 2981, 7745, 7746, 1920, 2901
_SALES = {25: 3000, 15: 3001, 12: 3002, 0: 3003}
_TENDERS = {"cash": CASH, "card": CARD, "gift_card": GIFT_CARDS}
#: Where the simulated PowerOffice puts VAT by itself.
_VAT_ACCOUNTS = range(2700, 2704)
_OSLO = ZoneInfo("Europe/Oslo")


def z_of(
    number: int,
    sold: Mapping[int, int] | None = None,
    *,
    at: datetime,
    terminal: str = "bar-1",
    tips: int = 0,
    paid: Mapping[str, int] | None = None,
    gift_cards: int = 0,
    rounding: int = 0,
    counted: int | None = None,
    moved: Mapping[str, int] | None = None,
    invoiced: Sequence[PaymentRef] | None = (),
) -> ZReport:
    """Return a Z: `sold` by VAT rate; without it 160.00 at 25 %, 40.00 at 15 % and 40.00 in tips.

    All is paid by card, unless `paid` tells otherwise, by channel. `gift_cards` are sold beside it, `counted` is the
    cash that was there, and `moved` what was put in or taken out, by kind.
    """
    sold, tips = ({25: 16000, 15: 4000}, 4000) if sold is None else (sold, tips)
    groups = [_group("100", LineKind.GOODS, rate, amount) for rate, amount in sold.items()]
    if gift_cards:
        groups.append(_group("gavekort", LineKind.GIFT_CARD, 0, gift_cards))
    total = sum(group.amount for group in groups) + tips + rounding
    paid = ({"card": total} if total else {}) if paid is None else paid
    return ZReport(
        terminal_id=terminal,
        number=number,
        business_date=business_date(at, _OSLO),
        closed_at=at,
        cash=CashSales(
            groups=tuple(groups),
            tenders=tuple(
                TenderTotal(channel=channel, expected=amount, counted=counted if channel == "cash" else None)
                for channel, amount in paid.items()
            ),
            tips=tips,
            rounding=rounding,
        ),
        invoiced=None if invoiced is None else tuple(invoiced),
        movements=tuple(CashMovement(kind=kind, amount=amount) for kind, amount in (moved or {}).items()),
    )


def _group(article_group: str, kind: LineKind, rate: int, amount: int) -> GroupTotal:
    return GroupTotal(article_group=article_group, kind=kind, vat_rate=rate, amount=amount, vat=vat_in(amount, rate))


def in_the_books(z: ZReport, cleared: Mapping[int, int] | None = None) -> Amounts:
    """Return what a Z comes to, by hand; `cleared`, by rate, was sold on invoices that carry no VAT of their own."""
    sums: Counter[int] = Counter()
    for tender in z.cash.tenders:
        moved = sum(movement.amount for movement in z.movements if movement.channel == tender.channel)
        there = tender.expected + moved if tender.counted is None else tender.counted
        sums[_TENDERS[tender.channel]] += there
        sums[CASH_DIFFERENCE] -= there - tender.expected - moved
    for movement in z.movements:
        sums[BANK] -= movement.amount
    for group in z.cash.groups:
        sums[GIFT_CARDS if group.kind is LineKind.GIFT_CARD else _SALES[group.vat_rate]] -= group.amount
    for rate, amount in (cleared or {}).items():
        sums[_SALES[rate]] -= amount
        sums[CLEARING] += amount
    sums[TIPS] -= z.cash.tips
    sums[ROUNDING] -= z.cash.rounding
    return {account: amount for account, amount in sums.items() if amount}


def settled(go: Simulator, client: str = CLIENT_KEY) -> dict[str, list[Amounts]]:
    """Return the settlements that stand there, by Z: every voucher that is not reversed."""
    vouchers: defaultdict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    for row in _of_settlements(go, client):
        if row["VoucherType"] != "ReversalVoucher" and not row["IsReversed"]:
            z = re.search(r"Z \d+", row["VoucherDescription"])
            assert z, row
            vouchers[z[0], row["VoucherId"]][row["AccountNo"]] += _gross(row)
    found: dict[str, list[Amounts]] = {}
    for (name, _), amounts in vouchers.items():
        found.setdefault(name, []).append(dict(amounts))
    return found


def stand_settled_once(
    go: Simulator, *z_reports: ZReport, cleared: Mapping[int, int] | None = None, client: str = CLIENT_KEY
) -> None:
    """Each Z stands in PowerOffice once, to the øre; nothing else does, and what was taken back left nothing."""
    wanted = {z.name: in_the_books(z, cleared) for z in z_reports}
    assert settled(go, client) == {name: [amounts] for name, amounts in wanted.items()}
    there: Counter[int] = Counter()
    for row in _of_settlements(go, client):
        there[row["AccountNo"]] += _gross(row)
    for amounts in wanted.values():
        there.subtract(amounts)
    assert {account: amount for account, amount in there.items() if amount} == {}


def _of_settlements(go: Simulator, client: str) -> list[dict[str, Any]]:
    """Return all that is posted but invoices and payments, and but the VAT that PowerOffice splits off."""
    kinds = {"CashJournal", "ManualJournal", "ReversalVoucher"}
    rows = [row for row in go.postings(client) if row["VoucherType"] in kinds]
    return [row for row in rows if row["AccountNo"] not in _VAT_ACCOUNTS]


def _gross(row: Mapping[str, Any]) -> int:
    return int((row["Amount"] + row["VatAmount"]) * 100)
