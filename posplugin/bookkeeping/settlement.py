"""A Z report → the lines of its journal: gross sums for each account and VAT code. Nothing is ever plugged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from posplugin.bookkeeping.items import item_vat
from posplugin.bookkeeping.ledger import Accounts, LedgerAccounts, SalesRow
from posplugin.bookkeeping.reconciliation import Reconciliation
from posplugin.domain.documents import Invoice
from posplugin.domain.sale import LineKind
from posplugin.domain.settlement import JournalLine
from posplugin.domain.zreport import TenderTotal, ZReport


@dataclass(frozen=True, slots=True)
class Drawn:
    """The lines that a Z comes to, and what the ledger lacks for them; then the lines are not whole."""

    lines: tuple[JournalLine, ...]
    #: Settings that are missing, in words.
    gaps: tuple[str, ...] = ()
    #: What they are missing for: lines whose account is 0, so that a person sees the whole of the Z; never posted.
    unplaced: tuple[JournalLine, ...] = ()


@dataclass(frozen=True, slots=True)
class _Group:
    """What sales are told apart by."""

    article_group: str | None
    kind: LineKind
    vat_rate: int
    saft_code: str | None = None


#: Account, VAT code, VAT rate, and department where it is another than the journal's.
_Key = tuple[int, str | None, int | None, str | None]
#: Of what has no account: name, VAT rate, and department.
_Nowhere = tuple[str, int | None, str | None]


@dataclass(slots=True)
class _Sums:
    """Øre for each account and VAT code, with the till's VAT and the names of what is on it."""

    amounts: Counter[_Key] = field(default_factory=Counter)
    vat: Counter[_Key] = field(default_factory=Counter)
    names: dict[_Key, dict[str, None]] = field(default_factory=dict)
    #: Amount and VAT of what has no account.
    nowhere: dict[_Nowhere, tuple[int, int]] = field(default_factory=dict)

    def add(self, account: int | None, amount: int, name: str, department: str | None = None) -> None:
        """Book what is no turnover."""
        if account is not None and amount:
            self._put((account, None, None, department), amount, 0, name)
        elif amount:
            self._miss((name, None, department), amount, 0)

    def add_sale(self, row: SalesRow, sold: tuple[int, int], name: str, department: str | None = None) -> None:
        """Book turnover: amount and VAT, as sold."""
        self._put((row.account, row.vat_code, row.vat, department), -sold[0], -sold[1], name)

    def miss_sale(self, rate: int, sold: tuple[int, int], name: str, department: str | None = None) -> None:
        """Remember turnover that has no account."""
        self._miss((name, rate, department), -sold[0], -sold[1])

    def _miss(self, key: _Nowhere, amount: int, vat: int) -> None:
        self.nowhere[key] = _plus(self.nowhere.get(key), amount, vat)

    def _put(self, key: _Key, amount: int, vat: int, name: str) -> None:
        self.amounts[key] += amount
        self.vat[key] += vat
        self.names.setdefault(key, {})[name] = None

    def lines(self) -> tuple[JournalLine, ...]:
        """Return a line for each account and VAT code that comes to something, debits first."""
        keys = sorted(self.amounts, key=lambda key: (self.amounts[key] < 0, key[0], key[1] or "", key[3] or ""))
        return tuple(
            JournalLine(
                account=key[0],
                amount=self.amounts[key],
                vat_code=key[1],
                vat_rate=key[2],
                vat=self.vat[key],
                names=tuple(self.names[key]),
                department=key[3],
            )
            for key in keys
            if self.amounts[key]
        )

    def unplaced(self) -> tuple[JournalLine, ...]:
        """Return what has no account and comes to something, debits first."""
        found = (
            JournalLine(account=0, amount=amount, vat_rate=rate, vat=vat, names=(name,), department=department)
            for (name, rate, department), (amount, vat) in self.nowhere.items()
            if amount
        )
        return tuple(sorted(found, key=lambda line: line.amount < 0))


def journal_lines(
    z: ZReport,
    reconciled: Reconciliation,
    ledger: LedgerAccounts,
    *,
    cleared: Sequence[Invoice] | None = None,
    ledgers: Mapping[str, LedgerAccounts] | None = None,
) -> Drawn:
    """Return what is posted of a Z.

    The cash sales as the Z has them. `cleared` are our invoices that carry no VAT of their own and are sold here (those
    of the Z, unless told otherwise): their goods on the sales accounts, against clearing, until they are sent; in their
    own department, by its ledger, where that is among `ledgers`. Tips and gift cards on an invoice are the invoice's.
    """
    accounts, sums = Accounts(ledger), _Sums()
    groups, tips = _cash_groups(z, reconciled)
    gaps = accounts.gaps
    for group, sold in groups.items():
        _book_group(sums, accounts, group, sold)
    _book_tenders(sums, accounts, z)
    for invoice in reconciled.cleared() if cleared is None else cleared:
        other = invoice.department if ledgers and invoice.department in ledgers else None
        theirs = Accounts(ledgers[other]) if ledgers and other else accounts
        _book_cleared(sums, theirs, invoice, _saft_codes(z), other)
        gaps.update({f"department {other}: {gap}": None for gap in theirs.gaps} if other else {})
    if tips:
        sums.add(accounts.single("gratuity"), -tips, "tips")
    if z.cash.rounding:
        sums.add(accounts.single("rounding"), -z.cash.rounding, "rounding")
    return Drawn(sums.lines(), tuple(gaps), sums.unplaced())


