"""The commands as a technician runs them: what they say, what they give as data, and how they exit."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from posplugin.app import App
from posplugin.domain.payment import PaymentRef, PaymentRequest
from posplugin.domain.reasons import Reason
from posplugin.domain.sale import Sale, SaleLine, Tender
from posplugin.outbox.lifecycle import Status
from posplugin.simulator import Simulator
from tests.integration.sender.shop import LEDGER

Run = Callable[..., tuple[int, str, str]]


def _sell(number: int, amount: int = 12500, customer: int = 10002) -> None:
    sale = Sale(
        sale_id=str(number),
        terminal_id="till-1",
        at=datetime.now(UTC),
        lines=(SaleLine(description="Middag", amount=amount, vat_rate=25),),
        tenders=(Tender(tender_id="1", channel="invoice", amount=amount),),
    )
    request = PaymentRequest(ref=PaymentRef("till-1", str(number), "1"), sale=sale, customer_number=customer)
    with App.open() as app:
        till = app.till()
        till.authorize(request)
        till.capture(request)


def _list(run: Run, *words: str) -> list[dict[str, Any]]:
    code, out, _ = run("outbox", "list", "--json", *words)
    assert code == 0
    records: list[dict[str, Any]] = json.loads(out)
    return records


def test_init_writes_a_file_for_its_owner_alone_and_never_over_another(run: Run, tmp_path: Path) -> None:
    """A second init leaves the file as it is and says so."""
    assert run("init", "--mode", "simulator")[0] == 0
    path = tmp_path / "posplugin.toml"
    before = path.read_text()

    code, _, err = run("init", "--mode", "simulator")

    assert (code, path.read_text()) == (2, before)
    assert "finnes fra før; rediger den" in err
    assert path.stat().st_mode & 0o777 == 0o600


def test_without_settings_every_command_says_how_to_get_some(run: Run) -> None:
    """No traceback, exit 2, and the remedy."""
    for words in (["status"], ["check"], ["send"], ["outbox", "list"], ["customers", "find"], ["config", "show"]):
        code, out, err = run(*words)
        assert (code, "posplugin init" in f"{out}{err}") == (2, True), words


def test_check_says_what_is_wrong_and_the_remedy_and_closes_the_gate(shop: Run, simulator: Simulator) -> None:
    """An archived product is named; automatic sending stays off until it is mended."""
    simulator.archive_product("31")

    code, out, err = shop("check")
    findings = json.loads(shop("check", "--json")[1])

    assert code == 1
    assert "504 product departments.bar.products.vat_15: Product 31 is archived in PowerOffice." in out
    assert "nothing is sent automatically" in err
    assert [(f["number"], f["fault"]) for f in findings if not f["ok"]] == [(504, "product_archived")]
    assert all(f["remedy"] in out for f in findings if not f["ok"])
    assert json.loads(shop("status", "--json")[1])["light"] == "yellow"


def test_a_product_that_would_report_vat_twice_is_refused(shop: Run, tmp_path: Path) -> None:
    """With the settlement reporting VAT, a product on a sales account is named by check."""
    path = tmp_path / "posplugin.toml"
    text = path.read_text().replace('vat_reported_by = "invoice"', 'vat_reported_by = "settlement"')
    path.write_text(text + LEDGER)

    code, out, _ = shop("check")

    assert code == 1
    assert "510 product departments.bar.products.vat_25: VAT would be reported twice" in out


def test_the_list_gives_every_field_that_programs_rely_on(shop: Run) -> None:
    """`outbox list --json` before and after sending."""
    _sell(1001)
    waiting = _list(shop)[0]

    assert shop("send")[0] == 0
    delivered = _list(shop, "--status", "delivered")[0]

    assert waiting["status"] == "pending"
    assert {
        key: delivered[key] for key in ("kind", "status", "reason", "customer_number", "amount_ore", "receipt")
    } == {
        "kind": "invoice",
        "status": "delivered",
        "reason": None,
        "customer_number": 10002,
        "amount_ore": 12500,
        "receipt": "1001",
    }
    assert delivered["reference"] == waiting["reference"]
    assert delivered["accounting_number"] > 0
    assert delivered["tries"] == 0
    assert datetime.fromisoformat(delivered["business_date"]) < datetime(2100, 1, 1)  # noqa: DTZ001


def test_a_dry_run_shows_the_request_and_sends_nothing(shop: Run, simulator: Simulator) -> None:
    """What would be sent, id by id, and an empty ledger afterwards."""
    _sell(1001)

    code, out, _ = shop("send", "--dry-run", "--json")

    assert code == 0
    assert json.loads(json.loads(out)[0]["request"])["CustomerNo"] == 10002
    assert simulator.orders() == []
    assert "1001" in shop("send", "--dry-run")[1]
    assert _list(shop)[0]["status"] == "pending"


def test_what_needs_attention_is_named_with_its_remedy_mended_and_sent(shop: Run, simulator: Simulator) -> None:
    """A customer archived in PowerOffice: exit 3, reason and remedy; amended to another, retried, delivered."""
    _sell(1001)
    simulator.archive_customer(10002)

    code, out, err = shop("send")
    assert (code, "1 need attention" in out) == (3, True)
    assert "customer_archived" in err
    assert "Kunder" in err
    assert shop("status")[0] == 3

    assert shop("outbox", "amend", "1001", "--customer", "10003")[0] == 0
    assert shop("outbox", "retry", "1001")[0] == 0
    assert shop("send")[0] == 0

    assert [order["CustomerNo"] for order in simulator.orders()] == [10003]
    code, out, _ = shop("outbox", "show", "1001")
    assert code == 0
    assert "customer_number 10002 → 10003" in " ".join(out.split())
    assert "Sales" in out or "accepted" in out


def test_discard_asks_how_it_was_handled(shop: Run, simulator: Simulator) -> None:
    """Without an answer nothing happens; with one the record is closed, and the answer is kept."""
    _sell(1001)
    simulator.archive_customer(10002)
    shop("send")

    assert shop("outbox", "discard", "1001", "--yes")[0] == 2
    assert shop("outbox", "discard", "1001", "--how", "faktura 77 for hånd")[0] == 2
    assert _list(shop)[0]["status"] == "needs_attention"

    assert shop("outbox", "discard", "1001", "--how", "faktura 77 for hånd", "--yes")[0] == 0

    assert (_list(shop)[0]["status"], _list(shop)[0]["detail"]) == ("discarded", "faktura 77 for hånd")
    assert shop("status")[0] == 0


def test_hide_takes_a_record_out_of_the_list_and_undo_puts_it_back(shop: Run) -> None:
    """Nothing else changes."""
    _sell(1001)

    shop("outbox", "hide", "1001")
    assert _list(shop) == []
    assert len(_list(shop, "--hidden")) == 1

    with App.open() as app:
        held = app.outbox.move(app.outbox.select("1")[0], Status.NEEDS_ATTENTION, "sender", reason=Reason.REJECTED)
    assert [record["status"] for record in _list(shop)] == [held.status]  # what needs a person is there all the same

    with App.open() as app:
        app.outbox.move(held, Status.PENDING, "till")
    assert _list(shop) == []
    shop("outbox", "hide", "1001", "--undo")
    assert _list(shop)[0]["status"] == "pending"


def test_a_record_that_cannot_be_told_from_others_is_asked_for_by_its_code(shop: Run) -> None:
    """No guess about which one was meant; nothing found says where to look."""
    _sell(1001)
    _sell(1002)

    _sell(1003)
    with App.open() as app:
        app.database.execute("UPDATE records SET receipt = '1002' WHERE receipt = '1003'")
    assert shop("outbox", "show", "1002")[0] == 1
    assert "give the code of one" in shop("outbox", "show", "1002")[2]
    assert "outbox list" in shop("outbox", "show", "nothing")[2]


def test_customers_are_found_and_linked(shop: Run) -> None:
    """As the till finds them; a link to a customer that is not there is refused."""
    found = json.loads(shop("customers", "find", "bjornstad", "--json")[1])

    assert [(c["number"], c["name"]) for c in found] == [(10005, "Åse Bjørnstad")]
    assert shop("customers", "link", "K-17", "10005")[0] == 0
    assert json.loads(shop("customers", "find", "10005", "--json")[1])[0]["linked"] == ["K-17"]
    assert shop("customers", "link", "K-18", "4711")[0] == 2
    assert shop("customers", "link", "K-17", "--remove")[0] == 0


def test_config_show_masks_keys_and_names_sources(shop: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key is seen to be set, never seen."""
    monkeypatch.setenv("POSPLUGIN_CLIENT_KEY_BAR", "simulator-client-key")

    out = shop("config", "show")[1]
    shown = {row["key"]: row for row in json.loads(shop("config", "show", "--json")[1])}

    assert "simulator-client-key" not in out
    assert shown["departments.bar.client_key"]["source"] == "environment"
    assert shown["terminal.id"] == {"key": "terminal.id", "value": "till-1", "source": "file"}


