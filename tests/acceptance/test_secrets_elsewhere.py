"""No key and no token on any page of the console, in what is taken out of the outbox, or in a recorded traceback.

`test_secrets.py` looks at commands, objects, errors, logs and open files.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from posplugin.accounting_system import AccountingError
from posplugin.cli import main as cli
from posplugin.simulator import Simulator
from tests.acceptance.keys import WRONG, Secrets, none_in
from tests.integration.console.visitor import Visitor
from tests.integration.sender.shop import SETTLES, Shop, quick_pacer


@pytest.fixture
def go() -> Iterator[Simulator]:
    with Simulator(None, requests_per_second=10_000) as simulator:
        yield simulator


@pytest.fixture
def shop(tmp_path: Path, go: Simulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """A till that has sent an evening and its settlement, and then failed with every wrong key."""
    monkeypatch.setattr("posplugin.app.Pacer", lambda *_, **__: quick_pacer())
    opened = Shop(tmp_path, go, **SETTLES)
    opened.evening(3)
    opened.close_day(1)
    opened.send()
    opened.sell("77")
    for key, wrong in WRONG.items():
        opened.write(**{key: wrong})
        opened.app.office().check(draft=False)
        opened.send()
    yield opened
    opened.close()


def test_no_page_of_the_console_shows_a_key_or_a_token(shop: Shop, secrets: Secrets) -> None:
    visitor, seen = Visitor(shop.app), 0
    numbers = range(1, 5)
    for rule in visitor.site.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        for number in numbers if rule.arguments else (None,):
            built = rule.build(dict.fromkeys(rule.arguments, number))
            assert built is not None
            page = visitor.get(built[1])
            seen += page.status_code == 200
            none_in(page.text + str(page.headers), secrets)
    for path in ("/settings/test", "/settings/check", "/settings"):
        page = visitor.post(path, {"act": "save", "mark": ""})
        none_in(page.text + visitor.get("/settings").text + visitor.get("/settings/check").text, secrets)
    assert seen > 8


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_what_is_taken_out_of_the_outbox_holds_no_key(
    form: str, shop: Shop, secrets: Secrets, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    target = shop.config.parent / f"out.{form}"
    words = ["outbox", "export", "--format", form, "--output", str(target)]
    monkeypatch.setattr(sys, "argv", ["posplugin", "--config", str(shop.config), *words])
    with pytest.raises(SystemExit):
        cli.main()
    told = capsys.readouterr()

    assert len(target.read_text().splitlines()) > 3
    none_in(target.read_text() + told.out + told.err, secrets)


def test_what_is_kept_of_vouchers_tries_and_history_holds_no_key(shop: Shop, secrets: Secrets) -> None:
    tables = [name for (name,) in shop.app.database.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    kept = {name: shop.app.database.rows(f"SELECT * FROM {name}") for name in tables}

    assert kept["attempts"]
    assert kept["journals"]
    none_in(str(kept), secrets)


@pytest.mark.parametrize("trouble", ["unreachable", "drop-after", "cut", "500-after", "401"])
def test_a_traceback_recorded_with_what_its_frames_hold_shows_no_key(
    trouble: str, shop: Shop, secrets: Secrets
) -> None:
    """As monitoring services in a host's process do."""
    shop.write()
    with shop.app.clients() as clients:
        system = clients[0].system
        system.client_id()
        if trouble == "unreachable":
            shop.go.stop()
        else:
            shop.go.fault(trouble, path="/v2/")
        with pytest.raises(AccountingError) as caught:
            system.posted_for(10002)
    whole = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    told = "".join(whole.format())  # with all that led to it

    assert "posted_for" in told
    none_in(told, secrets)
