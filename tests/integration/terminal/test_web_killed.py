"""The till's process is killed while payment is taken: what was final is captured, the rest is void, the page tells."""

from __future__ import annotations

import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from posplugin.app import App
from posplugin.hooks import PosHost
from posplugin.simulator import Simulator
from tests.fixtures.restaurant import send, set_up
from tests.integration.terminal.web_guest import Cashier, OpenTill

#: A till that says where it is in a payment, and stays there.
TILL = """
import sys, time
from pathlib import Path
from posplugin.domain.payment import Terminal
from sample_terminal.card import FakeCard
from sample_terminal.journal import Journal
from sample_terminal.web.serve import Counter, open_till

def stay(where):
    print(where, flush=True)
    time.sleep(60)

class Card(FakeCard):
    def charge(self, amount):
        stay("charging")

finalise = Journal.finalise
if sys.argv[2] == "final":
    Card = FakeCard
    Journal.finalise = lambda *all: (finalise(*all), stay("final"))

counter = Counter(journal=Path(sys.argv[1]), terminal=Terminal(terminal_id="bar-1", department="bar"), card=Card())
with open_till(counter) as address:
    print(address, flush=True)
    time.sleep(60)
"""
#: The name that a browser's page session has; any of the right length.
SESSION = "s" * 32


@pytest.fixture
def go() -> Iterator[Simulator]:
    with Simulator(None, requests_per_second=10_000) as simulator:
        yield simulator


@pytest.fixture
def config(tmp_path: Path, go: Simulator, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = set_up(tmp_path, go)
    monkeypatch.setenv("POSPLUGIN_CONFIG", str(path))
    return path


def killed(config: Path, where: str) -> str:
    """Sell a split of card and Faktura at a till of its own process, kill it there, and return the ticket's name."""
    command = (sys.executable, "-c", TILL, str(config.parent / "journal.sqlite3"), where)
    with subprocess.Popen(command, cwd=Path(__file__).parents[3], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        _post(f"{address}ring", dish="meny")
        _post(f"{address}invoice/customer", number="10002")
        page = _post(f"{address}pay/invoice", ticket=_ticket(address), amount="300")
        assert "300,00" in page
        ticket = _ticket(address)
        with _tapped(f"{address}pay/card", ticket=ticket):
            assert process.stdout.readline().strip() == where
            process.kill()
    return ticket


def _ticket(address: str) -> str:
    page = _read(urllib.request.Request(f"{address}pay?by=card"))
    return page.split('name="ticket" value="')[1].split('"')[0]


def _request(url: str, form: dict[str, str]) -> urllib.request.Request:
    return urllib.request.Request(url, urllib.parse.urlencode(form).encode(), {"Sec-Fetch-Site": "same-origin"})


def _post(url: str, **form: str) -> str:
    return _read(_request(url, form))


def _read(request: urllib.request.Request) -> str:
    request.add_header("Cookie", f"till_page={SESSION}")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return str(answer.read().decode())


@contextmanager
def _tapped(url: str, **form: str) -> Iterator[None]:
    """Send a form from a process of its own, whose answer will never come."""
    code = (
        "import sys, urllib.request; urllib.request.urlopen(urllib.request.Request(sys.argv[1], sys.argv[2].encode(), "
        "{'Sec-Fetch-Site': 'same-origin', 'Cookie': 'till_page=' + sys.argv[3]}))"
    )
    command = (sys.executable, "-c", code, url, urllib.parse.urlencode(form), SESSION)
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        yield
        assert process.wait(30) != 0


@contextmanager
def restarted(config: Path) -> Iterator[Cashier]:
    """Open the till again, at the same browser's page."""
    till = OpenTill(config.parent / "journal.sqlite3", PosHost.load)
    till.desk.till.replay()
    cashier = till.cashier()
    cashier.client.set_cookie("till_page", SESSION)
    with till.stack:
        yield cashier


def test_killed_at_the_card_nothing_is_sold_and_the_page_tells(go: Simulator, config: Path) -> None:
    ticket = killed(config, "charging")

    with restarted(config) as cashier:
        assert cashier.till.sales() == []
        assert "Kassen stoppet mens det ble tatt betalt" in cashier.see("/pay")
        assert "Se på kortterminalen" in cashier.see("/")
        assert cashier.ticket.ticket_id == ticket
        cashier.pay("card")
        assert "Betalt og satt på faktura" in cashier.page
        assert "Kassen stoppet" not in cashier.see("/")
    send(config)
    assert [order["TotalAmount"] for order in go.orders()] == [300]


def test_killed_once_it_is_final_it_is_captured_and_not_sold_again(go: Simulator, config: Path) -> None:
    ticket = killed(config, "final")

    with restarted(config) as cashier:
        assert [sale.sale_id for sale in cashier.till.sales()] == [ticket]
        cashier.post("/pay/card", ticket=ticket)
        assert "kassen stoppet før papirene kom ut" in cashier.page
        assert len(cashier.till.sales()) == 1
        assert cashier.ticket.items == ()
    send(config)
    assert [order["TotalAmount"] for order in go.orders()] == [300]


def test_killed_and_given_up_nothing_is_invoiced(go: Simulator, config: Path) -> None:
    killed(config, "charging")

    with restarted(config) as cashier:
        cashier.post("/clear")
    send(config)
    assert go.orders() == []
    with App.open(config) as app:
        assert app.outbox.counts() == {}
