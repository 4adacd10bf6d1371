"""The days of any Norwegian till, as its SAF-T file has them: a Z report of each, with what is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from posplugin.domain.errors import UsageError
from posplugin.domain.money import kroner_text
from posplugin.domain.zreport import ZReport
from posplugin.saft.days import ZEvent
from posplugin.saft.errors import SaftError
from posplugin.saft.movements import Difference, Moved, moved
from posplugin.saft.own_report import Figure, compared
from posplugin.saft.reader import DayEnd, Entry, Reader
from posplugin.saft.sales import NotASale, Played, Refused, Skipped
from posplugin.saft.totals import Totals

#: So many are named one by one, in a day and of what waits; the rest is counted.
_NAMED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCounts:
    """How many transactions a day has of each sort."""

    #: Sales and returns, those on account among them.
    receipts: int
    #: Receipts that are on account in part or whole, and øre on them, returns taken off and tips aside.
    on_account: int
    on_account_amount: int
    #: What is in no sum, by sort: "training", "voided", "the opening float", "a correction"…
    left_out: Mapping[str, int]
    #: Names of what is no sale and not posted, the float aside: corrections, stock movements and others.
    not_posted: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRead:
    """One Z of one register, read whole."""

    z: ZReport
    register_id: str
    #: As [saft.registers] has it; None: the terminal's own.
    department: str | None
    #: Why the day is not what the till's was, each in a sentence that names what. Empty: it may be posted.
    problems: tuple[str, ...]
    counts: DayCounts
    #: The report's own figures beside ours; without a report in the file there are none.
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Receipts of a register after its last Z, which a later file has to close."""

    register_id: str
    receipts: int
    #: "3 receipts of register BAR-1 after its last Z wait for their Z: 41, 42, 43".
    text: str


def read_days(reader: Reader) -> Iterator[DayRead | Waiting]:
    """Give every Z of a file once its last transaction has been read, then what waits for a Z.

    Make the reader with `every_terminal` where the file has several terminals. Every sale is in exactly one day;
    sales on account are in `z.invoiced`, under the ids that playing the file gives them, and only what was paid at
    the till is in `z.cash`. Memory is that of the days that are open. Raises `SaftError` when the file breaks off.
    """
    doubts = _doubts(reader)
    open_days: dict[ZEvent | str, _Day] = {}
    for entry in reader.entries():
        if isinstance(entry, DayEnd):
            day = open_days.pop(entry.z, None) or _Day(Totals(reader.codes))
            yield _closed(entry, day, reader, doubts.get(entry.z, ()))
        elif not (isinstance(entry.verdict, Skipped) and entry.verdict.why == "other_terminal"):
            key = entry.day.z or entry.transaction.register_id
            if key not in open_days:
                open_days[key] = _Day(Totals(reader.codes))
            open_days[key].add(entry)
    for key, day in open_days.items():
        if isinstance(key, str) and day.waiting:
            yield Waiting(register_id=key, receipts=len(day.waiting), text=_waits(key, day.waiting))


@dataclass(slots=True)
class _Day:
    """What has been read of a day so far."""

    totals: Totals
    problems: list[str] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    not_posted: list[str] = field(default_factory=list)
    #: Numbers of the sales that no Z follows, those that cannot be read among them.
    waiting: list[str] = field(default_factory=list)

    def add(self, entry: Entry) -> None:
        transaction = entry.transaction
        if entry.day.z is None and isinstance(entry.verdict, Played | Refused):
            self.waiting.append(transaction.nr)
        try:
            match entry.verdict:
                case Played() as played:
                    self.totals.add_sale(played)
                case NotASale(why):
                    self._add_other(entry, why)
                case Skipped(why, text) as skipped:
                    self.left_out[why] += 1
                    if skipped.is_across_z:
                        self.problems.append(f"{text}, after the Z of one of them; settle both by hand")
                case Refused(text):
                    self.problems.append(text)
        except (SaftError, UsageError) as error:
            self.problems.append(f"{transaction}: {error}")

    def _add_other(self, entry: Entry, why: str) -> None:
        match moved(entry.transaction, self.totals.codes):
            case Moved(movements):
                for movement in movements:
                    self.totals.add_movement(movement)
            case Difference(amount):
                self.totals.add_difference(amount)
            case nothing:
                self.left_out[why] += 1
                if nothing.text:
                    self.not_posted.append(nothing.text)


