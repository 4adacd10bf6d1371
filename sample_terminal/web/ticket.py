"""What has been rung up and not been paid yet: lines, discounts, and the payments that are to come. Values only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from posplugin.domain.money import allocate, half_up, vat_in
from posplugin.domain.payment import PaymentField
from posplugin.domain.sale import CASH, INVOICE, LineKind, OriginalSale, SaleLine
from sample_terminal.menu import GROUPS, MENU, Dish


class Unit(StrEnum):
    """What a discount is counted in."""

    PER_CENT = "per_cent"
    KRONER = "kroner"


@dataclass(frozen=True, slots=True)
class Discount:
    """So much off: hundredths of a per cent, or øre."""

    unit: Unit
    value: int

    def of(self, amount: int) -> int:
        """Return the øre that come off an amount, never more than all of it."""
        if self.unit is Unit.PER_CENT:
            return half_up(Fraction(amount * min(self.value, 10000), 10000))
        return min(self.value, amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of a ticket. `fixed` is the amount of what comes back, øre, which no price counts."""

    item_id: int
    name: str
    price: int
    vat_rate: int
    kind: LineKind = LineKind.GOODS
    quantity: Decimal = Decimal(1)
    group: str | None = None
    article_id: str | None = None
    #: Its name on the menu, of what can still be changed.
    dish: str | None = None
    take_away: bool = False
    discount: Discount | None = None
    note: str = ""
    fixed: int | None = None

    @property
    def before(self) -> int:
        """The amount before discounts, øre with VAT."""
        return int(self.price * self.quantity) if self.fixed is None else self.fixed

    @property
    def amount(self) -> int:
        """The amount after the line's own discount."""
        return self.before - (self.discount.of(self.before) if self.discount else 0)

    @property
    def text(self) -> str:
        """What stands on papers."""
        return f"{self.name}, {self.note}" if self.note else self.name

    def is_same(self, other: Item) -> bool:
        """Whether one more of the other is one more of this."""
        return replace(self, item_id=0, quantity=Decimal(1)) == replace(other, item_id=0, quantity=Decimal(1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A payment that is to be taken, øre. Of cash, `given` is what the guest gave, and `rounding` is in `amount`."""

    channel: str
    amount: int
    tip: int = 0
    rounding: int = 0
    given: int | None = None

    @property
    def change(self) -> int:
        """What the guest gets back."""
        return max(0, self.given - self.amount) if self.given is not None else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """The customer who gets the invoice, and what the cashier wrote for it."""

    number: int
    name: str
    fields: Mapping[PaymentField, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One ticket. Methods return another."""

    ticket_id: str
    #: Whose it is: a table, a name.
    label: str = ""
    take_away: bool = False
    items: tuple[Item, ...] = ()
    discount: Discount | None = None
    payments: tuple[Planned, ...] = ()
    buyer: Picked | None = None
    #: On a return: where the goods were sold.
    original: OriginalSale | None = None
    #: The line that was touched last.
    touched: int | None = None
    #: The run of the till in which payment was begun; "" once that has an end.
    tried_in: str = ""

    # -- amounts ---------------------------------------------------------------------------------------------------

    @property
    def discounted(self) -> int:
        """What the discount on the whole takes off, øre; a gift card is never sold for less."""
        return self.discount.of(sum(self._weights())) if self.discount else 0

    def _weights(self) -> list[int]:
        return [0 if item.kind is LineKind.GIFT_CARD else item.amount for item in self.items]

    def amounts(self) -> tuple[int, ...]:
        """Return what each line comes to after all discounts, øre with VAT."""
        shares = allocate(self.discounted, self._weights())
        return tuple(item.amount - share for item, share in zip(self.items, shares, strict=True))

    @property
    def total(self) -> int:
        """What the lines come to, øre with VAT."""
        return sum(self.amounts())

    @property
    def all_discounts(self) -> int:
        """What all discounts take off together."""
        return sum(item.before for item in self.items) - self.total

    @property
    def vat(self) -> list[tuple[int, int, int]]:
        """Rate, amount and VAT, highest rate first; VAT is a sum of rounded lines, as receipts print it."""
        amounts: Counter[int] = Counter()
        vat: Counter[int] = Counter()
        for item, amount in zip(self.items, self.amounts(), strict=True):
            amounts[item.vat_rate] += amount
            vat[item.vat_rate] += vat_in(amount, item.vat_rate)
        return [(rate, amounts[rate], vat[rate]) for rate in sorted(amounts, reverse=True)]

    @property
    def rounding(self) -> int:
        """Øre that cash was rounded by."""
        return sum(payment.rounding for payment in self.payments)

    @property
    def left(self) -> int:
        """What no payment covers yet, øre; negative on a return."""
        return self.total + self.rounding - sum(payment.amount for payment in self.payments)

    @property
    def credited(self) -> int:
        """What a credit note takes of a return, øre; the rest is paid back."""
        planned = self.payment(INVOICE)
        return -planned.amount if self.original and planned else 0

    @property
    def in_cash(self) -> int:
        """What is left if it is paid in cash: whole kroner."""
        return half_up(Fraction(self.left, 100)) * 100

    def lines(self) -> tuple[SaleLine, ...]:
        """Return the lines of the sale."""
        return tuple(
            SaleLine(
                description=item.text,
                amount=amount,
                vat_rate=item.vat_rate,
                kind=item.kind,
                quantity=item.quantity,
                article_group=item.group,
                article_id=item.article_id,
            )
            for item, amount in zip(self.items, self.amounts(), strict=True)
        )

    # -- ringing up ------------------------------------------------------------------------------------------------

    def rung(self, dish: str) -> Ticket:
        """Return the ticket with one more of a dish."""
        item_id = max((item.item_id for item in self.items), default=0) + 1
        new = replace(_item(dish, take_away=self.take_away), item_id=item_id)
        for item in self.items:
            if item.is_same(new) and item.kind is not LineKind.GIFT_CARD:
                return self.with_item(replace(item, quantity=item.quantity + 1))
        return replace(self, items=(*self.items, new), touched=new.item_id, payments=())

    def item(self, item_id: int) -> Item | None:
        """Return a line."""
        return next((item for item in self.items if item.item_id == item_id), None)

    def with_item(self, changed: Item) -> Ticket:
        """Return the ticket with a line in the place of the one of the same id; one of quantity 0 is gone."""
        items = (changed if item.item_id == changed.item_id else item for item in self.items)
        left = tuple(item for item in items if item.quantity)
        touched = changed.item_id if changed.quantity else None
        # What was to be paid was of another sum.
        return replace(self, items=left, touched=touched, payments=())

    # -- payments --------------------------------------------------------------------------------------------------

    def payment(self, channel: str) -> Planned | None:
        """Return the payment of a channel."""
        return next((payment for payment in self.payments if payment.channel == channel), None)

    def without(self, channel: str) -> Ticket:
        """Return the ticket without the payment of a channel."""
        return replace(self, payments=tuple(p for p in self.payments if p.channel != channel))

    def paying(self, payment: Planned) -> Ticket:
        """Return the ticket with a payment, in the place of the one of its channel."""
        return replace(self, payments=(*self.without(payment.channel).payments, payment))

    def paying_cash(self, given: int | None) -> Ticket:
        """Return the ticket with cash: what was given pays all that is left, rounded, or a part of it."""
        rest = self.without(CASH)
        due = rest.in_cash
        if given is not None and rest.total > 0 and given < due:
            return rest.paying(Planned(channel=CASH, amount=given, given=given))
        return rest.paying(Planned(channel=CASH, amount=due, rounding=due - rest.left, given=given))


def price_of(dish: Dish, *, take_away: bool) -> tuple[int, int] | None:
    """Return price and VAT rate; None for what is served here alone."""
    if not take_away or dish.vat_rate != 25 or GROUPS[dish.group].kind is not LineKind.GOODS:
        return dish.price, dish.vat_rate
    return None if dish.take_away is None else (dish.take_away, 15)


def _item(name: str, *, take_away: bool) -> Item:
    dish = MENU[name]
    priced = price_of(dish, take_away=take_away) or (dish.price, dish.vat_rate)
    return Item(
        item_id=0,
        name=dish.name,
        price=priced[0],
        vat_rate=priced[1],
        kind=GROUPS[dish.group].kind,
        group=dish.group,
        article_id=dish.article_id,
        dish=name,
        take_away=priced != (dish.price, dish.vat_rate),
    )


def carried(item: Item, *, take_away: bool) -> Item:
    """Return a line eaten here or taken away, at the price and the rate of that; unchanged where it cannot be."""
    if item.dish is None or price_of(MENU[item.dish], take_away=take_away) is None:
        return item
    new = _item(item.dish, take_away=take_away)
    return replace(item, price=new.price, vat_rate=new.vat_rate, take_away=new.take_away)
