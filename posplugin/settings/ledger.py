"""Accounts and VAT codes, which only the accountant knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from posplugin.settings.values import Account, Section, Text, VatCode, VatRate


class SalesAccount(Section):
    """Where the sales of one article group at one VAT rate are booked."""

    #: The host's own id, a SAF-T code, or "*" for every other group.
    article_group: Text
    #: Per cent; take-away food is told by its rate.
    vat: VatRate
    account: Account
    vat_code: VatCode


class Ledger(Section):
    """A ledger, or the part of it in which a department differs."""

    gratuity: Account | None = None
    gift_card: Account | None = None
    rounding: Account | None = None
    cash_difference: Account | None = None
    #: What is invoiced and not yet sent; only when the settlement reports VAT.
    invoice_clearing: Account | None = None
    #: SAF-T payment code, or the host's own name of the channel.
    tenders: Mapping[Text, Account] = Field(default_factory=dict)
    #: What money put in or taken out is booked against: SAF-T code (11010, 11011), or the host's own name of the kind.
    movements: Mapping[Text, Account] = Field(default_factory=dict)
    sales: Annotated[tuple[SalesAccount, ...], Field(strict=False)] = ()

    def overridden_by(self, own: Ledger) -> Ledger:
        """Return this ledger with whatever `own` says put in its place, entry by entry."""
        sales = {(rule.article_group, rule.vat): rule for rule in (*self.sales, *own.sales)}
        mapped = {name: {**getattr(self, name), **getattr(own, name)} for name in ("tenders", "movements")}
        single = {name: getattr(own, name) for name in own.model_fields_set - {*mapped, "sales"}}
        return self.model_copy(update={**single, **mapped, "sales": tuple(sales.values())})
