"""What technicians say they have done, held against the outbox: each change is there once, none undid another."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping

from posplugin.domain.documents import RecordKind
from posplugin.domain.payment import PaymentRef
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.outbox.store import Outbox
from tests.concurrency.technicians import ASIDE, COUNTER
from tests.crash.checker import Found

#: What is counted here beside what `tests.crash.checker` counts.
MEANINGS: Mapping[str, str] = {
    "refused": "a hook, a page or a command that failed for no good reason, or before its wait was used up",
    "lost update": "a change that was said to be made and is not there, is there twice, or was undone by another's",
    "sent though discarded": "let go by a technician, and in the books",
    "log not bounded": "after a checkpoint, with nobody reading, the `-wal` is not empty",
}
_AMENDED = re.compile(r"(customer_number|your_reference|order_number) (.*?) → (.*?)(?=, (?:your_ref|order_num)|$)")
_WHY = {
    "tried again by hand": "retry",
    "hidden": "hide",
    "shown": "hide",
    "invoiced by hand": "discard",
    ASIDE: "aside",
}


def check_changes(outbox: Outbox, made: Mapping[str, Counter[str]]) -> Found:
    """Compare the events with what each technician counted as made, and with the records as they are."""
    found, there = Found(), defaultdict[str, Counter[str]](Counter)
    for record in outbox.select("1"):
        events = outbox.events(record)
        was, now = [event.was for event in events], [event.now for event in events]
        found.when(was != [None, *now[:-1]], "lost update", record.ref, "has events that do not follow each other", was)
        found.when(now[-1] != record.status, "lost update", record.ref, record.status, "is not what happened last")
        for event in events:
            if event.who in made:
                act = "amend" if (event.why or "").startswith("amended: ") else _WHY.get(event.why or "", "?")
                there[event.who][_as_counted(act, record, event.why or "")] += 1
        if record.kind is RecordKind.INVOICE:
            _check_amended(found, record, [event.why or "" for event in events])
    for who, counted in made.items():
        acts = counted.keys() | there[who].keys()
        told = {act: (counted[act], there[who][act]) for act in acts if counted[act] != there[who][act]}
        found.when(told, "lost update", who, "(said, there):", told)
    return found


def check_counters(outbox: Outbox, made: Mapping[str, Counter[str]]) -> Found:
    """Each counter has been counted on by one, as often as somebody did."""
    found, wanted = Found(), sum(counted["count"] for counted in made.values())
    counters = outbox.select(f"sale_id LIKE '{COUNTER}%'")
    reached = sum(int(record.invoice().order_number or 0) for record in counters)
    found.when(reached != wanted, "lost update", f"the counters stand at {reached}, counted on {wanted} times")
    return found


def discarded(outbox: Outbox) -> set[PaymentRef]:
    return {r.ref for r in outbox.select("kind <> 'settlement'") if r.status is Status.DISCARDED}


def without_discarded(found: Found, let_go: set[PaymentRef]) -> Found:
    """Take out what is said of sales only because a technician let them go."""
    kept, words = Found(), tuple(f"{name}: {ref} " for ref in let_go for name in ("lost", "not delivered"))
    for told in found.told:
        if not told.startswith(words):
            kept.note(told.partition(":")[0], told.partition(": ")[2])
    return kept


def _as_counted(act: str, record: Record, why: str) -> str:
    return "count" if act == "amend" and record.sale_id.startswith(COUNTER) and "order_number" in why else act


def _check_amended(found: Found, record: Record, whys: list[str]) -> None:
    """Each correction begins where the last ended, and the document is what the last one made of it."""
    stands: dict[str, str] = {}
    for why in whys:
        if not why.startswith("amended: "):
            continue
        for name, before, after in _AMENDED.findall(why.removeprefix("amended: ")):
            known = stands.get(name, before)
            found.when(known != before, "lost update", record.ref, f"{name} was {known}, corrected from {before}")
            stands[name] = after
    invoice = record.invoice()
    for name, value in stands.items():
        found.when(str(getattr(invoice, name)) != value, "lost update", record.ref, name, getattr(invoice, name), value)
