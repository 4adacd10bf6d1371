"""A restaurant's evening as a SAF-T file: what the demonstration plays, and what tests measure by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from posplugin.domain.money import half_up, parse_kroner, to_kroner
from posplugin.domain.sale import CASH, Sale, SaleLine, Tender
from posplugin.saft.entries import Event, Transaction
from posplugin.saft.moments import OSLO
from sample_terminal.drawer import Drawer
from sample_terminal.evening_tickets import CUSTOMERS, MOVED, TICKETS, Moved, Ticket
from sample_terminal.figures import Count, DayLog, ReportFigures, day_figures
from sample_terminal.menu import ordered
from sample_terminal.saft_export import Paper, exported
from sample_terminal.saft_xml import CODES, Document, RegisterLog, to_xml
from sample_terminal.zday import cash_sales

REGISTER: Final = "BAR-1"
EVENING: Final = date(2026, 11, 20)
_FLOAT: Final = 200000
_X_AT, _Z_AT = time(20, 0), time(1, 15)
_RECEIPTS: Final = {"KONTANTSALG": "KVITTERING", "VARERETUR": "RETURKVITTERING", "DELTSALG": "KVITTERING"}


@dataclass(frozen=True, slots=True)
class Rung:
    """A ticket that has been rung up."""

    ticket: Ticket
    sale: Sale
    transaction: Transaction

    @property
    def counts(self) -> bool:
        """Whether it is a sale that stood: no practice, and not one of a void pair."""
        return not self.ticket.training and self.ticket.voids is None


def evening_xml(day: date = EVENING) -> bytes:
    """Return the evening of a date, with its X and Z report."""
    rung = _rung_up(day)
    opening = _moved(day, 0, time(15, 45), Moved("VEKSEL", _FLOAT, "Inngående veksel"))
    moved = [
        _moved(day, number, time.fromisoformat(clock), one)
        for number, (clock, one) in enumerate(MOVED.items(), start=len(TICKETS) + 1)
    ]
    x_at, z_at = _moment(day, _X_AT), _moment(day, _Z_AT)
    log = RegisterLog(
        register_id=REGISTER,
        events=_events(rung, opening.at, x_at, z_at, f"{day:%y%j}"),
        transactions=[opening, *(one.transaction for one in rung), *moved],
        reports={
            "X1": figures([one for one in rung if one.transaction.at <= x_at], [opening]),
            "Z1": figures(rung, [opening, *moved]),
        },
    )
    return to_xml(Document(day=day, registers=[log], customers=CUSTOMERS))


def sale_of(order: str, pay: str, sale_id: str, at: datetime) -> Sale:
    """Return a sale of an order and payments as `Ticket` writes them; only cash is rounded."""
    return _sale(ordered(order), pay, sale_id, at)


def figures(rung: Sequence[Rung], moved: Sequence[Transaction]) -> ReportFigures:
    """Return the figures of a report: cash sales, what is to be invoiced apart from them, and the drawer."""
    voided = {one.ticket.voids for one in rung}
    sales = [one.sale for one in rung if one.counts and one.ticket.label not in voided - {None}]
    drawer = Drawer()
    for one in moved:
        drawer = drawer.after(one, CODES)
    log = DayLog(
        drawer=drawer,
        voids=Count.of([-one.sale.total for one in rung if one.ticket.voids]),
        training=Count.of([one.sale.total for one in rung if one.ticket.training]),
    )
    return day_figures(sales, cash_sales(sales), log)


def _rung_up(day: date) -> list[Rung]:
    numbers: dict[str, str] = {}
    rung: list[Rung] = []
    for number, (clock, ticket) in enumerate(TICKETS.items(), start=1):
        nr = numbers[ticket.label or clock] = _nr(day, number)
        rung.append(_ring(ticket, nr, _moment(day, time.fromisoformat(clock)), numbers))
    return rung


def _nr(day: date, number: int) -> str:
    """Return a receipt's number: no two evenings share one, as in a till that never starts anew."""
    return f"{day:%y%m%d}{number:03d}"


def _moved(day: date, number: int, clock: time, moved: Moved) -> Transaction:
    return Transaction(
        register_id=REGISTER,
        nr=_nr(day, number),
        trans_id=f"T{_nr(day, number)}",
        kind=moved.kind,
        amount=moved.amount,
        debit=moved.amount < 0,
        at=_moment(day, clock),
        text=moved.text,
    )


def _ring(ticket: Ticket, nr: str, at: datetime, numbers: dict[str, str]) -> Rung:
    lines = ordered(ticket.order)
    if ticket.voids:
        lines = tuple(replace(line, amount=-line.amount, quantity=-line.quantity) for line in lines)
    sale = _sale(lines, ticket.pay, f"{REGISTER}-{nr}", at.replace(tzinfo=OSLO))
    original = ticket.returns or ticket.voids
    paper = Paper(
        customer=ticket.customer,
        text=ticket.text,
        ref_id=numbers[original] if original else None,
        training=ticket.training,
        void=ticket.voids is not None,
    )
    transaction = exported(sale, REGISTER, nr, paper)
    if ticket.voids:
        transaction = replace(transaction, kind="KONTANTSALG")
    if ticket.unpaid:
        transaction = replace(transaction, payments=())
    if ticket.tip_beside:
        paid = zip(transaction.payments, sale.tenders, strict=True)
        transaction = replace(transaction, payments=tuple(replace(p, amount=t.amount) for p, t in paid))
    return Rung(ticket, sale, transaction)


def _sale(lines: tuple[SaleLine, ...], pay: str, sale_id: str, at: datetime) -> Sale:
    rest, rounding = sum(line.amount for line in lines), 0
    tenders: list[Tender] = []
    for number, payment in enumerate(pay.split(","), start=1):
        what, _, kroner = payment.strip().partition(" ")
        channel, _, tip = what.partition("+")
        amount = parse_kroner(kroner) if kroner else rest
        rest -= amount
        if channel == CASH and not kroner:
            whole = half_up(to_kroner(amount)) * 100
            rounding, amount = whole - amount, whole
        tenders.append(
            Tender(tender_id=str(number), channel=channel, amount=amount, tip=parse_kroner(tip) if tip else 0)
        )
    return Sale(
        sale_id=sale_id, terminal_id=REGISTER, at=at, lines=lines, tenders=tuple(tenders), cash_rounding=rounding
    )


def _moment(day: date, clock: time) -> datetime:
    """Return the wall clock of the evening: what comes before five is after midnight."""
    return datetime.combine(day + timedelta(days=clock < time(5)), clock)


def _events(rung: Sequence[Rung], opened: datetime, x_at: datetime, z_at: datetime, z_number: str) -> list[Event]:
    events = [
        Event(register_id=REGISTER, event_id="1", kind="PÅ", at=opened),
        Event(register_id=REGISTER, event_id="X1", kind="X", at=x_at, report_id=f"X{z_number}"),
        Event(register_id=REGISTER, event_id="Z1", kind="Z", at=z_at, report_id=z_number),
        Event(register_id=REGISTER, event_id="2", kind="AV", at=z_at + timedelta(minutes=5)),
    ]
    for number, one in enumerate(rung, start=3):
        transaction = one.transaction
        kind = _RECEIPTS.get(transaction.kind or "", "UTLEVERING")
        kind = "TRENING" if one.ticket.training else "ANNULLERING" if one.ticket.voids else kind
        named = transaction.trans_id
        if one.ticket.voids:
            named = f"T{transaction.ref_id}"
        events.append(Event(register_id=REGISTER, event_id=str(number), kind=kind, at=transaction.at, trans_id=named))
    return sorted(events, key=lambda event: event.at)
