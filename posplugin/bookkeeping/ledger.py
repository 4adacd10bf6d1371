"""Which account each part of a day's settlement is booked on, and the names of those that have none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from posplugin.domain.sale import CASH

T = TypeVar("T")

GIFT_CARD = "gift_card"
#: The article group that every group without an account of its own is booked as.
EVERY_GROUP = "*"
#: What hosts call a payment, and the tax authority's codes for it.
PAYMENT_CODES: Mapping[str, tuple[str, ...]] = {
    CASH: ("12001",),
    "card": ("12002", "12003"),
    "bank": ("12004",),
    GIFT_CARD: ("12005",),
    "mobile": ("12011",),
}


class SalesRow(Protocol):
    """Where the sales of one article group at one VAT rate are booked."""

    article_group: str
    vat: int
    account: int
    vat_code: str


class LedgerAccounts(Protocol):
    """The accounts of a department, as the settings have them."""

    gratuity: int | None
    gift_card: int | None
    rounding: int | None
    cash_difference: int | None
    invoice_clearing: int | None
    tenders: Mapping[str, int]
    movements: Mapping[str, int]

    @property
    def sales(self) -> Sequence[SalesRow]:
        """Return the sales accounts."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """Looks accounts up. What has none is noted in `gaps`, so that all of them are told at once."""

    ledger: LedgerAccounts
    #: Settings that are missing, in the words of the settings file, each once.
    gaps: dict[str, None] = field(default_factory=dict)

    def tender(self, channel: str, code: str | None) -> int | None:
        """Return the account of a way to pay: by its own name, by its SAF-T code, else by the well-known pair."""
        tenders = self.ledger.tenders
        names = [name for name in (channel, code, *_pairs(channel), *_pairs(code)) if name]
        found = next((tenders[name] for name in names if name in tenders), None)
        if found is None and GIFT_CARD in names:
            found = self.ledger.gift_card
        return self._found(found, f'tenders has no account for "{channel}"' + (f" ({code})" if code else ""))

    def movement(self, kind: str, code: str | None) -> int | None:
        """Return the account that money put in or taken out is booked against."""
        movements = self.ledger.movements
        found = next((movements[name] for name in (kind, code) if name and name in movements), None)
        return self._found(found, f'movements has no account for "{kind}"' + (f" ({code})" if code else ""))

    def sale(self, group: str | None, code: str | None, vat_rate: int) -> SalesRow | None:
        """Return account and VAT code of an article group at a rate: its own, its SAF-T group's, else every group's."""
        rows = {(row.article_group, row.vat): row for row in self.ledger.sales}
        found = (rows.get((name, vat_rate)) for name in (group, code, EVERY_GROUP) if name)
        named = f'article group "{group or EVERY_GROUP}"' + (f" ({code})" if code else "")
        return self._found(next((row for row in found if row), None), f"sales has no row for {named} at {vat_rate} %")

    def single(self, name: str) -> int | None:
        """Return the account of a setting of its own, such as "rounding"."""
        found: int | None = getattr(self.ledger, name)
        return self._found(found, f"{name} is missing")

    def _found(self, found: T | None, otherwise: str) -> T | None:
        if found is None:
            self.gaps[f"ledger.{otherwise}"] = None
        return found


def _pairs(name: str | None) -> Iterator[str]:
    """Yield what else a payment is called: "card" for 12002, and 12002 for "card"."""
    for channel, codes in PAYMENT_CODES.items():
        if name == channel:
            yield from codes
        elif name in codes:
            yield channel
