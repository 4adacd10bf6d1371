"""Commands, the service and senders, each in a process of its own."""

from __future__ import annotations

import io
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import redirect_stderr, redirect_stdout
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import posplugin.app
import posplugin.schedule
from posplugin.app import App
from posplugin.cli.main import main
from posplugin.domain.errors import AlreadySending
from posplugin.outbox.database import Database
from posplugin.poweroffice.pace import Pacer
from posplugin.simulator import SUBSCRIPTION_KEY
from tests.concurrency.notes import Notes, is_stopped
from tests.concurrency.technicians import COUNTER, call_oneself
from tests.crash.processes import OPENED, Tell
from tests.crash.world import SETTINGS

#: Said by `send` when another sends already.
_ANOTHER: Final = "en annen prosess sender"
_DONE, _FAILED, _USAGE, _ATTENTION = 0, 1, 2, 3
_READING: Final = (
    ("status",),
    ("status", "--line"),
    ("outbox", "list"),
    ("outbox", "list", "--search", "havn"),
    ("customers", "find", "havn"),
    ("outbox", "export"),
)
#: One command in so many is started as people start it, which takes a second.
_FOR_REAL = 40


def command_line(folder: Path, tell: Tell, name: str) -> None:
    """Run commands, one after another, until everything is stopped."""
    call_oneself(name)
    person = _Person(folder, name)
    tell({OPENED: True})
    while not is_stopped(folder):
        person.do_something()
        time.sleep(person.dice.random() * 0.05)
    person.notes.tell(tell)


class _Person:
    """Somebody who types."""

    def __init__(self, folder: Path, name: str) -> None:
        self.notes, self.dice = Notes(), random.Random(name)
        self._folder, self._name, self._number = folder, name, 0

    def do_something(self) -> None:
        self._number += 1
        act = self.dice.choices(["read", "send", "change", "backup"], [8, 2, 8, 1])[0]
        if self._number % _FOR_REAL == 2:
            self._for_real()
        elif act == "read":
            self._run(*self.dice.choice(_READING))
        elif act == "send":
            code, said = self._run("send")
            if code == _FAILED and _ANOTHER not in " ".join(said.split()):
                self.notes.wrong(f"`posplugin send` failed: {said[-500:]}")
            self.notes.count("command: send, left to another" if code == _FAILED else "command: send, done")
        elif act == "backup":
            self._back_up()
        else:
            self._change()

    def _change(self) -> None:
        _, said = self._run("outbox", "list", "--status", "needs_attention", "--hidden", "--limit", "20", "--json")
        if not (found := json.loads(said)):
            return
        record = self.dice.choice(found)
        name, is_counter = str(record["reference"]), COUNTER in str(record["payment"])
        act = "amend" if is_counter else self.dice.choice(["amend", "retry"])
        more = ("--your-reference", f"{self._name} {self._number}") if act == "amend" else ()
        code, _ = self._run("outbox", act, name, *more)
        self.notes.count(f"{act}: {'made' if code == _DONE else 'refused'}")

    def _back_up(self) -> None:
        """A copy has all that was there when it began, and is whole."""
        copy = self._folder / f"{self._name}-{self._number}.sqlite3"
        with Database(self._folder / "outbox.sqlite3") as database:
            before = database.row("SELECT max(id), (SELECT max(id) FROM events) FROM records")
            if (found := database.integrity()) != "ok":
                self.notes.wrong(f"the outbox is {found}")
        self._run("outbox", "backup", str(copy))
        with Database(copy) as database:
            after, said = (
                database.row("SELECT max(id), (SELECT max(id) FROM events) FROM records"),
                database.integrity(),
            )
        if said != "ok" or not (before and after and before[0] <= after[0] and before[1] <= after[1]):
            self.notes.wrong(f"a backup is {said}: {before} before, {after} in it")
        self.notes.count("backups opened")
        for file in self._folder.glob(f"{copy.name}*"):
            file.unlink()

    def _run(self, *arguments: str) -> tuple[int, str]:
        """Run a command in this process; return exit code and what it wrote."""
        sys.argv, code = ["posplugin", *arguments], _DONE
        out, err = io.StringIO(), io.StringIO()
        with self.notes.timed(f"command: {arguments[0]}"), redirect_stdout(out), redirect_stderr(err):
            try:
                main()
            except SystemExit as ended:
                code = int(ended.code or 0)
        self._judge(arguments, code, out.getvalue() + err.getvalue())
        return code, out.getvalue() or err.getvalue()

    def _for_real(self) -> None:
        arguments = self.dice.choice(_READING[:4])
        with self.notes.timed("command: started as people do"):
            done = subprocess.run(
                [sys.executable, "-m", "posplugin", *arguments], capture_output=True, text=True, check=False
            )
        self._judge(arguments, done.returncode, done.stdout + done.stderr)

    def _judge(self, arguments: tuple[str, ...], code: int, said: str) -> None:
        is_bad = "Traceback" in said or "is locked" in said or code not in (_DONE, _FAILED, _USAGE, _ATTENTION)
        may_fail = arguments[0] == "send" or arguments[:2] in (("outbox", "amend"), ("outbox", "retry"))
        if is_bad or (code in (_FAILED, _USAGE) and not may_fail):
            self.notes.wrong(f"`posplugin {' '.join(arguments)}` ended with {code}: {said[-500:]}")


def service(folder: Path, tell: Tell, name: str) -> None:
    """Run `posplugin service`, started anew every few seconds, with something due every second."""
    setattr(posplugin.app, posplugin.schedule.Ticker.__name__, partial(posplugin.schedule.Ticker, seconds=0.3))
    setattr(posplugin.app, posplugin.schedule.last_due.__name__, _a_second_ago)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    notes, dice = Notes(), random.Random(name)
    tell({OPENED: True})
    while not is_stopped(folder):
        over = threading.Event()
        ending = threading.Thread(target=_end_soon, args=(folder, over, dice.uniform(2, 6)))
        ending.start()
        sys.argv = ["posplugin", "service"]
        with notes.timed("service: from start to end"), redirect_stdout(io.StringIO()) as out, redirect_stderr(out):
            try:
                main()
            except SystemExit as ended:
                if ended.code:
                    notes.wrong(f"the service ended with {ended.code}: {out.getvalue()[-500:]}")
        over.set()
        ending.join()
    notes.tell(tell)


def _end_soon(folder: Path, over: threading.Event, seconds: float) -> None:
    """Tell this process to end, again and again: a service that is still starting does not hear it."""
    while not over.wait(0.2):
        seconds -= 0.2
        if seconds < 0 or is_stopped(folder):
            os.kill(os.getpid(), signal.SIGTERM)


def _a_second_ago(_: object, now: datetime, __: Any) -> datetime:
    return now - timedelta(seconds=1)


def sender(folder: Path, tell: Tell, name: str) -> None:
    """Make runs, several requests in flight, as fast as they go."""
    notes, dice = Notes(), random.Random(name)
    with App.open(folder / SETTINGS) as app:
        app._pacers[SUBSCRIPTION_KEY, 1] = Pacer(0.0)
        tell({OPENED: True})
        while not is_stopped(folder):
            try:
                with notes.timed("sender: run"):
                    report = app.send("hand")
            except AlreadySending:
                notes.count("runs left to another")
            else:
                for words in report.stopped:
                    notes.wrong(f"a run stopped: {words}")
            time.sleep(dice.random() * 0.2)
    notes.tell(tell)
