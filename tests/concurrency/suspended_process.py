"""A sender that is suspended at a named moment, with a record in hand, and goes on when it is woken."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path
from typing import Any

import httpx

import posplugin.sender.run
from posplugin.app import App
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.outbox.store import Outbox
from tests.crash.processes import Tell
from tests.crash.world import SETTINGS

#: When it falls asleep: a record has been read and not taken; taken and not sent; sent and the answer not written down.
MOMENTS = ("before it is taken", "before the POST", "after the POST")


def send_and_sleep(folder: Path, tell: Tell, moment: str) -> None:
    """Make one run, and fall asleep once on the way; tell {"asleep": pid} before, {"delivered": …} after."""
    left = [moment]

    def sleep(here: str) -> None:
        if left == [here]:
            left.clear()
            tell({"asleep": os.getpid()})
            signal.pthread_kill(threading.get_ident(), signal.SIGSTOP)  # this thread goes not one step on

    posplugin.sender.run.IN_FLIGHT = 1
    _wrap(sleep)
    with App.open(folder / SETTINGS) as app:
        report = app.send("hand")
        tell({"delivered": report.delivered, "stopped": report.stopped})


def _wrap(sleep: Any) -> None:
    move, handle = Outbox.move, httpx.HTTPTransport.handle_request

    def moving(self: Outbox, record: Record, to: Status, *arguments: Any, **values: Any) -> Record:
        if to is Status.SENDING:
            sleep("before it is taken")
        return move(self, record, to, *arguments, **values)

    def asking(self: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        is_order = request.method == "POST" and request.url.path.endswith("/SalesOrders/Complete")
        if is_order:
            sleep("before the POST")
        answer = handle(self, request)
        if is_order:
            answer.read()
            sleep("after the POST")
        return answer

    setattr(Outbox, move.__name__, moving)
    setattr(httpx.HTTPTransport, handle.__name__, asking)
