"""The till behind the page: open tickets, one checkout at a time, the day. No rule of its own: `Till` and `PosHost`."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from posplugin.domain.clock import Clock, utc_now
from posplugin.domain.errors import UsageError
from posplugin.domain.payment import CustomerMatch, PaymentChannel
from posplugin.domain.sale import CASH, Sale, Tender
from posplugin.hooks import PosHost
from posplugin.saft.moments import OSLO
from sample_terminal.checkout import NOBODY, Buyer, Done, Stopped, Till
from sample_terminal.journal import Journal
from sample_terminal.web.shelf import Shelf
from sample_terminal.web.ticket import Item, Ticket
from sample_terminal.web.tray import Finished, PaperTray

#: Events in the journal: øre that were given off on a sale, and øre of a line that was taken off before it was paid.
DISCOUNT: Final = "discount"
CORRECTION: Final = "correction"
#: The code of what cannot be shared over the lines of a ticket.
UNSHARED: Final = "usage"
#: The first receipt number of a till.
_FIRST: Final = 1001


class Wrong(Exception):
    """What a cashier asked for cannot be done; `name` is that of the sentence in `Words.wrong`, `facts` fill it."""

    def __init__(self, name: str, **facts: object) -> None:
        super().__init__(name)
        self.name = name
        self.facts = facts


@dataclass(eq=False)
class Desk:
    """What every page works on. Its methods may be called from any thread."""

    till: Till
    tray: PaperTray
    clock: Clock = utc_now
    #: Held by whoever changes a ticket, takes payment or closes the day.
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    shelf: Shelf = field(init=False)
    #: Names this run of the till.
    run: str = field(default_factory=lambda: secrets.token_hex(8), init=False)

    def __post_init__(self) -> None:
        self.shelf = Shelf(journal=self.journal, terminal_id=self.terminal_id, clock=self.clock)

    @property
    def host(self) -> PosHost:
        """The plugins."""
        return self.till.host

    @property
    def journal(self) -> Journal:
        """What is final."""
        return self.till.journal

    @property
    def terminal_id(self) -> str:
        """Which till this is."""
        return self.host.terminal.terminal_id

    @property
    def language(self) -> str:
        """The cashier's."""
        return self.host.terminal.language

    # -- plugins ---------------------------------------------------------------------------------------------------

    def channel(self, channel_id: str) -> PaymentChannel | None:
        """Return a plugin's payment channel."""
        return next((channel for channel in self.host.channels() if channel.channel_id == channel_id), None)

    def customer(self, number: int) -> CustomerMatch | None:
        """Return a customer as the plugins know it now."""
        found = self.host.find_customers(str(number))
        return next((match for match in found if match.customer.number == number), None)

    # -- tickets ---------------------------------------------------------------------------------------------------

    def ticket(self, session: str) -> Ticket:
        """Return a session's open ticket."""
        return self.shelf.of(session)

    def change(self, session: str, change: Callable[[Ticket], Ticket]) -> Ticket:
        """Change a session's open ticket and keep it."""
        with self.lock:
            ticket = change(self.shelf.of(session))
            self.shelf.keep(session, ticket)
            return ticket

    def change_item(self, session: str, item_id: int, change: Callable[[Item], Item]) -> None:
        """Change a line; what is taken off it is noted, as the law asks for. Raises `Wrong` where it is gone."""
        with self.lock:
            ticket = self.shelf.of(session)
            item = ticket.item(item_id)
            if item is None or ticket.original is not None:
                raise Wrong("line_gone")
            changed = change(item)
            if (less := item.quantity - changed.quantity) > 0:
                self.journal.note(CORRECTION, str(int(item.price * less)))
            self.shelf.keep(session, ticket.with_item(changed))

    def clear(self, session: str) -> None:
        """Let a session's ticket go; what was rung up is noted."""
        with self.lock:
            ticket = self.shelf.of(session)
            if ticket.original is None:
                for item in ticket.items:
                    self.journal.note(CORRECTION, str(item.before))
            self.shelf.keep(session, None)

    def park(self, session: str) -> None:
        """Put a session's ticket away. Raises `Wrong` where there is nothing to put away."""
        with self.lock:
            ticket = self.shelf.of(session)
            if not ticket.items:
                raise Wrong("nothing_rung")
            self.shelf.park(session, ticket)

    def take_up(self, session: str, ticket_id: str, *, left_open: bool = False) -> None:
        """Take up a ticket that was put away, or left open in another session, and put away what the session has.

        Raises `Wrong` where it is gone.
        """
        with self.lock:
            there = self.shelf.elsewhere(session) if left_open else self.shelf.parked()
            taken = next((one for one in there if one.ticket_id == ticket_id), None)
            if taken is None:
                raise Wrong("parked_gone")
            mine = self.shelf.of(session)
            if mine.items:
                self.shelf.park(session, mine)
            self.shelf.take_up(session, taken)

    def begin(self, session: str, ticket: Ticket) -> None:
        """Give a session another ticket, and put away what it has."""
        with self.lock:
            mine = self.shelf.of(session)
            if mine.items:
                self.shelf.park(session, mine)
            self.shelf.keep(session, ticket)

    # -- checkout --------------------------------------------------------------------------------------------------

    def pay(self, session: str, ticket_id: str, plan: Callable[[Ticket], Ticket]) -> Done | Stopped | None:
        """Plan a payment and, once all is covered, take it; None while something is left to pay.

        `ticket_id` is that of the ticket the cashier saw: paying twice for one is impossible. Raises `Wrong`.
        """
        with self.lock:
            ticket = self.shelf.of(session)
            if ticket.ticket_id != ticket_id:
                raise Wrong("other_ticket")
            if not ticket.items:
                raise Wrong("nothing_rung")
            planned = plan(ticket)
            if planned.left:
                self.shelf.keep(session, planned)
                return None
            # What was written stays, whatever comes of it; what was to be paid is asked for again.
            tried = replace(planned, payments=ticket.payments)
            self.shelf.keep(session, replace(tried, tried_in=self.run))
            answer = self._checkout(session, planned)
            if isinstance(answer, Stopped):
                self.shelf.keep(session, tried)
            return answer

    def was_interrupted(self, ticket: Ticket) -> bool:
        """Whether the till was stopped while payment was taken for a ticket, which is not final."""
        return ticket.tried_in not in ("", self.run)

    def _checkout(self, session: str, ticket: Ticket) -> Done | Stopped:
        buyer = NOBODY
        if ticket.buyer is not None and any(self.channel(one.channel) for one in ticket.payments):
            buyer = Buyer(customer_number=ticket.buyer.number, fields=ticket.buyer.fields)
        try:
            with self.tray.of(ticket.ticket_id):
                answer = self.till.checkout(self._sale(ticket), buyer)
        except UsageError:
            return Stopped(UNSHARED, "")
        if isinstance(answer, Done):
            if off := ticket.all_discounts:
                self.journal.note(DISCOUNT, str(off))
            cash = ticket.payment(CASH)
            self.tray.finish(ticket.ticket_id, Finished(change=cash.change if cash else 0, warnings=answer.warnings))
            self.shelf.keep(session, None)
        return answer

    def _sale(self, ticket: Ticket) -> Sale:
        return Sale(
            sale_id=ticket.ticket_id,
            terminal_id=self.terminal_id,
            at=self.clock().astimezone(OSLO),
            lines=ticket.lines(),
            tenders=tuple(
                Tender(tender_id=str(place), channel=one.channel, amount=one.amount, tip=one.tip)
                for place, one in enumerate(ticket.payments, start=1)
            ),
            receipt=str(_FIRST + self.journal.count_sales(self.terminal_id)),
            cash_rounding=ticket.rounding,
            original=ticket.original,
        )
