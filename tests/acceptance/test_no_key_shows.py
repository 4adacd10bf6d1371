"""No key and no token in any log, error, output or file: whatever goes right or wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from posplugin.app import App
from posplugin.domain.payment import PaymentRef, PaymentRequest
from posplugin.domain.sale import Sale, SaleLine, Tender
from posplugin.poweroffice.client import PowerOfficeClient
from posplugin.simulator import APPLICATION_KEY, CLIENT_KEY, SUBSCRIPTION_KEY, Simulator
from tests.fixtures.settings import write_settings

WRONG = "wrong-key-4f1d9c"
KEYS = (APPLICATION_KEY, CLIENT_KEY, SUBSCRIPTION_KEY, WRONG)
COMMANDS = (
    ["check"], ["check", "--json"], ["send"], ["send", "--json"], ["send", "--dry-run"], ["status"], ["config", "show"],
    ["config", "show", "--json"], ["outbox", "list", "--json"], ["outbox", "show", "1001"],
    ["outbox", "show", "1001", "--json"], ["customers", "sync"], ["customers", "find", "--json"],
)  # fmt: skip


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(None, requests_per_second=1000) as running:
        yield running


def _settings(folder: Path, url: str, client_key: str = CLIENT_KEY, application_key: str = APPLICATION_KEY) -> Path:
    return write_settings(
        folder / "posplugin.toml",
        poweroffice={"application_key": application_key, "subscription_key": SUBSCRIPTION_KEY, "simulator_url": url},
        departments={"bar": {"client_key": client_key}},
    )


def _sell(app: App, number: int) -> None:
    sale = Sale(
        sale_id=str(number),
        terminal_id="bar-1",
        at=datetime.now(UTC),
        lines=(SaleLine(description="Middag", amount=12500, vat_rate=25),),
        tenders=(Tender(tender_id="1", channel="invoice", amount=12500),),
    )
    request = PaymentRequest(ref=PaymentRef("bar-1", str(number), "1"), sale=sale, customer_number=10002)
    app.till().capture(request)


def _everything_said(folder: Path, logs: Sequence[Sequence[str]]) -> str:
    """Every command's output, with all logs, and the bytes of the files that it leaves (but the settings')."""
    said = ""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("POSPLUGIN_")}
    for logging in logs:
        for command in COMMANDS:
            done = subprocess.run(
                [sys.executable, "-m", "posplugin", *logging, *command],
                cwd=folder,
                env=environ,
                capture_output=True,
                text=True,
                check=False,
                timeout=120,
            )
            assert "Traceback" not in done.stderr
            said += done.stdout + done.stderr
    return said


def _on_disk(folder: Path) -> bytes:
    return b"".join(f.read_bytes() for f in folder.iterdir() if f.is_file() and f.name != "posplugin.toml")


@pytest.mark.parametrize("trouble", ["none", "wrong client key", "wrong application key", "unreachable", "500"])
def test_no_key_and_no_token_is_said_or_stored(trouble: str, tmp_path: Path, simulator: Simulator) -> None:
    with App.open(_settings(tmp_path, simulator.url)) as app:
        app.sync_customers()
        _sell(app, 1001)
        _sell(app, 1002)
        tokens = _tokens_of(app)
    match trouble:
        case "wrong client key":
            _settings(tmp_path, simulator.url, client_key=WRONG)
        case "wrong application key":
            _settings(tmp_path, simulator.url, application_key=WRONG)
        case "unreachable":
            simulator.stop()
        case "500":
            simulator.fault("500-before", path="/v2/")

    said = _everything_said(tmp_path, [["--log-json"], ["--verbose"]] if trouble == "none" else [["--log-json"]])
    with App.open(tmp_path / "posplugin.toml") as app:
        said += repr(app) + str(app.settings) + repr(app.settings.model_dump()) + app.settings.model_dump_json()
        stored = _on_disk(tmp_path)

    for secret in (*KEYS, *tokens):
        assert secret not in said
        assert secret.encode() not in stored
    assert json.dumps("delivered") in said or trouble != "none"


def _tokens_of(app: App) -> list[str]:
    """The tokens that a client of this app uses while it asks for something."""
    used: list[str] = []

    def listen(request: httpx.Request) -> None:
        used.append(request.headers.get("Authorization", "").removeprefix("Bearer "))

    with app.clients() as clients:
        client = clients[0].system._client  # type: ignore[attr-defined]
        assert isinstance(client, PowerOfficeClient)
        client._http.event_hooks = {"request": [listen]}
        client.get("/ClientIntegrationInformation")
    tokens = [value for value in used if value and not value.startswith("Basic")]
    assert tokens
    return tokens