def test_a_backup_opens_and_holds_everything(shop: Run, tmp_path: Path) -> None:
    """Taken while the outbox is open; never over a file that is there."""
    _sell(1001)

    assert shop("outbox", "backup", "copy.sqlite3")[0] == 0
    assert shop("outbox", "backup", "copy.sqlite3")[0] == 2

    (tmp_path / "outbox.sqlite3").write_bytes((tmp_path / "copy.sqlite3").read_bytes())
    for beside in ("-wal", "-shm"):
        Path(f"{tmp_path}/outbox.sqlite3{beside}").unlink(missing_ok=True)
    assert [record["receipt"] for record in _list(shop)] == ["1001"]


def test_poweroffice_out_of_reach_stops_the_run_with_its_cause(shop: Run, simulator: Simulator) -> None:
    """Exit 1, the cause in a sentence, and the record waits with no attempt used."""
    _sell(1001)
    simulator.stop()

    code, out, err = shop("send")

    assert code == 1
    assert "1 waiting" in out
    assert "cannot be reached" in err
    assert (_list(shop)[0]["status"], _list(shop)[0]["tries"]) == ("pending", 0)


def test_the_service_starts_and_ends_on_a_signal(shop: Run, tmp_path: Path) -> None:
    """SIGTERM ends it with exit 0."""
    command = [sys.executable, "-m", "posplugin", "service"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as service:
        assert service.stderr is not None
        line = ""
        while "next run" not in line:
            line = service.stderr.readline()
            assert line, "the service did not start"
        service.send_signal(signal.SIGTERM)
        assert service.wait(timeout=120) == 0


def test_tables_fit_eighty_columns(shop: Run) -> None:
    """A technician's terminal at night."""
    _sell(1001)
    shop("send")

    for words in (["outbox", "list"], ["customers", "find"], ["status"], ["outbox", "show", "1001"]):
        table = [line for line in shop(*words)[1].splitlines() if not line.startswith(("  sent:", "  answer:"))]
        assert max(len(line) for line in table) <= 80, words


def test_the_first_day_is_frozen_once_something_has_been_delivered(shop: Run, tmp_path: Path) -> None:
    """It may be moved before; afterwards check names what it was."""
    path = tmp_path / "posplugin.toml"
    text = path.read_text()
    path.write_text(text.replace("# enabled_since = 2026-11-01", "enabled_since = 2021-02-01"))
    assert shop("check")[0] == 0
    _sell(1001)
    assert shop("send")[0] == 0

    path.write_text(text.replace("# enabled_since = 2026-11-01", "enabled_since = 2021-03-01"))
    code, out, _ = shop("check")

    assert code == 1
    assert "invoicing.enabled_since was 2021-02-01 when the first invoices were delivered, and is 2021-03-01 now" in out


def test_what_needs_a_person_after_the_delivery_is_in_status_and_in_the_list(shop: Run, simulator: Simulator) -> None:
    """A draft that somebody has given another customer is red, though it was delivered; accepted, it is green."""
    _sell(1001)
    shop("send")
    simulator.edit_order(simulator.orders()[0]["Id"], CustomerNo=10003)
    code, _, err = shop("outbox", "sync")
    assert (code, "1 followed, 1 with news." in err) == (3, True)

    code, out, err = shop("status")
    assert (code, out.startswith("RED"), "1001" in out) == (3, True, True)
    assert "is on customer 10003 now" in err
    assert [row["receipt"] for row in _list(shop, "--status", "needs_attention")] == ["1001"]

    assert shop("outbox", "discard", "1001", "--how", "the guest asked for it", "--yes")[0] == 0
    assert shop("status")[0] == 0


def test_what_the_till_sells_meanwhile_is_no_news_of_poweroffice(shop: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    _sell(1001)
    shop("send")
    follow = App.follow

    def slow(self: App) -> list[str]:
        _sell(1002)
        return follow(self)

    monkeypatch.setattr(App, "follow", slow)
    code, out, err = shop("outbox", "sync")
    assert (code, out, "1 followed, 0 with news." in err) == (0, "", True)


def test_brackets_that_people_write_are_shown_as_they_are(shop: Run) -> None:
    _sell(1001)
    shop("outbox", "amend", "1001", "--your-reference", "x [/b] [red] y")

    code, out, _ = shop("outbox", "show", "1001")

    assert (code, "x [/b] [red] y" in " ".join(out.split())) == (0, True)
