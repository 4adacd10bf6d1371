"""An evening's books: what the till printed and what PowerOffice's ledger says, in each VAT mode, to the øre.

Both sides are read where they stand: the papers and the journal of the till, and the ledger of the simulated
PowerOffice. What is between them, the outbox, is asked nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from posplugin.accounting_system import Stage
from posplugin.app import App
from posplugin.domain.money import kroner_text, to_kroner, vat_in
from posplugin.domain.payment import Terminal
from posplugin.domain.sale import LineKind, Sale, SaleLine, Tender
from posplugin.hooks import PosHost
from posplugin.saft import SaftRules
from posplugin.saft.moments import OSLO
from posplugin.simulator import APPLICATION_KEY, CLIENT_KEY, SUBSCRIPTION_KEY, Simulator
from sample_terminal.card import FakeCard
from sample_terminal.checkout import Buyer, Done, Till
from sample_terminal.demo import EVENING
from sample_terminal.journal import Journal
from sample_terminal.play import Show, play
from tests.acceptance import cash_journal
from tests.acceptance.cash_journal import CLEARING, GIFT_CARDS, ROUNDING, SALES, TENDERS, TIPS
from tests.acceptance.till_day import Roll, TillDay, till_day
from tests.fixtures.settings import write_settings
from tests.integration.sender.shop import CLEARING_PRODUCTS, PRODUCTS, quick_pacer

D = Decimal
RECEIVABLES, BANK, CARD = 1500, 1920, 1580
TERMINAL = Terminal(terminal_id="bar-1", department="bar")
#: The rate of the fee, which PowerOffice bears VAT of in both modes.
FEE_RATE = 25
#: How many invoices PowerOffice fails to send at first.
FAILING = 3


@dataclass(frozen=True, kw_only=True)
class Case:
    """What an evening is played with. `rounding` is PowerOffice's answer to U8, `prices` to U7."""

    vat_reported_by: str
    rounding: str
    per_item: bool = False
    #: None: no fee; "": the price that the product has in PowerOffice.
    fee: str | None = None
    makes_products: bool = False
    prices: str = "a"

    def __str__(self) -> str:
        told = [self.vat_reported_by, f"U8{self.rounding}", "per item" if self.per_item else "per rate"]
        told += ["fee"] * (self.fee is not None) + ["new products"] * self.makes_products
        return ", ".join([*told, *["prices with VAT"] * (self.prices == "b")])

    @property
    def settlement_reports(self) -> bool:
        return self.vat_reported_by == "settlement"


#: By the answer to U8.
FEES = {"a": None, "b": "39.00", "c": None, "d": ""}
CASES = (
    *(
        Case(
            vat_reported_by=mode,
            rounding=rounding,
            per_item=per_item,
            fee=FEES[rounding],
            makes_products=per_item and rounding in "cd",
        )
        for mode in ("invoice", "settlement")
        for per_item in (False, True)
        for rounding in FEES
    ),
    Case(vat_reported_by="invoice", rounding="b", per_item=True, prices="b"),
    Case(vat_reported_by="invoice", rounding="d", prices="b"),
)


@dataclass(frozen=True, kw_only=True)
class Books:
    """PowerOffice's books at one moment."""

    balance: Mapping[int, Decimal]
    vat: Mapping[str, tuple[Decimal, Decimal]]
    owed: Mapping[int, Decimal]
    #: Receipts whose invoices have been sent.
    sent: frozenset[int]
    #: By VAT code: how many amounts with VAT have been posted.
    roundings: Mapping[str, int]

    @classmethod
    def of(cls, go: Simulator) -> Books:
        return cls(
            balance=go.trial_balance(),
            vat=go.vat_return(),
            owed=go.customer_ledger(),
            sent=frozenset(invoice["ImportedOrderNo"] for invoice in go.invoices()),
            roundings=Counter(str(row["VatCode"]) for row in go.postings() if row["VatAmount"]),
        )


@dataclass(frozen=True, kw_only=True)
class Evening:
    """An evening that has been played, settled, sent and paid, with the books after each."""

    case: Case
    till: TillDay
    #: The day's settlement is posted, and no invoice is sent.
    settled: Books
    #: Sent, but for those that PowerOffice could not send.
    begun: Books
    sent: Books
    paid: Books
    #: Where the product says that each document stands, before and after `paid`.
    stages: tuple[set[object], set[object]]

    @property
    def moments(self) -> tuple[Books, ...]:
        return self.settled, self.begun, self.sent, self.paid

    @property
    def fee_vat(self) -> int:
        """The VAT in the fees, øre."""
        return sum(vat_in(each.fee, FEE_RATE) for each in self.till.deliveries)


