"""The day's settlement as a PDF, to lie with its voucher: the till's Z, what is posted of it, and how they agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from posplugin.domain.documents import Invoice, VatReportedBy
from posplugin.domain.money import kroner_text, vat_in
from posplugin.domain.settlement import Journal, Settlement
from posplugin.domain.zreport import GroupTotal, ZReport
from posplugin.papers.page import facts, heading, new_paper, section, shown, sums, table
from posplugin.texts import SettlementText, Texts

if TYPE_CHECKING:
    from fpdf import FPDF

#: The most of a name that is shown, characters: a row must have room on a page.
_LONGEST_NAME = 120
#: So many rows of a table stand on the page where it begins.
_FIRST_ROWS = 5
_DAY, _MINUTE = "%d.%m.%Y", "%d.%m.%Y %H:%M"


def z_report_pdf(
    settlement: Settlement, journal: Journal, invoiced: Sequence[Invoice], texts: Texts, zone: ZoneInfo
) -> bytes:
    """Return the report, always the same bytes for the same facts. `invoiced` are the Z's invoices and credit notes.

    The lines of the journal stand there as they are posted, with the names that they have. Customers are told by
    number alone. Letters that the fonts lack get the nearest. Raises `ImportError` with the remedy where fpdf2 is not
    installed.
    """
    pdf, z, words = new_paper(texts), settlement.z, texts.settlement
    title = words.title.format(z=z.name)
    pdf.set_creation_date(z.closed_at)
    pdf.set_title(title)
    heading(pdf, title)
    facts(pdf, _about(settlement, journal, texts, zone))
    _sales(pdf, z, texts)
    _tenders(pdf, z, words)
    _movements(pdf, z, texts)
    _journal(pdf, journal, words)
    _vat(pdf, journal, texts)
    _invoiced(pdf, invoiced, texts)
    return bytes(pdf.output())


def _about(settlement: Settlement, journal: Journal, texts: Texts, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    z, words = settlement.z, texts.settlement
    yield texts.paper.till, z.terminal_id
    yield words.department, settlement.department
    yield words.business_date, z.business_date.strftime(_DAY)
    yield words.closed_at, z.closed_at.astimezone(zone).strftime(_MINUTE)
    if journal.posting_date != z.business_date:
        yield words.posting_date, journal.posting_date.strftime(_DAY)


def _sales(pdf: FPDF, z: ZReport, texts: Texts) -> None:
    """Write what was sold, as the till has it, and how it comes to what was paid."""
    words, paper, cash = texts.settlement, texts.paper, z.cash
    rows = [[_group(g, words), f"{g.vat_rate} %", kroner_text(g.vat), kroner_text(g.amount)] for g in cash.groups]
    total = [words.total, "", kroner_text(sum(group.vat for group in cash.groups)), kroner_text(cash.sold)]
    section(pdf, words.sales, _lines(rows))
    if z.includes_invoiced:
        _sentence(pdf, words.figures_hold_invoiced)
    head = [words.group, paper.rate, paper.vat, paper.with_vat]
    table(pdf, head, rows, widths=(40, 9, 15, 17), totals=[total])
    parts = ((words.tips, cash.tips), (words.rounding, cash.rounding), (words.unexplained, cash.difference))
    if more := [(label, amount) for label, amount in parts if amount]:
        paid = sum(tender.expected for tender in cash.tenders)
        sums(pdf, [(words.all_sales, cash.sold), *more, (words.all_paid, paid)])


def _group(group: GroupTotal, words: SettlementText) -> str:
    names = (words.kind.get(group.kind), group.article_group or group.saft_code)
    return _cut(", ".join(name for name in names if name) or words.no_group)


def _tenders(pdf: FPDF, z: ZReport, words: SettlementText) -> None:
    """Write what each way to pay took; where somebody counted, by how much that differs from what should be there."""
    if not z.cash.tenders:
        return
    moved: Counter[str] = Counter()
    for movement in z.movements:
        moved[movement.channel] += movement.amount
    rows = []
    for tender in z.cash.tenders:
        put_in = moved.pop(tender.channel, 0)
        counted = difference = ""
        if tender.counted is not None:
            counted, difference = map(kroner_text, (tender.counted, tender.counted - tender.expected - put_in))
        name = _cut(words.channel_name(tender.channel))
        rows.append([name, kroner_text(tender.expected), kroner_text(put_in) if put_in else "", counted, difference])
    taken = kroner_text(sum(tender.expected for tender in z.cash.tenders))
    section(pdf, words.tenders, _lines(rows))
    head = [words.tender, words.taken, words.moved, words.counted, words.difference]
    table(pdf, head, rows, widths=(28, 15, 15, 15, 15), totals=[[words.total, taken, "", "", ""]])


def _movements(pdf: FPDF, z: ZReport, texts: Texts) -> None:
    if not z.movements:
        return
    words = texts.settlement
    rows = [[_cut(m.kind), _cut(words.channel_name(m.channel)), kroner_text(m.amount)] for m in z.movements]
    section(pdf, words.movements, _lines(rows))
    table(pdf, [words.movement, words.tender, texts.paper.amount], rows, widths=(40, 24, 17), left=2)


def _journal(pdf: FPDF, journal: Journal, words: SettlementText) -> None:
    rows = [
        [str(line.account), line.vat_code or "", _cut(", ".join(line.names)), *_sides(line.amount)]
        for line in journal.lines
    ]
    debit = sum(line.amount for line in journal.lines if line.amount > 0)
    summed = [words.total, "", "", kroner_text(debit), kroner_text(debit - journal.difference)]
    section(pdf, words.journal, _lines(rows))
    head = [words.account, words.vat_code, words.text, words.debit, words.credit]
    left_over = [words.left_over, "", "", "", kroner_text(journal.difference)]
    table(pdf, head, rows, widths=(12, 13, 38, 17, 17), left=3, totals=[summed, left_over])


def _sides(amount: int) -> tuple[str, str]:
    """Return an amount as debit and credit, one of them empty."""
    return (kroner_text(amount), "") if amount > 0 else ("", kroner_text(-amount))


def _vat(pdf: FPDF, journal: Journal, texts: Texts) -> None:
    """Write the VAT of what is posted: as the till printed it, and as the books have it, which round each line."""
    sold: Counter[int] = Counter()
    printed: Counter[int] = Counter()
    booked: Counter[int] = Counter()
    for line in journal.lines:
        if line.vat_rate is not None:
            sold[line.vat_rate] -= line.amount
            printed[line.vat_rate] -= line.vat
            booked[line.vat_rate] -= vat_in(line.amount, line.vat_rate)
    if not sold:
        return
    words, paper = texts.settlement, texts.paper

    def row(label: str, *amounts: int) -> list[str]:
        with_vat, till, books = amounts
        return [label, *map(kroner_text, (with_vat, till, books, books - till))]

    rows = [row(f"{rate} %", sold[rate], printed[rate], booked[rate]) for rate in sorted(sold, reverse=True)]
    section(pdf, words.vat, _lines(rows))
    head = [paper.rate, paper.with_vat, words.tills_vat, words.books_vat, words.difference]
    total = row(words.total, sold.total(), printed.total(), booked.total())
    table(pdf, head, rows, widths=(10, 17, 18, 22, 16), totals=[total])


def _invoiced(pdf: FPDF, invoiced: Sequence[Invoice], texts: Texts) -> None:
    """Write what is on invoices, and whether the journal holds it."""
    words = texts.settlement
    for reporter, sentence in (
        (VatReportedBy.INVOICE, words.invoices_apart),
        (VatReportedBy.SETTLEMENT, words.invoices_within),
    ):
        mine = [invoice for invoice in invoiced if invoice.vat_reported_by is reporter]
        if not mine:
            continue
        rows = [[_cut(each.receipt), str(each.customer_number), kroner_text(each.total)] for each in mine]
        total = kroner_text(sum(invoice.total for invoice in mine))
        section(pdf, words.invoiced, _lines(rows) + 2)
        _sentence(pdf, sentence)
        head = [texts.receipt.receipt, words.customer_number, texts.paper.amount]
        table(pdf, head, rows, widths=(1, 1, 1), totals=[[words.total, "", total]])


def _sentence(pdf: FPDF, text: str) -> None:
    pdf.multi_cell(0, text=shown(text), align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(2)


def _lines(rows: Sequence[object]) -> int:
    """Return how many lines the head and the first rows of a table take."""
    return min(len(rows), _FIRST_ROWS) + 1


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1].rstrip() + "…"
