"""What local codes mean: through the house's rules first, then through the file's own tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from posplugin.domain.errors import UsageError
from posplugin.domain.money import require_vat_rate
from posplugin.domain.sale import CASH, INVOICE, LineKind
from posplugin.saft import code_lists
from posplugin.saft.entries import Line, Tables, Vat
from posplugin.saft.errors import SaftError
from posplugin.saft.rules import SaftRules

CARD: Final = "card"

#: Payment code to the channel a till calls it by; other payments keep their code, or their local id.
CHANNELS: Final[Mapping[str, str]] = {
    "12001": CASH,
    "12002": CARD,
    "12003": CARD,
    "12004": "bank",
    "12005": "gift_card",
    code_lists.CUSTOMER_ACCOUNT: INVOICE,
    "12011": "mobile",
}

#: Standard VAT code to rate in per cent: ordinary, food, transport and rooms, and those without VAT.
STANDARD_RATES: Final[Mapping[str, int]] = {"3": 25, "31": 15, "33": 12, "0": 0, "5": 0, "6": 0, "7": 0}

#: Names (of an article group or a line type, exactly) by which a line tells that it is no ordinary goods. The code
#: lists have no code for these.
_KIND_NAMES: Final[Mapping[str, LineKind]] = {
    "gavekort": LineKind.GIFT_CARD,
    "gift card": LineKind.GIFT_CARD,
    "gift token": LineKind.GIFT_CARD,
    "serviceavgift": LineKind.SERVICE_CHARGE,
    "service charge": LineKind.SERVICE_CHARGE,
    "pant": LineKind.DEPOSIT,
    "deposit": LineKind.DEPOSIT,
}


@dataclass(frozen=True, slots=True)
class Codes:
    """Looks local codes up."""

    tables: Tables
    rules: SaftRules

    def predefined(self, kind: str, local: str | None) -> str | None:
        """Return the predefined code of a local one; a local id that is itself a predefined code stands for itself."""
        if local is None:
            return None
        ruled = self.rules.codes.get(local)
        if ruled and ruled.startswith(kind):
            return ruled
        return self.tables.predefined.get((kind, local)) or (local if local in code_lists.PREDEFINED[kind] else None)

    def article_group(self, local: str | None) -> str | None:
        """Return the 04… code of a local article group."""
        return self.predefined(code_lists.ARTICLE_GROUP, local)

    def channel(self, local: str) -> str:
        """Return the channel of a local payment id; raise `SaftError` when a name without a code could mislead."""
        if local in self.rules.invoice_payments:
            return INVOICE
        code = self.predefined(code_lists.PAYMENT, local)
        if code is None and local.casefold() in CHANNELS.values():
            raise SaftError(
                f'the payment {local} has no predefined code; add it to codes in [saft], as {local} = "12001"'
            )
        # 12999 is "other": two of them are not the same, so the local id says more.
        return CHANNELS.get(code or "") or (code if code and not code.endswith("999") else local)

    def transaction(self, local: str | None) -> str:
        """Return the 11… code of a transaction; one without a type is a cash sale. Raises `SaftError` if unknown."""
        if local is None:
            return code_lists.CASH_SALE
        code = self.predefined(code_lists.TRANSACTION, local)
        if code is None:
            raise SaftError(f'the type {local} has no predefined code; add it to codes in [saft], as {local} = "11001"')
        return code

    def is_tip(self, local: str) -> bool:
        """Whether a raise is a tip."""
        return self.predefined(code_lists.RAISE, local) == code_lists.TIP

    def line_kind(self, line: Line) -> LineKind:
        """Return what a line is to the books: by the house's rules, else by the name of its group or its type."""
        if ruled := self.rules.line_kinds.get(line.article_group or ""):
            return ruled
        names = [
            self.tables.names.get((code_lists.ARTICLE_GROUP, line.article_group or ""), ""),
            self.tables.names.get(("05", line.line_type), ""),
        ]
        return next((kind for name in names if (kind := _KIND_NAMES.get(name.strip().casefold()))), LineKind.GOODS)

    def rate(self, vat: Vat | None) -> int:
        """Return the rate in per cent; raise `SaftError` when it cannot be told, or code and rate differ."""
        if vat is None:
            return 0
        standard = (self.tables.vat_codes.get(vat.code or "") or "").lstrip("0") or "0"
        # A local code says nothing by itself: the example's "1" is 12 %.
        by_code = STANDARD_RATES.get(standard) if vat.code in self.tables.vat_codes else None
        if vat.percent is None:
            if by_code is None:
                raise SaftError(f"the VAT code {vat.code} tells no rate; the file needs vatPerc, or standardVatCode")
            return by_code
        try:
            rate = require_vat_rate(
                "its VAT" if vat.code is None else f"VAT code {vat.code}",
                int(vat.percent) if vat.percent % 1 == 0 else vat.percent,
            )
        except UsageError as error:
            raise SaftError(str(error)) from error
        if by_code is not None and by_code != rate:
            raise SaftError(
                f"the VAT code {vat.code} is {by_code} % by its standard code {standard}, but {rate} % here"
            )
        return rate
