"""Wires it all, from one settings file: what the plugin, the service and the commands are made of."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from posplugin.accounting_system import AccountingError
from posplugin.domain.clock import Clock, utc_now
from posplugin.domain.errors import AlreadySending, ConfigError, OutboxError
from posplugin.domain.payment import ChannelStatus
from posplugin.domain.reasons import Reason
from posplugin.logs import get_logger
from posplugin.office import Office
from posplugin.outbox.customers import CustomerRegister
from posplugin.outbox.database import HOOK_WAIT_SECONDS, Database
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.runs import RunLog
from posplugin.outbox.store import Outbox
from posplugin.poweroffice.client import Keys, PowerOfficeClient
from posplugin.poweroffice.gateway import PowerOfficeGateway
from posplugin.poweroffice.pace import Pacer
from posplugin.schedule import Ticker, last_due, next_run
from posplugin.sender.run import Client, RunReport, Selection, Sender
from posplugin.settings import fingerprint, read_settings
from posplugin.settings.model import Settings
from posplugin.till.status import channel_status, check_has_passed
from posplugin.till.till import Till

log = get_logger("app")

#: How long a sender or a command waits for the outbox; nobody stands at a till for it.
PATIENT_SECONDS = 30.0
#: How long a till that starts waits for it.
_START_SECONDS = 4.0
#: A run this long after its time makes up for one that was missed.
_LATE = timedelta(minutes=5)
#: How often the customer register is read anew, and how soon after a failure.
_CUSTOMERS_EVERY = timedelta(days=1)
_CUSTOMERS_RETRY = timedelta(hours=1)


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
    #: By subscription key.
    _pacers: dict[str, Pacer] = field(default_factory=dict, repr=False)
    _ticker: Ticker | None = None
    #: The settings for which it has been logged that nothing is sent.
    _held_back: str | None = None
    _tried_customers: datetime | None = None

    @classmethod
    def open(cls, config: Path | None = None, *, wait: float = PATIENT_SECONDS, clock: Clock = utc_now) -> App:
        """Read the settings and open the outbox. Raises `ConfigError` or `OutboxError`."""
        settings = read_settings(config)
        database = Database(settings.outbox.path, wait=wait)
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
        if self._ticker:
            self._ticker.stop()
        self.database.close()

    def till(self) -> Till:
        """Return what the hooks need."""
        return Till(settings=self.settings, outbox=self.outbox, customers=self.customers, clock=self.clock)

    def status(self) -> ChannelStatus:
        """Return the lamp of the Faktura channel, by the settings as they are now."""
        settings, now = self._settings_now(), self.clock()
        following = overdue = None
        if settings.schedule.automatic:
            following, due = next_run(settings, now), last_due(settings, now)
            overdue = due if due and now > due + settings.schedule.window else None
        return channel_status(
            settings, self.outbox, self.customers, self.runs, now=now, next_run=following, overdue=overdue
        )

    def office(self) -> Office:
        """Return what a technician needs."""
        return Office(
            settings=self.settings,
            outbox=self.outbox,
            customers=self.customers,
            clock=self.clock,
            clients=self.clients,
        )

    # -- PowerOffice -----------------------------------------------------------------------------------------------

    @contextmanager
    def clients(self, settings: Settings | None = None) -> Iterator[list[Client]]:
        """Give one client per client key, for the departments that share it; ids are looked up anew."""
        now = settings or self.settings
        shared: dict[tuple[str, str], list[str]] = {}
        for name in sorted(now.departments, key=lambda name: (name != now.terminal.department, name)):
            shared.setdefault(_pair(now, name), []).append(name)
        with ExitStack() as stack:
            clients = []
            for names in shared.values():
                gateway = self.gateway(now, names)
                stack.callback(gateway.close)
                clients.append(Client(departments=tuple(names), system=gateway))
            yield clients

    def gateway(self, settings: Settings, names: list[str]) -> PowerOfficeGateway:
        """Return PowerOffice for departments that share a client key; close it after use."""
        application_key, client_key = _pair(settings, names[0])
        subscription_key = settings.poweroffice.subscription_key.get_secret_value()
        pacer = self._pacers.setdefault(subscription_key, Pacer())
        keys = Keys(
            token_url=settings.poweroffice.token_url,
            api_url=settings.poweroffice.api_url,
            application_key=application_key,
            client_key=client_key,
            subscription_key=subscription_key,
        )
        return PowerOfficeGateway(PowerOfficeClient(keys, pacer, stop=self.stopping), settings, names)

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
            if self.outbox.in_status(Status.PENDING) and not check_has_passed(self.outbox, settings):
                _refuse_vat_twice(clients)
            sender = Sender(
                outbox=self.outbox,
                runs=self.runs,
                clients=clients,
                clock=self.clock,
                settle_time=settings.poweroffice.settle_time,
                stop=self.stopping,
                progress=progress,
            )
            return sender.run(cause, window=window, selection=selection)

    def start_schedule(self) -> None:
        """Send at the times in the settings, on a thread of its own, until `close`."""
        self._ticker = Ticker(self._tick)
        self._ticker.start()

    def _tick(self) -> None:
        """Do what is due: a run whose time has come and that has not been, or else a fresh customer register."""
        settings, now = self._settings_now(), self.clock()
        if not settings.schedule.automatic or self.stopping.is_set():
            return
        due, last = last_due(settings, now), self.runs.latest_automatic()
        run_due = due is not None and (last is None or last < due)
        synced = self.customers.synced()
        if not run_due and synced and now - synced < _CUSTOMERS_EVERY:
            return
        if not check_has_passed(self.outbox, settings):
            if self._held_back != fingerprint(settings):
                self._held_back = fingerprint(settings)
                log.warning("sending_held_back", why="check has not passed for the present settings")
            return
        try:
            self._on_a_connection_of_its_own(settings, run_due=run_due, late=bool(due and now - due > _LATE))
        except AlreadySending:
            log.info("run_left_to_another")
        except (OutboxError, ConfigError, AccountingError) as error:
            log.warning("run_failed", error=str(error))

    def _on_a_connection_of_its_own(self, settings: Settings, *, run_due: bool, late: bool) -> None:
        """A sender waits for the file longer than a checkout can."""
        app = App.open(self.settings.path, clock=self.clock)
        app.stopping = self.stopping
        try:
            if run_due:
                app.send("catch_up" if late else "schedule", window=settings.schedule.window)
            elif self._tried_customers is None or self.clock() - self._tried_customers > _CUSTOMERS_RETRY:
                self._tried_customers = self.clock()
                app.sync_customers(settings)
        finally:
            app.database.close()

    def _settings_now(self) -> Settings:
        """The file may have been changed since; while it cannot be read, what was read last counts."""
        try:
            self.settings = read_settings(self.settings.path)
        except ConfigError as error:
            log.warning("settings_unreadable", problems=error.problems)
        return self.settings

    def sync_customers(self, settings: Settings | None = None, *, everything: bool = False) -> int:
        """Read new and changed customers, or all, from the terminal's own client; return how many.

        Raises `AccountingError`.
        """
        now = settings or self.settings
        synced = self.customers.synced()
        since = None if everything or synced is None else synced - timedelta(hours=1)
        began = self.clock()
        gateway = self.gateway(now, [now.terminal.department])
        try:
            found = gateway.customers(since)
        finally:
            gateway.close()
        return self.customers.store(found, began, everything=since is None)


def _refuse_vat_twice(clients: Sequence[Client]) -> None:
    for client in clients:
        try:
            wrong = [f for f in client.system.verify_setup() if f.reason is Reason.VAT_REPORTED_TWICE]
        except AccountingError:
            continue  # the run itself says what is the matter with the connection
        if wrong:
            raise ConfigError([f"nothing is sent: {finding.what}: {finding.text}" for finding in wrong])


def _pair(settings: Settings, name: str) -> tuple[str, str]:
    department = settings.department(name)
    application_key = department.application_key or settings.poweroffice.application_key
    return application_key.get_secret_value(), department.client_key.get_secret_value()
