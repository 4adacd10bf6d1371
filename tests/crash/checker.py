"""Says, over a till's journal and its outbox, what is lost, doubled or unexpected. After a restart all must be 0."""

from __future__ import annotations

from collections import Counter

from posplugin.domain.payment import Outcome
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.store import Outbox
from sample_terminal.journal import Journal


def check(journal: Journal, outbox: Outbox) -> dict[str, object]:
    """Compare every final payment with every record.

    lost: final in the journal, yet not waiting to be sent. doubled: more than one record of a payment. unexpected: a
    record that may be sent though the sale is not final, or that is neither sent nor void. different: another amount.
    """
    final = {request.ref: request.tender.amount for _, request in journal.on_account()}
    records = outbox.select("1")
    alive = {record.ref: record for record in records if record.status is not Status.CANCELLED}
    waiting = {ref: record for ref, record in alive.items() if record.status is Status.PENDING}
    return {
        "final": len(final),
        "void": sum(1 for record in records if record.status is Status.CANCELLED),
        "lost": len(final.keys() - waiting.keys()),
        "doubled": sum(1 for count in Counter(record.ref for record in records).values() if count > 1),
        "unexpected": len(alive.keys() - final.keys()),
        "different": sum(1 for ref in final.keys() & alive.keys() if alive[ref].amount != final[ref]),
        "captured_not_told": len(journal.uncaptured()),
        "void_yet_final": sum(
            1 for r in records if r.status is Status.CANCELLED and journal.outcome(r.ref) is Outcome.FINAL
        ),
        "integrity": outbox.database.integrity(),
        "sales": sorted({f"{ref.sale_id}" for ref in final}),
    }
