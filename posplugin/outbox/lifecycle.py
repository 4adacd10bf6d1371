"""Where a record can stand, and where it can go from there. Data; the store enforces it."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Where a record stands."""

    #: Promised to the till; the sale is not final yet.
    AUTHORIZED = "authorized"
    #: Waits for the sender.
    PENDING = "pending"
    #: A sender has it in hand.
    SENDING = "sending"
    #: It was sent, or may have been, and nobody knows whether it arrived. Looked up before it is sent again.
    UNCERTAIN = "uncertain"
    #: It stands in the accounting system, compared to the øre.
    DELIVERED = "delivered"
    #: A person must act; the reason says how.
    NEEDS_ATTENTION = "needs_attention"
    #: The sale was never final.
    CANCELLED = "cancelled"
    #: A person handled it in another way, and said how; or a Z of which there was nothing to post.
    DISCARDED = "discarded"
    #: Delivered, and taken back in the accounting system.
    REVERSED = "reversed"


#: Every move there is. The store makes no other.
TRANSITIONS: frozenset[tuple[Status, Status]] = frozenset(
    {
        (Status.AUTHORIZED, Status.PENDING),
        (Status.AUTHORIZED, Status.CANCELLED),
        (Status.AUTHORIZED, Status.NEEDS_ATTENTION),
        (Status.CANCELLED, Status.NEEDS_ATTENTION),
        (Status.PENDING, Status.SENDING),
        (Status.PENDING, Status.DELIVERED),
        (Status.PENDING, Status.NEEDS_ATTENTION),
        (Status.SENDING, Status.DELIVERED),
        (Status.SENDING, Status.PENDING),
        (Status.SENDING, Status.UNCERTAIN),
        (Status.SENDING, Status.NEEDS_ATTENTION),
        (Status.UNCERTAIN, Status.DELIVERED),
        (Status.UNCERTAIN, Status.PENDING),
        (Status.UNCERTAIN, Status.NEEDS_ATTENTION),
        (Status.NEEDS_ATTENTION, Status.PENDING),
        (Status.NEEDS_ATTENTION, Status.DELIVERED),
        (Status.NEEDS_ATTENTION, Status.CANCELLED),
        (Status.NEEDS_ATTENTION, Status.DISCARDED),
        # gone or changed in the accounting system: made again under the next reference, or let go
        (Status.DELIVERED, Status.PENDING),
        (Status.DELIVERED, Status.DISCARDED),
        (Status.DELIVERED, Status.REVERSED),
        # settlements: taken back, and posted anew under the next reference or let go; a Z of which there is nothing to
        # post
        (Status.REVERSED, Status.PENDING),
        (Status.REVERSED, Status.DISCARDED),
        (Status.PENDING, Status.DISCARDED),
    }
)

#: What a sender or a person still has to deal with.
OPEN = frozenset({Status.AUTHORIZED, Status.PENDING, Status.SENDING, Status.UNCERTAIN, Status.NEEDS_ATTENTION})
#: The same as a condition, word for word as the partial indexes have it, so that they serve.
OPEN_SQL = "status IN ('authorized', 'pending', 'sending', 'uncertain', 'needs_attention')"
#: What is never sent (again), and the same as a condition.
CLOSED = frozenset({Status.CANCELLED, Status.DISCARDED, Status.REVERSED})
CLOSED_SQL = "status IN ('cancelled', 'discarded', 'reversed')"
