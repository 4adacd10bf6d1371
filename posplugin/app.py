"""Wires it all, from one settings file: what the plugin, the service and the commands are made of.

A till that takes payments imports neither PowerOffice's side nor the technicians': each is where they are made.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from posplugin.accounting_system import AccountingError, AccountingSystem
from posplugin.domain.clock import Clock, utc_now
from posplugin.domain.errors import AlreadySending, ConfigError, OutboxError
from posplugin.domain.payment import ChannelStatus
from posplugin.logs import get_logger, kind_of
from posplugin.outbox.customers import CustomerRegister
from posplugin.outbox.database import HOOK_WAIT_SECONDS, Database
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.owner import open_as
from posplugin.outbox.runs import RunLog
from posplugin.outbox.store import Outbox
from posplugin.poweroffice.pace import Pacer, share
from posplugin.schedule import Plan, Ticker, due_by, last_due, next_run, plans
from posplugin.sender.follow import last_followed
from posplugin.sender.selection import Selection
from posplugin.settings import fingerprint, read_settings
from posplugin.settings.clients import go_clients, keys_of
from posplugin.settings.model import Settings
from posplugin.terms import receipt_paper, settlement_terms, steps_after
from posplugin.till.status import channel_status, check_has_passed
from posplugin.till.till import Till

if TYPE_CHECKING:
    from posplugin.office import Office
    from posplugin.poweroffice.gateway import PowerOfficeGateway
    from posplugin.sender.run import Client, RunReport, Sender
    from posplugin.settling.desk import SettlementDesk
    from posplugin.settling.importing import Importing

# ruff: noqa: PLC0415

log = get_logger("app")

#: What a run imports, beside what a till has: read from the disk at the first tick, since by night it may be upgraded.
_FOR_A_RUN = ("sender.run", "poweroffice.gateway", "checking.wrong_vat", "papers.pdf", "papers.z_report")
#: How long a sender or a command waits for the outbox; nobody stands at a till for it.
PATIENT_SECONDS = 30.0
#: How long a till that starts waits for it.
_START_SECONDS = 4.0
#: A run this long after its time makes up for one that was missed.
_LATE = timedelta(minutes=5)
#: How often the customer register is read anew and documents are followed, and how soon after a failure.
_DAILY = timedelta(days=1)
_RETRY = timedelta(hours=1)
#: Daily work, one at a time.
_FOLLOWED = "followed"
_CUSTOMERS = "customers"


@dataclass(slots=True, kw_only=True)
class App:
    """One settings file and its outbox, open. Thread-safe; close it, or use it as a context manager."""

    settings: Settings
    database: Database
    outbox: Outbox
    customers: CustomerRegister
    runs: RunLog
    clock: Clock
    #: Set when everything that runs here should come to an end.
    stopping: threading.Event = field(default_factory=threading.Event)
    #: By subscription key, and how many terminals share what it allows.
    _pacers: dict[tuple[str, int], Pacer] = field(default_factory=dict, repr=False)
    #: Whether this does the schedule's work, for which nobody waits.
    _by_schedule: bool = False
    _tickers: tuple[Ticker, ...] = ()
    #: Whether the file could not be read when that was last tried.
    unreadable: bool = False
    #: The settings for which it has been logged that nothing is sent.
    _held_back: str | None = None
    #: When daily work was last tried.
    _tried: dict[str, datetime] = field(default_factory=dict)

    @classmethod
    def open(cls, config: Path | None = None, *, wait: float = PATIENT_SECONDS, clock: Clock = utc_now) -> App:
        """Read the settings and open the outbox. Raises `ConfigError` or `OutboxError`."""
        settings = read_settings(config)
        database = Database(settings.outbox.path, wait=wait)
        try:
            open_as(database, settings.terminal.id)
        except BaseException:
            database.close()
            raise
        return cls(
            settings=settings,
            database=database,
            outbox=Outbox(database, clock),
            customers=CustomerRegister(database, clock),
            runs=RunLog(database, clock),
            clock=clock,
        )

    @classmethod
    def open_for_start(cls, config: Path | None = None) -> App:
        """The same for a till that starts: it may wait a little, since a till without Faktura is worse."""
        return cls.open(config, wait=_START_SECONDS)

    def hurry(self) -> None:
        """From now on, never wait longer for the file than a checkout can."""
        self.database.wait = HOOK_WAIT_SECONDS

    def __enter__(self) -> App:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop what runs, between two records, and close the file."""
        self.stopping.set()
        for ticker in self._tickers:
            ticker.stop()
        self.database.close()

    def till(self) -> Till:
        """Return what the hooks need."""
        return Till(settings=self.settings, outbox=self.outbox, customers=self.customers, clock=self.clock)

    def status(self, language: str | None = None) -> ChannelStatus:
        """Return the lamp of the Faktura channel, by the settings as they are now, in `language` or the cashier's."""
        settings, now = self.settings_now(), self.clock()
        return channel_status(
            *(settings, self.outbox, self.customers, self.runs),
            now=now,
            due_by=partial(due_by, settings),
            next_run=next_run(settings, now) if settings.schedule.automatic else None,
            followed=self.followed(),
            language=language,
            unreadable=self.unreadable,
        )

    def office(self) -> Office:
        """Return what a technician needs."""
        from posplugin.office import Office

        return Office(
            settings=self.settings,
            outbox=self.outbox,
            customers=self.customers,
            clock=self.clock,
            settlements=settlement_terms(self.settings),
            clients=self.clients,
        )

    def settlement_desk(self) -> SettlementDesk:
        """Return what a technician needs for settlements."""
        from posplugin.office import technician
        from posplugin.settling.desk import SettlementDesk

        return SettlementDesk(
            settings=self.settings,
            outbox=self.outbox,
            terms=settlement_terms(self.settings),
            who=technician(),
            clients=self.clients,
        )

    def importing(self) -> Importing:
        """Return what takes settlements from a SAF-T file."""
        from posplugin.office import technician
        from posplugin.settling.importing import Importing

        terms = settlement_terms(self.settings)
        return Importing(settings=self.settings, outbox=self.outbox, terms=terms, who=technician())

    # -- PowerOffice -----------------------------------------------------------------------------------------------

    @contextmanager
    def clients(self, settings: Settings | None = None) -> Iterator[list[Client]]:
        """Give one client per client key, for the departments that share it; ids are looked up anew."""
        from posplugin.sender.run import Client

        now = settings or self.settings
        with ExitStack() as stack:
            clients = []
            for client in go_clients(now):
                gateway = self.gateway(now, client.departments)
                stack.callback(gateway.close)
                clients.append(Client(departments=client.departments, system=gateway))
            yield clients

    def gateway(self, settings: Settings, names: Sequence[str]) -> PowerOfficeGateway:
        """Return PowerOffice for departments that share a client key; close it after use."""
        from posplugin.poweroffice.client import Keys, PowerOfficeClient
        from posplugin.poweroffice.gateway import PowerOfficeGateway

        application_key, client_key = keys_of(settings, names[0])
        subscription_key = settings.poweroffice.subscription_key.get_secret_value()
        sharing = self._sharing(settings)
        keys = Keys(
            token_url=settings.poweroffice.token_url,
            api_url=settings.poweroffice.api_url,
            application_key=application_key,
            client_key=client_key,
            subscription_key=subscription_key,
        )
        own = Pacer(share(sharing), sleep=self.stopping.wait)
        pacer = self._pacers.setdefault((subscription_key, sharing), own)
        return PowerOfficeGateway(PowerOfficeClient(keys, pacer, stop=self.stopping), settings, names)

    def _sharing(self, settings: Settings) -> int:
        """How many terminals share the pace; what a person waits for goes at all of it."""
        return settings.poweroffice.terminals if self._by_schedule else 1

    # -- sending ---------------------------------------------------------------------------------------------------

    def send(
        self,
        cause: str,
        *,
        window: timedelta = timedelta(0),
        selection: Selection | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> RunReport:
        """Make one run, with the settings as they are now. Raises `AlreadySending`, `ConfigError`, `OutboxError`.

        Settings for which `check` has not passed are looked at for VAT that would be reported twice: `ConfigError`.
        """
        settings = read_settings(self.settings.path)
        with self.clients(settings) as clients:
            if not check_has_passed(self.outbox, settings) and self.outbox.backlog(Status.PENDING):
                from posplugin.checking.wrong_vat import refuse_wrong_vat

                refuse_wrong_vat([client.system for client in clients], self.clock, settings.terminal.language)
            sender = self._sender(settings, clients, progress)
            return sender.run(cause, window=window, selection=selection)

    def _sender(
        self, settings: Settings, clients: Sequence[Client], progress: Callable[[int, int], None] | None = None
    ) -> Sender:
        from posplugin.sender.run import Sender

        return Sender(
            outbox=self.outbox,
            runs=self.runs,
            clients=clients,
            clock=self.clock,
            settle_time=settings.poweroffice.settle_time,
            steps=steps_after(settings),
            paper=partial(receipt_paper, settings),
            terminals=self._sharing(settings),
            settlements=settlement_terms(settings),
            stop=self.stopping,
            progress=progress,
        )

    def follow(self) -> list[str]:
        """Ask where everything stands that was delivered and is not paid yet; return why that failed, where it did.

        A few requests for each client, however many documents. Raises `AlreadySending`, `ConfigError`, `OutboxError`.
        """
        settings = read_settings(self.settings.path)
        with self.clients(settings) as clients:
            return self._sender(settings, clients).follow()

    def followed(self) -> datetime | None:
        """Return when it was last asked of all clients where everything stands; None where that never was."""
        times = [last_followed(self.outbox, client.departments) for client in go_clients(self.settings)]
        known = [time for time in times if time]
        return min(known) if len(known) == len(times) else None

    def start_schedule(self) -> None:
        """Send at the times in the settings, until `close`: on two threads, since a run may go on for hours."""
        self._tickers = (Ticker(self._tick), Ticker(partial(self._tick, settlements=True)))
        for ticker in self._tickers:
            ticker.start()

    def _tick(self, *, settlements: bool = False) -> None:
        """Do what is due: a run whose time has come and that has not been, or else one of the things of every day.

        `settlements`: only the run of the settlements, where they have a schedule of their own.
        """
        for name in _FOR_A_RUN:
            import_module(f"posplugin.{name}")
        settings, now = self.settings_now(), self.clock()
        shared, *own = plans(settings)
        plan = next(iter(own), None) if settlements else shared
        if plan is None or not settings.schedule.automatic or self.stopping.is_set():
            return
        due, last = last_due(settings, now, plan.timetable), self.runs.latest_automatic(now, plan.causes)
        run_due = due is not None and (last is None or last < due)
        daily = None if run_due or settlements else self._daily_due(now, due)
        if not run_due and daily is None:
            return
        if not check_has_passed(self.outbox, settings):
            if self._held_back != fingerprint(settings):
                self._held_back = fingerprint(settings)
                log.warning("sending_held_back", why="check has not passed for the present settings")
            return
        try:
            self._on_a_connection_of_its_own(settings, daily or plan, late=bool(due and now - due > _LATE))
        except AlreadySending:
            log.info("run_left_to_another")
        except (OutboxError, ConfigError, AccountingError) as error:
            log.warning("run_failed", error=kind_of(error) if isinstance(error, AccountingError) else str(error))

    def _daily_due(self, now: datetime, run: datetime | None) -> str | None:
        """Return which daily work is due: documents are followed once a day, and after each run."""
        followed = self.followed()
        read = [self.customers.of(client).synced_with_these_keys() for client in go_clients(self.settings)]
        due = {
            _FOLLOWED: _is_past(followed, _DAILY, now) or (run is not None and followed is not None and followed < run),
            _CUSTOMERS: self.settings.invoicing.enabled and any(_is_past(synced, _DAILY, now) for synced in read),
        }
        rested = {name: _is_past(self._tried.get(name), _RETRY, now) for name in due}
        return next((name for name in due if due[name] and rested[name]), None)

    def _on_a_connection_of_its_own(self, settings: Settings, work: Plan | str, *, late: bool) -> None:
        """A sender waits for the file longer than a checkout can."""
        with self.apart() as app:
            app._by_schedule = True
            if isinstance(work, Plan):
                cause = work.late_cause if late else work.cause
                app.send(cause, window=settings.schedule.window, selection=Selection(kinds=work.kinds))
                return
            self._tried[work] = self.clock()
            if work == _FOLLOWED:
                app.follow()
            else:
                app.sync_customers(settings)

    @contextmanager
    def apart(self) -> Iterator[App]:
        """Give the same settings and file on a connection of its own, for what takes long; it ends when this does."""
        app = App.open(self.settings.path, clock=self.clock)
        app.stopping, app._pacers = self.stopping, self._pacers
        try:
            yield app
        finally:
            app.database.close()

    def settings_now(self) -> Settings:
        """Read the file anew, from now on in force; while it cannot be read, what was read last counts."""
        try:
            self.settings, self.unreadable = read_settings(self.settings.path), False
        except ConfigError as error:
            self.unreadable = True
            log.warning("settings_unreadable", problems=error.problems)
        return self.settings

    def sync_customers(self, settings: Settings | None = None, *, everything: bool = False) -> int:
        """Read new and changed customers, or all, and what they owe, from every client that the departments use.

        Return how many customers were read. A client that cannot be read keeps none from the others; its
        `AccountingError` is raised when all have been tried.
        """
        now, count, failures = settings or self.settings, 0, []
        clients = go_clients(now)
        for client in reversed(clients):
            self.customers.of(client).take_over()
        for client in clients:
            gateway = self.gateway(now, client.departments)
            try:
                count += self._sync(self.customers.of(client), gateway, now, everything=everything)
            except AccountingError as error:
                names = f"{', '.join(client.departments)}: " if len(clients) > 1 else ""
                failures.append(AccountingError(error.verdict, error.reason, names + error.words, status=error.status))
            finally:
                gateway.close()
        if failures:
            raise failures[0]
        return count

    def _sync(
        self, register: CustomerRegister, system: AccountingSystem, settings: Settings, *, everything: bool
    ) -> int:
        began, known = self.clock(), None if everything else register.synced_with_these_keys()
        if known and known > began:  # read by a clock that was wrong: what has changed since nobody can tell
            known = None
        since = known - timedelta(hours=1) if known else None
        count = register.store(system.customers(since), began, everything=since is None)
        if settings.invoicing.credit_limit == "off":
            register.accounts.forget_open()
        else:
            mark = register.accounts.newest_event(self.clock() - settings.poweroffice.settle_time)
            register.accounts.store_open(system.open_items(), mark)
        return count


def _is_past(last: datetime | None, span: timedelta, now: datetime) -> bool:
    """Whether something was done longer ago than `span`, never, or in the future, when the clock was wrong."""
    return last is None or not timedelta(0) <= now - last <= span
