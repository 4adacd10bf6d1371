"""PowerOffice out of reach for days, by every way there is: nothing is lost, nothing counts, the lamp tells."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest
import trustme

from posplugin.domain.documents import RecordKind
from posplugin.domain.payment import Light
from posplugin.outbox.lifecycle import Status
from posplugin.poweroffice import connection
from posplugin.simulator import Simulator
from tests.faults.conftest import Behind
from tests.faults.ledger import is_delivered_whole
from tests.faults.nights import AUTOMATIC, lamp, let_pass, open_till, set_clocks
from tests.faults.proxy import Proxy
from tests.integration.sender.settled import stand_settled_once
from tests.integration.sender.shop import LEDGER, Shop

A_DAY = timedelta(days=1)
SETTINGS = {"schedule": AUTOMATIC, "settlement": "attach_z_report = false", "ledger": LEDGER}
#: Three nights' outage: how it begins and ends, and what the lamp tells of it.
Outage = tuple[Callable[[Simulator, Proxy], object], Callable[[Simulator, Proxy], object], str]


def _without_privilege(go: Simulator, _: Proxy) -> None:
    go.set_privilege("SalesOrders_Full", False)
    go.revoke_tokens()


def _with_privilege(go: Simulator, _: Proxy) -> None:
    go.set_privilege("SalesOrders_Full", True)
    go.revoke_tokens()


def _over(go: Simulator, proxy: Proxy) -> None:
    go.clear_faults()
    proxy.clear()


OUTAGES: dict[str, Outage] = {
    "the port is closed": (lambda _, proxy: proxy.down(), lambda _, proxy: proxy.up(), "cannot be reached"),
    "every connection is reset": (lambda _, proxy: proxy.add("reset_before"), _over, "did not answer"),
    "every answer is cut": (lambda _, proxy: proxy.add("limit_data", size=20), _over, "did not answer"),
    "it is unavailable": (lambda go, _: go.fault("503"), _over, "503"),
    "the limit is reached by others": (lambda go, _: go.fault("429"), _over, "429"),
    "no token is given": (lambda go, _: go.fault("401", path="/OAuth"), _over, "does not accept the keys"),
    "every token is refused": (lambda go, _: go.fault("401", path="/v2"), _over, "401"),
    "the keys may do nothing": (lambda go, _: go.fault("403"), _over, "403"),
    "the keys may not post": (_without_privilege, _with_privilege, "403"),
}


@pytest.mark.parametrize("what", OUTAGES)
def test_three_days_of_sales_are_delivered_when_it_is_over_and_no_try_was_counted(
    what: str, behind: Callable[..., Behind], proxy: Proxy, go: Simulator
) -> None:
    """Sales on three evenings, a run each night, a restart each morning; on the fourth night all is delivered."""
    begins, ends, told = OUTAGES[what]
    shop = behind(**SETTINGS)
    set_clocks(shop, "2026-11-20 18:00")
    open_till(shop)
    assert all(finding.ok for finding in shop.app.office().check())
    let_pass(shop, timedelta(hours=1))
    begins(go, proxy)
    days = []
    for day in range(3):
        shop.evening(2, first=1 + 2 * day)
        days.append(shop.close_day(day + 1))
        let_pass(shop, A_DAY)
        status = shop.app.status("en")
        assert status.light is not Light.GREEN
        assert told in lamp(shop)
        open_till(shop)
    invoices = [record for record in shop.records() if record.kind is RecordKind.INVOICE]
    assert {(record.status, record.attempts) for record in invoices} == {(Status.PENDING, 0)}
    runs = [run for run in shop.app.runs.latest(99) if run.outcome == "stopped"]
    assert len(runs) == 3

    ends(go, proxy)
    let_pass(shop, A_DAY)

    assert {record.attempts for record in shop.records()} == {0}
    is_delivered_whole(shop)
    stand_settled_once(go, *days)
    assert "stopped" not in lamp(shop)
    assert shop.app.status("en").light is Light.GREEN, lamp(shop)


# -- names and certificates --------------------------------------------------------------------------------------------


class Stranger:
    """Somebody who answers in PowerOffice's place, with a certificate; keeps what is said after the handshake."""

    def __init__(self, certificate: trustme.LeafCert) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(self._context)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.heard: list[bytes] = []
        self.calls = 0
        threading.Thread(target=self._listen, name="stranger", daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.calls += 1
            with suppress(OSError), connection:
                connection.settimeout(5)
                with self._context.wrap_socket(connection, server_side=True) as told:
                    if heard := told.recv(65536):
                        self.heard.append(heard)


@contextmanager
def _leading_to(port: int | None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let PowerOffice's name lead to a port on this machine, or to nowhere."""
    real = socket.getaddrinfo

    def look_up(host: Any, *told: Any, **more: Any) -> Any:
        if host != connection.POWEROFFICE_HOST:
            return real(host, *told, **more)
        if port is None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    with monkeypatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", look_up)
        yield


def _to_poweroffice_itself(shop: Shop) -> None:
    text = shop.config.read_text()
    shop.config.write_text(text.replace('endpoint_mode = "simulator"', 'endpoint_mode = "test"'))


def _send_there(shop: Shop, sentence: str) -> None:
    """A run to PowerOffice itself stops, says why, and changes nothing; then it goes to the simulator again."""
    _to_poweroffice_itself(shop)
    for _ in range(3):
        report = shop.app.send("hand")
        assert sentence in report.stopped[0]
        assert sentence in lamp(shop)
    assert {(record.status, record.attempts) for record in shop.records()} == {(Status.PENDING, 0)}
    shop.write()
    shop.until_quiet()
    is_delivered_whole(shop)


def test_a_name_that_cannot_be_looked_up_stops_the_run_with_a_sentence(
    shops: Callable[..., Shop], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = shops()
    shop.evening(2)
    with _leading_to(None, monkeypatch):
        _send_there(
            shop, "the name goapi.poweroffice.net cannot be looked up (Name or service not known); is this machine on"
        )


@pytest.mark.parametrize("name", ["goapi.poweroffice.net", "goapi.example.no"])
def test_a_certificate_that_is_not_poweroffices_is_refused_with_a_sentence_and_hears_nothing(
    name: str, shops: Callable[..., Shop], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The right name by an authority that nobody knows; no key, no token request, no document has been sent."""
    shop = shops()
    shop.evening(2)
    stranger = Stranger(trustme.CA().issue_cert(name))
    with _leading_to(stranger.port, monkeypatch):
        _send_there(shop, "the certificate of goapi.poweroffice.net is not accepted (")
    stranger.close()

    assert stranger.calls
    assert stranger.heard == []


def test_a_known_authority_that_vouches_for_another_name_is_refused_and_for_the_right_one_is_spoken_to(
    shops: Callable[..., Shop], monkeypatch: pytest.MonkeyPatch
) -> None:
    """So it is the certificate that was refused above, and nothing else."""
    shop = shops()
    shop.evening(1)
    authority = trustme.CA()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    authority.configure_trust(tls)
    monkeypatch.setattr(connection, "_tls", lambda: tls)
    other, right = (Stranger(authority.issue_cert(name)) for name in ("goapi.example.no", "goapi.poweroffice.net"))
    with _leading_to(other.port, monkeypatch):
        _send_there(shop, "Hostname mismatch")
    shop.sell("2")
    _to_poweroffice_itself(shop)
    with _leading_to(right.port, monkeypatch):
        shop.app.send("hand")

    assert other.heard == []
    assert right.heard[0].startswith(b"POST /Demo/OAuth/Token")
    for each in (other, right):
        each.close()
