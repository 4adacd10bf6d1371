"""No key and no token in what a process itself holds and says: its commands, objects, errors, logs and open files.

`test_secrets_elsewhere.py` looks at pages, papers and what is taken out of the outbox.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
import traceback
from base64 import b64decode
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from posplugin.accounting_system import AccountingError
from posplugin.app import App
from posplugin.cli import main as cli
from posplugin.domain.errors import PosPluginError
from posplugin.outbox.lifecycle import Status
from posplugin.poweroffice.auth import Token
from posplugin.simulator import Simulator
from tests.acceptance.keys import WRONG, Secrets, none_in
from tests.integration.sender.shop import Shop, quick_pacer

POST = "/SalesOrders/Complete"
TROUBLES = ["none", *WRONG, "unreachable", "500-after", "cut", "drop-after", "401", "404"]

Run = Callable[..., str]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posplugin.app.Pacer", lambda *_, **__: quick_pacer())


@pytest.fixture
def go() -> Iterator[Simulator]:
    with Simulator(None, requests_per_second=10_000) as simulator:
        yield simulator


@pytest.fixture
def shop(tmp_path: Path, go: Simulator, secrets: Secrets) -> Iterator[Shop]:
    """A till with three invoices to send."""
    opened = Shop(tmp_path, go)
    opened.evening(3)
    yield opened
    opened.close()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run one command; give all that it says."""

    def run(*words: str) -> str:
        monkeypatch.setattr(sys, "argv", ["posplugin", *words])
        with pytest.raises(SystemExit):
            cli.main()
        told = capsys.readouterr()
        assert "Traceback" not in told.err
        return told.out + told.err

    return run


def _trouble(shop: Shop, kind: str) -> None:
    if kind in WRONG:
        shop.write(**{kind: WRONG[kind]})
    elif kind == "unreachable":
        shop.go.stop()
    elif kind != "none":
        shop.go.fault(kind, path="/v2/", every=2)


def _all_of(error: BaseException | None) -> str:
    """Return an error and all that led to it, in every form in which it may be shown."""
    text = ""
    while error is not None:
        text += f"{error} {error!r} {error.args!r} {vars(error)!r} " + "".join(traceback.format_exception(error))
        error = error.__cause__ or error.__context__
    return text


# -- commands ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["--verbose", "--log-json"])
@pytest.mark.parametrize("trouble", TROUBLES)
def test_no_command_says_a_key_or_a_token_whatever_the_trouble(
    trouble: str, how: str, shop: Shop, secrets: Secrets, run: Run
) -> None:
    """The tokens are those that these very commands use."""
    reference = shop.record("1").reference
    _trouble(shop, trouble)
    said = ""
    for words in (
        ["check"],
        ["send", "--dry-run"],
        ["send"],
        ["send", "--json"],
        ["outbox", "list"],
        ["outbox", "list", "--json"],
        ["outbox", "show", reference],
        ["outbox", "show", reference, "--json"],
        ["config", "show"],
        ["config", "show", "--json"],
        ["status"],
        ["status", "--json"],
        ["customers", "sync"],
    ):
        said += run(how, "--config", str(shop.config), *words)

    assert reference in said
    none_in(said, secrets)


# -- the sender in a host's process ------------------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", TROUBLES)
def test_neither_logs_nor_files_hold_a_key_or_a_token_after_runs(
    trouble: str, shop: Shop, secrets: Secrets, records: list[logging.LogRecord]
) -> None:
    """Logs of posplugin and of the libraries below it, at DEBUG; the outbox with its -wal while it is open."""
    _trouble(shop, trouble)
    for _ in range(3):
        shop.send()
        shop.later()

    files = {file.name: file.read_bytes() for file in shop.config.parent.iterdir() if file != shop.config}
    assert {"outbox.sqlite3", "outbox.sqlite3-wal"} <= files.keys()
    for name, content in files.items():
        for secret in secrets():
            assert secret.encode() not in content, (name, secret)
    shop.app.database.backup(shop.config.parent / "copy.sqlite3")
    none_in((shop.config.parent / "copy.sqlite3").read_bytes().decode("latin-1"), secrets)
    assert records
    none_in("\n".join(f"{record.getMessage()} {vars(record)!r}" for record in records), secrets)
    if trouble == "none":
        assert shop.statuses() == {Status.DELIVERED}
        assert any(len(secret) > 100 for secret in secrets()), "no token was seen"


