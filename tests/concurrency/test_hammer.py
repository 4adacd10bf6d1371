"""Everybody at one outbox at once: tills, commands, console, service, senders, checkpoints.

`make hammer MINUTES=10` for more of the same.
"""

from __future__ import annotations

from tests.concurrency.hammer import run


def test_whoever_is_at_the_file_nobody_is_refused_and_nothing_is_lost_or_doubled() -> None:
    figures = run(processes=8, seconds=3.0, pause=0.2)

    assert not figures.found.counts, figures.found.told
    assert figures.held["invoices and credit notes delivered"] > 0
