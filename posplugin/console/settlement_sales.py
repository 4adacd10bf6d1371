"""The invoiced sales of a Z: where each stands, which came late or from another department, and which are in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from posplugin.accounting_system import Stage
from posplugin.app import App
from posplugin.domain.documents import VatReportedBy
from posplugin.domain.payment import PaymentRef
from posplugin.domain.zreport import ZReport
from posplugin.office import standing
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.sender.draw import SettlementTerms
from posplugin.settling.preview import InvoicedSale, Preview
from posplugin.texts import Texts, details

#: Another Z that names a payment too is looked for among those of so many days before and after.
_NEAR = timedelta(days=31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """One invoice or credit note of a Z."""

    sale: InvoicedSale
    #: Where it stands, or why it needs a person, or why it was let go.
    stands: str
    #: Whether somebody must look at it, or it is not delivered yet.
    is_open: bool
    #: Another department than the till's; "" for that one.
    department: str
    #: Sold before the Z before this one, and told after it.
    is_late: bool
    #: Of another client in PowerOffice, so that its goods cannot be in this journal.
    elsewhere: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubtful:
    """A payment that the Z and we do not agree on; receipt, amount and record are None where we know of none."""

    ref: PaymentRef
    receipt: str | None
    amount: int | None
    record: Record | None
    stands: str


def sold_by_invoice(
    app: App, preview: Preview, terms: SettlementTerms, t: Texts, language: str
) -> list[tuple[str, list[Sold]]]:
    """Return the sales of a Z under their headings: those to deliver, those let go, those let go on clearing."""
    before = _closed_before(app, preview)

    def sold(sale: InvoicedSale) -> Sold:
        made, is_let_go = sale.invoice, sale.record.status is Status.DISCARDED
        is_elsewhere = not terms.same_client(made.department, preview.department)
        return Sold(
            sale=sale,
            stands=sale.record.detail or "" if is_let_go else _stands(sale.record, t, language),
            is_open=sale.record.status is not Status.DELIVERED or sale.record.needs_a_person,
            department="" if made.department == preview.department else made.department,
            is_late=before is not None and made.delivered_at <= before and made.ref not in preview.reconciliation.twice,
            elsewhere=is_elsewhere and made.vat_reported_by is VatReportedBy.SETTLEMENT,
        )

    let_go = [sold(sale) for sale in preview.let_go]
    on_clearing = [each for each in let_go if _is_on_clearing(preview, each.sale)]
    words = t.settlement
    return [
        (t.console.settlements.all_invoiced, [sold(sale) for sale in preview.to_deliver]),
        (words.discarded, [each for each in let_go if each not in on_clearing]),
        (words.discarded_on_clearing.format(account=_clearing_account(app, preview, t)), on_clearing),
    ]


def _closed_before(app: App, preview: Preview) -> datetime | None:
    """When the Z before was closed; None where no invoice of this one can have come late."""
    z = preview.z
    first = min((sale.invoice.business_date for sale in preview.invoiced), default=z.business_date)
    kept = app.outbox.settlements.between(first - timedelta(days=1), z.business_date)
    mine = [each.closed_at for each in kept if each.terminal_id == z.terminal_id and each.closed_at < z.closed_at]
    return max(mine, default=None)


def _stands(record: Record, t: Texts, language: str) -> str:
    if record.reason is None:
        return standing(record, t)
    return " ".join(filter(None, [t.reason[record.reason].sentence, details.in_words(record.detail, language)]))


def _is_on_clearing(preview: Preview, sale: InvoicedSale) -> bool:
    record = preview.record
    stands = record is not None and record.status is Status.DELIVERED and record.accounting_state is not Stage.GONE
    return stands and sale.on_clearing


def _clearing_account(app: App, preview: Preview, t: Texts) -> int | str:
    """Return the account as it was posted, else as the settings have it."""
    posted = (line.account for line in preview.journal.lines if t.settlement.line["clearing"] in line.names)
    known = preview.department in app.settings.departments
    ledger = app.settings.ledger_of(preview.department) if known else None
    return next(posted, ledger and ledger.invoice_clearing) or "19xx"


def doubtful(app: App, preview: Preview, t: Texts) -> list[tuple[str, list[Doubtful]]]:
    """Return the payments that the Z and we do not agree on, under their headings."""
    found, words, text = preview.reconciliation, t.settlement, t.console.settlements
    others = _near(app, preview.z) if found.twice else []

    def row(ref: PaymentRef, told: str = "") -> Doubtful:
        record = preview.in_doubt.get(ref) or app.outbox.by_payment(ref)
        stands = standing(record, t) if record else text.never_told
        return Doubtful(
            ref=ref,
            receipt=record.receipt if record else None,
            amount=record.amount if record else None,
            record=record,
            stands=". ".join(filter(None, [stands, told])),
        )

    def also(ref: PaymentRef) -> str:
        named = [z.name for z in others if ref in (z.invoiced or ())]
        return text.also_in.format(names=", ".join(named)) if named else ""

    return [
        (title, rows)
        for title, rows in (
            (words.not_here, [row(ref) for ref in found.missing]),
            (words.in_no_z, [row(invoice.ref) for invoice in found.unlisted]),
            (words.in_two, [row(ref, also(ref)) for ref in found.twice]),
            (words.damaged, [row(ref) for ref in found.damaged]),
        )
        if rows
    ]


def _near(app: App, z: ZReport) -> Sequence[ZReport]:
    kept = app.outbox.settlements.between(z.business_date - _NEAR, z.business_date + _NEAR)
    return [each for each in kept if (each.terminal_id, each.number) != (z.terminal_id, z.number)]
