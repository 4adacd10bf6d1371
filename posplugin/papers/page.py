"""What our papers have in common: A4 pages that are numbered, headings, facts, tables, sums."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from posplugin.domain.money import kroner_text
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


def new_paper(texts: Texts) -> FPDF:
    """Return a paper with its first page, each of its pages numbered.

    Raises `ImportError` with the remedy where fpdf2 is not installed.
    """
    try:
        from fpdf import FPDF  # noqa: PLC0415  # a till prints without it
    except ImportError as error:
        words = 'no PDF can be made without fpdf2; install it with: pip install "posplugin[pdf]"'
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


def shown(text: str) -> str:
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


def heading(pdf: FPDF, title: str, below: str | None = None) -> None:
    """Write the title of a paper, and what stands below it."""
    for text, size in ((title, _LARGE), *([(below, _PLAIN)] if below else [])):
        pdf.set_font(style="B", size=size)
        pdf.multi_cell(0, text=shown(text), new_x="LMARGIN", new_y="NEXT")
        pdf.ln(2)
    pdf.set_font_size(_PLAIN)
    pdf.ln(2)


def facts(pdf: FPDF, rows: Iterable[tuple[str, str]]) -> None:
    """Write labels and values below each other, with a space after them."""
    for label, value in rows:
        pdf.set_font(style="B")
        pdf.cell(45, text=shown(label))
        pdf.set_font(style="")
        pdf.multi_cell(0, text=shown(value), align="L", new_x="LMARGIN", new_y="NEXT")
        pdf.ln(1)
    pdf.ln(4)


def section(pdf: FPDF, title: str, lines: int) -> None:
    """Write what a part of the paper is called, on a page where so many lines of it fit as well."""
    keep_together(pdf, lines + 2)
    pdf.set_font(style="B")
    pdf.cell(text=shown(title), new_x="LMARGIN", new_y="NEXT")
    pdf.set_font(style="")
    pdf.ln(1)


def sums(pdf: FPDF, rows: Iterable[tuple[str, int]]) -> None:
    """Write amounts (øre) below each other; the last is what they come to."""
    *parts, total = rows
    keep_together(pdf, len(parts) + 2)
    for label, amount in parts:
        pdf.cell(pdf.epw - 35, text=shown(label), align="R")
        pdf.cell(0, text=shown(kroner_text(amount)), align="R", new_x="LMARGIN", new_y="NEXT")
        pdf.ln(1)
    pdf.set_font(style="B", size=_PLAIN + 1)
    pdf.cell(pdf.epw - 35, 8, text=shown(total[0]), align="R")
    pdf.cell(0, 8, text=shown(kroner_text(total[1])), align="R", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font(style="", size=_PLAIN)
    pdf.ln(6)


def table(
    pdf: FPDF,
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    widths: Sequence[int],
    left: int = 1,
    totals: Sequence[Sequence[str]] = (),
) -> None:
    """Write a table, its head again on each page; all columns but the first `left` ones are flush right."""
    from fpdf.fonts import FontFace  # noqa: PLC0415

    with pdf.table(
        col_widths=tuple(widths[: len(head)]),
        text_align=(*["L"] * left, *["R"] * (len(head) - left)),
        v_align="TOP",
        borders_layout="HORIZONTAL_LINES",
        headings_style=FontFace(emphasis="BOLD", fill_color=_PALE),
        line_height=pdf.font_size * 1.2,
        padding=(1, 1),
    ) as drawn:
        for row in (head, *rows):
            drawn.row([shown(text) for text in row])
        for row in totals:
            drawn.row([shown(text) for text in row], style=FontFace(emphasis="BOLD"))
    pdf.ln(4)


def keep_together(pdf: FPDF, lines: int) -> None:
    """Begin a new page where the next lines do not fit on this one."""
    if pdf.will_page_break(lines * pdf.font_size * 1.5):
        pdf.add_page()
