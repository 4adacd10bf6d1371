"""What the restaurant sells: eat-in at 25 % VAT, food to take away at 15 %, rooms and tickets at 12 %."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from posplugin.domain.errors import UsageError
from posplugin.domain.sale import LineKind, SaleLine


@dataclass(frozen=True, slots=True)
class Group:
    """An article group: its name, and the tax authority's code for it; "" where it has none."""

    name: str
    code: str
    kind: LineKind = LineKind.GOODS


@dataclass(frozen=True, slots=True)
class Dish:
    """Something on the menu. Prices are øre with VAT."""

    article_id: str
    group: str
    name: str
    price: int
    vat_rate: int = 25
    #: The price to take away, at 15 %; None for what is not taken away as food.
    take_away: int | None = None


GROUPS: Final[Mapping[str, Group]] = {
    "100": Group("Mat", "04006"),
    "110": Group("Øl", "04007"),
    "120": Group("Vin", "04008"),
    "130": Group("Brennevin", "04009"),
    "140": Group("Mineralvann", "04011"),
    "150": Group("Kaffe og te", "04012"),
    "160": Group("Overnatting med frokost", "04021"),
    "170": Group("Konsertbillett", "04015"),
    "180": Group("Gavekort", "04999", LineKind.GIFT_CARD),
    "190": Group("Serviceavgift", "04999", LineKind.SERVICE_CHARGE),
}

MENU: Final[Mapping[str, Dish]] = {
    "suppe": Dish("1001", "100", "Bergensk fiskesuppe", 18900, take_away=17400),
    "burger": Dish("1002", "100", "Hjorteburger", 24500, take_away=22550),
    "torsk": Dish("1003", "100", "Skrei med lever og rogn", 38900),
    "lam": Dish("1004", "100", "Fårikål", 32900, take_away=30290),
    "pizza": Dish("1005", "100", "Pizza med spekeskinke", 21900, take_away=20150),
    "barn": Dish("1006", "100", "Barnemeny", 11900, take_away=10950),
    "meny": Dish("1007", "100", "Treretters meny", 69500),
    "tilslørt": Dish("1008", "100", "Tilslørte bondepiker", 12900, take_away=11870),
    "skolebolle": Dish("1009", "100", "Skolebolle", 4950, take_away=4550),
    "pils": Dish("2001", "110", "Pils 0,5 l", 10900),
    "ipa": Dish("2002", "110", "IPA fra Voss 0,33 l", 12450),
    "vin": Dish("2101", "120", "Husets vin, glass", 13900),
    "flaske": Dish("2102", "120", "Riesling, flaske", 64500),
    "akevitt": Dish("2201", "130", "Akevitt 4 cl", 11500),
    "brus": Dish("2301", "140", "Brus 0,5 l", 4890, take_away=4500),
    "farris": Dish("2302", "140", "Farris 0,33 l", 4590, take_away=4220),
    "kaffe": Dish("2401", "150", "Kaffe", 3990, take_away=3670),
    "te": Dish("2402", "150", "Te", 3890, take_away=3580),
    "rom": Dish("3001", "160", "Overnatting, dobbeltrom", 149000, 12),
    "billett": Dish("3101", "170", "Konsertbillett", 35000, 12),
    "gavekort": Dish("9001", "180", "Gavekort", 50000, 0),
    "service": Dish("9101", "190", "Serviceavgift stort selskap", 25000),
}


def ordered(order: str) -> tuple[SaleLine, ...]:
    """Return the lines of an order such as "2 suppe, 1 burger*, -1 vin": the star is take-away, minus comes back."""
    return tuple(_line(*item.split()) for item in order.split(","))


def _line(count: str, name: str) -> SaleLine:
    dish, quantity = MENU[name.rstrip("*")], int(count)
    price, rate = dish.price, dish.vat_rate
    if name.endswith("*"):
        if dish.take_away is None:
            raise UsageError(f"{dish.name} is not sold to take away")
        price, rate = dish.take_away, 15
    return SaleLine(
        description=dish.name,
        amount=price * quantity,
        vat_rate=rate,
        kind=GROUPS[dish.group].kind,
        quantity=Decimal(quantity),
        article_group=dish.group,
        article_id=dish.article_id,
    )
