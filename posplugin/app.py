"""Wires it all, from one settings file: what the plugin, the service and the commands are made of."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from posplugin.accounting_system import AccountingError
from posplugin.domain.clock import Clock, utc_now
from posplugin.domain.errors import AlreadySending, ConfigError, OutboxError
from posplugin.domain.payment import ChannelStatus
from posplugin.logs import get_logger
from posplugin.office import Office
from posplugin.outbox.customers import CustomerRegister
from posplugin.outbox.database import HOOK_WAIT_SECONDS, Database
from posplugin.outbox.runs import RunLog
from posplugin.outbox.store import Outbox
from posplugin.poweroffice.client import Keys, PowerOfficeClient
from posplugin.poweroffice.gateway import PowerOfficeGateway
from posplugin.poweroffice.pace import Pacer
from posplugin.schedule import Schedule, next_run
from posplugin.sender.run import Client, RunReport, Selection, Sender
from posplugin.settings import read_settings
from posplugin.settings.model import Settings
from posplugin.till.status import channel_status, check_has_passed
from posplugin.till.till import Till

log = get_logger("app")

#: How long a sender or a command waits for the outbox; nobody stands at a till for it.
PATIENT_SECONDS = 30.0


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
    _pacers: dict[str, Pacer] = field(default_factory=dict)
    _schedule: Schedule | None = None

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
    def open_for_hooks(cls, config: Path | None = None) -> App:
        """The same, never waiting longer for the file than a checkout can."""
        return cls.open(config, wait=HOOK_WAIT_SECONDS)

    def __enter__(self) -> App:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop what runs, between two records, and close the file."""
        self.stopping.set()
        if self._schedule:
            self._schedule.stop()
        self.database.close()

    def till(self) -> Till:
        """Return what the hooks need."""
        return Till(settings=self.settings, outbox=self.outbox, customers=self.customers, clock=self.clock)

    def status(self) -> ChannelStatus:
        """Return the lamp of the Faktura channel."""
        now = self.clock()
        following = next_run(self.settings, now) if self.settings.schedule.automatic else None
        return channel_status(self.settings, self.outbox, self.customers, self.runs, now=now, next_run=following)

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
        return PowerOfficeGateway(PowerOfficeClient(keys, pacer), settings, names)

    # -- sending ---------------------------------------------------------------------------------------------------

    def send(
        self,
        cause: str,
        *,
        window: timedelta = timedelta(0),
        selection: Selection | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> RunReport:
        """Make one run, with the settings as they are now. Raises `AlreadySending`, `ConfigError`, `OutboxError`."""
        settings = read_settings(self.settings.path)
        with self.clients(settings) as clients:
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
        self._schedule = Schedule(
            read=self._settings_now,
            run=self._automatic_run,
            last_run=lambda: next((run.started_at for run in self.runs.latest(finished=True)), None),
            clock=self.clock,
        )
        self._schedule.start()

    def _settings_now(self) -> Settings:
        try:
            return read_settings(self.settings.path)
        except ConfigError as error:
            log.warning("settings_unreadable", problems=error.problems)
            return self.settings

    def _automatic_run(self, cause: str) -> None:
        """What the schedule calls: only with settings that `check` has passed for.

        On a connection of its own, which waits for the file longer than a checkout can.
        """
        settings = self._settings_now()
        if not check_has_passed(self.outbox, settings):
            log.warning("run_held_back", cause=cause, why="check has not passed for the present settings")
            return
        try:
            app = App.open(self.settings.path, clock=self.clock)
            app.stopping = self.stopping
            try:
                app.send(cause, window=settings.schedule.window)
                app.sync_customers(settings)
            finally:
                app.database.close()
        except AlreadySending:
            log.info("run_left_to_another", cause=cause)
        except (OutboxError, ConfigError, AccountingError) as error:
            log.warning("run_failed", cause=cause, error=str(error))

    def sync_customers(self, settings: Settings | None = None, *, everything: bool = False) -> int:
        """Read new and changed customers from the terminal's own client; return how many. Raises `AccountingError`."""
        now = settings or self.settings
        synced = self.customers.synced()
        since = None if everything or synced is None else synced[1] - timedelta(hours=1)
        began = self.clock()
        gateway = self.gateway(now, [now.terminal.department])
        try:
            found = gateway.customers(since)
        finally:
            gateway.close()
        return self.customers.store(found, began, began.isoformat())


def _pair(settings: Settings, name: str) -> tuple[str, str]:
    department = settings.department(name)
    application_key = department.application_key or settings.poweroffice.application_key
    return application_key.get_secret_value(), department.client_key.get_secret_value()
