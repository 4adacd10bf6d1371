"""How an accounting system takes prices, as a draft showed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a draft of one line became; amounts in øre."""

    #: Of the line, as it was sent.
    price: int
    #: VAT, per cent.
    rate: int
    #: Its product's code.
    product: str
    total: int
    #: The draft's number, for a person.
    number: int | None
    #: Why the draft could not be deleted; None when it is gone.
    left: str | None

    @property
    def with_vat_added(self) -> int:
        """The total if prices are without VAT."""
        return self.price * (100 + self.rate) // 100

    @property
    def excludes_vat(self) -> bool | None:
        """Whether prices are without VAT; None when the total is neither."""
        return {self.with_vat_added: True, self.price: False}.get(self.total)