@pytest.fixture(scope="module", params=CASES, ids=str)
def evening(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Evening:
    case: Case = request.param
    folder = tmp_path_factory.mktemp("evening")
    with pytest.MonkeyPatch.context() as patch, _poweroffice(case, patch, folder) as go:
        config = _settings(folder, go, case, patch)
        roll, clock = Roll(), Clock()
        with _app(config, clock) as app:
            app.sync_customers()
            assert [finding for finding in app.office().check() if not finding.ok] == []
        rules = SaftRules.from_settings(config)
        play(Show(file=EVENING, journal=folder / "journal", terminal=TERMINAL, rules=rules, printer=roll))
        till = till_day(folder / "journal", roll)
        cash_journal.post(go, till.z, _journal(case, till))
        settled = Books.of(go)
        with _app(config, clock) as app:
            go.fail_sending("The recipient is not registered in ELMA.", times=FAILING)
            app.send("hand")
            begun = Books.of(go)
            _send_the_rest(app, clock, go)
            sent = Books.of(go)
            app.follow()
            before = _stages(app)
            for invoice in go.invoices():
                go.pay(invoice["InvoiceNo"])
            app.follow()
            stages = before, _stages(app)
        return Evening(case=case, till=till, settled=settled, begun=begun, sent=sent, paid=Books.of(go), stages=stages)


# -- the claims --------------------------------------------------------------------------------------------------------


def test_each_customer_owes_what_the_delivery_receipts_say(evening: Evening) -> None:
    """Customer by customer, to the øre: the journal's amounts, and the fee where the paper names one."""
    assert evening.sent.owed == {customer: to_kroner(ore) for customer, ore in evening.till.owed.items()}
    assert len(evening.till.owed) > 3
    assert [each.printed for each in evening.till.deliveries] == [each.owed for each in evening.till.deliveries]
    fees = {each.fee for each in evening.till.deliveries if each.amount > 0}
    assert fees == {{None: 0, "39.00": 3900, "": 4875}[evening.case.fee]}
    assert {each.fee for each in evening.till.deliveries if each.amount < 0} == {0}


def test_the_books_balance_at_every_moment(evening: Evening) -> None:
    for books in evening.moments:
        assert sum(books.balance.values()) == 0
        assert books.balance.get(RECEIVABLES, 0) == sum(books.owed.values())


def test_clearing_is_what_has_not_been_sent_and_then_nothing(evening: Evening) -> None:
    """With the VAT on the invoices there is nothing to clear."""
    waiting = [_unsent(evening.till, books) for books in evening.moments]
    assert waiting[0] > waiting[1] != 0
    assert waiting[2:] == [0, 0]
    if evening.case.settlement_reports:
        assert [books.balance[CLEARING] for books in evening.moments] == waiting
    else:
        assert not any(CLEARING in books.balance for books in evening.moments)


def test_the_invoices_report_the_vat_of_the_delivery_receipts_or_none(evening: Evening) -> None:
    """None where the settlement reports it; but a fee's, which is no sale of the till's, is theirs in both modes."""
    before, after = evening.settled, evening.sent
    vat = _less(_vat_of(after), _vat_of(before))
    if evening.case.settlement_reports:
        assert vat == ({_code(FEE_RATE): to_kroner(evening.fee_vat)} if evening.fee_vat else {})
        return
    rows = _compared(
        printed=evening.till.delivery_vat,
        fee_vat=evening.fee_vat,
        reported=vat,
        roundings=_less(after.roundings, before.roundings),
        printed_roundings=evening.till.delivery_roundings,
    )
    _show(f"The invoices' VAT ({evening.case})", rows)
    assert [row for row in rows if row.too_much] == []
    assert len(rows) == 3
    if evening.case.prices == "a":  # net prices are chosen so that PowerOffice's VAT is the till's, rounded as it may
        assert {row.difference for row in rows} == {0}


def test_all_vat_of_the_till_is_reported_once(evening: Evening) -> None:
    """Sales receipts and delivery receipts, by rate, beside the VAT return by code."""
    printed = Counter(evening.till.sales_vat) + Counter(evening.till.delivery_vat)
    rows = _compared(
        printed=printed,
        fee_vat=evening.fee_vat,
        reported=_vat_of(evening.sent),
        roundings=evening.sent.roundings,
        printed_roundings=Counter(evening.till.sales_roundings) + Counter(evening.till.delivery_roundings),
    )
    _show(f"The VAT return ({evening.case})", rows)
    assert [row for row in rows if row.too_much] == []
    assert sum(evening.till.delivery_vat.values()) > sum(row.at_most for row in rows)  # twice, or not at all, shows


def test_what_was_sold_stands_in_the_books_once(evening: Evening) -> None:
    """With its VAT it is what the till took and delivered; øre that no net price hits are on the rounding account."""
    till, books = evening.till, evening.sent
    sold = Counter(till.goods_delivered)
    for group in till.z.cash.groups:
        if group.kind is not LineKind.GIFT_CARD:
            sold[group.vat_rate] += group.amount
    sold[FEE_RATE] += till.fees
    turnover = {code: base + vat for code, (base, vat) in books.vat.items()}
    left_over = -books.balance.get(ROUNDING, D(0)) - to_kroner(till.z.cash.rounding)

    assert sum(turnover.values()) + left_over == to_kroner(sum(sold.values()))
    assert abs(left_over) <= D("0.01") * len(till.deliveries)
    if evening.case.settlement_reports and not till.fees:
        assert turnover == {_code(rate): to_kroner(amount) for rate, amount in sold.items()}
        assert left_over == 0


def test_tenders_and_tips_agree_to_the_ore(evening: Evening) -> None:
    z, balance = evening.till.z, evening.sent.balance
    taken: Counter[int] = Counter()
    for tender in z.cash.tenders:
        if tender.channel != "gift_card":
            taken[TENDERS[tender.channel]] += tender.expected
    assert {account: balance[account] for account in taken} == {key: to_kroner(ore) for key, ore in taken.items()}
    invoiced = sum(each.tip for each in evening.till.deliveries)
    assert balance[TIPS] == -to_kroner(z.cash.tips + invoiced)
    assert (z.cash.tips > 0, invoiced > 0) == (True, True)


def test_paid_invoices_leave_nothing_owed_and_are_shown_as_paid(evening: Evening) -> None:
    assert evening.stages == ({Stage.SENT}, {Stage.PAID})
    assert set(evening.paid.owed.values()) == {0}
    assert evening.paid.balance[BANK] == sum(evening.sent.owed.values())
    assert evening.paid.vat == evening.sent.vat


# -- examples, account by account --------------------------------------------------------------------------------------


def _sale(receipt: str, lines: tuple[SaleLine, ...], *, tip: int = 0, **paid: int) -> Sale:
    """Return a sale that is paid as told, channel by channel; the tip is given on the last."""
    *first, last = paid.items()
    tenders = [Tender(tender_id=name, channel=name, amount=amount) for name, amount in first]
    tenders.append(Tender(tender_id=last[0], channel=last[0], amount=last[1], tip=tip))
    at = datetime(2026, 11, 20, 19, int(receipt), tzinfo=OSLO)
    return Sale(sale_id=f"s{receipt}", terminal_id="bar-1", receipt=receipt, at=at, lines=lines, tenders=tuple(tenders))


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
_JOURNALS = {
    "invoice": {(1580, "0"): 24000, (2981, "0"): -4000, (3000, "3"): -16000, (3001, "31"): -4000},
    "settlement": {
        (1580, "0"): 24000,
        (1990, "0"): 30000,
        (2981, "0"): -4000,
        (3000, "3"): -40000,
        (3001, "31"): -10000,
    },
}
_CASH = {
    "invoice": {1580: "240.00", 2700: "-32.00", 2701: "-5.22", 2981: "-40.00", 3000: "-128.00", 3001: "-34.78"},
    "settlement": {
        1580: "240.00",
        1990: "300.00",
        2700: "-80.00",
        2701: "-13.04",
        2981: "-40.00",
        3000: "-320.00",
        3001: "-86.96",
    },
}
_INVOICE = {
    "invoice": {1500: "300.00", 2700: "-48.00", 2701: "-7.83", 3000: "-192.00", 3001: "-52.17"},
    "settlement": {1500: "300.00", 1990: "-300.00"},
}


@pytest.mark.parametrize("rounding", ["a", "b", "c", "d"])
@pytest.mark.parametrize("mode", ["invoice", "settlement"])
def test_the_example_of_a_split_account_by_account(
    mode: str, rounding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guest's 240 + 60 by invoice, the rest by card: settled by hand, sent by the plugin."""
    case = Case(vat_reported_by=mode, rounding=rounding)
    with _poweroffice(case, monkeypatch, tmp_path) as go:
        till = _sold(case, tmp_path, go, monkeypatch, _EXAMPLE)
        assert till.goods_delivered == {15: 6000, 25: 24000}
        assert till.delivery_vat == {15: 783, 25: 4800}
        assert _journal(case, till) == _JOURNALS[mode]

        cash_journal.post(go, till.z, _journal(case, till))
        assert go.trial_balance() == _kroner(_CASH[mode])
        with _app(tmp_path / "posplugin.toml", Clock()) as app:
            assert app.send("hand").outcome == "done"

        both = Counter(_kroner(_CASH[mode]))
        both.update(_kroner(_INVOICE[mode]))
        assert go.trial_balance() == both
        assert go.customer_ledger() == {10002: D("300.00")}


@pytest.mark.parametrize("mode", ["invoice", "settlement"])
def test_a_gift_card_that_is_partly_invoiced_is_a_debt_once(
    mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gift card of 500 and a dish of 245, 600 of it by invoice; then 200 of a gift card is spent on 300."""
    dish = SaleLine(description="Hjorteburger", amount=24500, vat_rate=25)
    card = SaleLine(description="Gavekort", amount=50000, vat_rate=0, kind=LineKind.GIFT_CARD)
    bought = _sale("1", (card, dish), invoice=60000, card=14500)
    meal = SaleLine(description="Fårikål", amount=30000, vat_rate=25)
    spent = _sale("2", (meal,), gift_card=20000, card=10000)
    case = Case(vat_reported_by=mode, rounding="a")
    with _poweroffice(case, monkeypatch, tmp_path) as go:
        till = _sold(case, tmp_path, go, monkeypatch, bought, spent)
        cash_journal.post(go, till.z, _journal(case, till))
        with _app(tmp_path / "posplugin.toml", Clock()) as app:
            assert app.send("hand").outcome == "done"

        balance = go.trial_balance()
        assert balance[GIFT_CARDS] == D("-300.00")
        assert balance.get(CLEARING, 0) == 0
        assert balance[CARD] == D("245.00")
        assert go.customer_ledger() == {10002: D("600.00")}
        assert sum(go.vat_return()["3"]) - balance.get(ROUNDING, 0) == D("545.00")


# -- comparing ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """The VAT of one code as the till printed it and as PowerOffice reports it, øre."""

    code: str
    printed: int
    reported: int
    #: Half an øre for each amount that was rounded on either side.
    at_most: float

    @property
    def difference(self) -> int:
        return self.reported - self.printed

    @property
    def too_much(self) -> bool:
        return abs(self.difference) > self.at_most


def _compared(
    *,
    printed: Mapping[int, int],
    fee_vat: int,
    reported: Mapping[str, Decimal],
    roundings: Mapping[str, int],
    printed_roundings: Mapping[int, int],
) -> list[Row]:
    till = Counter({_code(rate): amount for rate, amount in printed.items()})
    till[_code(FEE_RATE)] += fee_vat
    till_roundings = {_code(rate): count for rate, count in printed_roundings.items()}
    rows = []
    for code in sorted({*till, *reported}):
        count = roundings.get(code, 0) + till_roundings.get(code, 0)
        rows.append(Row(code, till[code], int(reported.get(code, D(0)) * 100), count / 2))
    return rows


def _show(title: str, rows: list[Row]) -> None:
    print(f"\n{title}\n{'code':>6} {'till':>12} {'PowerOffice':>12} {'difference':>10} {'at most':>8}")
    for row in rows:
        told = (kroner_text(row.printed), kroner_text(row.reported), kroner_text(row.difference))
        print(f"{row.code:>6} {told[0]:>12} {told[1]:>12} {told[2]:>10} {row.at_most / 100:>8.3f}")


def _code(rate: int) -> str:
    return SALES[rate][1]


def _vat_of(books: Books) -> dict[str, Decimal]:
    return {code: vat for code, (_, vat) in books.vat.items() if vat}


def _less(after: Mapping[str, Decimal], before: Mapping[str, Decimal]) -> dict[str, Decimal]:
    changes = {code: after.get(code, D(0)) - before.get(code, D(0)) for code in {*after, *before}}
    return {code: change for code, change in changes.items() if change}


def _unsent(till: TillDay, books: Books) -> Decimal:
    """Return what goods have been delivered whose invoices are not sent."""
    waiting = [each for each in till.deliveries if each.receipt not in books.sent]
    return to_kroner(sum(sum(each.goods.values()) for each in waiting))


def _journal(case: Case, till: TillDay) -> cash_journal.Lines:
    """Return the day's settlement: of the cash sales alone, or of all that was sold."""
    return cash_journal.lines_of(till.z, till.goods_delivered if case.settlement_reports else {})


def _kroner(amounts: Mapping[int, str]) -> dict[int, Decimal]:
    return {account: D(amount) for account, amount in amounts.items()}


# -- playing -----------------------------------------------------------------------------------------------------------


class Clock:
    """The till's clock, which can be set ahead."""

    ahead = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def _poweroffice(case: Case, patch: pytest.MonkeyPatch, folder: Path) -> Simulator:
    """Return a PowerOffice that sends at once, and let nothing here wait for longer than that."""
    patch.setattr("posplugin.sender.run.SEND_POLLS", (0.0, 0.1))
    # The simulator needs no certificates, and reading the machine's anew for every run is a third of a test's time.
    (folder / "certificates").mkdir()
    patch.setenv("SSL_CERT_DIR", str(folder / "certificates"))
    patch.delenv("SSL_CERT_FILE", raising=False)
    go = Simulator(None, switches={"U7": case.prices, "U8": case.rounding}, requests_per_second=10_000, send_seconds=0)
    go.allow_send_invoice = True
    return go


def _settings(folder: Path, go: Simulator, case: Case, patch: pytest.MonkeyPatch) -> Path:
    """Write the settings, where the plugin finds them too."""
    patch.setenv("POSPLUGIN_CONFIG", str(folder / "posplugin.toml"))
    fee = {"invoice_fee": True} if case.fee is not None else {}
    return write_settings(
        folder / "posplugin.toml",
        poweroffice={
            "simulator_url": go.url,
            "application_key": APPLICATION_KEY,
            "subscription_key": SUBSCRIPTION_KEY,
        },
        invoicing={
            "vat_reported_by": case.vat_reported_by,
            "lines": "per_item" if case.per_item else "per_vat_rate",
            "delivery": "send",
            "send_amount_excluding_vat": case.prices == "a",
            "tips_on_invoice": True,
            "create_missing_products": case.makes_products,
            **fee,
            **({"invoice_fee_amount": case.fee} if case.fee else {}),
        },
        departments={
            "bar": {
                "client_key": CLIENT_KEY,
                "products": {**CLEARING_PRODUCTS, "fee": "7"} if case.settlement_reports else PRODUCTS,
            }
        },
        saft={"customer_numbers": "poweroffice"},
    )


def _app(config: Path, clock: Clock) -> App:
    app = App.open(config, clock=clock)
    app._pacers[SUBSCRIPTION_KEY] = quick_pacer()
    return app


def _send_the_rest(app: App, clock: Clock, go: Simulator) -> None:
    """Let a person try again what PowerOffice could not send, until there is nothing left to do."""
    office = app.office()
    for _ in range(6):
        for record in app.outbox.needing_a_person():
            office.retry(record)
        clock.ahead += timedelta(minutes=10)
        go.advance(600)
        if app.send("hand").outcome == "done" and not app.outbox.needing_a_person():
            return
    raise AssertionError([(each.receipt, each.status, each.reason) for each in app.outbox.select("1")])


def _stages(app: App) -> set[object]:
    return {record.accounting_state for record in app.outbox.select("status <> 'cancelled'")}


def _sold(case: Case, folder: Path, go: Simulator, patch: pytest.MonkeyPatch, *sales: Sale) -> TillDay:
    """Sell to a customer at the sample terminal, and close the day."""
    config, roll = _settings(folder, go, case, patch), Roll()
    with _app(config, Clock()) as app:
        app.sync_customers()
    with Journal(folder / "journal") as kept:
        host = PosHost.load(TERMINAL, outcome=kept.outcome)
        till = Till(host, kept, FakeCard(), roll)
        for sale in sales:
            assert isinstance(till.checkout(sale, Buyer(customer_number=10002)), Done)
        last = sales[-1].at
        till.close_day(last.date(), last + timedelta(hours=6), "Z 1", kept.open_sales(TERMINAL.terminal_id))
        assert host.failures == []
        host.shutdown()
    return till_day(folder / "journal", roll)
