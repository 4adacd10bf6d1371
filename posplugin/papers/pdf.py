"""The delivery receipt as a PDF, to be attached to the invoice: what was sold, and how much of it is on the invoice."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from posplugin.domain.documents import FEE_VAT_RATE, Invoice, InvoiceItem, RecordKind
from posplugin.domain.money import kroner_text, quantity_text
from posplugin.domain.payment import PaymentField
from posplugin.texts import Texts

if TYPE_CHECKING:
    from fpdf import FPDF

#: What the fonts that every PDF reader has can show: Western European letters.
_ENCODING = "cp1252"
#: Letters that are no letter with a mark, as the nearest one: Sámi, Polish, Turkish.
_NEAREST = str.maketrans("−đĐŋŊŧŦłŁıħĦ", "-dDnNtTlLihH")
_MARGIN = 18
_INK, _LINE, _PALE = 30, 200, 240
_SMALL, _PLAIN, _LARGE = 8, 10, 16


def receipt_pdf(invoice: Invoice, texts: Texts, zone: ZoneInfo) -> bytes:
    """Return the receipt, always the same bytes for the same invoice. Letters that the fonts lack get the nearest.

    Raises `ImportError` with the remedy where fpdf2 is not installed.
    """
    pdf = _new(texts)
    words = texts.receipt
    is_credit = invoice.kind is RecordKind.CREDIT_NOTE
    pdf.set_creation_date(invoice.delivered_at)
    pdf.set_title(f"{words.receipt} {invoice.receipt}")
    _heading(pdf, words.credit_title if is_credit else words.title, words.not_a_sales_receipt)
    _facts(pdf, _about(invoice, texts, zone))
    _items(pdf, invoice, texts)
    _sums(pdf, _reckoning(invoice, texts))
    _vat(pdf, invoice, texts)
    _facts(pdf, [(texts.field[each], told) for each in PaymentField if (told := getattr(invoice, each))])
    return bytes(pdf.output())


def _new(texts: Texts) -> FPDF:
    try:
        from fpdf import FPDF  # noqa: PLC0415  # a till prints without it
    except ImportError as error:
        words = 'the receipt cannot be made a PDF without fpdf2; install it with: pip install "posplugin[pdf]"'
        raise ImportError(words) from error

    class Paper(FPDF):
        """A page that is numbered."""

        def footer(self) -> None:
            self.set_y(-_MARGIN)
            self.set_font(size=_SMALL)
            self.cell(0, align="C", text=texts.paper.page.format(page=self.page_no(), pages="{nb}"))

    pdf = Paper(format="A4")
    pdf.core_fonts_encoding = _ENCODING
    pdf.set_margin(_MARGIN)
    pdf.set_auto_page_break(True, margin=_MARGIN * 1.5)
    pdf.set_font("helvetica", size=_PLAIN)
    pdf.set_text_color(_INK)
    pdf.set_draw_color(_LINE)
    pdf.add_page()
    return pdf


def _shown(text: str) -> str:
    """Return the text in characters that the fonts have."""
    return "".join(_character(each) for each in text.translate(_NEAREST))


def _character(character: str) -> str:
    if character == "\u00a0" or (character.isprintable() and _is_there(character)):
        return character
    if character.isspace():
        return " "
    plain = "".join(part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part))
    return plain if plain.isprintable() and _is_there(plain) else "?"


def _is_there(text: str) -> bool:
    try:
        text.encode(_ENCODING)
    except UnicodeEncodeError:
        return False
    return True


def _heading(pdf: FPDF, title: str, below: str) -> None:
    for text, size in ((title, _LARGE), (below, _PLAIN)):
        pdf.set_font(style="B", size=size)
        pdf.multi_cell(0, text=_shown(text), new_x="LMARGIN", new_y="NEXT")
        pdf.ln(2)
    pdf.ln(2)


def _about(invoice: Invoice, texts: Texts, zone: ZoneInfo) -> Iterable[tuple[str, str]]:
    words = texts.receipt
    yield words.receipt, invoice.receipt
    yield texts.paper.date, invoice.delivered_at.astimezone(zone).strftime("%d.%m.%Y %H:%M")
    yield texts.paper.till, invoice.ref.terminal_id
    yield words.customer, f"{invoice.customer_number} {invoice.customer_name}"
    if original := invoice.original:
        on = f", {original.sold_on:%d.%m.%Y}" if original.sold_on else ""
        yield texts.paper.original, (original.receipt or original.sale_id) + on


def _facts(pdf: FPDF, rows: Iterable[tuple[str, str]]) -> None:
    """Write labels and values below each other, with a space after them."""
    for label, value in rows:
        pdf.set_font(style="B")
        pdf.cell(45, text=_shown(label))
        pdf.set_font(style="")
        pdf.multi_cell(0, text=_shown(value), align="L", new_x="LMARGIN", new_y="NEXT")
        pdf.ln(1)
    pdf.ln(4)


def _items(pdf: FPDF, invoice: Invoice, texts: Texts) -> None:
    """Write what was sold; where others pay a part, with the share that is on the invoice."""
    paper = texts.paper
    shared = any(item.invoiced != item.amount for item in invoice.items)
    head = [paper.item, paper.quantity, paper.vat, paper.amount, *([paper.share] if shared else [])]

    def row(item: InvoiceItem) -> list[str]:
        amounts = [item.amount, item.invoiced] if shared else [item.amount]
        return [item.description, quantity_text(item.quantity), f"{item.vat_rate} %", *map(kroner_text, amounts)]

    _table(pdf, head, map(row, invoice.items), widths=(40, 9, 9, 15, 15))


def _reckoning(invoice: Invoice, texts: Texts) -> Iterable[tuple[str, int]]:
    """From what was sold to what is invoiced; the last row is that."""
    if invoice.paid_otherwise or invoice.tip or invoice.fee:
        yield texts.paper.goods, sum(item.amount for item in invoice.items)
    for label, amount in (
        (texts.receipt.paid_otherwise, -invoice.paid_otherwise),
        (texts.invoice.tip, invoice.tip),
        (texts.invoice.fee, invoice.fee),
    ):
        if amount:
            yield label, amount
    is_credit = invoice.kind is RecordKind.CREDIT_NOTE
    yield texts.receipt.to_credit if is_credit else texts.receipt.to_invoice, invoice.total


def _sums(pdf: FPDF, rows: Iterable[tuple[str, int]]) -> None:
    *parts, total = rows
    _keep_together(pdf, len(parts) + 2)
    for label, amount in parts:
        pdf.cell(pdf.epw - 35, text=_shown(label), align="R")
        pdf.cell(0, text=_shown(kroner_text(amount)), align="R", new_x="LMARGIN", new_y="NEXT")
        pdf.ln(1)
    pdf.set_font(style="B", size=_PLAIN + 1)
    pdf.cell(pdf.epw - 35, 8, text=_shown(total[0]), align="R")
    pdf.cell(0, 8, text=_shown(kroner_text(total[1])), align="R", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font(style="", size=_PLAIN)
    pdf.ln(6)


def _vat(pdf: FPDF, invoice: Invoice, texts: Texts) -> None:
    taxed = [(f"{rate} %", amount, vat) for rate, (amount, vat) in invoice.taxed.items()]
    if invoice.fee:
        taxed.append((f"{FEE_VAT_RATE} %, {texts.invoice.fee}", invoice.fee, invoice.fee_vat))
    if not taxed:
        return
    paper = texts.paper
    rows = [[what, kroner_text(amount - vat), kroner_text(vat), kroner_text(amount)] for what, amount, vat in taxed]
    _keep_together(pdf, 2 * len(rows) + 3)
    pdf.set_font(style="B")
    pdf.cell(text=_shown(paper.vat_table), new_x="LMARGIN", new_y="NEXT")
    pdf.set_font(style="")
    pdf.ln(1)
    _table(pdf, [paper.rate, paper.basis, paper.vat, paper.with_vat], rows, widths=(1, 1, 1, 1))


def _keep_together(pdf: FPDF, lines: int) -> None:
    """Begin a new page where the next lines do not fit on this one."""
    if pdf.will_page_break(lines * pdf.font_size * 1.5):
        pdf.add_page()


def _table(pdf: FPDF, head: Sequence[str], rows: Iterable[Sequence[str]], *, widths: Sequence[int]) -> None:
    """Write a table; all columns but the first are flush right."""
    from fpdf.fonts import FontFace  # noqa: PLC0415

    with pdf.table(
        col_widths=tuple(widths[: len(head)]),
        text_align=("L", *["R"] * (len(head) - 1)),
        v_align="TOP",
        borders_layout="HORIZONTAL_LINES",
        headings_style=FontFace(emphasis="BOLD", fill_color=_PALE),
        line_height=pdf.font_size * 1.2,
        padding=(1, 1),
    ) as table:
        for row in [head, *rows]:
            table.row([_shown(text) for text in row])
    pdf.ln(4)
