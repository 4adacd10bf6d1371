"""The Z reports that are kept in the outbox file, and the record of each one's settlement."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from posplugin.domain.settlement import settlement_ref
from posplugin.domain.zreport import ZReport
from posplugin.logs import get_logger
from posplugin.outbox import facts
from posplugin.outbox.database import Database
from posplugin.outbox.record import Record

log = get_logger("outbox")

#: Returns the records for which a condition (SQL with ?) holds.
Select = Callable[[str, Iterable[Any]], list[Record]]


def read_z_reports(database: Database, where: str, *values: str) -> list[ZReport]:
    """Return the Z reports for which a condition holds, in the order in which they closed.

    One that is damaged hides no other: its own settlement says what is the matter.
    """
    found: list[ZReport] = []
    for row in database.rows(f"SELECT document, schema_version, sha256 FROM z_reports WHERE {where}", values):
        try:
            found.append(facts.read("z_report", *row))
        except facts.ContentDamaged:
            log.warning("z_report_damaged")
    return sorted(found, key=in_order)


def settlement_of(select: Select, terminal_id: str, number: int | str) -> Record | None:
    """Return the record of the settlement of a terminal's Z of that number."""
    ref = settlement_ref(terminal_id, number)
    where = "terminal_id = ? AND sale_id = ? AND tender_id = ? AND kind = 'settlement'"
    found = select(where, (ref.terminal_id, ref.sale_id, ref.tender_id))
    return found[0] if found else None


def in_order(z: ZReport) -> tuple[datetime, int, str]:
    """Return by what Z reports follow each other: those of one second by their numbers."""
    return z.closed_at, len(str(z.number)), str(z.number)
