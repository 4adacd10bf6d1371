"""The invoiced sales that a Z knows of, held against ours: by identity, payment for payment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from posplugin.domain.documents import Invoice, VatReportedBy
from posplugin.domain.money import kroner_text
from posplugin.domain.payment import PaymentRef
from posplugin.domain.zreport import ZReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """Which invoices and credit notes belong to a Z, and where the till and we do not agree."""

    #: Of this Z, and ours to deliver.
    invoices: tuple[Invoice, ...] = ()
    #: Of this Z, and let go by a person: what was sold on them is posted by nobody here.
    discarded: tuple[Invoice, ...] = ()
    #: In the Z, and not with us: perhaps never captured.
    missing: tuple[PaymentRef, ...] = ()
    #: With us, sold in the time of this Z, and in no Z.
    unlisted: tuple[Invoice, ...] = ()
    #: In the Z, and in another Z too, or posted with another one: of which of them only a person can tell.
    twice: tuple[PaymentRef, ...] = ()
    #: With us, and damaged, so that nobody can tell what was sold on it.
    damaged: tuple[PaymentRef, ...] = ()
    #: Posted with another Z.
    settled: frozenset[PaymentRef] = frozenset()
    #: What the Z took as Faktura, and what its invoices come to, where it says both and they differ; øre.
    totals: tuple[int, int] | None = None

    def cleared(self, *, accepted: bool = False) -> tuple[Invoice, ...]:
        """Return what is sold here against clearing: what carries no VAT of its own, and no other Z has posted.

        What is in no Z is sold here too once a person has `accepted` the Z: else its VAT would be reported by nobody.
        """
        found = (*self.invoices, *(self.unlisted if accepted else ()))
        return tuple(
            invoice
            for invoice in found
            if invoice.vat_reported_by is VatReportedBy.SETTLEMENT and invoice.ref not in self.settled
        )

    @property
    def agrees(self) -> bool:
        """Whether the till and we speak of the same."""
        return not (self.missing or self.unlisted or self.twice or self.damaged or self.totals)

    def words(self) -> str:
        """Say where they differ: each payment by name; the same words for the same difference."""
        return "; ".join(self._said())

    def _said(self) -> Iterator[str]:
        if self.missing:
            yield "in the Z, and not here: " + ", ".join(map(str, self.missing))
        if self.unlisted:
            named = (f"receipt {each.receipt} ({each.ref}, {kroner_text(each.total)})" for each in self.unlisted)
            yield "here, and in no Z: " + ", ".join(named)
        if self.twice:
            yield "in the Z, and in another Z too: " + ", ".join(map(str, self.twice))
        if self.damaged:
            yield "here, and damaged: " + ", ".join(map(str, self.damaged))
        if self.totals:
            took, came_to = map(kroner_text, self.totals)
            yield f"the Z took {took} by invoice, and its invoices come to {came_to}"


def reconcile(
    z: ZReport,
    ours: Mapping[PaymentRef, Invoice],
    *,
    discarded: Iterable[PaymentRef] = (),
    elsewhere: Iterable[PaymentRef] = (),
    damaged: Iterable[PaymentRef] = (),
    settled: Iterable[PaymentRef] = (),
) -> Reconciliation:
    """Hold a Z against our records.

    `ours` are those it names, and those sold in its time; `discarded` the ones that a person let go, `elsewhere` what
    other Z reports name, `damaged` what is ours and cannot be read, and `settled` what was posted with another Z.
    """
    posted = frozenset(settled)
    gone, others, unread = frozenset(discarded), frozenset(elsewhere), tuple(dict.fromkeys(damaged))
    in_its_time = [ref for ref in ours if ref not in others and ref not in posted]
    named = in_its_time if z.invoiced is None else list(dict.fromkeys(z.invoiced))
    here = [ref for ref in named if ref in ours]
    taken = tuple(ours[ref] for ref in here if ref not in gone)
    let_go = tuple(ours[ref] for ref in here if ref in gone)
    listed = frozenset(named) | others
    return Reconciliation(
        invoices=taken,
        discarded=let_go,
        missing=tuple(ref for ref in named if ref not in ours and ref not in unread),
        unlisted=tuple(
            invoice for ref, invoice in ours.items() if ref not in listed and ref not in gone and ref not in posted
        ),
        twice=tuple(ref for ref in named if ref in others or ref in posted),
        settled=posted,
        damaged=tuple(ref for ref in unread if ref not in gone and (ref in named or ref not in others)),
        totals=_totals(z, [*taken, *let_go]),
    )


def _totals(z: ZReport, invoices: Iterable[Invoice]) -> tuple[int, int] | None:
    if not z.includes_invoiced:
        return None
    took = sum(tender.expected for tender in z.invoice_tenders)
    came_to = sum(invoice.total - invoice.fee for invoice in invoices)
    return (took, came_to) if took != came_to else None
