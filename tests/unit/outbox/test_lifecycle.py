"""TRANSITIONS is DESIGN's drawing, and what may become of a delivered document and of a settlement."""

from __future__ import annotations

import re

from posplugin.outbox.lifecycle import OPEN, OPEN_SQL, TRANSITIONS, Status
from posplugin.outbox.migrations import STEPS

#: From → to, as drawn in DESIGN section 5. A Z of which there is nothing to post is let go at once, and a settlement
#: that was taken back may be posted anew or let go.
DRAWN = {
    "authorized": "pending cancelled needs_attention",
    "pending": "sending needs_attention delivered discarded",
    "sending": "delivered pending uncertain needs_attention",
    "uncertain": "delivered pending needs_attention",
    "needs_attention": "pending discarded cancelled delivered",
    "cancelled": "needs_attention",
    "delivered": "reversed pending discarded",
    "discarded": "",
    "reversed": "pending discarded",
}


def test_every_move_is_drawn_and_every_drawn_move_is_there() -> None:
    drawn = {(Status(was), Status(now)) for was, nows in DRAWN.items() for now in nows.split()}
    assert drawn == TRANSITIONS
    assert set(DRAWN) == set(Status)


def test_what_is_open_can_move_and_what_is_closed_is_left_alone() -> None:
    assert {was for was, _ in TRANSITIONS} >= OPEN
    assert Status.DELIVERED not in OPEN
    assert Status.DISCARDED not in OPEN


def test_what_is_open_is_the_same_in_sql_and_in_the_indexes() -> None:
    """A partial index serves only a query that says its condition word for word."""
    named = set(re.findall(r"'(\w+)'", OPEN_SQL))

    assert named == {str(status) for status in OPEN}
    assert sum(step.count(OPEN_SQL) for step in STEPS) == 2