def _book_cleared(
    sums: _Sums, accounts: Accounts, invoice: Invoice, codes: Mapping[object, str | None], department: str | None
) -> None:
    for group, amount, vat in _everything(invoice, codes):
        if group.kind is not LineKind.GIFT_CARD:
            _book_group(sums, accounts, group, (amount, vat), department)
            sums.add(accounts.single("invoice_clearing"), amount, "clearing", department)


def _cash_groups(z: ZReport, reconciled: Reconciliation) -> tuple[dict[_Group, tuple[int, int]], int]:
    """Return amount and VAT of what was paid at the till by group, and the tips paid there."""
    groups: dict[_Group, tuple[int, int]] = {}
    for total in z.cash.groups:
        group = _Group(total.article_group, total.kind, total.vat_rate, total.saft_code)
        groups[group] = _plus(groups.get(group), total.amount, total.vat)
    if not z.includes_invoiced:
        return groups, z.cash.tips
    codes, invoices = _saft_codes(z), (*reconciled.invoices, *reconciled.discarded)
    for invoice in invoices:
        for group, amount, vat in _everything(invoice, codes):
            groups[group] = _plus(groups.get(group), -amount, -vat)
    return groups, z.cash.tips - sum(invoice.tip for invoice in invoices)


def _saft_codes(z: ZReport) -> dict[object, str | None]:
    """Return the SAF-T code of each group that the Z names, and of its host's id: an invoice does not know it."""
    codes: dict[object, str | None] = {}
    for total in z.cash.groups:
        if total.article_group:
            codes.setdefault((total.article_group, total.kind, total.vat_rate), total.saft_code)
            codes.setdefault(total.article_group, total.saft_code)
    return codes


def _everything(invoice: Invoice, codes: Mapping[object, str | None]) -> Iterator[tuple[_Group, int, int]]:
    for item, vat in zip(invoice.items, item_vat(invoice.items), strict=True):
        if item.invoiced:
            named = item.article_group, item.kind, item.vat_rate
            code = codes.get(named, codes.get(item.article_group))
            yield _Group(*named, code), item.invoiced, vat


def _plus(sums: tuple[int, int] | None, amount: int, vat: int) -> tuple[int, int]:
    before = sums or (0, 0)
    return before[0] + amount, before[1] + vat


def _book_group(
    sums: _Sums, accounts: Accounts, group: _Group, sold: tuple[int, int], department: str | None = None
) -> None:
    if group.kind is LineKind.GIFT_CARD:
        if sold[0]:
            sums.add(accounts.single("gift_card"), -sold[0], "gift_cards_sold")
        return
    if any(sold):
        row = accounts.sale(group.article_group, group.saft_code, group.vat_rate)
        name = group.article_group or group.saft_code or ""
        if row:
            sums.add_sale(row, sold, name, department)
        else:
            sums.miss_sale(group.vat_rate, sold, name, department)


def _book_tenders(sums: _Sums, accounts: Accounts, z: ZReport) -> None:
    # A channel of several codes: what is moved and what differs is on the account of the one that was counted.
    codes = {tender.channel: tender.saft_code for tender in sorted(z.paid_tenders, key=_is_counted)}
    for tender in z.paid_tenders:
        if tender.expected:
            sums.add(accounts.tender(tender.channel, tender.saft_code), tender.expected, tender.channel)
    for movement in z.movements:
        if movement.amount:
            account = accounts.tender(movement.channel, codes.get(movement.channel))
            sums.add(account, movement.amount, movement.channel)
            sums.add(accounts.movement(movement.kind, movement.saft_code), -movement.amount, movement.kind)
    for channel, difference in differences(z).items():
        sums.add(accounts.tender(channel, codes[channel]), difference, channel)
        sums.add(accounts.single("cash_difference"), -difference, "cash_difference")


def _is_counted(tender: TenderTotal) -> bool:
    return tender.counted is not None


def differences(z: ZReport) -> dict[str, int]:
    """Return by how much more was counted than should have been there, øre, by channel; where it was counted."""
    counted: Counter[str] = Counter()
    for tender in z.paid_tenders:
        if tender.counted is not None:
            counted[tender.channel] += tender.counted - tender.expected
    for movement in z.movements:
        if movement.channel in counted:
            counted[movement.channel] -= movement.amount
    return {channel: difference for channel, difference in counted.items() if difference}


def likely_cause(z: ZReport, invoices: Iterable[Invoice] = ()) -> str | None:
    """Say what would explain that a Z does not add up; None when nothing that we know of does."""
    cash = z.cash
    beside = 0 if z.includes_invoiced else sum(tender.expected for tender in z.invoice_tenders)
    difference = cash.difference - beside
    invoiced = sum(invoice.total - invoice.fee for invoice in invoices)
    vat = sum(group.vat for group in cash.groups)
    gift_cards = sum(group.amount for group in cash.groups if group.kind is LineKind.GIFT_CARD)
    causes: Sequence[tuple[int, str]] = (
        (-cash.tips, "the tips are not within the tenders"),
        (cash.tips, "the tips are counted twice in the tenders"),
        (-cash.rounding, "the rounding is not within the tenders"),
        (-2 * cash.rounding, "the rounding has the wrong sign: rounded up is positive"),
        (-invoiced, "the groups hold what was invoiced, and the tenders do not: see includes_invoiced"),
        (invoiced, "the tenders hold what was invoiced, and the groups do not"),
        (vat, "the groups are without VAT"),
        (gift_cards, "the gift cards sold are counted twice in the tenders"),
        (-gift_cards, "the gift cards sold are not within the tenders"),
    )
    return next((words for amount, words in causes if amount and amount == difference), None)
