"""A till, its outbox and PowerOffice in one folder, with processes that come and die there."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from posplugin.checking.gate import open_gate
from posplugin.outbox.database import Database
from posplugin.outbox.migrations import STEPS
from posplugin.outbox.store import Outbox
from posplugin.settings import read_settings
from posplugin.simulator import APPLICATION_KEY, CLIENT_KEY, SUBSCRIPTION_KEY
from tests.crash.checker import TERMINAL, Found, check_books
from tests.crash.processes import Child, Work, begin
from tests.crash.sender_process import LATER, advance, finish, sync
from tests.crash.simulator_process import simulator
from tests.crash.steps import LOG, NO_DEATH, Death
from tests.crash.till_process import till
from tests.integration.sender.shop import CLEARING_PRODUCTS, LEDGER, PRODUCTS

SETTINGS = "posplugin.toml"
OUTBOX = "outbox.sqlite3"
JOURNAL = "journal.sqlite3"
_SETTINGS: Final = """
[terminal]
id = "{terminal}"
department = "bar"
[outbox]
path = "outbox.sqlite3"
[poweroffice]
endpoint_mode = "simulator"
simulator_url = "{url}"
application_key = "{application_key}"
subscription_key = "{subscription_key}"
[schedule]
automatic = false
[invoicing]
{invoicing}
[settlement]
{settlement}
[departments.bar]
client_key = "{client_key}"
products = {{ {products} }}
{ledger}
"""
_PLAIN: Final = {
    "invoicing": "",
    "settlement": "attach_z_report = false",
    "products": ", ".join(f'{role} = "{code}"' for role, code in PRODUCTS.items()),
}
_CLEARING: Final = {
    **_PLAIN,
    "invoicing": 'vat_reported_by = "settlement"\nallow_vat_in_text = true',
    "products": ", ".join(f'{role} = "{code}"' for role, code in CLEARING_PRODUCTS.items()),
}
#: How a restaurant may have it: drafts; VAT by the settlement; settlements as drafts; all sent, with papers.
MODES: Final = {
    "plain": _PLAIN,
    "clearing": _CLEARING,
    "drafts": {**_PLAIN, "settlement": 'posting = "draft"\nattach_z_report = false'},
    "papers": {**_PLAIN, "invoicing": 'delivery = "send"\nattach_receipt = true', "settlement": ""},
}
#: How PowerOffice answers there where nobody knows: it takes the same reference twice, so that only we prevent it; what
#: was written cannot be read at once; Ids and numbers come late.
_SWITCHES: Final = {
    "plain": {"U1": "d", "U2": "d", "U4": "b"},
    "clearing": {"U1": "d", "U2": "d", "U16": "b"},
    "drafts": {"U1": "d", "U2": "d", "U4": "b"},
    "papers": {"U1": "d", "U2": "d", "U15": "b"},
}


@dataclass
class World:
    """One folder. What was wrong in it so far is in `found`."""

    folder: Path
    mode: str = "plain"
    url: str = ""
    #: How far ahead of the machine's clock everything is by now.
    ahead: timedelta = timedelta()
    found: Found = field(default_factory=Found)
    #: What the till said was done.
    witnessed: set[str] = field(default_factory=set)
    #: The days that it said were closed, by the number of the Z.
    closed: set[int] = field(default_factory=set)
    _simulator: Child | None = None

    @classmethod
    def new(cls, folder: Path, mode: str) -> World:
        """Make a world with customers, in which nothing has happened yet; PowerOffice answers."""
        folder.mkdir(parents=True)
        world = cls(folder, mode)
        world.open()
        world.do(sync)
        world._open_gate()
        return world

    def copied_to(self, folder: Path) -> World:
        """Return the same in another folder; this one must be closed."""
        shutil.copytree(self.folder, folder)
        return World(folder, self.mode, ahead=self.ahead, witnessed=set(self.witnessed), closed=set(self.closed))

    def open(self) -> None:
        """Let PowerOffice answer, at the address it had or at a new one, which is then in the settings."""
        port = int(self.url.rpartition(":")[2]) if self.url else 0
        self._simulator = begin(simulator, self.folder, _SWITCHES[self.mode], port, self.ahead)
        told = self._simulator.hear()
        if not told or "url" not in told:
            raise RuntimeError(f"PowerOffice is not to be had: {told}")
        if not self.url:
            self.url = told["url"]
            self._write_settings()

    def close(self) -> None:
        """Let PowerOffice die; nothing is in the middle of anything there."""
        if self._simulator:
            self._simulator.kill()
            self._simulator = None

    def later(self) -> None:
        """Let time pass."""
        self.ahead += LATER
        advance(self.url, LATER)

    def start(self, work: Work, *arguments: Any, death: Death = NO_DEATH) -> Child:
        """Start a process here."""
        return begin(work, self.folder, *arguments, death=death)

    def heard(self, child: Child) -> bool:
        """Hear a process to its end, and judge what it told; return whether it lived to see it."""
        lived = child.wait()
        for words in child.told:
            if "checked" in words:
                self.found.add(words["checked"])
            if "done" in words:
                self.witnessed.add(words["done"])
            if "closed" in words:
                self.closed.add(words["closed"])
        for error in child.errors:
            self.found.note("failed", child.process.name, error)
        return lived

    def do(self, work: Work, *arguments: Any, death: Death = NO_DEATH) -> bool:
        """Let a process do its work; return whether it lived to see the end of it."""
        return self.heard(self.start(work, *arguments, death=death))

    def go_on(self) -> None:
        """Start the till again, sell and close a day, and let everything come to rest."""
        if self.do(till, ("whole", "cash", "close"), "after"):
            self._open_gate()
        self.do(finish, self.ahead)

    def judge(self, *, at_rest: bool) -> Found:
        """Close everything, check all files, and return what has been wrong so far."""
        self.close()
        self.found.add(check_books(self.folder, at_rest=at_rest, witnessed=self.witnessed, closed=self.closed))
        return self.found

    def steps(self) -> list[str]:
        """Return the steps that the last process took that was to die."""
        text = (self.folder / LOG).read_text(encoding="utf-8")
        return [line.partition("\t")[2] for line in text.splitlines()]

    def _write_settings(self) -> None:
        told = {"terminal": TERMINAL, "url": self.url, "client_key": CLIENT_KEY, "ledger": LEDGER}
        told |= {"application_key": APPLICATION_KEY, "subscription_key": SUBSCRIPTION_KEY}
        path = self.folder / SETTINGS
        path.write_text(_SETTINGS.format(**told, **MODES[self.mode]), encoding="utf-8")
        path.chmod(0o600)
        if self._schema() == len(STEPS):
            self._open_gate()

    def _schema(self) -> int | None:
        """Return the version of the outbox, which is left as it is: an older one is for those to open that may die."""
        if not (self.folder / OUTBOX).exists():
            return None
        with closing(sqlite3.connect(self.folder / OUTBOX)) as db:
            return int(db.execute("PRAGMA user_version").fetchone()[0])

    def _open_gate(self) -> None:
        """Let it be so that `check` has passed, which PowerOffice at another address would undo."""
        with Database(self.folder / OUTBOX) as database:
            open_gate(read_settings(self.folder / SETTINGS), Outbox(database))
