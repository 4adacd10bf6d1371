"""One run: recover, look up, send, look again, and try on until the window closes."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from posplugin.accounting_system import AccountingError, AccountingSystem
from posplugin.domain.clock import Clock
from posplugin.domain.documents import Invoice, RecordKind
from posplugin.domain.errors import AlreadySending, IllegalTransition
from posplugin.domain.reasons import Reason
from posplugin.logs import get_logger, kind_of
from posplugin.outbox.backlog import Backlog
from posplugin.outbox.facts import ContentDamaged
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.outbox.retry import RetryPolicy
from posplugin.outbox.runs import RunLog
from posplugin.outbox.steps import Step
from posplugin.outbox.store import Outbox
from posplugin.sender.afterwards import Afterwards
from posplugin.sender.deliver import Delivery
from posplugin.sender.draw import SettlementTerms
from posplugin.sender.follow import Follower, note_followed
from posplugin.sender.follow_journals import follow_journals
from posplugin.sender.lock import only_sender
from posplugin.sender.parallel import in_parallel
from posplugin.sender.patience import Patience
from posplugin.sender.pauses import until_one_goes_on
from posplugin.sender.reconcile import look_for
from posplugin.sender.recover import recover
from posplugin.sender.selection import Selection
from posplugin.sender.settle import SENDER
from posplugin.sender.settlements import SettlementDelivery
from posplugin.sender.standing import trouble

log = get_logger("sender")

#: Requests in flight at once: enough to keep ten a second going at 1.6 seconds each, or where one in twenty is never
#: answered and gives its place back after half a minute.
IN_FLIGHT = 16
#: Pauses between looks at what has been asked to be sent, seconds (as integrators of PowerOffice were told).
SEND_POLLS = (1.0, 4.0, 10.0)


def _no_paper(_: Invoice) -> bytes:
    raise ValueError("nothing here makes a PDF")


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A client key: the departments that use it, and the system behind it."""

    departments: tuple[str, ...]
    system: AccountingSystem


@dataclass(slots=True, kw_only=True)
class RunReport:
    """How a run went."""

    delivered: int = 0
    waiting: int = 0
    attention: int = 0
    #: Delivered, with a step after it still to do.
    unfinished: int = 0
    #: How many steps were done in the last pass, by step and kind: receipts attached, drafts confirmed, invoices sent.
    taken: dict[tuple[str, str], int] = field(default_factory=dict)
    #: Why the run stopped for some client before it was through, in PowerOffice's words.
    stopped: list[str] = field(default_factory=list)

    @property
    def steps(self) -> int:
        """How many steps were done in the last pass."""
        return sum(self.taken.values())

    @property
    def outcome(self) -> str:
        """ "done", "waiting" or "stopped"."""
        if self.stopped:
            return "stopped"
        return "waiting" if self.waiting or self.unfinished else "done"


