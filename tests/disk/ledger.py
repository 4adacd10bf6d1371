"""What a till has been told, and what must stand in its file therefore, once the disk is mended."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import apsw

from posplugin.app import App
from posplugin.domain.errors import OutboxUnavailable
from posplugin.domain.payment import Authorization, Outcome, PaymentRef, PaymentRequest, Refusal, RefusalCode, Terminal
from posplugin.hooks import PosHost
from posplugin.hooks.plugin import InvoicePlugin
from posplugin.outbox.lifecycle import Status
from posplugin.texts import texts
from tests.fixtures.sales import request, sale

TERMINAL = Terminal(terminal_id="bar-1", department="bar")
#: What the cashier reads when the plugin cannot answer.
SORRY = "Faktura virker ikke akkurat nå. Velg en annen betalingsmåte"


def payment(name: str, amount: int = 100_00) -> PaymentRequest:
    """A sale by invoice."""
    return request(sale(amount, sale_id=name))


@dataclass
class Ledger:
    """The till's own book: every answer it got, and every sale that became final."""

    promised: set[PaymentRef] = field(default_factory=set)
    final: set[PaymentRef] = field(default_factory=set)
    abandoned: set[PaymentRef] = field(default_factory=set)
    refused: list[Refusal] = field(default_factory=list)

    def sell(self, host: PosHost, asked: PaymentRequest) -> bool:
        """Sell as a till does: promise, final, capture; or refuse, and let go. Never raises."""
        answer = host.authorize(asked)
        if isinstance(answer, Refusal):
            self.refused.append(answer)
            self.abandoned.add(asked.ref)
            return False
        assert isinstance(answer, Authorization)
        self.promised.add(asked.ref)
        self.final.add(asked.ref)
        if host.capture(asked):
            self.promised.discard(asked.ref)
        return True

    def outcome(self, ref: PaymentRef) -> Outcome:
        """The journal's answer to the plugin."""
        if ref in self.final:
            return Outcome.FINAL
        return Outcome.ABANDONED if ref in self.abandoned else Outcome.UNKNOWN

    def start(self, patience: float = 5.0) -> PosHost:
        """Start the till, by POSPLUGIN_CONFIG."""
        return PosHost.load(TERMINAL, self.outcome, plugins={"posplugin": InvoicePlugin()}, patience=patience)

    def settle(self, host: PosHost) -> None:
        """Repeat, as every till does, the captures that got no answer."""
        for ref in sorted(self.promised, key=str):
            assert host.capture(payment(ref.sale_id)), host.failures
        self.promised.clear()

    def must_stand_in(self, config: Path) -> None:
        """The file is whole, each final payment waits once to be sent, and nothing that was let go."""
        with App.open(config) as app:
            assert app.database.integrity() == "ok"
            records = {record.ref: record for record in app.outbox.select("1")}
            going = {ref for ref, record in records.items() if record.status is Status.PENDING}
            assert going == self.final
            for record in records.values():
                assert record.invoice().total == record.amount
                events = app.outbox.events(record)
                assert [event.was for event in events] == [None, *(event.now for event in events[:-1])]
                assert events[-1].now == record.status


def refused_cleanly(refusal: Refusal) -> None:
    """A sentence for the cashier, in Norwegian, and nothing of SQLite or Python in it."""
    known = {texts("nb").refusal[code].partition("{")[0] for code in RefusalCode if code in texts("nb").refusal}
    known |= {SORRY, "Kassen har ingen betalingsmåte som heter"}
    assert any(refusal.text.startswith(words) for words in known if words), refusal.text
    assert "Error" not in refusal.text


def whole(path: Path) -> bool:
    """Whether SQLite alone finds nothing wrong with a file."""
    connection = apsw.Connection(str(path))
    try:
        return list(connection.execute("PRAGMA integrity_check")) == [("ok",)]
    except apsw.Error:
        return False
    finally:
        connection.close()


def opened(path: Path) -> OutboxUnavailable | None:
    """Return what opening the file says, None where it opens."""
    from posplugin.outbox.database import Database  # noqa: PLC0415  # after a test has put a disk under it

    try:
        Database(path).close()
    except OutboxUnavailable as error:
        return error
    return None
