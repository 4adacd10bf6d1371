"""Any day whatever: it sums to nothing, every øre is on its account, and VAT is reported once, in both modes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from hypothesis import given
from hypothesis import strategies as st

from posplugin.bookkeeping.items import item_vat
from posplugin.bookkeeping.reconciliation import Reconciliation, reconcile
from posplugin.bookkeeping.settlement import journal_lines
from posplugin.domain.documents import Invoice, VatReportedBy
from posplugin.domain.money import VAT_RATES, vat_in
from posplugin.domain.sale import INVOICE, LineKind, OriginalSale
from posplugin.domain.settlement import JournalLine
from posplugin.domain.zreport import CashMovement, GroupTotal, ZReport
from posplugin.settings.ledger import Ledger
from tests.fixtures.sales import invoice, line, request, sale, tender
from tests.fixtures.zreports import group, moved, took, z_report

ORE = st.integers(-(10**8), 10**8)
SOLD = st.integers(1, 10**7)
KINDS = st.sampled_from(LineKind)
#: What the host calls its groups: one with rows of its own, one named by its SAF-T code, and two that have none.
GROUPS = st.sampled_from(["beer", "04003", "mat", None])
PAYMENTS = st.sampled_from([("cash", None), ("card", "12002"), ("Vipps", "12011"), ("gift_card", None), ("Visa", None)])
PAID_ON = {"cash": 1900, "card": 1580, "Vipps": 1585, "Visa": 1581, "gift_card": 2901}
#: (group, rate) to account and VAT code; other groups are (None, rate).
SOLD_ON = {
    ("beer", 25): (3010, "3"),
    ("04003", 25): (3000, "3"),
    ("04003", 15): (3001, "31"),
    (None, 25): (3000, "3"),
    (None, 15): (3002, "31"),
    (None, 12): (3003, "33"),
    (None, 0): (3100, "5"),
}
BOOKS = Ledger.model_validate(
    {
        "gratuity": 2981,
        "gift_card": 2901,
        "rounding": 7745,
        "cash_difference": 7746,
        "invoice_clearing": 1990,
        "tenders": {"cash": 1900, "12002": 1580, "mobile": 1585, "Visa": 1581},
        "movements": {"bank": 1920, "11011": 1921},
        "sales": [
            {"article_group": name or "*", "vat": rate, "account": account, "vat_code": code}
            for (name, rate), (account, code) in SOLD_ON.items()
        ],
    }
)


@dataclass(frozen=True)
class Day:
    """A Z that adds up, and what was invoiced in its time."""

    z: ZReport
    invoices: tuple[Invoice, ...]
    discarded: tuple[Invoice, ...]

    @property
    def reconciled(self) -> Reconciliation:
        return Reconciliation(invoices=self.invoices, discarded=self.discarded)

    @property
    def lines(self) -> tuple[JournalLine, ...]:
        made = journal_lines(self.z, self.reconciled, BOOKS)
        assert made.gaps == ()
        return made.lines

    @property
    def taken_off(self) -> tuple[Invoice, ...]:
        """What the Z holds beside its cash sales."""
        return (*self.invoices, *self.discarded) if self.z.includes_invoiced else ()

    @property
    def sold_here(self) -> tuple[Invoice, ...]:
        return tuple(each for each in self.invoices if each.vat_reported_by is VatReportedBy.SETTLEMENT)


@st.composite
def invoices(draw: st.DrawFn, number: int) -> Invoice:
    """A split sale's Faktura, or a return's; bottles may come back on a sale that is all on Faktura."""
    rows = draw(st.lists(st.tuples(SOLD, st.sampled_from(VAT_RATES), KINDS, GROUPS), min_size=1, max_size=4))
    is_return, is_mixed = draw(st.booleans()), draw(st.booleans())
    lines = [
        line(-amount if is_return else amount, 0 if kind is LineKind.GIFT_CARD else rate, kind=kind, article_group=name)
        for amount, rate, kind, name in rows
    ]
    total = sum(each.amount for each in lines)
    mine = draw(st.integers(min(total, 0), max(total, 0)))
    if is_mixed:
        lines.append(line(-total // 2, 25, kind=LineKind.DEPOSIT, article_group="beer"))
        mine = total = sum(each.amount for each in lines)
    tip = 0 if mine < 0 else draw(st.integers(0, 10_000))
    made = sale(
        lines,
        [tender(mine, tip=tip), tender(total - mine, "card")],
        sale_id=f"s-{number}",
        original=OriginalSale(terminal_id="bar-1", sale_id="s-0") if mine < 0 else None,
    )
    mode, fee = draw(st.sampled_from(VatReportedBy)), draw(st.sampled_from([0, 39_00]))
    return invoice(request(made), vat_reported_by=mode, fee=fee)


@st.composite
def cash_groups(draw: st.DrawFn) -> list[GroupTotal]:
    """Each with the VAT that the till has printed: rounded once, up or down as it likes."""
    rows = draw(st.lists(st.tuples(ORE, st.sampled_from(VAT_RATES), KINDS, GROUPS), max_size=5))
    return [
        group(amount, rate, vat_in(amount, rate), name, kind=kind)
        for amount, any_rate, kind, name in rows
        for rate in [0 if kind is LineKind.GIFT_CARD else any_rate]
    ]


@st.composite
def movements(draw: st.DrawFn) -> list[CashMovement]:
    kinds = st.sampled_from([("bank", None), ("float", "11011")])
    rows = draw(st.lists(st.tuples(kinds, ORE, st.sampled_from(["cash", "card"])), max_size=3))
    return [moved(kind, amount, channel, code) for (kind, code), amount, channel in rows]


def whole(groups: Sequence[GroupTotal], sold: Iterable[Invoice]) -> list[GroupTotal]:
    """The groups of a host that does not tell invoiced sales apart: its VAT is of the whole sums."""
    sums: Counter[tuple[str | None, LineKind, int]] = Counter()
    for each in groups:
        sums[each.article_group, each.kind, each.vat_rate] += each.amount
    for made in sold:
        for item in made.items:
            sums[item.article_group, item.kind, item.vat_rate] += item.invoiced
    return [group(amount, rate, vat_in(amount, rate), name, kind=kind) for (name, kind, rate), amount in sums.items()]


@st.composite
def days(draw: st.DrawFn) -> Day:
    made = [draw(invoices(number)) for number in range(1, 1 + draw(st.integers(0, 3)))]
    kept = [draw(st.booleans()) for _ in made]
    groups, tips, rounding = draw(cash_groups()), draw(st.integers(0, 10**6)), draw(st.integers(-99, 99))
    due = sum(each.amount for each in groups) + tips + rounding
    paid = draw(st.lists(st.tuples(PAYMENTS, ORE, st.none() | ORE), max_size=4))
    last = (("cash", None), due - sum(amount for _, amount, _ in paid), draw(st.none() | ORE))
    tenders = [took(channel, amount, counted, code) for (channel, code), amount, counted in [*paid, last]]
    includes = draw(st.booleans())
    if includes:
        groups, tips = whole(groups, made), tips + sum(each.tip for each in made)
        tenders += [took(INVOICE, each.total - each.fee) for each in made]
    z = z_report(
        *groups,
        *tenders,
        *draw(movements()),
        tips=tips,
        rounding=rounding,
        includes_invoiced=includes,
        invoiced=tuple(each.ref for each in made),
    )
    assert z.cash.difference == 0
    return Day(
        z=z,
        invoices=tuple(each for each, is_kept in zip(made, kept, strict=True) if is_kept),
        discarded=tuple(each for each, is_kept in zip(made, kept, strict=True) if not is_kept),
    )


def nonzero(sums: Counter[int]) -> dict[int, int]:
    return {key: amount for key, amount in sums.items() if amount}


# -- øre ---------------------------------------------------------------------------------------------------------------


@given(days())
def test_any_day_sums_to_nothing_with_a_line_for_each_account_and_code(day: Day) -> None:
    lines = day.lines
    assert sum(each.amount for each in lines) == 0
    assert all(each.amount for each in lines)
    assert len({(each.account, each.vat_code) for each in lines}) == len(lines)
    debits = [each.amount > 0 for each in lines]
    assert debits == sorted(debits, reverse=True)


@given(days())
def test_any_day_agrees_with_the_records_it_names(day: Day) -> None:
    ours = {each.ref: each for each in (*day.invoices, *day.discarded)}
    found = reconcile(day.z, ours, discarded=[each.ref for each in day.discarded])
    assert found.agrees, found.words()
    assert (set(found.invoices), set(found.discarded)) == (set(day.invoices), set(day.discarded))


@given(days())
def test_every_ore_of_every_payment_tip_gift_card_and_movement_is_on_its_account(day: Day) -> None:
    z, sums = day.z, Counter[int]()
    counted: Counter[str] = Counter()
    for paid in z.paid_tenders:
        sums[PAID_ON[paid.channel]] += paid.expected
        if paid.counted is not None:
            counted[paid.channel] += paid.counted - paid.expected
    for each in z.movements:
        sums[PAID_ON[each.channel]] += each.amount
        sums[1920 if each.kind == "bank" else 1921] -= each.amount
        if any(paid.counted is not None for paid in z.paid_tenders if paid.channel == each.channel):
            counted[each.channel] -= each.amount
    for channel, difference in counted.items():
        sums[PAID_ON[channel]] += difference
        sums[7746] -= difference
    cards = sum(each.amount for each in z.cash.groups if each.kind is LineKind.GIFT_CARD)
    sums[2901] -= cards - sum(
        item.invoiced for made in day.taken_off for item in made.items if item.kind is LineKind.GIFT_CARD
    )
    sums[2981] -= z.cash.tips - sum(made.tip for made in day.taken_off)
    sums[7745] -= z.cash.rounding
    sums[1990] += sum(
        item.invoiced for made in day.sold_here for item in made.items if item.kind is not LineKind.GIFT_CARD
    )
    assert {each.account: each.amount for each in day.lines if each.vat_code is None} == nonzero(sums)


@given(days())
def test_what_is_counted_alone_is_what_lies_in_the_drawer(day: Day) -> None:
    """Where all of a channel has been counted, its account moves by what was found, whatever was expected."""
    alone = [paid for paid in day.z.paid_tenders if paid.channel == "cash"]
    if all(paid.counted is not None for paid in alone):
        found = sum(paid.counted or 0 for paid in alone)
        assert sum(each.amount for each in day.lines if each.account == 1900) == found


@given(days())
def test_sales_are_the_groups_and_what_the_settlement_reports_of_the_invoices(day: Day) -> None:
    amounts: Counter[tuple[int, str]] = Counter()
    vat: Counter[tuple[int, str]] = Counter()

    def add(name: str | None, kind: LineKind, rate: int, amount: int, tax: int) -> None:
        if kind is not LineKind.GIFT_CARD:
            row = SOLD_ON.get((name, rate)) or SOLD_ON[None, rate]
            amounts[row] += amount
            vat[row] += tax

    for each in day.z.cash.groups:
        add(each.article_group, each.kind, each.vat_rate, each.amount, each.vat)
    for sign, some in ((-1, day.taken_off), (1, day.sold_here)):
        for made in some:
            for item, tax in zip(made.items, item_vat(made.items), strict=True):
                add(item.article_group, item.kind, item.vat_rate, sign * item.invoiced, sign * tax)
    booked = {(each.account, each.vat_code): (-each.amount, -each.vat) for each in day.lines if each.vat_code}
    assert booked == {row: (amount, vat[row]) for row, amount in amounts.items() if amount}


@given(days(), ORE, st.data())
def test_a_day_that_is_off_is_off_by_just_that_in_the_journal(day: Day, off_by: int, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(day.z.cash.tenders) - 1))
    wrong = day.z.cash.tenders[place]
    if wrong.channel == INVOICE:
        return
    # What was expected is off; that it was counted does not hide it.
    other = replace(wrong, expected=wrong.expected + off_by)
    tenders = tuple(other if n == place else each for n, each in enumerate(day.z.cash.tenders))
    off = replace(day, z=replace(day.z, cash=replace(day.z.cash, tenders=tenders)))
    assert off.z.cash.difference == sum(each.amount for each in off.lines) == off_by


# -- VAT ---------------------------------------------------------------------------------------------------------------


def printed(made: Iterable[Invoice]) -> list[tuple[int, int]]:
    """Rate and VAT of each line that the till printed on these."""
    return [(each.vat_rate, each.vat) for one in made for each in one.lines]


@given(days())
def test_vat_of_settlement_and_invoices_together_is_the_tills_but_for_rounding(day: Day) -> None:
    """Half an øre at most for each amount that the till or PowerOffice has rounded; invoices have the till's own."""
    on_invoices = [each for each in day.invoices if each.vat_reported_by is VatReportedBy.INVOICE]
    in_z = [(each.vat_rate, each.vat) for each in day.z.cash.groups]
    if day.z.includes_invoiced:  # its VAT is of everything; what was let go is reported by nobody here
        tills, unposted = in_z, printed(day.discarded)
        also_rounded = [*printed(on_invoices), *unposted]
    else:
        tills, unposted = [*in_z, *printed(day.invoices)], []
        also_rounded = printed(day.sold_here)
    in_books = [(each.vat_rate, vat_in(-each.amount, each.vat_rate)) for each in day.lines if each.vat_rate]

    for rate in (*VAT_RATES[1:], None):
        books = _sum(in_books, rate) + _sum(printed(on_invoices), rate)
        till = _sum(tills, rate) - _sum(unposted, rate)
        rounded = _count(in_books, rate) + _count(in_z, rate) + _count(also_rounded, rate)
        assert 2 * abs(books - till) <= rounded


def _sum(rows: Iterable[tuple[int, int]], rate: int | None) -> int:
    return sum(vat for of, vat in rows if rate in (None, of))


def _count(rows: Iterable[tuple[int, int]], rate: int | None) -> int:
    return sum(1 for of, _ in rows if of and rate in (None, of))
