"""One run: recover, look up, send, look again, and try on until the window closes."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from posplugin.accounting_system import AccountingError, AccountingSystem
from posplugin.domain.clock import Clock, to_text
from posplugin.domain.documents import Invoice, RecordKind
from posplugin.domain.errors import AlreadySending, IllegalTransition
from posplugin.domain.reasons import Reason
from posplugin.logs import get_logger, kind_of
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
from posplugin.sender.reconcile import look_for
from posplugin.sender.settle import SENDER
from posplugin.sender.settlements import SettlementDelivery
from posplugin.sender.standing import trouble

log = get_logger("sender")

#: Requests in flight at once; enough to keep ten a second going at 400 ms each.
IN_FLIGHT = 4
#: A promise that the till has not confirmed within this time needs a person.
UNCONFIRMED_AFTER = timedelta(days=1)
#: Pauses between looks at what has been asked to be sent, seconds (as integrators of PowerOffice were told).
SEND_POLLS = (1.0, 4.0, 10.0)


def _no_paper(_: Invoice) -> bytes:
    raise ValueError("nothing here makes a PDF")


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A client key: the departments that use it, and the system behind it."""

    departments: tuple[str, ...]
    system: AccountingSystem


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which records a run is for; all by default."""

    kinds: frozenset[RecordKind] = frozenset(RecordKind)
    first_day: date = date.min
    last_day: date = date.max

    def takes(self, record: Record) -> bool:
        """Whether a record belongs to the run."""
        return record.kind in self.kinds and self.first_day <= record.business_date <= self.last_day


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
        try:
            for rounds in itertools.count(1):
                try:
                    with only_sender(self.outbox.database.path):
                        run_id = run_id or self.runs.begin(cause)
                        self._recover()
                        report = self._pass(run_id, chosen)
                except AlreadySending:
                    if not run_id:
                        raise
                pause = self.policy.delay(rounds)
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

    def _write_down(self, run_id: int, report: RunReport) -> None:
        self.runs.finish(
            run_id,
            report.outcome,
            delivered=report.delivered,
            waiting=report.waiting,
            attention=report.attention,
            detail="; ".join(report.stopped) or None,
        )

    def _recover(self) -> None:
        """Settle what a death in the last run left, and promises nobody confirmed."""
        now = self.clock()
        for record in self.outbox.in_status(Status.SENDING):
            why = "the sender died with it in hand"
            self._move(record, Status.UNCERTAIN, why, uncertain_since=to_text(now), looks=0)
        for record in self.outbox.in_status(Status.AUTHORIZED):
            if abs(now - record.created_at) > UNCONFIRMED_AFTER:  # ahead of us: made by a clock that was wrong
                why = "the till never said whether the sale became final"
                self._move(record, Status.NEEDS_ATTENTION, why, reason=Reason.UNCONFIRMED_SALE, detail=why)

    def _move(self, record: Record, to: Status, why: str, **values: object) -> None:
        try:
            self.outbox.move(record, to, SENDER, why, **values)
        except IllegalTransition:
            log.info("record_moved_meanwhile", reference=record.reference)

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
        open_now = [record for record in self._open() if selection.takes(record)]
        report.attention = sum(1 for record in self.outbox.needing_a_person() if selection.takes(record))
        waiting = (Status.PENDING, Status.UNCERTAIN, Status.SENDING)
        report.waiting = sum(1 for r in open_now if r.status in waiting and self._is_on(r))
        report.taken = self.outbox.steps.taken_since(began)
        report.unfinished = sum(1 for record in self.outbox.deliveries.to_do() if selection.takes(record))
        return report

    def _open(self) -> list[Record]:
        return self.outbox.in_status(Status.PENDING, Status.SENDING, Status.UNCERTAIN, Status.NEEDS_ATTENTION)

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
            lambda *statuses: self._of(client, settlements, *statuses),
            lambda: self._to_do(client, settlements),
            lambda records, work: self._each(records, work, patience),
        )
        self._count_attempts(patience.to_blame())
        if patience.given_up:
            raise patience.given_up

    def _to_do(self, client: Client, selection: Selection) -> list[Record]:
        """What is delivered and not finished."""
        return [r for r in self.outbox.deliveries.to_do() if selection.takes(r) and r.department in client.departments]

    def _of(self, client: Client, selection: Selection, *statuses: Status) -> list[Record]:
        known = {name for each in self.clients for name in each.departments}
        first = client is self.clients[0]
        return [
            record
            for record in self.outbox.in_status(*statuses)
            if selection.takes(record)
            # a department that has gone from the settings is tried once, so that its records say what is wrong
            and (record.department in client.departments or (first and record.department not in known))
        ]

    def _serve(self, client: Client, run_id: int, selection: Selection) -> None:
        if self.stop.is_set():
            return
        now = self.clock()
        selection = replace(selection, kinds=selection.kinds - {RecordKind.SETTLEMENT})
        everything = self._of(client, selection, Status.PENDING, Status.UNCERTAIN, Status.NEEDS_ATTENTION)
        due = [r for r in everything if r.status is Status.PENDING and r.is_due(now)]
        if due or any(record.status is Status.UNCERTAIN for record in everything):
            self._look(client, everything)
        due = [r for r in self._of(client, selection, Status.PENDING) if r.is_due(now)]
        patience = Patience()
        steps = self._steps(client)
        asked = self._afterwards(client, steps, selection, patience)
        for kind in (RecordKind.INVOICE, RecordKind.CREDIT_NOTE):
            of_kind = [record for record in due if record.kind is kind]
            if of_kind and kind is RecordKind.CREDIT_NOTE:  # it names its invoice, which has a number when it is sent
                asked = self._collect(steps, asked, patience)
            self._deliver(client, run_id, of_kind, patience)
            if of_kind:
                asked += self._afterwards(client, steps, selection, patience)
        self._collect(steps, asked, patience)
        if patience.given_up and patience.given_up.status is None:
            raise patience.given_up  # cannot be reached: looking would be in vain
        if not self.stop.is_set():
            self._look(client, self._of(client, selection, Status.UNCERTAIN))
        if patience.given_up:
            raise patience.given_up

    def _look(self, client: Client, records: Sequence[Record]) -> None:
        look_for(
            self.outbox,
            client.system,
            records,
            now=self.clock(),
            settle_time=self.settle_time,
            policy=self.policy,
            steps=self.steps,
        )

    def _deliver(self, client: Client, run_id: int, records: Sequence[Record], patience: Patience) -> None:
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
                client.system.expect([invoice for record in records if (invoice := _readable(record))])
            except AccountingError as error:
                patience.given_up = error
        tried, accepted, lost = patience.tried, patience.accepted, len(patience.lost)

        def one(record: Record) -> None:
            patience.hear(record, delivery.attempt)
            if self.progress:
                self.progress(patience.tried - tried, len(records))

        self._each(records, one, patience)
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

    def _afterwards(self, client: Client, steps: Afterwards, selection: Selection, patience: Patience) -> list[Record]:
        """Take the steps that follow the deliveries, several in flight; return what has been asked to be sent now."""
        mine = self._to_do(client, selection)
        if patience.given_up is None:
            steps.see_sent(mine)
        began = self.clock()
        self._each(mine, lambda record: patience.hear(record, steps.take), patience)
        return [record for record in mine if steps.has_asked_since(record, began)]

    def _collect(self, steps: Afterwards, asked: list[Record], patience: Patience) -> list[Record]:
        """Wait a little for what has just been asked to be sent; return what is still under way."""
        for pause in self.polls:
            if not asked or patience.given_up or self.stop.wait(pause):
                return asked
            asked = steps.see_sent(asked)
        for record in asked:
            steps.hear_why_not(record)
        return []

    def _each(self, records: Sequence[Record], work: Callable[[Record], None], patience: Patience) -> None:
        def one(record: Record) -> None:
            if patience.given_up is None and not self.stop.is_set():
                work(record)

        in_parallel(one, records, width=min(IN_FLIGHT, len(records)))

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


def _readable(record: Record) -> Invoice | None:
    try:
        return record.invoice()
    except ContentDamaged:
        return None  # said of it when it is tried
