"""Returns: what of an earlier sale can still come back, and how it is paid back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Final

from posplugin.domain.money import half_up
from posplugin.domain.payment import PaymentRequest
from posplugin.domain.sale import INVOICE, OriginalSale, Sale, SaleLine
from posplugin.saft.moments import OSLO
from sample_terminal.shares import invoiced_amount, paid_per_line
from sample_terminal.web.desk import Desk
from sample_terminal.web.ticket import Item, Picked, Planned, Ticket

_Key = tuple[str, str | None, int]
_NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A line of an earlier sale: how much of it has not come back, øre, and how much of that was to be invoiced."""

    line: SaleLine
    quantity: Decimal
    amount: int
    invoiced: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """An earlier sale as far as it can come back."""

    sale: Sale
    lines: tuple[Left, ...]
    #: Its payment to be invoiced, if it has one.
    on_account: PaymentRequest | None

    @property
    def is_return(self) -> bool:
        """Whether it is a return itself."""
        return self.sale.is_return or self.sale.total < 0


def earlier(desk: Desk, sale_id: str) -> Earlier | None:
    """Return a final sale, less what has come back of it."""
    sale = desk.journal.sale(desk.terminal_id, sale_id)
    if sale is None:
        return None
    on_account = [r for r in desk.journal.requests_of(sale) if r.tender.channel == INVOICE]
    back = _came_back(desk.journal.returns_of(sale))
    lines = []
    for line, paid in zip(sale.lines, paid_per_line(sale), strict=True):
        sold = max(line.quantity, _NOTHING)  # what came back itself does not come back
        quantity, amount = back.get(_key(line), (_NOTHING, 0))
        used = min(quantity, sold)
        # Of several lines of the same kind, the first came back first.
        share = half_up(Fraction(amount) * Fraction(used) / Fraction(quantity)) if used else 0
        back[_key(line)] = (quantity - used, amount - share)
        left = line.amount - share
        invoiced = half_up(Fraction((line.amount - paid) * left, line.amount)) if line.amount else 0
        lines.append(Left(line=line, quantity=sold - used, amount=left, invoiced=invoiced))
    return Earlier(sale=sale, lines=tuple(lines), on_account=on_account[0] if on_account else None)


def _came_back(returns: Sequence[Sale]) -> dict[_Key, tuple[Decimal, int]]:
    found: dict[_Key, tuple[Decimal, int]] = {}
    for sale in returns:
        for line in sale.lines:
            key = _key(line)
            quantity, amount = found.get(key, (_NOTHING, 0))
            found[key] = (quantity - line.quantity, amount - line.amount)
    return found


def _key(line: SaleLine) -> _Key:
    return line.description, line.article_id, line.vat_rate


def return_ticket(desk: Desk, found: Earlier, quantities: Mapping[int, int]) -> Ticket:
    """Return a ticket of what comes back: how many of each line, by its place."""
    sale = found.sale
    items = []
    for place, left in enumerate(found.lines):
        count = min(Decimal(quantities.get(place, 0)), left.quantity)
        if count <= 0:
            continue
        amount = half_up(left.amount * Fraction(count) / Fraction(left.quantity))
        items.append(_item(place, left.line, count, amount))
    ticket = Ticket(
        ticket_id=desk.shelf.new().ticket_id,
        items=tuple(items),
        original=OriginalSale(
            terminal_id=sale.terminal_id,
            sale_id=sale.sale_id,
            receipt=sale.receipt,
            sold_on=sale.at.astimezone(OSLO).date(),
        ),
    )
    number = found.on_account.customer_number if found.on_account else None
    credited = _credited(found, ticket)
    if number is None or not credited:
        return ticket
    match = desk.customer(number)
    buyer = Picked(number=number, name=match.customer.name if match else str(number))
    return replace(ticket, buyer=buyer).paying(Planned(channel=INVOICE, amount=credited))


def _credited(found: Earlier, ticket: Ticket) -> int:
    """Return how much goes back as a credit note, øre, negative: what was to be invoiced never goes back as money."""
    if found.on_account and invoiced_amount(found.sale) == found.sale.total:
        return ticket.total
    return sum(
        half_up(Fraction(found.lines[item.item_id - 1].invoiced * item.amount, found.lines[item.item_id - 1].amount))
        for item in ticket.items
        if item.amount
    )


def _item(place: int, line: SaleLine, count: Decimal, amount: int) -> Item:
    return Item(
        item_id=place + 1,
        name=line.description,
        price=0,
        vat_rate=line.vat_rate,
        kind=line.kind,
        quantity=-count,
        group=line.article_group,
        article_id=line.article_id,
        fixed=-amount,
    )