@dataclass(slots=True, kw_only=True)
class Sender:
    """Runs over one outbox. One at a time in the whole machine; may be called from any thread."""

    outbox: Outbox
    runs: RunLog
    clients: Sequence[Client]
    clock: Clock
    settle_time: timedelta
    policy: RetryPolicy = field(default_factory=RetryPolicy)
    #: What follows each delivery from now on.
    steps: Sequence[Step] = ()
    #: How many terminals share the pace, and so what is in flight.
    terminals: int = 1
    #: What the settings say of settlements; None: none are posted.
    settlements: SettlementTerms | None = None
    #: Makes the PDF of an invoice's receipt.
    paper: Callable[[Invoice], bytes] = _no_paper
    polls: Sequence[float] = field(default_factory=lambda: SEND_POLLS)
    #: Set to end the run between two records.
    stop: threading.Event = field(default_factory=threading.Event)
    #: Called with (done, of) whenever a record has been tried.
    progress: Callable[[int, int], None] | None = None

    def run(self, cause: str, *, window: timedelta = timedelta(0), selection: Selection | None = None) -> RunReport:
        """Send what is due; go on with what can be tried later until `window` has passed. Raises `AlreadySending`.

        One pass is always made. A run never raises because of one record or one client. The sender's lock is held
        during a pass (seconds longer while it is seen that invoices are sent), never while waiting for the next.
        """
        chosen, report, run_id = selection or Selection(), RunReport(), 0
        first_event, ends = self.outbox.newest_event() + 1, self.clock() + window
        delivered, in_vain = 0, 0
        try:
            while True:
                went_on = False
                try:
                    with only_sender(self.outbox.database.path):
                        run_id = run_id or self.runs.begin(cause)
                        recover(self.outbox, self.clock())
                        report = self._pass(run_id, chosen)
                    before, delivered = delivered, self.outbox.moves_since(first_event, Status.DELIVERED)
                    went_on = delivered > before or report.steps > 0
                except AlreadySending:
                    if not run_id:
                        raise
                in_vain = int(bool(report.stopped)) if went_on else in_vain + 1
                pause = max(self._pause(chosen, report), self.policy.delay(in_vain))
                if not (report.waiting or report.unfinished) or self.stop.is_set() or self.clock() + pause >= ends:
                    break
                self.stop.wait(pause.total_seconds())
        except BaseException as error:
            report.stopped.append(f"interrupted by {type(error).__name__}")
            raise
        finally:
            if run_id:
                report.delivered = self.outbox.moves_since(first_event, Status.DELIVERED)
                self._write_down(run_id, report)
        log.info("run_finished", cause=cause, outcome=report.outcome, delivered=report.delivered)
        return report

    def _pause(self, selection: Selection, report: RunReport) -> timedelta:
        now, first = self.clock(), self.policy.first
        pause = until_one_goes_on(self._waiting(selection), now=now, settle_time=self.settle_time, otherwise=first)
        return min(pause, first) if report.unfinished else pause

    def _waiting(self, selection: Selection) -> Iterable[Record]:
        waiting = self.outbox.backlog(Status.PENDING, Status.UNCERTAIN, Status.SENDING)
        return (record for record in waiting if selection.takes(record) and self._is_on(record))

    def _write_down(self, run_id: int, report: RunReport) -> None:
        self.runs.finish(
            run_id,
            report.outcome,
            delivered=report.delivered,
            waiting=report.waiting,
            attention=report.attention,
            detail="; ".join(report.stopped) or None,
        )

    def _pass(self, run_id: int, selection: Selection) -> RunReport:
        report, began = RunReport(), self.clock()
        for client in self.clients:
            for serve in (self._serve, self._serve_settlements):
                try:
                    serve(client, run_id, selection)
                except AccountingError as error:
                    if self.stop.is_set():  # the till closes: nothing is the matter
                        break
                    report.stopped.append(error.words)
                    log.warning("run_stopped", reason=error.reason, departments=client.departments)
                    if error.reason is not Reason.MISSING_PRIVILEGE:
                        break  # what keeps invoices from arriving keeps settlements too
        held_back = self.outbox.backlog(Status.NEEDS_ATTENTION), self.outbox.deliveries.troubled()
        report.attention = sum(selection.takes(record) for some in held_back for record in some)
        report.waiting = sum(1 for _ in self._waiting(selection))
        report.taken = self.outbox.steps.taken_since(began)
        report.unfinished = sum(selection.takes(record) for record in self.outbox.deliveries.to_do())
        return report

    def _is_on(self, record: Record) -> bool:
        """Whether records of this kind are sent: settlements may be switched off while some wait."""
        return record.kind is not RecordKind.SETTLEMENT or (self.settlements is not None and self.settlements.enabled)

    def _serve_settlements(self, client: Client, run_id: int, selection: Selection) -> None:
        terms = self.settlements
        if self.stop.is_set() or terms is None or not terms.enabled:
            return
        delivery = SettlementDelivery(
            outbox=self.outbox,
            journals=client.system.journals,
            terms=terms,
            clock=self.clock,
            settle_time=self.settle_time,
            policy=self.policy,
            run_id=run_id,
        )

        settlements = replace(selection, kinds=selection.kinds & {RecordKind.SETTLEMENT})
        patience = Patience()
        delivery.serve(
            patience,
            lambda *statuses: [*self._of(client, settlements, *statuses)],
            lambda: [*self._to_do(client, settlements)],
            lambda records, work: self._each(records, work, patience),
        )
        self._count_attempts(patience.to_blame())
        if patience.given_up:
            raise patience.given_up

    def _to_do(self, client: Client, selection: Selection) -> Backlog:
        """What is delivered and not finished."""
        unfinished = self.outbox.deliveries.to_do()
        return unfinished.only(lambda r: selection.takes(r) and r.department in client.departments)

    def _of(self, client: Client, selection: Selection, *statuses: Status) -> Backlog:
        known = {name for each in self.clients for name in each.departments}
        first = client is self.clients[0]
        return self.outbox.backlog(*statuses).only(
            lambda record: (
                selection.takes(record)
                # a department that has gone from the settings is tried once, so that its records say what is wrong
                and (record.department in client.departments or (first and record.department not in known))
            )
        )

    def _serve(self, client: Client, run_id: int, selection: Selection) -> None:
        if self.stop.is_set():
            return
        now = self.clock()
        selection = replace(selection, kinds=selection.kinds - {RecordKind.SETTLEMENT})
        everything = self._of(client, selection, Status.PENDING, Status.UNCERTAIN, Status.NEEDS_ATTENTION)
        if any(r.status is Status.UNCERTAIN or (r.status is Status.PENDING and r.is_due(now)) for r in everything):
            self._look(client, everything)
        due = self._of(client, selection, Status.PENDING).only(lambda record: record.is_due(now))
        patience, steps, since = Patience(), self._steps(client), self.clock()
        self._afterwards(client, steps, selection, patience)
        for kind in (RecordKind.INVOICE, RecordKind.CREDIT_NOTE):
            of_kind = due.only(partial(_is_of, kind))
            if of_kind and kind is RecordKind.CREDIT_NOTE:  # it names its invoice, which has a number when it is sent
                self._collect(client, steps, selection, patience, since=since)
                since = self.clock()
            self._deliver(client, run_id, of_kind, patience)
            if of_kind:
                self._afterwards(client, steps, selection, patience)
        self._collect(client, steps, selection, patience, since=since)
        if patience.given_up and patience.given_up.status is None:
            raise patience.given_up  # cannot be reached: looking would be in vain
        if not self.stop.is_set():
            self._look(client, self._of(client, selection, Status.UNCERTAIN))
        if patience.given_up:
            raise patience.given_up

    def _look(self, client: Client, records: Backlog) -> None:
        look_for(
            self.outbox,
            client.system,
            records,
            now=self.clock(),
            settle_time=self.settle_time,
            policy=self.policy,
            steps=self.steps,
        )

    def _deliver(self, client: Client, run_id: int, records: Backlog, patience: Patience) -> None:
        """Try each record once, several in flight."""
        delivery = Delivery(
            outbox=self.outbox,
            system=client.system,
            clock=self.clock,
            steps=self.steps,
            run_id=run_id,
        )
        if patience.given_up is None:
            try:
                client.system.expect(invoice for record in records if (invoice := _readable(record)))
            except AccountingError as error:
                patience.given_up = error
        tried, accepted, lost = patience.tried, patience.accepted, len(patience.lost)

        def one(record: Record) -> None:
            patience.hear(record, delivery.attempt)
            if self.progress:
                self.progress(patience.tried - tried, len(records))

        self._each(records, one, patience)
        if self.progress and patience.given_up is None and 0 < patience.tried - tried < len(records):
            self.progress(len(records), len(records))  # the others have moved on meanwhile
        self._count_attempts(patience.to_blame(accepted, lost))

    def _steps(self, client: Client) -> Afterwards:
        return Afterwards(
            outbox=self.outbox,
            system=client.system,
            clock=self.clock,
            settle_time=self.settle_time,
            wanted=self.steps,
            paper=self.paper,
        )

    def _afterwards(self, client: Client, steps: Afterwards, selection: Selection, patience: Patience) -> None:
        """Take the steps that follow the deliveries, several in flight."""
        mine = self._to_do(client, selection)
        if patience.given_up is None:
            steps.see_sent(mine)
        self._each(mine, lambda record: patience.hear(record, steps.take), patience)

    def _collect(
        self, client: Client, steps: Afterwards, selection: Selection, patience: Patience, *, since: datetime
    ) -> None:
        """Wait a little for what has been asked to be sent since then."""
        asked = self._to_do(client, selection).only(lambda record: steps.has_asked_since(record, since))
        for pause in self.polls:
            if not asked or patience.given_up or self.stop.wait(pause):
                return
            asked = steps.see_sent(asked)
        for record in asked:
            steps.hear_why_not(record)

    def _each(self, records: Backlog | Sequence[Record], work: Callable[[Record], None], patience: Patience) -> None:
        def one(record: Record) -> None:
            if patience.given_up is None and not self.stop.is_set():
                work(record)

        in_parallel(one, records, width=min(math.ceil(IN_FLIGHT / self.terminals), len(records)))

    def _count_attempts(self, lost: Sequence[Record]) -> None:
        for now in (self.outbox.get(record.id) for record in lost):
            if now.status is Status.UNCERTAIN:
                self.outbox.set(now, SENDER, "this try counts: others got through", attempts=now.attempts + 1)

    # -- afterwards ------------------------------------------------------------------------------------------------

    def follow(self) -> list[str]:
        """Ask where everything stands that was delivered and is not paid yet; return why that failed, where it did.

        Raises `AlreadySending`. One client that fails keeps none from the others.
        """
        failures = []
        with only_sender(self.outbox.database.path):
            self._without_department()
            for client in self.clients:
                follower = Follower(
                    outbox=self.outbox,
                    system=client.system,
                    departments=client.departments,
                    settle_time=self.settle_time,
                )
                try:
                    follower.follow(self.clock())
                    self._follow_journals(client)
                    note_followed(self.outbox, client.departments, self.clock())
                except AccountingError as error:
                    log.warning("follow_failed", departments=client.departments, error=kind_of(error))
                    failures.append(error.words)
        return failures

    def _follow_journals(self, client: Client) -> None:
        papers = self.settlements is not None and self.settlements.paper is not None
        now, journals = self.clock(), client.system.journals
        follow_journals(self.outbox, journals, client.departments, now, self.settle_time, papers=papers)

    def _without_department(self) -> None:
        """Say of delivered records whose department has gone from the settings that nobody can see to them."""
        known = [name for client in self.clients for name in client.departments]
        for record in self.outbox.deliveries.of_no(known):
            words = f"no department {record.department} in the settings: nobody can ask where it stands"
            with suppress(IllegalTransition):
                trouble(self.outbox, record, Reason.DEPARTMENT_MISSING, words)


def _is_of(kind: RecordKind, record: Record) -> bool:
    return record.kind is kind


def _readable(record: Record) -> Invoice | None:
    try:
        return record.invoice()
    except ContentDamaged:
        return None  # said of it when it is tried
