"""An evening at the till, through the installed plugin, until it stands in PowerOffice: the whole ledger, twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from posplugin.app import App
from posplugin.domain.payment import Terminal
from posplugin.domain.settlement import settlement_ref
from posplugin.outbox.lifecycle import Status
from posplugin.saft import SaftRules
from posplugin.settings.new_file import Answers, new_file
from posplugin.simulator import Simulator
from sample_terminal.checkout import Printer
from sample_terminal.demo import EVENING, demo
from sample_terminal.demo_books import LEDGER
from sample_terminal.journal import Journal
from sample_terminal.play import NoPrinter, Show, play
from sample_terminal.tally import Tally

#: Of the evening, as in its file.
Z_NUMBER = 26324
#: Products whose account is the clearing account, as the settlement's VAT mode wants.
CLEARING = {"vat_25": "50", "vat_15": "51", "vat_12": "52", "vat_0": "53", "gratuity": "34", "gift_card": "36"}


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(None, requests_per_second=1000) as running:
        yield running


def _settings(folder: Path, simulator: Simulator, mode: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = folder / "posplugin.toml"
    answers = Answers(
        terminal_id="till-1",
        department="bar",
        endpoint_mode="simulator",
        simulator_url=simulator.url,
        application_key="simulator-application-key",
        subscription_key="simulator-subscription-key",
        client_key="simulator-client-key",
        department_code="10",
    )
    new_file(path, answers)
    text = path.read_text().replace('vat_reported_by = "invoice"', f'vat_reported_by = "{mode}"')
    text = text.replace("automatic = true", "automatic = false")
    if mode == "settlement":  # what is posted of it: test_books
        text = text.replace("# enabled = true  # absent", "enabled = false  # absent")
        for role, code in CLEARING.items():
            text = re.sub(rf'(?m)^{role} = "\d+"', f'{role} = "{code}"', text)
    path.write_text(text)
    monkeypatch.setenv("POSPLUGIN_CONFIG", str(path))
    return path


def _play(folder: Path, file: Path = EVENING, printer: Printer | None = None) -> Tally:
    return play(
        Show(
            printer=printer or NoPrinter(),
            file=file,
            journal=folder / "journal.sqlite3",
            terminal=Terminal(terminal_id="till-1", department="bar"),
            rules=SaftRules.from_settings(folder / "posplugin.toml"),
        )
    )


def _ledger(simulator: Simulator) -> list[tuple[object, ...]]:
    return sorted((o["ExternalImportReference"], o["CustomerNo"], o["TotalAmount"]) for o in simulator.orders())


@pytest.mark.parametrize("mode", ["invoice", "settlement"])
def test_an_evening_stands_in_poweroffice_once_and_to_the_ore(
    mode: str, tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In both VAT modes each final invoice payment is one order, same customer and total; again changes nothing."""
    path = _settings(tmp_path, simulator, mode, monkeypatch)
    with App.open(path) as app:
        app.sync_customers()
        findings = app.office().check()
        assert [finding for finding in findings if not finding.ok] == []

    tally = _play(tmp_path)

    with App.open(path) as app:
        report = app.send("hand")
        assert (report.outcome, report.attention) == ("done", 0)
        first = _ledger(simulator)
        again = app.send("hand")
        assert (again.delivered, _ledger(simulator)) == (0, first)
    with Journal(tmp_path / "journal.sqlite3") as journal:
        wanted = Counter(
            (request.customer_number, Decimal(request.tender.amount + request.tender.tip) / 100)
            for _, request in journal.on_account()
        )
    assert Counter(row[1:] for row in first) == wanted
    assert len(wanted) > 3
    assert tally.refused
    vat = sum(line["VatAmount"] for order in simulator.orders() for line in order["SalesOrderLines"])
    assert (vat == 0) == (mode == "settlement")


def test_the_evening_played_again_doubles_nothing(
    tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same file, the same journal, the same outbox: nothing new."""
    path = _settings(tmp_path, simulator, "invoice", monkeypatch)
    with App.open(path) as app:
        app.sync_customers()

    first, second = _play(tmp_path), _play(tmp_path)

    assert second.played == 0
    assert second.already_played == first.played
    with App.open(path) as app:
        records = app.outbox.in_status(Status.PENDING)
        assert len(records) == len({record.ref for record in records}) == 11


def test_a_payment_refused_at_the_till_leaves_no_record(
    tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was refused is neither in the journal nor in the outbox."""
    path = _settings(tmp_path, simulator, "invoice", monkeypatch)
    with App.open(path) as app:
        app.sync_customers()

    refused = {sale.nr for sale in _play(tmp_path).refused}

    with App.open(path) as app:
        assert refused.isdisjoint({record.receipt for record in app.outbox.select("1")})


def test_the_demo_shows_every_invoice_equal(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """`make demo` with its commands as processes; it succeeds only when all is equal."""
    assert demo(tmp_path)

    out = capfd.readouterr().out
    assert "DIFFERENT" not in out
    assert "NOT EQUAL" not in out
    assert f"Z {Z_NUMBER} stands in PowerOffice (simulated), once: sum 0,00" in out


class PowerCut(BaseException):
    """What a crash looks like from inside."""


class NoPaper:
    """A printer at whose Z report the power goes."""

    def print(self, paper: str) -> None:
        if "Z-RAPPORT" in paper:
            raise PowerCut


def test_a_z_that_the_power_cut_short_is_settled_once_when_the_till_starts_again(
    tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The Z is on the till's disk, and the plugin has not heard of it; then it has, as the file's number."""
    path = _settings(tmp_path, simulator, "invoice", monkeypatch)
    path.write_text(path.read_text() + LEDGER)
    with App.open(path) as app:
        app.sync_customers()
    with pytest.raises(PowerCut):
        _play(tmp_path, printer=NoPaper())
    with App.open(path) as app:
        assert app.outbox.select("kind = 'settlement'") == []

    assert _play(tmp_path).unconfirmed == 0
    assert _play(tmp_path).unconfirmed == 0

    with App.open(path) as app:
        (record,) = app.outbox.select("kind = 'settlement'")
        assert record.ref == settlement_ref("till-1", Z_NUMBER)
        assert app.send("hand").outcome == "done"
    assert [voucher["SaftBatchId"] for voucher in simulator.vouchers()] == [f"{Z_NUMBER}"]


SHARED = Path(__file__).parents[3] / "shared" / "saf-t"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the tax authority's example is not beside the checkout")
def test_the_tax_authoritys_example_plays_whole(
    tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its four cash sales are final, its Z is kept, and nothing waits to be sent."""
    path = _settings(tmp_path, simulator, "invoice", monkeypatch)
    example = next(SHARED.glob("ExampleFile*.xml"))

    tally = _play(tmp_path, example)

    assert (tally.played, tally.refused, len(tally.z_reports)) == (4, [], 1)
    with App.open(path) as app:
        assert app.outbox.select("1") == []
        assert app.database.row("SELECT count(*) FROM z_reports") == (1,)
