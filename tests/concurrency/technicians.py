"""Technicians who change records at once: by the office itself, and by pages of the console over HTTP."""

from __future__ import annotations

import html
import os
import random
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import httpx

from posplugin.app import PATIENT_SECONDS, App
from posplugin.console.gate import Gate
from posplugin.console.serve import listen, port_of, serving
from posplugin.console.site import make_site
from posplugin.domain.errors import IllegalTransition, OutboxUnavailable, UsageError
from posplugin.domain.reasons import Reason
from posplugin.office import technician as signed
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from tests.concurrency.notes import Notes, is_stopped
from tests.crash.processes import OPENED, Tell
from tests.crash.world import SETTINGS

#: Sales that begin so stay with the technicians until the end: each counts in their order number what it did.
COUNTER: Final = "counter"
#: Why a record is put aside.
ASIDE: Final = "put aside"
_ACTS: Final = {"count": 8, "amend": 6, "aside": 4, "retry": 4, "hide": 2, "discard": 1}
_OPEN = "kind = 'invoice' AND status IN ('pending', 'needs_attention') AND sale_id"
_FEW = "ORDER BY id DESC LIMIT 20"


def call_oneself(name: str) -> None:
    """Have the events of this process, which is for nothing else, name it."""
    os.environ["LOGNAME"] = name


def pick(app: App, dice: random.Random, *, counter: bool = False) -> Record | None:
    """Return a record that may be amended: one that counts, or any other."""
    like = "LIKE" if counter else "NOT LIKE"
    found = app.outbox.select(f"{_OPEN} {like} '{COUNTER}%' {_FEW}")
    return dice.choice(found) if found else None


def one_more(number: str | None) -> str:
    return str(int(number or 0) + 1)


def technician(folder: Path, tell: Tell, name: str) -> None:
    """Change records until everything is stopped; each change is made or refused."""
    call_oneself(name)
    notes, dice, number = Notes(), random.Random(name), 0
    with App.open(folder / SETTINGS) as app:
        tell({OPENED: True})
        while not is_stopped(folder):
            number += 1
            _act(app, dice.choices([*_ACTS], [*_ACTS.values()])[0], dice, notes, f"{name} {number}")
            time.sleep(dice.random() * 0.05)
    notes.tell(tell)


def _act(app: App, act: str, dice: random.Random, notes: Notes, words: str) -> None:
    record = pick(app, dice, counter=act == "count")
    if record is None or (act == "discard" and not record.sale_id.endswith("split")):
        return
    read = record.invoice()
    time.sleep(dice.random() * 0.02)  # others read the same meanwhile
    office = app.office()
    acts: dict[str, Callable[[], object]] = {
        "count": lambda: office.amend(record, order_number=one_more(read.order_number)),
        "amend": lambda: office.amend(record, your_reference=words),
        "aside": lambda: app.outbox.move(
            *(record, Status.NEEDS_ATTENTION, signed(), ASIDE), reason=Reason.REJECTED, detail=ASIDE
        ),
        "retry": lambda: office.retry(record),
        "hide": lambda: office.hide(record, hidden=not record.hidden),
        "discard": lambda: office.discard(record, "invoiced by hand"),
    }
    carry_out(act, acts[act], notes)


def carry_out(act: str, do: Callable[[], object], notes: Notes) -> None:
    """Make a change; note whether it was made, refused, or came to nothing since the file was busy."""
    began = time.monotonic()
    try:
        with notes.timed("technician: change"):
            do()
    except (IllegalTransition, UsageError):
        notes.count(f"{act}: refused")
    except OutboxUnavailable as error:
        if time.monotonic() - began < PATIENT_SECONDS * 0.95:
            notes.wrong(f"{act} failed at once: {error}")
        notes.count(f"{act}: waited in vain")
    else:
        notes.count(f"{act}: made")


# -- the console -------------------------------------------------------------------------------------------------------

_BROWSERS = 2
_PAGES: Final = (
    *("/", "/?status=needs_attention", "/runs", "/settlements", "/customers?q=havn", "/customers/10002"),
    *("/settings", "/runs/progress"),
)


def console(folder: Path, tell: Tell, name: str) -> None:
    """Serve the console as `posplugin console` does, and change records by its pages until everything is stopped."""
    call_oneself(name)
    notes = Notes()
    with App.open(folder / SETTINGS) as app:
        bound = listen(0)
        gate = Gate(port_of(bound))
        with serving(make_site(app, gate), bound):
            browsers = [_Browser(gate, notes, f"{name} {number}") for number in range(_BROWSERS)]
            tell({OPENED: True})
            threads = [threading.Thread(target=browser.work, args=(folder, app)) for browser in browsers]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    notes.tell(tell)


class _Browser:
    """One technician's."""

    def __init__(self, gate: Gate, notes: Notes, name: str) -> None:
        self._notes, self._name, self._dice = notes, name, random.Random(name)
        address, _, query = gate.link().rpartition("/")
        self._http = httpx.Client(base_url=address, timeout=2 * PATIENT_SECONDS)
        self._http.get(f"/{query}").raise_for_status()
        self._number = 0

    def work(self, folder: Path, app: App) -> None:
        while not is_stopped(folder):
            try:
                self._turn(app)
            except Exception as error:
                self._notes.wrong(f"console: {type(error).__name__}: {error}")
            time.sleep(self._dice.random() * 0.1)
        self._http.close()

    def _turn(self, app: App) -> None:
        if self._dice.random() < 0.3:
            self._see(self._dice.choice(_PAGES))
            return
        if self._dice.random() < 0.05:
            self._send("/runs/send", {})
            return
        is_count = self._dice.random() < 0.5
        if record := pick(app, self._dice, counter=is_count):
            self._change(record.id, "count" if is_count else self._dice.choice(["amend", "retry", "hide"]))

    def _change(self, record_id: int, act: str) -> None:
        """Open a record's page, and send one of its forms as it was shown."""
        page, self._number = self._see(f"/record/{record_id}"), self._number + 1
        told = {"seen": _field(page, "seen"), "customer": _field(page, "customer")}
        form = {
            "count": {**told, "order_number": one_more(_field(page, "order_number"))},
            "amend": {**told, "your_reference": f"{self._name} {self._number}"},
        }.get(act, told)
        if act in ("count", "amend") and 'id="order_number"' not in page:
            return  # it is not to be amended any more
        name = {"count": "amend", "hide": "show" if f"/record/{record_id}/show" in page else "hide"}.get(act, act)
        said = self._send(f"/record/{record_id}/{name}", form)
        is_made = 'class="said done"' in said
        self._notes.count(f"{act}: {'made' if is_made else 'refused'}")

    def _send(self, path: str, form: dict[str, str]) -> str:
        headers = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
        with self._notes.timed("console: change"):
            answer = self._http.post(path, data=form, headers=headers)
        if answer.status_code != 303:
            self._notes.wrong(f"console: POST {path} gave {answer.status_code}: {_words(answer.text)}")
        return self._see(answer.headers.get("Location", "/"))

    def _see(self, path: str) -> str:
        with self._notes.timed("console: page"):
            answer = self._http.get(path)
        if answer.status_code not in (200, 404 if "progress" in path else 200):
            self._notes.wrong(f"console: {path} gave {answer.status_code}: {_words(answer.text)}")
        return answer.text


def _field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*? value="([^"]*)"', page)
    return html.unescape(found[1]) if found else ""


def _words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())[-300:]
