"""The card reader beside the till."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


class CardDeclined(Exception):
    """The card was not charged; the text is for the cashier."""


class CardTerminal(Protocol):
    """What a till needs of a card reader."""

    def charge(self, amount: int) -> str:
        """Charge øre and return the reader's reference; a negative amount goes back to the card.

        Raises `CardDeclined` when nothing was charged.
        """

    def reverse(self, reference: str) -> None:
        """Undo a charge of a sale that did not become final."""


@dataclass
class FakeCard:
    """A card reader without a card: takes everything, or declines when told to. Keeps what it did."""

    declines: bool = False
    charged: dict[str, int] = field(default_factory=dict)
    reversed: list[str] = field(default_factory=list)

    def charge(self, amount: int) -> str:
        """Charge, unless it declines."""
        if self.declines:
            raise CardDeclined("Kortet ble avvist. Prøv et annet kort eller en annen betalingsmåte.")
        reference = f"demo-{len(self.charged) + 1}"
        self.charged[reference] = amount
        return reference

    def reverse(self, reference: str) -> None:
        """Undo a charge."""
        self.reversed.append(reference)
