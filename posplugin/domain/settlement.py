"""The day's settlement (dagsoppgjør): a Z report on its way to the books, and the journal that it becomes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from posplugin.domain.documents import RecordKind
from posplugin.domain.payment import PaymentRef
from posplugin.domain.zreport import ZReport

#: Why none is taken up, and what is done about it.
SETTLEMENTS_OFF = (
    "settlements are off: give the department accounts in [ledger] of the settings, and do not set settlement.enabled "
    "to false"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """The facts: one Z of one register, and whose it is. Accounts are looked up at each try."""

    z: ZReport
    department: str

    @property
    def kind(self) -> RecordKind:
        """A settlement."""
        return RecordKind.SETTLEMENT

    @property
    def ref(self) -> PaymentRef:
        """What it is known by, by whichever way it comes: the terminal and the number of its Z."""
        return settlement_ref(self.z.terminal_id, self.z.number)

    @property
    def business_date(self) -> date:
        """The day that it closes."""
        return self.z.business_date

    @property
    def receipt(self) -> str:
        """What people search by: "Z 26324"."""
        return self.z.name

    @property
    def total(self) -> int:
        """What was sold by the Z, øre with VAT."""
        return self.z.cash.sold


def settlement_ref(terminal_id: str, number: int | str) -> PaymentRef:
    """Return what the settlement of a Z is known by."""
    return PaymentRef(terminal_id, f"Z {number}", "Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalLine:
    """One line: øre with VAT, debit positive. `vat_code` and `vat_rate` are None for what is no turnover."""

    account: int
    amount: int
    vat_code: str | None = None
    vat_rate: int | None = None
    #: VAT as the till printed it, øre, of the same sign as the amount.
    vat: int = 0
    #: What is on it: channels, article groups, "tips"…
    names: tuple[str, ...] = ()
    #: Another department than the journal's own: what was sold there is invoiced there.
    department: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """What is posted of a settlement: one line for each account and VAT code."""

    department: str
    #: The day of the Z.
    day: date
    #: The day that it counts on in the books; another than `day` where that one's period is locked.
    posting_date: date
    description: str
    lines: tuple[JournalLine, ...]
    #: The Z's number, where it is a number.
    number: int | None = None
    saft_source_id: str | None = None
    saft_batch_id: str | None = None

    @property
    def difference(self) -> int:
        """Debit less credit, øre; 0 in what may be posted."""
        return sum(line.amount for line in self.lines)

    @property
    def fixed(self) -> Mapping[int, int]:
        """What must stand on each account that nothing with VAT is posted on, øre: to the øre, whoever rounds."""
        with_vat = {line.account for line in self.lines if line.vat_code is not None}
        sums: Counter[int] = Counter()
        for line in self.lines:
            if line.account not in with_vat:
                sums[line.account] += line.amount
        return dict(sums)
