"""What every language must have words for, of the day's settlement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from posplugin.domain.sale import LineKind
from posplugin.domain.settlement import JournalLine, Settlement

#: So many article groups are named on one line; the rest are counted.
_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementText:
    """Words on the Z report as a PDF, in the journal that is posted, and in the preview."""

    #: {z} is the Z's name, such as "Z 26324".
    title: str
    #: The journal's own text, which the accountant reads in the ledger: {z} {terminal}
    description: str

    # What is on a line of the journal
    #: {group} {rate}
    sale: str
    #: Sales of no group in particular: {rate}
    sale_of_any: str
    #: {names} {count}
    and_more: str
    #: What is no sale, by its name in the journal.
    line: Mapping[str, str]
    #: Ways to pay, by the channel's id.
    channel: Mapping[str, str]
    #: What is sold that is no goods.
    kind: Mapping[LineKind, str]

    # Columns and sums, on paper and in the preview
    account: str
    #: In the place of an account that the settings lack.
    no_account: str
    vat_code: str
    text: str
    debit: str
    credit: str
    total: str
    difference: str
    #: Debit less credit; 0,00 in what may be posted.
    left_over: str
    #: VAT as the till printed it, and as the books have it.
    tills_vat: str
    books_vat: str

    # The paper
    department: str
    business_date: str
    closed_at: str
    posting_date: str
    sales: str
    #: Said where the till's own figures hold what is invoiced as well.
    figures_hold_invoiced: str
    group: str
    no_group: str
    all_sales: str
    tips: str
    rounding: str
    #: All that was paid, tips with it.
    all_paid: str
    #: By how much a day does not add up.
    unexplained: str
    tenders: str
    tender: str
    taken: str
    moved: str
    counted: str
    movements: str
    movement: str
    journal: str
    vat: str
    invoiced: str
    customer_number: str
    #: Said of invoices that carry revenue and VAT themselves, and of those whose goods the settlement carries.
    invoices_apart: str
    invoices_within: str

    # The preview
    held_back: str
    #: Invoices that a person let go: what was sold on them is posted by nobody here.
    discarded: str
    #: The same of those whose sale was posted before that: {account}
    discarded_on_clearing: str
    #: Where the Z and our invoices differ, by what is the matter.
    in_no_z: str
    not_here: str
    in_two: str
    damaged: str
    #: A payment of which we know nothing: {ref}
    unknown: str
    nothing_to_post: str
    #: What the accounting system calls what it has posted: {number}
    voucher: str
    # Heads of the journal
    posted: str
    left_as_draft: str
    #: {when}: taken back by us, and in the accounting system; a voucher, and a draft.
    taken_back: str
    draft_deleted: str
    reversed_there: str
    draft_gone: str
    to_post: str
    would_post: str
    #: Of a journal that lacks accounts.
    not_whole: str
    #: Why the VAT differs, once and for all.
    vat_rounding: str
    #: {count} {amount} {delivered}
    on_invoice: str
    not_delivered: str
    #: {took} {came_to}
    invoice_totals: str
    #: That they differ, where nobody has been asked yet, and where somebody has accepted it.
    differ: str
    accepted: str
    #: {who} {when} {why}
    accepted_by: str
    #: A mismatch that is none any more.
    agrees_now: str
    #: {words}
    waits: str
    #: Of a Z that came while settlements were off; the command follows.
    kept: str
    #: What must be done first, where they are off still.
    switched_off: str
    #: Of all such Z reports, where settlements are on by now, and where not; the command follows: {count} {days}
    aside: str
    aside_off: str

    def description_of(self, settlement: Settlement) -> str:
        """Return the text of a settlement's journal."""
        return self.description.format(z=settlement.z.name, terminal=settlement.z.terminal_id)

    def channel_name(self, channel: str) -> str:
        """Return what a way to pay is called; its own id where nobody gave it a name."""
        return self.channel.get(channel, channel)

    def worded(self, lines: Iterable[JournalLine]) -> tuple[JournalLine, ...]:
        """Return the lines of a journal with words for what is on them, as people are to read it in the ledger."""
        return tuple(replace(line, names=(*self._names(line), *filter(None, [line.department]))) for line in lines)

    def _names(self, line: JournalLine) -> tuple[str, ...]:
        if line.vat_rate is None:
            return tuple(self.line.get(name) or self.channel_name(name) for name in line.names)
        groups = [name for name in line.names if name]
        if not groups:
            return (self.sale_of_any.format(rate=line.vat_rate),)
        named = ", ".join(groups[:_NAMED])
        if len(groups) > _NAMED:
            named = self.and_more.format(names=named, count=len(groups) - _NAMED)
        return (self.sale.format(group=named, rate=line.vat_rate),)
