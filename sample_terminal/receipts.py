"""The papers that a guest gets. Each says that this is no approved till."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from textwrap import wrap
from typing import Final

from posplugin.domain.money import kroner_text, quantity_text, vat_in
from posplugin.domain.payment import Receipt
from posplugin.domain.sale import INVOICE, Sale
from posplugin.saft.moments import OSLO
from sample_terminal.house import BRYGGEKROA, House
from sample_terminal.shares import invoiced_amount, paid_per_line

WIDTH: Final = 42
NOT_APPROVED: Final = ("IKKE ET GODKJENT KASSASYSTEM", "demonstrasjon")
CHANNELS: Final = {
    "cash": "Kontant",
    "card": "Kort",
    "mobile": "Mobil",
    "gift_card": "Gavekort",
    "bank": "Bank",
    INVOICE: "Faktura",
}


def sales_receipt(sale: Sale, number: int, house: House = BRYGGEKROA) -> str:
    """Return the receipt for what was paid at the till; of a split, for that part alone."""
    invoiced = invoiced_amount(sale)
    lines = _head("RETURKVITTERING" if sale.total < 0 else "SALGSKVITTERING", number, sale, house)
    lines += [*_goods(sale), "-" * WIDTH, _row("Sum", sale.total)]
    if invoiced:
        how, here = ("Faktureres", "Betalt her") if invoiced > 0 else ("Krediteres", "Betalt tilbake")
        lines += [_row(f"{how} for seg", -invoiced), _row(here, sale.total - invoiced)]
    if sale.cash_rounding:
        lines.append(_row("Øreavrunding", sale.cash_rounding))
    for tender in sale.tenders:
        if tender.channel != INVOICE:
            lines.append(_row(CHANNELS.get(tender.channel, tender.channel), tender.amount + tender.tip))
            if tender.tip:
                lines.append(_row("  herav tips", tender.tip))
    lines.append("-" * WIDTH)
    for rate, paid, vat in _vat_paid(sale):
        lines.append(_row(f"Mva {rate} % av {kroner_text(paid - vat)}", vat))
    lines.append("-" * WIDTH)
    return "\n".join([*lines, *(mark.center(WIDTH).rstrip() for mark in NOT_APPROVED)])


def delivery_receipt(sale: Sale, number: int, receipt: Receipt, house: House = BRYGGEKROA) -> str:
    """Return the paper for goods to be invoiced: its own number, the goods, what the plugin wants the guest to know."""
    lines = _head("KREDITNOTA FØLGER" if sale.total < 0 else "UTLEVERINGSKVITTERING", number, sale, house)
    lines += ["Ikke kvittering for betaling".center(WIDTH).rstrip(), "", *_goods(sale), "-" * WIDTH]
    lines += [receipt.text(WIDTH), "-" * WIDTH]
    return "\n".join([*lines, *(mark.center(WIDTH).rstrip() for mark in NOT_APPROVED)])


def _head(title: str, number: int, sale: Sale, house: House) -> list[str]:
    return [
        *(mark.center(WIDTH).rstrip() for mark in NOT_APPROVED),
        "",
        *(line for text in (f"{title} nr {number}", *house.titles) for line in centred(text)),
        *wrap(f"{sale.at.astimezone(OSLO):%d.%m.%Y %H:%M}  kasse {sale.terminal_id}  nota {sale.receipt}", WIDTH),
        *([f"Retur av nota {sale.original.receipt or sale.original.sale_id}"] if sale.original else []),
        "-" * WIDTH,
    ]


def _goods(sale: Sale) -> list[str]:
    lines: list[str] = []
    for line in sale.lines:
        count = f"{quantity_text(line.quantity)} x " if line.quantity != 1 else ""
        *above, last = wrap(f"{count}{line.description}", WIDTH - len(kroner_text(line.amount)) - 1) or [""]
        lines += [*above, _row(last, line.amount)]
    return lines


def centred(text: str) -> Iterator[str]:
    """Yield a text on as many lines as it needs: a number is never cut."""
    yield from (line.center(WIDTH).rstrip() for line in wrap(text, WIDTH))


def row(label: str, value: str) -> str:
    """Return one line: the label, cut where it is too long, and the value at the right edge."""
    room = WIDTH - len(value) - 1
    return f"{label[:room]:<{room}} {value}"


def _row(label: str, amount: int) -> str:
    return row(label, kroner_text(amount))


def _vat_paid(sale: Sale) -> list[tuple[int, int, int]]:
    """Return rate, amount and VAT of what was paid here, highest rate first; VAT is a sum of rounded lines."""
    amounts: Counter[int] = Counter()
    vat: Counter[int] = Counter()
    for line, paid in zip(sale.lines, paid_per_line(sale), strict=True):
        amounts[line.vat_rate] += paid
        vat[line.vat_rate] += vat_in(paid, line.vat_rate)
    return [(rate, amounts[rate], vat[rate]) for rate in sorted(amounts, reverse=True) if amounts[rate]]
