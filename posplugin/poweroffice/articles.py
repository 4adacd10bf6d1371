"""The products of the till's own articles: found by code, and made where they are missing, once."""

from __future__ import annotations

import itertools
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from posplugin.accounting_system import AccountingError, Verdict
from posplugin.domain.documents import InvoiceItem
from posplugin.domain.reasons import Reason
from posplugin.domain.sale import LineKind
from posplugin.poweroffice.client import PowerOfficeClient
from posplugin.poweroffice.mapping import missing
from posplugin.poweroffice.reading import whole_or_none
from posplugin.poweroffice.vat_codes import NO_TURNOVER

#: What PowerOffice takes of a product.
_LONGEST_CODE, _LONGEST_NAME = 100, 400
#: How many codes one look-up asks for.
_AT_ONCE = 50
_IS_THERE = re.compile(r"code.*(in use|exist|duplicate|unique|taken)|(exist|duplicate|unique).*code", re.I | re.S)


class Articles:
    """The articles' products, as one Go client has them. Thread-safe.

    A product's code is prefix, article id and VAT rate ("P-1042-25"): an article that is sold at two rates has two
    products. It costs one look-up for every 50 codes that have not been asked for yet, one request for each product
    that is made, and one where a product posts to another account than the one for its rate.
    """

    def __init__(
        self,
        client: PowerOfficeClient,
        prefix: str,
        *,
        may_create: bool,
        settle_time: timedelta,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`settle_time` is how long after a lost answer "not there" begins to count."""
        self._client = client
        self._prefix = prefix
        self._may_create = may_create
        self._settle_seconds = settle_time.total_seconds()
        self._monotonic = monotonic
        self._lock = threading.Lock()
        #: By code; nothing where there is no such product.
        self._found: dict[str, list[dict[str, Any]]] = {}
        #: What became of a try to make a product, and when; it may be there all the same.
        self._failed: dict[str, tuple[AccountingError, float]] = {}
        #: VAT code by account number.
        self._vat_codes: dict[int, str | None] = {}

    def code(self, item: InvoiceItem) -> str | None:
        """Return the code of an item's own product; None where it can have none."""
        if not item.article_id or not item.invoiced or item.kind is LineKind.GIFT_CARD:
            return None
        code = f"{self._prefix}{item.article_id}-{item.vat_rate}"
        # PowerOffice's filter by codes takes them apart at commas and strips them.
        fits = len(code) <= _LONGEST_CODE and code.isprintable() and "," not in code and code == code.strip()
        return code if fits else None

    def look_up(self, items: Iterable[InvoiceItem]) -> None:
        """Ask for the products of these items, as far as they have not been asked for."""
        wanted = {code for item in items if (code := self.code(item))}
        with self._lock:
            self._ask(sorted(wanted - self._found.keys()))

    def product(self, item: InvoiceItem, standard: Mapping[str, Any]) -> dict[str, int | str] | None:
        """Return how a line names the item's own product: by id, or by code where `create` is to make it.

        None where it has none and gets none: then `standard`, the product for the VAT rate, serves. Raises
        `AccountingError` for a product that is archived, or that would report the VAT in another way than `standard`.
        """
        code = self.code(item)
        if code is None:
            return None
        with self._lock:
            if self._found.get(code):
                return {"ProductId": self._usable(code, standard)}
        return {"ProductCode": code} if self._may_create else None

    def lacks(self, item: InvoiceItem) -> bool:
        """Whether a product is to be made for the item."""
        code = self.code(item)
        return self._may_create and code is not None and not self._found.get(code)

    def create(self, item: InvoiceItem, standard: Mapping[str, Any]) -> None:
        """Make the item's product, on the account of `standard`; harmless where another terminal was quicker."""
        code = self.code(item)
        with self._lock:
            if code is None or self._found.get(code):
                return
            if code in self._failed:
                self._ask([code])
            if not self._found.get(code) and self._is_settled(code):
                self._make(code, item.description, standard)
            if not self._found[code]:
                raise self._failed[code][0]
            self._usable(code, standard)

    # -- inside, with the lock held --------------------------------------------------------------------------------

    def _ask(self, codes: list[str]) -> None:
        for some in _batches(codes):
            rows = list(self._client.pages("/Products", {"codes": ",".join(some)}))
            self._found |= {code: [row for row in rows if row.get("Code") == code] for code in some}

    def _is_settled(self, code: str) -> bool:
        """Whether an earlier try can no longer show, so that another cannot make a second product."""
        return code not in self._failed or self._monotonic() - self._failed[code][1] >= self._settle_seconds

    def _make(self, code: str, name: str, standard: Mapping[str, Any]) -> None:
        try:
            self._found[code] = [self._post(code, name, standard)]
        except AccountingError as error:
            if error.verdict is Verdict.STOP:
                raise
            self._failed[code] = (_of_product(error, code), self._monotonic())
            self._ask([code])

    def _post(self, code: str, name: str, standard: Mapping[str, Any]) -> dict[str, Any]:
        body = {
            "Code": code,
            "Name": name.strip()[:_LONGEST_NAME] or code,
            # No price: a line always says its own. The account explicitly, since it decides the VAT.
            "StandardSalesAccount": _account(standard),
        }
        row = self._client.post("/Products", body)
        if not isinstance(row, dict) or row.get("Code") != code or not isinstance(row.get("Id"), int):
            raise AccountingError(Verdict.UNKNOWN, Reason.INTERNAL, "the answer cannot be understood", status=200)
        return row

    def _usable(self, code: str, standard: Mapping[str, Any]) -> int:
        """Return the id of the product to use. Several of one code mean the same when they post alike."""
        alive = [row for row in self._found[code] if not row.get("IsArchived")]
        if not alive:
            raise missing(Reason.PRODUCT_ARCHIVED, f"product {code} is archived")
        for row in alive:
            self._refuse_other_vat(row, standard)
        ids = [found for row in alive if (found := whole_or_none(row.get("Id"))) is not None]
        if not ids:
            raise missing(Reason.PRODUCT_MISSING, f"product {code} has no id to use")
        return min(ids)

    def _refuse_other_vat(self, row: Mapping[str, Any], standard: Mapping[str, Any]) -> None:
        number, wanted = _account(row), _account(standard)
        if number == wanted:
            return
        if unknown := sorted({number, wanted} - self._vat_codes.keys()):
            asked = {"accountNos": ",".join(map(str, unknown))}
            rows = {int(found["AccountNo"]): found for found in self._client.pages("/GeneralLedgerAccounts", asked)}
            self._vat_codes |= {one: str(rows[one].get("VatCode")) if one in rows else None for one in unknown}
        vat, wanted_vat = self._vat_codes[number], self._vat_codes[wanted]
        if (
            vat is None or vat != wanted_vat or vat in NO_TURNOVER
        ):  # of accounts without turnover, each means another thing
            raise missing(
                Reason.VAT_REPORTED_TWICE,
                f"product {row['Code']} posts to {number} (VAT code {vat or 'unknown'}), but product "
                f"{standard['Code']}, which the settings name, posts to {wanted} (VAT code {wanted_vat or 'unknown'})",
            )


def _account(row: Mapping[str, Any]) -> int:
    number = whole_or_none(row.get("StandardSalesAccount"))
    if not number:
        words = f"product {row.get('Code')} has no sales account of its own, so that its VAT is not certain"
        raise missing(Reason.VAT_REPORTED_TWICE, words)
    return number


def _of_product(error: AccountingError, code: str) -> AccountingError:
    """Say of a document what happened to a product that it needs: nothing is wrong with its own reference."""
    there = error.verdict is Verdict.DUPLICATE or _IS_THERE.search(error.words)
    verdict = Verdict.UNKNOWN if there else error.verdict  # there, and not to be seen yet: tried again by itself
    reason = Reason.INTERNAL if there else error.reason
    return AccountingError(verdict, reason, f"product {code} could not be made: {error.words}", status=error.status)


def _batches(codes: list[str]) -> Iterator[list[str]]:
    left = iter(codes)
    while some := list(itertools.islice(left, _AT_ONCE)):
        yield some
