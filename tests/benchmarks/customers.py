"""A hundred thousand customers, looked up letter by letter as a cashier types.

Ours is the hook as the till calls it, through pluggy: up to twenty customers, each with the host's own ids, what it
owes and what is agreed with it. Beside it stands what one would write with SQLite alone: the same words in an FTS5
table with the same prefix indexes, joined with the customers, the first twenty by name, the archived left out, by apsw,
as rows. It gives the same customers for every keystroke, or this ends with an error.
"""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import apsw
import pluggy

from posplugin.app import App
from posplugin.domain.customer import Customer
from posplugin.domain.payment import CustomerMatch, CustomerSearch, Outcome, Startup, Terminal
from posplugin.hooks.plugin import InvoicePlugin
from posplugin.hooks.specs import CONTRACT, PROJECT, PosTerminalSpec
from posplugin.outbox.customers import fold
from tests.benchmarks.comparison import Comparison, Measured, Samples, by_turns
from tests.benchmarks.dinner import on_a_disk
from tests.fixtures.settings import write_settings

_CUSTOMERS: Final = 100_000
_QUICK_CUSTOMERS: Final = 2_000
_LIMIT: Final = 20
#: A frame of sixty a second, milliseconds.
_FRAME: Final = 16.0
#: Typed letter by letter: names, the middle of names, letters of Norwegian, two words, numbers, and nobody.
_TYPED: Final = (
    *("berg", "hansen", "øde", "ås bygg", "ære", "kari ber", "nordbygg elek", "havn 12", "andersen ol"),
    *("912345678", "90012", "10234", "zxw"),
)


def _words(told: str) -> tuple[str, ...]:
    return tuple(told.split())


_FIRST: Final = _words(
    "Kari Ola Per Anne Berit Bjørn Åse Øystein Ærlend Ingrid Nora Jakob Emma Lars Silje Hans Marit Bente Børge Camilla "
    "Daniel Espen Frode Grete Hilde Ida Jon Knut Liv Magnus Nina Oda Pål Ragnhild Sigrid Tore Unni Vidar Yngve"
)
_LAST: Final = _words(
    "Hansen Johansen Olsen Larsen Andersen Pedersen Nilsen Berg Bergersen Berge Bakke Haugen Hagen Johannessen Solberg "
    "Strand Lund Moen Eide Nygård Østby Ås Ødegård Ærø Kristoffersen Sæther Bråthen Fjeld Dahl Vik"
)
_PLACE: Final = _words("Nordbygg Fjord Havn Sentrum Ås Østlandet Bergen Trønder Vestre Søndre Fjell Elve")
_TRADE: Final = _words("Bygg Bakeri Kontor Idrettslag Konsult Verksted Revisjon Transport Elektro Rør Blomster Fisk")

_PEER = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, number INTEGER NOT NULL UNIQUE, name TEXT NOT NULL,
    organization_number TEXT, is_archived INTEGER NOT NULL);