def test_nothing_that_can_be_printed_shows_a_key_or_a_token(shop: Shop, secrets: Secrets) -> None:
    """Settings, app and its parts, client, gateway, keys and tokens, after a run has used them."""
    report = shop.send()
    app = shop.app
    shown: list[object] = [app.settings, app.settings.poweroffice, app.settings.departments, report]
    shown += [app.settings.model_dump(), app.settings.model_dump_json()]
    shown += [app.outbox, app.database, app.customers, app.runs, app.till(), app.status(), app.office().outbox]
    with app.clients() as clients:
        client = clients[0].system._client  # type: ignore[attr-defined]
        client.get("/ClientIntegrationInformation")
        shown += [clients, clients[0].system, client, client._keys, client._tokens, Token(client._tokens.token(), 60)]
        shown += [client._http, clients[0].system._catalogue]  # type: ignore[attr-defined]

    for each in shown:
        none_in(f"{each!r} {each}", secrets)


def test_an_app_and_its_office_show_no_key_after_a_run(shop: Shop, secrets: Secrets) -> None:
    """The pacer of each subscription key is remembered, but never by showing it."""
    shop.send()

    none_in(f"{shop.app!r} {shop.app} {shop.app.office()!r}", secrets)


# -- errors ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", [*TROUBLES[1:], "503", "429", "drop-before"])
def test_no_error_nor_what_caused_it_holds_a_key_or_a_token(trouble: str, shop: Shop, secrets: Secrets) -> None:
    """Text, repr, arguments and traceback, all the way down."""
    invoice, reference = shop.record("1").invoice(), shop.record("1").reference
    _trouble(shop, trouble)
    app = App.open(shop.config)
    said = ""
    with app, app.clients() as clients:
        for ask in (
            lambda: clients[0].system.verify_setup(shop.clock, shop.clock().date()),
            lambda: clients[0].system.measure_prices("pp-secrets-check-1", 10002, shop.clock().date()),
            lambda: clients[0].system.deliver(invoice, reference),
            lambda: clients[0].system.deliver(invoice, reference),
            app.sync_customers,
        ):
            try:
                ask()
            except (AccountingError, PosPluginError) as error:
                said += _all_of(error)
    assert said
    none_in(said, secrets)


# -- a PowerOffice that says too much ----------------------------------------------------------------------------------


class _Telltale(BaseHTTPRequestHandler):
    """Answers as a web framework's debug page does, with the headers that it was sent and the keys that it read."""

    token = "Zq7.telltale.token"
    status = 500
    given: tuple[str, ...] = ()

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = dict(self.headers.items())
        scheme, _, word = headers.get("Authorization", "").partition(" ")
        keys = b64decode(word).decode().split(":") if scheme == "Basic" else []
        if self.path.endswith("/Token") and self.status not in (400, 401):
            status, body = 200, {"access_token": self.token, "token_type": "bearer", "expires_in": 1200}
        elif self.command == "GET" and "/SalesOrders" in self.path:
            status, body = 200, {}
        else:
            status, body = self.status, {"title": "Error", "detail": f"request was {headers}, keys {keys}"}
        content = b"[]" if body == {} else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_DELETE = answer  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""


@pytest.mark.parametrize("status", [400, 401, 403, 404, 500])
def test_keys_that_poweroffice_itself_quotes_are_not_kept(status: int, shop: Shop, secrets: Secrets, run: Run) -> None:
    """Its own words are kept for the technician, but without our keys in them."""
    handler = type("Telltale", (_Telltale,), {"status": status})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            url = f"http://127.0.0.1:{server.server_port}"
            text = shop.config.read_text().replace(shop.go.url, url)
            shop.config.write_text(text)
            said = ""
            for words in (["send"], ["check"], ["outbox", "show", shop.record("1").reference, "--json"]):
                said += run("--log-json", "--config", str(shop.config), *words)
        finally:
            server.shutdown()
    stored = "".join(
        file.read_bytes().decode("latin-1") for file in shop.config.parent.iterdir() if file != shop.config
    )

    assert "request was" in said
    none_in(said + stored, secrets)
