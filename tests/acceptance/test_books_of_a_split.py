"""Sales that are partly invoiced, account by account: their settlement and their invoices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from posplugin.domain.sale import LineKind, Sale, SaleLine, Tender
from posplugin.hooks import PosHost
from posplugin.saft.moments import OSLO
from posplugin.simulator import Simulator
from sample_terminal.card import FakeCard
from sample_terminal.checkout import Buyer, Done, Till
from sample_terminal.journal import Journal
from tests.acceptance.playing import TERMINAL, Case, Place, place
from tests.acceptance.till_day import Roll, TillDay, till_day

D = Decimal
CUSTOMER = 10002


def _sale(receipt: str, lines: tuple[SaleLine, ...], *, tip: int = 0, **paid: int) -> Sale:
    """Return a sale that is paid as told, channel by channel; the tip is given on the last."""
    last = len(paid) - 1
    tenders = (
        Tender(tender_id=str(place), channel=channel, amount=amount, tip=tip if place == last else 0)
        for place, (channel, amount) in enumerate(paid.items())
    )
    at = datetime(2026, 11, 20, 19, int(receipt), tzinfo=OSLO)
    return Sale(sale_id=f"s{receipt}", terminal_id="bar-1", receipt=receipt, at=at, lines=lines, tenders=tuple(tenders))


def _sold(here: Place, *sales: Sale) -> TillDay:
    """Sell to a customer at the sample terminal, and close the day."""
    roll = Roll()
    with Journal(here.journal) as journal:
        host = PosHost.load(TERMINAL, outcome=journal.outcome)
        till = Till(host, journal, FakeCard(), roll)
        for sale in sales:
            assert isinstance(till.checkout(sale, Buyer(customer_number=CUSTOMER)), Done)
        last = sales[-1].at
        till.close_day(last.date(), last + timedelta(hours=6), "Z 1", journal.open_sales(TERMINAL.terminal_id))
        assert host.failures == []
        host.shutdown()
    return till_day(here.journal, roll)


def _balance(go: Simulator) -> dict[int, Decimal]:
    return {account: amount for account, amount in go.trial_balance().items() if amount}


def _kroner(*vouchers: Mapping[int, str]) -> dict[int, Decimal]:
    """Return what vouchers come to, by account."""
    sums: Counter[int] = Counter()
    for voucher in vouchers:
        sums.update({account: int(D(amount) * 100) for account, amount in voucher.items()})
    return {account: D(ore) / 100 for account, ore in sums.items() if ore}


#: 500 kr, 400 at 25 % and 100 at 15 %; 300 by invoice, 200 and a tip of 40 by card.
_EXAMPLE = _sale(
    "1",
    (
        SaleLine(description="Fårikål", amount=40000, vat_rate=25, article_group="100"),
        SaleLine(description="Skolebolle", amount=10000, vat_rate=15, article_group="100"),
    ),
    invoice=30000,
    card=20000,
    tip=4000,
)
#: By who reports the VAT: the settlement's lines, what they post, and what the invoice posts.
_JOURNAL = {
    "invoice": {(1580, "0"): 24000, (2981, "0"): -4000, (3000, "3"): -16000, (3001, "31"): -4000},
    "settlement": {
        (1580, "0"): 24000,
        (1990, "0"): 30000,
        (2981, "0"): -4000,
        (3000, "3"): -40000,
        (3001, "31"): -10000,
    },
}
_SETTLED = {
    "invoice": {1580: "240.00", 2981: "-40.00", 3000: "-128.00", 2700: "-32.00", 3001: "-34.78", 2701: "-5.22"},
    "settlement": {
        1580: "240.00",
        1990: "300.00",
        2981: "-40.00",
        3000: "-320.00",
        2700: "-80.00",
        3001: "-86.96",
        2701: "-13.04",
    },
}
_INVOICED = {
    "invoice": {1500: "300.00", 3000: "-192.00", 2700: "-48.00", 3001: "-52.17", 2701: "-7.83"},
    "settlement": {1500: "300.00", 1990: "-300.00"},
}


@pytest.mark.parametrize("rounding", ["a", "b", "c", "d"], ids="U8{}".format)
@pytest.mark.parametrize("mode", ["invoice", "settlement"])
def test_the_example_of_a_split_account_by_account(mode: str, rounding: str, tmp_path: Path) -> None:
    """240 + 60 by invoice and the rest by card: VAT is reported by the one document or the other."""
    case = Case(vat_reported_by=mode, rounding=rounding)
    with place(case, tmp_path) as here:
        till = _sold(here, _EXAMPLE)
        assert till.goods_delivered == {15: 6000, 25: 24000}
        assert till.delivery_vat == {15: 783, 25: 4800}
        assert case.journal(till) == _JOURNAL[mode]

        assert here.settle() == case.journal(till)
        assert _balance(here.go) == _kroner(_SETTLED[mode])
        with here.app() as app:
            assert app.send("hand").outcome == "done"

        assert _balance(here.go) == _kroner(_SETTLED[mode], _INVOICED[mode])
        assert here.go.customer_ledger() == {CUSTOMER: D("300.00")}


@pytest.mark.parametrize("mode", ["invoice", "settlement"])
def test_a_gift_card_that_is_partly_invoiced_is_a_debt_once(mode: str, tmp_path: Path) -> None:
    """A gift card of 500 and a dish of 250, 600 of it by invoice; then 200 of a gift card is spent on a dish of 300."""
    gift_card = SaleLine(description="Gavekort", amount=50000, vat_rate=0, kind=LineKind.GIFT_CARD)
    dishes = [SaleLine(description="Hjorteburger", amount=amount, vat_rate=25) for amount in (25000, 30000)]
    case = Case(vat_reported_by=mode, rounding="a")
    with place(case, tmp_path) as here:
        bought = _sale("1", (gift_card, dishes[0]), invoice=60000, card=15000)
        till = _sold(here, bought, _sale("2", (dishes[1],), gift_card=20000, card=10000))
        assert here.settle() == case.journal(till)
        with here.app() as app:
            assert app.send("hand").outcome == "done"

        assert _balance(here.go) == _kroner(
            {1500: "600.00", 1580: "250.00", 2901: "-300.00", 3000: "-440.00", 2700: "-110.00"}
        )
        assert here.go.customer_ledger() == {CUSTOMER: D("600.00")}