def _closed(end: DayEnd, day: _Day, reader: Reader, doubts: Sequence[str]) -> DayRead:
    z, totals = end.z, day.totals
    number, problems = _number(z)
    figures = () if z.report is None else compared(z.report, totals, reader.codes)
    problems += [*doubts, *_some(day.problems)]
    if not day.problems:
        # A day that lacks a transaction differs for that reason alone, as far as can be told.
        problems += [_differs(z, figure) for figure in figures if not figure.agrees]
    report = ZReport(
        terminal_id=end.terminal_id,
        number=number,
        business_date=end.business_date,
        closed_at=z.at,
        cash=totals.cash_sales(),
        invoiced=tuple(totals.invoiced),
        movements=totals.movements,
    )
    counts = DayCounts(
        receipts=totals.receipts,
        on_account=totals.on_account,
        on_account_amount=totals.on_account_amount,
        left_out=dict(day.left_out),
        not_posted=tuple(_some(day.not_posted)),
    )
    return DayRead(
        z=report,
        register_id=z.register_id,
        department=reader.department_of(z.register_id),
        problems=tuple(problems),
        counts=counts,
        figures=figures,
    )


def _number(z: ZEvent) -> tuple[int | str, list[str]]:
    """Return the number that a Z is known by; one that cannot be a Z's is told as text, with a problem."""
    if z.number is not None:
        return z.number, []
    text = "".join(letter for letter in z.report_id if letter.isprintable())[:33]
    if text == z.report_id and not text.isdecimal():
        return text, []
    return f"? {text}", [f"{z}: that is no number for a Z; reports are numbered from 1, in at most 33 letters"]


def _differs(z: ZEvent, figure: Figure) -> str:
    return (
        f"{z}: {figure.what} is {kroner_text(figure.file)} in its own report, but its transactions come to "
        f"{kroner_text(figure.ours)}; find out which is right"
    )


def _some(texts: Sequence[str]) -> list[str]:
    """Return the first of many sentences, and how many more there are."""
    more = len(texts) - _NAMED
    return [*texts[:_NAMED], *([f"… and {more} more"] if more > 0 else [])]


def _waits(register_id: str, numbers: Sequence[str]) -> str:
    what = "1 receipt" if len(numbers) == 1 else f"{len(numbers)} receipts"
    wait = "waits for its Z" if len(numbers) == 1 else "wait for their Z"
    return f"{what} of register {register_id} after its last Z {wait}: {', '.join(_some(numbers))}"


def _doubts(reader: Reader) -> dict[ZEvent, list[str]]:
    """Return what makes a Z's name, its terminal and number, stand for more than one."""
    closings = [z for of_register in reader.closings.values() for z in of_register]
    registers: dict[str, list[str]] = {}
    for register_id in reader.closings:
        registers.setdefault(reader.terminal_of(register_id), []).append(register_id)
    times = Counter((z.register_id, _number(z)[0]) for z in closings)
    doubts: dict[ZEvent, list[str]] = {}
    for z in closings:
        terminal_id = reader.terminal_of(z.register_id)
        told = doubts.setdefault(z, [])
        if len(others := registers[terminal_id]) > 1:
            told.append(
                f"{z}: the registers {', '.join(others)} are all read as terminal {terminal_id}; give each a terminal "
                f'of its own in [saft.registers], as "{z.register_id}" = {{ terminal = "…", department = "…" }}'
            )
        if times[z.register_id, _number(z)[0]] > 1:
            told.append(f"{z} stands there more than once; a Z can only be posted once")
    return doubts