CREATE VIRTUAL TABLE search USING fts5 (words, content='', prefix='1 2 3');
"""
_PEER_FINDS = """SELECT c.number, c.name, c.organization_number FROM search JOIN customers c ON c.id = search.rowid
    WHERE search MATCH ? AND c.is_archived = 0 ORDER BY c.name LIMIT ?"""


def measure(quick: bool) -> Measured:
    """Time every keystroke."""
    everyone = list(_people(_QUICK_CUSTOMERS if quick else _CUSTOMERS))
    keystrokes = [typed[:end] for typed in _TYPED for end in range(1, len(typed) + 1) if typed[end - 1] != " "]
    ours, theirs = Samples(), Samples()
    with _on_a_disk() as folder, _hooks(folder, everyone) as hook, _peer(folder, everyone) as peer:
        for text in keystrokes:
            search, match = CustomerSearch(text=text, limit=_LIMIT), " ".join(f'"{word}"*' for word in fold(text))

            def find(search: CustomerSearch = search) -> Sequence[CustomerMatch]:
                (found,) = hook.pos_find_customers(search=search)
                return list(found)

            def rows(match: str = match) -> list[tuple[object, ...]]:
                return list(peer.execute(_PEER_FINDS, (match, _LIMIT)))

            if [each.customer.name for each in find()] != [name for _, name, _ in rows()]:
                raise AssertionError(f"{text!r} finds others here than there")
            mine, other = by_turns([find, rows], 2 if quick else 15, warm=2)
            ours.seconds += mine.seconds
            theirs.seconds += other.seconds
    what = "pos_find_customers, 100,000 customers, each keystroke"
    beside = "the same words in bare SQLite FTS5, by apsw"
    return Measured(
        comparisons=[
            Comparison(
                what=f"{what}, p50",
                beside=beside,
                ours=ours.p50,
                theirs=theirs.p50,
                unit="ms",
                goal=1.5,
                note=f"{len(keystrokes)} keystrokes; the hook tells host ids, terms and what is owed besides",
            ),
            Comparison(
                what=f"{what}, p99",
                beside=beside,
                ours=ours.p99,
                theirs=theirs.p99,
                unit="ms",
                goal=_FRAME,
                holds="at_most",
                note="a first letter that tens of thousands match",
            ),
        ]
    )


@contextmanager
def _on_a_disk() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=on_a_disk()) as folder:
        yield Path(folder)


def _people(count: int) -> Iterator[Customer]:
    """Give as many persons as companies, and one of fifty archived; the same each time."""
    drawn = random.Random(1)
    for at in range(count):
        is_person = drawn.random() < 0.5
        if is_person:
            name = f"{drawn.choice(_FIRST)} {drawn.choice(_FIRST)} {drawn.choice(_LAST)} {at}"
        else:
            name = f"{drawn.choice(_PLACE)} {drawn.choice(_TRADE)} {at} {drawn.choice(('AS', 'ANS', 'DA'))}"
        number = None if is_person else str(drawn.randrange(810_000_000, 1_000_000_000))
        archived = drawn.random() < 0.02
        yield Customer(
            number=10_000 + at, name=name, organization_number=number, is_person=is_person, is_archived=archived
        )


@contextmanager
def _hooks(folder: Path, everyone: Sequence[Customer]) -> Iterator[pluggy.HookRelay]:
    """Give the hooks of a started plugin that has read these customers; the host has ids of its own for a third."""
    config = write_settings(folder / "posplugin.toml")
    with App.open(config) as app:
        app.customers.store(everyone, datetime.now(UTC), everything=True)
        links = [(f"crm-{each.number}", each.number) for each in everyone[::3]]
        app.customers.link_all(links, "technician")
        terminal = Terminal(terminal_id=app.settings.terminal.id, department=app.settings.terminal.department)
    os.environ["POSPLUGIN_CONFIG"] = str(config)
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(PosTerminalSpec)
    manager.register(InvoicePlugin())
    startup = Startup(terminal=terminal, contract=CONTRACT, outcome=lambda _: Outcome.UNKNOWN)
    manager.hook.pos_startup(startup=startup)
    try:
        yield manager.hook
    finally:
        manager.hook.pos_shutdown(terminal=terminal)


@contextmanager
def _peer(folder: Path, everyone: Sequence[Customer]) -> Iterator[apsw.Connection]:
    """Give a file with the same customers and the same words."""
    with closing(apsw.Connection(str(folder / "peer.sqlite3"))) as peer:
        peer.execute("PRAGMA journal_mode = WAL")
        peer.execute(_PEER)
        with peer:
            for at, each in enumerate(everyone, 1):
                row = (at, each.number, each.name, each.organization_number, int(each.is_archived))
                peer.execute("INSERT INTO customers VALUES (?, ?, ?, ?, ?)", row)
                words = " ".join([*fold(each.name), str(each.number), each.organization_number or ""])
                peer.execute("INSERT INTO search (rowid, words) VALUES (?, ?)", (at, words))
        yield peer
