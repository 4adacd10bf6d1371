"""What every page of the till has: the desk, the words, the lamp."""

from __future__ import annotations

from dataclasses import dataclass

from posplugin.domain.sale import CASH
from sample_terminal.checkout import Stopped
from sample_terminal.web.desk import Desk, Wrong
from sample_terminal.web.lamp import Lamp
from sample_terminal.web.ticket import Ticket
from sample_terminal.web.typed import hundredths
from sample_terminal.web.words import Words

#: The ways to pay that are the till's own.
OWN_CHANNELS = (CASH, "card", "gift_card")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """What the pages share."""

    desk: Desk
    words: Words
    lamp: Lamp

    def wrong(self, error: Wrong) -> str:
        """Return what is said to the cashier of something that cannot be done."""
        return self.words.wrong[error.name].format(**error.facts)

    def stopped(self, answer: Stopped) -> str:
        """Return why a sale is not final: in the plugin's own words, where a plugin said no."""
        return self.words.wrong.get(answer.code, answer.text)

    def channels(self) -> dict[str, str]:
        """Return the ways to pay, with their names: the till's own, and those of the plugins."""
        own = {channel: self.words.channel[channel] for channel in OWN_CHANNELS}
        return own | {one.channel_id: one.label(self.desk.language) for one in self.desk.host.channels()}

    def said(self, ticket: Ticket) -> str:
        """Return what a screen reader is told of a ticket."""
        if not ticket.items:
            return ""
        total = spoken(ticket.left)
        touched = ticket.item(ticket.touched or 0)
        if touched is None:
            return self.words.said_total.format(total=total)
        line = f"{touched.quantity.normalize():f} {touched.text}"
        return self.words.said_line.format(line=line, total=total)


def spoken(ore: int) -> str:
    """Return an amount as it is read aloud: 528 and 528,50."""
    whole, part = divmod(abs(ore), 100)
    return f"{whole},{part:02d}" if part else str(whole)


def amount_typed(text: str) -> int:
    """Return a typed amount, øre; raise `Wrong` for what is none, and for less than nothing."""
    amount = hundredths(text)
    if amount is None or amount < 0:
        raise Wrong("not_an_amount", text=text[:40])
    return amount
