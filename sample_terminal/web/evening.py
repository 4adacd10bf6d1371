"""The day at the till's page: what has been sold, what the drawer holds, and its end."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from posplugin.domain.clock import business_date
from posplugin.domain.payment import PaymentRequest
from posplugin.domain.sale import CASH, INVOICE, Sale
from posplugin.domain.zreport import CashMovement, ZReport
from posplugin.saft.moments import OSLO
from sample_terminal.drawer import Drawer
from sample_terminal.figures import Count, DayLog
from sample_terminal.web.desk import CORRECTION, DISCOUNT, Desk

#: Begins the source of every Z that is made here.
_SOURCE: Final = "page "
_FLOAT, _MOVED = "float", "moved"
#: What lies in the drawer until somebody says otherwise, øre.
USUAL_FLOAT: Final = 200000


class Way(StrEnum):
    """Money put into the drawer, or taken out of it."""

    IN = "in"
    OUT = "out"


#: The till's own name of each way, the tax authority's code for it, and its sign.
_KINDS: Final = {Way.IN: ("INNSKUDD", "11011", 1), Way.OUT: ("UTTAK", "11010", -1)}


@dataclass(frozen=True, slots=True)
class MovedMoney:
    """Money that was moved without a sale, øre, negative when it was taken out, and what for."""

    amount: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evening:
    """What has happened since the last Z."""

    sales: tuple[Sale, ...]
    opening_float: int
    moved: tuple[MovedMoney, ...]
    #: Delivery receipt number and payment of what is to be invoiced.
    on_account: tuple[tuple[int, PaymentRequest], ...]

    @property
    def taken(self) -> dict[str, int]:
        """What each channel took, øre, tips with it; what is to be invoiced is apart."""
        taken: Counter[str] = Counter()
        for sale in self.sales:
            for tender in sale.tenders:
                if tender.channel != INVOICE:
                    taken[tender.channel] += tender.amount + tender.tip
        return dict(taken)

    @property
    def invoiced(self) -> int:
        """What is to be invoiced, øre, tips with it."""
        return sum(request.tender.amount + request.tender.tip for _, request in self.on_account)

    @property
    def in_drawer(self) -> int:
        """What should lie in the drawer, the float with it."""
        return self.opening_float + self.taken.get(CASH, 0) + sum(one.amount for one in self.moved)


def evening(desk: Desk) -> Evening:
    """Return what has happened since the last Z."""
    journal = desk.journal
    floats = journal.noted(_FLOAT)
    return Evening(
        sales=tuple(journal.open_sales(desk.terminal_id)),
        opening_float=int(floats[-1]) if floats else USUAL_FLOAT,
        moved=tuple(MovedMoney(**json.loads(text)) for text in journal.noted(_MOVED, since=_SOURCE)),
        on_account=tuple(journal.on_account(not_closed=True)),
    )


def set_float(desk: Desk, amount: int) -> None:
    """Note what lies in the drawer when the day begins."""
    desk.journal.note(_FLOAT, str(amount))


def move_money(desk: Desk, way: Way, amount: int, text: str) -> None:
    """Note money put in or taken out."""
    moved = {"amount": _KINDS[way][2] * amount, "text": text}
    desk.journal.note(_MOVED, json.dumps(moved, ensure_ascii=False))


def close(desk: Desk, counted: int) -> ZReport:
    """Make the Z of everything since the last one; `counted` is all that lies in the drawer, the float with it."""
    with desk.lock:
        now, day = desk.clock(), evening(desk)
        drawer = Drawer(opening_float=day.opening_float, movements=tuple(_movement(one) for one in day.moved))
        last = max((sale.at for sale in day.sales), default=now)
        log = DayLog(
            drawer=drawer,
            discounts=_counted(desk.journal.noted(DISCOUNT, since=_SOURCE)),
            corrections=_counted(desk.journal.noted(CORRECTION, since=_SOURCE)),
        )
        source = f"{_SOURCE}{now.isoformat()}"
        with desk.tray.of(source):
            report = desk.till.close_day(
                business_date(last, OSLO), now, source, day.sales, counted - day.opening_float, log=log
            )
        desk.journal.note(_source_of(report.number), source)
        return report


def z_paper_of(desk: Desk, number: str) -> str | None:
    """Return the Z of a number as it was printed here."""
    for source in desk.journal.noted(_source_of(number)):
        return next(iter(desk.tray.papers(source)), None)
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSend:
    """What a Z leaves to be sent: how many payments on account, their øre, whether the plugins keep the Z itself."""

    count: int
    amount: int
    z_kept: bool


def to_send(desk: Desk, number: str) -> ToSend:
    """Return what the Z of a number leaves to be sent."""
    reports = [one for one in desk.journal.z_reports(desk.terminal_id) if str(one.number) == number]
    refs = {ref for report in reports for ref in report.invoiced or ()}
    tenders = [request.tender for _, request in desk.journal.on_account() if request.ref in refs]
    return ToSend(
        count=len(tenders),
        amount=sum(tender.amount + tender.tip for tender in tenders),
        z_kept=number not in {str(report.number) for report in desk.journal.unsent_z()},
    )


def z_numbers(desk: Desk) -> list[str]:
    """Return the numbers of the Z reports that were made here, newest first."""
    made = [str(report.number) for report in desk.journal.z_reports(desk.terminal_id)]
    return [number for number in reversed(made) if desk.journal.noted(_source_of(number))]


def _source_of(number: int | str) -> str:
    return f"z {number}"


def _movement(moved: MovedMoney) -> CashMovement:
    kind, code, _ = _KINDS[Way.IN if moved.amount > 0 else Way.OUT]
    return CashMovement(kind=kind, amount=moved.amount, saft_code=code)


def _counted(amounts: Sequence[str]) -> Count:
    return Count.of([int(amount) for amount in amounts])
