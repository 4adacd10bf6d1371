"""This machine: the settings file, the outbox and SQLite under it, and the library that attached receipts need."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec

from posplugin.accounting_system import Finding, right, wrong
from posplugin.checking.gate import ENABLED_SINCE
from posplugin.domain.fault import Fault
from posplugin.domain.look import Look
from posplugin.outbox.database import Database
from posplugin.outbox.disk import room
from posplugin.outbox.reading import damaged
from posplugin.outbox.store import Outbox
from posplugin.settings.model import Settings

#: Damaged records that are told of.
_TOLD = 5


def verify_machine(settings: Settings, outbox: Outbox) -> Iterator[Finding]:
    """Give one finding for each thing on this machine; that it all could be opened is right already."""
    database = outbox.database
    yield right(Look.SETTINGS, path=settings.path)
    if not settings.path.stat().st_mode & 0o077:  # where it holds keys, another is not even read
        yield right(Look.SETTINGS_FILE, path=settings.path)
    yield right(Look.OUTBOX, path=database.path, schema=database.schema())
    yield right(Look.SQLITE, version=database.sqlite_version())
    yield from _disk(database)
    yield from _integrity(outbox)
    settles = any(settings.settles(name) for name in settings.departments)
    if settings.invoicing.attach_receipt or (settles and settings.settlement.attach_z_report):
        is_there = find_spec("fpdf") is not None
        yield right(Look.RECEIPT_PDF) if is_there else wrong(Fault.NO_PDF_LIBRARY, Look.RECEIPT_PDF)
    yield from _enabled_since(settings, outbox)
    yield from _not_settled(settings)


def _not_settled(settings: Settings) -> Iterator[Finding]:
    """Whose day is not posted is told: nobody should find out from the books."""
    left = tuple(name for name in settings.departments if not settings.settles(name))
    if settings.settlement.enabled is False:
        yield right(Look.SETTLEMENTS_OFF, departments=left)
    elif left:
        yield right(Look.NO_LEDGER, departments=left)


def _disk(database: Database) -> Iterator[Finding]:
    if refused := database.try_writing():
        yield wrong(Fault.OUTBOX_NOT_WRITTEN, Look.DISK, words=refused)
    else:
        yield right(Look.DISK, megabytes=room(database.path) // 1_000_000)


def _integrity(outbox: Outbox) -> Iterator[Finding]:
    """Every page and index, and that each record still to be dealt with is what was written."""
    integrity = outbox.database.integrity()
    faults = [integrity] if integrity != "ok" else [f"{reference}: {words}" for reference, words in damaged(outbox)]
    if faults:
        yield wrong(Fault.OUTBOX_DAMAGED, Look.INTEGRITY, words="; ".join(faults[:_TOLD]))
    else:
        yield right(Look.INTEGRITY)


def _enabled_since(settings: Settings, outbox: Outbox) -> Iterator[Finding]:
    """The first day is frozen once something has been delivered: moved back, sales would be missing."""
    since = settings.invoicing.enabled_since
    note, told = outbox.note(ENABLED_SINCE), str(since)
    if note and note[0] != told and outbox.select("status = 'delivered' LIMIT 1"):
        was, now = (text if text != str(None) else "–" for text in (note[0], told))
        yield wrong(Fault.ENABLED_SINCE_MOVED, Look.ENABLED_SINCE, was=was, now=now)
    elif since is not None:
        yield right(Look.ENABLED_SINCE, date=since)
