"""Where open tickets lie: one for each page session and those that are parked, on disk, until they are final."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter

from posplugin.domain.clock import Clock
from posplugin.saft.moments import OSLO
from sample_terminal.journal import Journal
from sample_terminal.web.ticket import Ticket

_TICKET: Final = TypeAdapter(Ticket)
_PARKED: Final = "parked:"
_SESSION: Final = "session:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The open tickets of a till."""

    journal: Journal
    terminal_id: str
    clock: Clock

    def new(self) -> Ticket:
        """Return an empty ticket; its id is that of the sale to be, and is never used again."""
        return Ticket(ticket_id=f"{self.clock().astimezone(OSLO):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}")

    def of(self, session: str) -> Ticket:
        """Return the open ticket of a session; an empty one where it has none, or where that has become final."""
        text = self.journal.ticket(_of(session))
        ticket = None if text is None else _TICKET.validate_json(text)
        if ticket is None or self.journal.sale(self.terminal_id, ticket.ticket_id) is not None:
            return self.new()
        return ticket

    def keep(self, session: str, ticket: Ticket | None) -> None:
        """Keep a session's ticket; None: it has none any more."""
        self.journal.keep_ticket(_of(session), None if ticket is None else _json(ticket))

    def park(self, session: str, ticket: Ticket) -> None:
        """Put a session's ticket away, for any session to take up."""
        self.journal.move_ticket(_of(session), _PARKED + ticket.ticket_id, _json(ticket))

    def parked(self) -> list[Ticket]:
        """Return what has been put away, oldest first."""
        return [_TICKET.validate_json(text) for text in self.journal.tickets(_PARKED).values()]

    def elsewhere(self, session: str) -> list[Ticket]:
        """Return what lies open in other sessions, oldest first: another window, or one that was left for good."""
        others = {name: text for name, text in self.journal.tickets(_SESSION).items() if name != _of(session)}
        tickets = [ticket for ticket in map(_TICKET.validate_json, others.values()) if ticket.items]
        still = [ticket for ticket in tickets if self.journal.sale(self.terminal_id, ticket.ticket_id) is None]
        return sorted(still, key=lambda ticket: ticket.ticket_id)

    def take_up(self, session: str, ticket: Ticket) -> None:
        """Give a session what was put away, or what lies open in another."""
        for name, text in self.journal.tickets("").items():
            if _TICKET.validate_json(text).ticket_id == ticket.ticket_id:
                self.journal.move_ticket(name, _of(session), _json(ticket))


def _of(session: str) -> str:
    return f"{_SESSION}{session}"


def _json(ticket: Ticket) -> str:
    return _TICKET.dump_json(ticket).decode()
