"""The checkout: promises first, the card last, then one transaction that makes the sale final.

This is what a POS host writes to take payment plugins. Everything after the point of no return is repeatable, and
`replay` repeats it: at start, and before the Z.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final, Protocol

from posplugin.domain.payment import (
    Authorization,
    PaymentField,
    PaymentRef,
    PaymentRequest,
    Refusal,
    RefusalCode,
)
from posplugin.domain.sale import INVOICE, Sale, Tender
from posplugin.domain.zreport import ZReport
from posplugin.hooks import PosHost
from sample_terminal.card import CardDeclined, CardTerminal
from sample_terminal.figures import DayLog, day_figures
from sample_terminal.house import BRYGGEKROA, House
from sample_terminal.journal import Journal
from sample_terminal.menu import GROUPS, Group
from sample_terminal.receipts import delivery_receipt, sales_receipt
from sample_terminal.shares import paid_per_line
from sample_terminal.zday import z_report
from sample_terminal.zpaper import z_paper

_CARD: Final = "card"
_PICK_CUSTOMER: Final = {
    "nb": "Velg kunde før du tar betalt med {label}.",
    "en": "Choose a customer before you take payment by {label}.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """What the cashier entered with Faktura."""

    customer_number: int | None = None
    host_customer_id: str | None = None
    fields: Mapping[PaymentField, str] = field(default_factory=dict)


NOBODY: Final = Buyer()


@dataclass(frozen=True, slots=True)
class Done:
    """The sale is final, and its papers have been printed."""

    sale: Sale
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stopped:
    """The sale is not final, and nothing was charged; `text` is for the cashier."""

    code: str
    text: str


class Printer(Protocol):
    """Where papers come out."""

    def print(self, paper: str) -> None:
        """Print one paper."""


@dataclass(frozen=True, slots=True)
class Till:
    """One till at work: its plugins, its journal, its card reader and its printer; whose it is, and what it sells."""

    host: PosHost
    journal: Journal
    card: CardTerminal
    printer: Printer
    house: House = BRYGGEKROA
    groups: Mapping[str, Group] = field(default_factory=lambda: GROUPS)

    def replay(self) -> None:
        """Tell the plugins what they have not confirmed: at start, and before the Z."""
        for request in self.journal.uncaptured():
            if self.host.capture(request):
                self.journal.captured(request.ref)
        for report in self.journal.unsent_z():
            if self.host.day_closed(report):
                self.journal.z_sent(report)

    def checkout(self, sale: Sale, buyer: Buyer = NOBODY) -> Done | Stopped:
        """Take payment for a sale and make it final, or leave everything as it was.

        Raises `UsageError`, before anything is asked or charged, for a split that cannot be shared over its lines.
        """
        paid_per_line(sale)
        requests, sale = self._ask_for(sale, buyer)
        held: list[tuple[PaymentRequest, Authorization]] = []
        for request in requests:
            answer = self._missing_customer(request) or self.host.authorize(request)
            if isinstance(answer, Refusal):
                self._let_go([one for one, _ in held], requests, answer.code)
                return Stopped(answer.code, answer.text)
            held.append((request, answer))

        charged: list[str] = []
        try:
            for tender in sale.tenders:
                if tender.channel == _CARD:
                    charged.append(self.card.charge(tender.amount + tender.tip))
            numbers = self.journal.finalise(sale, requests)  # the point of no return
        except BaseException as error:
            for reference in charged:
                self.card.reverse(reference)
            why = "card_declined" if isinstance(error, CardDeclined) else "not_final"
            self._let_go(requests, requests, why)
            if isinstance(error, CardDeclined):
                return Stopped(why, str(error))
            raise

        if numbers.sales_receipt is not None:
            self.printer.print(sales_receipt(sale, numbers.sales_receipt, self.house))
        for request, yes in held:
            number = numbers.delivery_receipts[request.ref.tender_id]
            self.printer.print(delivery_receipt(sale, number, yes.receipt, self.house))  # paper never waits for capture
            if self.host.capture(request):
                self.journal.captured(request.ref)
        return Done(sale, tuple(warning for _, yes in held for warning in yes.warnings))

    def close_day(
        self,
        business_date: date,
        closed_at: datetime,
        source: str,
        sales: Iterable[Sale],
        counted_cash: int | None = None,
        *,
        number: int | str | None = None,
        log: DayLog | None = None,
    ) -> ZReport:
        """Make the Z of these sales, keep and print it, and hand it over after all that the plugins have not confirmed.

        `number` is the one that it has in a file, and is its own unless another Z has it. `counted_cash` is what lay
        in the drawer, float aside; when it is not given, it follows from the `log`.
        """
        self.replay()
        terminal_id, sales, log = self.host.terminal.terminal_id, tuple(sales), log or DayLog()
        report = z_report(
            terminal_id,
            self.journal.z_number(terminal_id, number),
            business_date=business_date,
            closed_at=closed_at,
            sales=sales,
            counted_cash=log.drawer.counted(sales) if counted_cash is None else counted_cash,
            movements=log.drawer.movements,
            groups=self.groups,
        )
        figures = day_figures(sales, report.cash, log, self.journal.grand_totals(terminal_id))
        self.journal.close_day(report, sales, source, figures.grand)
        self.printer.print(z_paper(report, figures, self.house, self.groups))  # nor does this wait for anybody
        if self.host.day_closed(report):
            self.journal.z_sent(report)
        return report

    def _ask_for(self, sale: Sale, buyer: Buyer) -> tuple[tuple[PaymentRequest, ...], Sale]:
        """Return a request for each payment that is a plugin's, and the sale with the names it has this time.

        A payment's name is never used again: after an attempt that came to nothing, its tenders get new ids.
        """
        theirs = {channel.channel_id for channel in self.host.channels()} | {INVOICE}
        if not any(tender.channel in theirs for tender in sale.tenders):
            return (), sale
        attempt = self.journal.attempts(sale) + 1
        if attempt > 1:
            renamed = (_renamed(tender, attempt) if tender.channel in theirs else tender for tender in sale.tenders)
            sale = replace(sale, tenders=tuple(renamed))
        requests = tuple(
            PaymentRequest(
                ref=PaymentRef(sale.terminal_id, sale.sale_id, tender.tender_id),
                sale=sale,
                customer_number=buyer.customer_number,
                host_customer_id=buyer.host_customer_id,
                fields=buyer.fields,
            )
            for tender in sale.tenders
            if tender.channel in theirs
        )
        self.journal.begin(requests, attempt)
        return requests, sale

    def wants_customer(self, channel_id: str) -> str | None:
        """Return what a cashier is told who picked no customer for a channel; None where none is needed."""
        for channel in self.host.channels():
            if channel.channel_id == channel_id and channel.needs_customer:
                language = self.host.terminal.language
                return _PICK_CUSTOMER.get(language, _PICK_CUSTOMER["nb"]).format(label=channel.label(language))
        return None

    def _missing_customer(self, request: PaymentRequest) -> Refusal | None:
        if request.customer_number is not None or request.host_customer_id is not None:
            return None
        text = self.wants_customer(request.tender.channel)
        return Refusal(ref=request.ref, code=RefusalCode.CUSTOMER_REQUIRED, text=text) if text else None

    def _let_go(self, asked: Iterable[PaymentRequest], requests: Iterable[PaymentRequest], why: str) -> None:
        self.journal.abandon(requests)
        for request in asked:
            self.host.void(request.ref, why)


def _renamed(tender: Tender, attempt: int) -> Tender:
    return replace(tender, tender_id=f"{tender.tender_id}.{attempt}")
