"""What a person writes of a customer: the till's own id, and what is agreed. What cannot be read is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from posplugin.domain.customer import CustomerTerms
from posplugin.domain.errors import UsageError
from posplugin.domain.money import kroner_text
from posplugin.domain.payment import LONGEST_FIELD
from posplugin.domain.typed import kroner_typed
from posplugin.texts.console_customers import CustomersText

#: As `domain.sale.require_id` has it.
LONGEST_ID = 64
#: Øre; whoever may owe more has no limit.
HIGHEST_LIMIT = 1_000_000_000_00
#: Of what could not be read, so much is said again.
_QUOTED = 40


class Wrong(Exception):
    """What was written cannot be used; `sentence` is for the person."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


def host_id_of(given: Mapping[str, str], text: CustomersText) -> str:
    """Return the till's own customer id; raise `Wrong` for what no till can have."""
    host_id = given.get("host_id", "").strip()
    if not host_id or len(host_id) > LONGEST_ID or not host_id.isprintable():
        raise Wrong(text.no_host_id.format(longest=LONGEST_ID))
    return host_id


def terms_of(given: Mapping[str, str], before: CustomerTerms, text: CustomersText) -> CustomerTerms:
    """Return what is agreed from now on; raise `Wrong` for what cannot be."""
    limits = {
        "default": lambda: replace(before, credit_limit=None, unlimited=False),
        "none": lambda: replace(before, credit_limit=None, unlimited=True),
        "own": lambda: replace(before, credit_limit=_limit(given.get("amount", ""), text), unlimited=False),
    }
    terms = limits.get(given.get("limit", ""), lambda: before)()
    return replace(
        terms,
        your_reference=_line(given.get("your_reference", ""), text.your_reference, text),
        order_number=_line(given.get("order_number", ""), text.order_number, text),
    )


def _limit(typed: str, text: CustomersText) -> int:
    try:
        ore = kroner_typed(typed.strip())
    except (ValueError, UsageError):
        ore = -1
    if not 0 <= ore <= HIGHEST_LIMIT:
        raise Wrong(text.no_amount.format(text=typed.strip()[:_QUOTED], highest=kroner_text(HIGHEST_LIMIT)))
    return ore


def _line(typed: str, label: str, text: CustomersText) -> str | None:
    stripped = typed.strip()
    if len(stripped) > LONGEST_FIELD or not stripped.isprintable():
        raise Wrong(text.too_long.format(field=label, longest=LONGEST_FIELD))
    return stripped or None
