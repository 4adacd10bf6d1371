"""What became of a file that was played: counts, names of what was refused, and sums to hold against the file's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

from posplugin.domain.money import kroner_text
from posplugin.saft import Played


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedSale:
    """A sale that was not made final, and why. `code` is "file" when the file itself could not be told."""

    nr: str
    register: str
    customer: str | None
    code: str
    text: str

    def __str__(self) -> str:
        customer = f", customer {self.customer}" if self.customer else ""
        return f"{self.nr}{customer}: {self.text}"


@dataclass(slots=True)
class Tally:
    """Counts and sums, øre. The sums are of everything in the file that is final, played now or before."""

    played: int = 0
    already_played: int = 0
    refused: list[RefusedSale] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    sales: int = 0
    rounding: int = 0
    tips: int = 0
    tenders: Counter[str] = field(default_factory=Counter)
    vat: Counter[int] = field(default_factory=Counter)
    #: Numbers of the Z reports that were made.
    z_reports: list[int | str] = field(default_factory=list)
    #: Payments and Z reports that the plugin has not confirmed yet.
    unconfirmed: int = 0

    def add(self, played: Played) -> None:
        """Count a final sale into the sums."""
        sale = played.sale
        self.sales += sale.total
        self.rounding += sale.cash_rounding
        for tender in sale.tenders:
            self.tenders[tender.channel] += tender.amount + tender.tip
            self.tips += tender.tip
        for line, vat in zip(sale.lines, played.line_vat, strict=True):
            self.vat[line.vat_rate] += vat

    def as_json(self) -> dict[str, object]:
        """Return everything, amounts in øre."""
        return {
            "played": self.played,
            "already_played": self.already_played,
            "refused": [asdict(sale) for sale in self.refused],
            "skipped": dict(self.skipped),
            "z_reports": self.z_reports,
            "unconfirmed": self.unconfirmed,
            "sales": self.sales,
            "tenders": dict(self.tenders),
            "tips": self.tips,
            "rounding": self.rounding,
            "vat": {str(rate): amount for rate, amount in sorted(self.vat.items())},
        }

    def table(self) -> str:
        """Return a table to read."""
        return "\n".join(f"{label:<34}{value:>16}" for label, value in self._rows())

    def _rows(self) -> Iterator[tuple[str, str]]:
        yield "Played", str(self.played)
        yield "Already played", str(self.already_played)
        yield "Refused", str(len(self.refused))
        for why in ("training", "voided", "not_a_sale", "other_terminal"):
            yield f"Skipped: {why.replace('_', ' ')}", str(self.skipped[why])
        yield "Z reports", ", ".join(map(str, self.z_reports)) or "none"
        yield "Not confirmed by the plugin yet", str(self.unconfirmed)
        yield "Sales", kroner_text(self.sales)
        for channel, amount in sorted(self.tenders.items()):
            yield f"Paid: {channel}", kroner_text(amount)
        yield "Tips, within the payments", kroner_text(self.tips)
        yield "Rounding of cash", kroner_text(self.rounding)
        for rate, amount in sorted(self.vat.items()):
            yield f"VAT {rate} %", kroner_text(amount)
