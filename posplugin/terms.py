"""What the settings say, in the sender's words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from posplugin.bookkeeping.ledger import LedgerAccounts
from posplugin.domain.documents import Invoice
from posplugin.domain.settlement import Journal, Settlement
from posplugin.outbox.steps import Step
from posplugin.sender.draw import SettlementTerms
from posplugin.settings.clients import client_of
from posplugin.settings.model import Settings
from posplugin.texts import texts

# The PDF library is imported where a paper is made: a till that attaches nothing needs none.
# ruff: noqa: PLC0415


def steps_after(settings: Settings) -> tuple[Step, ...]:
    """Return what follows each delivery of an invoice."""
    attach = (Step.ATTACH,) if settings.invoicing.attach_receipt else ()
    then = {"draft": (), "confirmed": (Step.CONFIRM,), "send": (Step.SEND,)}[settings.invoicing.delivery]
    return (*attach, *then)


def receipt_paper(settings: Settings, invoice: Invoice) -> bytes:
    """Return the receipt of an invoice as PDF."""
    from posplugin.papers.pdf import receipt_pdf

    return receipt_pdf(invoice, texts(settings.terminal.language), settings.terminal.timezone)


def settlement_terms(settings: Settings) -> SettlementTerms:
    """Return how settlements are drawn up and posted."""
    told, terminal = settings.settlement, settings.terminal

    def ledger_of(department: str) -> LedgerAccounts | None:
        return settings.ledger_of(department) if department in settings.departments else None

    def same_client(one: str, other: str) -> bool:
        return client_of(settings, one) == client_of(settings, other)

    def source_id(settlement: Settlement) -> str:
        own = terminal.saft_source_id if settlement.z.terminal_id == terminal.id else None
        return own or settlement.z.terminal_id

    words = texts(terminal.language).settlement
    return SettlementTerms(
        enabled=told.enabled is not False,
        ledger_of=ledger_of,
        same_client=same_client,
        description=words.description_of,
        worded=words.worded,
        saft_source_id=source_id,
        paper=partial(_z_paper, settings) if told.attach_z_report else None,
        as_draft=told.posting == "draft",
        after_invoices=told.after_invoices,
        first_open_day=told.period_locked == "first_open_day",
    )


def _z_paper(settings: Settings, settlement: Settlement, journal: Journal, invoiced: Sequence[Invoice]) -> bytes:
    from posplugin.papers.z_report import z_report_pdf

    told = texts(settings.terminal.language)
    return z_report_pdf(settlement, journal, invoiced, told, settings.terminal.timezone)
