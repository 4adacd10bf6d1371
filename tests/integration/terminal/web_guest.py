"""A cashier at the till's page, as a test is one: taps, and reads what is shown."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from posplugin.domain.payment import Terminal
from posplugin.domain.sale import Sale
from posplugin.hooks import PosHost
from sample_terminal.card import FakeCard
from sample_terminal.checkout import Till
from sample_terminal.journal import Journal
from sample_terminal.web.desk import Desk
from sample_terminal.web.site import make_site
from sample_terminal.web.ticket import Ticket
from sample_terminal.web.tray import PaperTray

TERMINAL = Terminal(terminal_id="bar-1", department="bar")


@dataclass(eq=False)
class OpenTill:
    """A till whose page is open; `again` is what it is after it was switched off and on."""

    path: Path
    load: Callable[..., PosHost]
    terminal: Terminal = TERMINAL
    card: FakeCard = field(default_factory=FakeCard)
    stack: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        self.journal = self.stack.enter_context(Journal(self.path))
        self.host = self.load(self.terminal, outcome=self.journal.outcome)
        self.stack.callback(self.host.shutdown)
        self.tray = PaperTray(self.journal)
        self.desk = Desk(Till(self.host, self.journal, self.card, self.tray), self.tray)
        self.site: Flask = make_site(self.desk)

    def again(self) -> OpenTill:
        self.stack.close()
        return OpenTill(self.path, self.load, self.terminal, self.card)

    def cashier(self) -> Cashier:
        return Cashier(self, self.browser())

    def sales(self) -> list[Sale]:
        """What is final, newest first."""
        return self.journal.latest_sales(self.terminal.terminal_id)

    def browser(self) -> FlaskClient:
        """A browser without anything in it yet, on one of this till's own pages."""
        client = self.site.test_client()
        client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
        return client


@dataclass(eq=False)
class Cashier:
    """One browser. What was answered last is `page`."""

    till: OpenTill
    client: FlaskClient
    page: str = ""
    status: int = 0
    path: str = ""

    def see(self, path: str) -> str:
        return self._shown(self.client.get(path, follow_redirects=True))

    def post(self, path: str, **form: Any) -> str:
        return self._shown(self.client.post(path, data=form, follow_redirects=True))

    def _shown(self, answer: TestResponse) -> str:
        self.page, self.status, self.path = html.unescape(answer.text), answer.status_code, answer.request.path
        return self.page

    @property
    def ticket(self) -> Ticket:
        cookie = self.client.get_cookie("till_page")
        return self.till.desk.ticket(cookie.value if cookie else "")

    def ring(self, *dishes: str) -> Cashier:
        for dish in dishes:
            self.post("/ring", dish=dish)
        return self

    def pay(self, channel: str, **form: Any) -> str:
        return self.post(f"/pay/{channel}", ticket=self.ticket.ticket_id, **form)

    def invoice(self, number: int, **form: Any) -> str:
        self.post("/invoice/customer", number=number)
        return self.pay("invoice", **form)

    def close_day(self, counted: str) -> str:
        """Count the drawer, see the difference, and close."""
        self.post("/day/count", total=counted)
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', self.page))
        return self.post("/day/close", **hidden)

    @property
    def papers(self) -> list[str]:
        return re.findall(r'<pre class="paper"[^>]*>(.*?)</pre>', self.page, re.S)

    @property
    def alarm(self) -> str:
        found = re.search(r'role="alert" id="(?:wrong">(.*?)</p>|stopped">(.*?)</div>)', self.page, re.S)
        return re.sub(r"<[^>]*>", " ", found[1] or found[2]).strip() if found else ""
