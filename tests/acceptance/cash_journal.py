"""A day's settlement as a cash journal, made of the Z by hand as an accountant would: what the plugin's must be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

import httpx

from posplugin.domain.sale import LineKind
from posplugin.domain.zreport import ZReport
from posplugin.simulator import APPLICATION_KEY, CLIENT_KEY, SUBSCRIPTION_KEY, Simulator

TENDERS = {"cash": 1900, "card": 1580, "mobile": 1580, "gift_card": 2901}
#: By VAT rate: account and VAT code.
SALES = {25: (3000, "3"), 15: (3001, "31"), 12: (3002, "33"), 0: (3003, "5")}
GIFT_CARDS, TIPS, ROUNDING, DIFFERENCE, CLEARING, BANK = 2901, 2981, 7745, 7746, 1990, 1920
NO_VAT = "0"

#: Account and VAT code to gross øre, debit positive.
Lines = Mapping[tuple[int, str], int]


def lines_of(z: ZReport, invoiced: Mapping[int, int]) -> Lines:
    """Return the gross sums per account and VAT code.

    `invoiced` are goods on delivery receipts, øre with VAT by rate, whose VAT this journal is to report: they stand
    on the clearing account until their invoices are sent.
    """
    sums: Counter[tuple[int, str]] = Counter()
    for tender in z.cash.tenders:
        sums[TENDERS[tender.channel], NO_VAT] += tender.expected
    for group in z.cash.groups:
        is_gift_card = group.kind is LineKind.GIFT_CARD
        sums[(GIFT_CARDS, NO_VAT) if is_gift_card else SALES[group.vat_rate]] -= group.amount
    for rate, amount in invoiced.items():
        sums[SALES[rate]] -= amount
        sums[CLEARING, NO_VAT] += amount
    for movement in z.movements:
        sums[TENDERS[movement.channel], NO_VAT] += movement.amount
        sums[BANK, NO_VAT] -= movement.amount
    for tender in z.cash.tenders:
        if tender.counted is not None:
            missing = tender.expected + sum(movement.amount for movement in z.movements) - tender.counted
            sums[TENDERS[tender.channel], NO_VAT] -= missing
            sums[DIFFERENCE, NO_VAT] += missing
    sums[TIPS, NO_VAT] -= z.cash.tips
    sums[ROUNDING, NO_VAT] -= z.cash.rounding
    return {key: amount for key, amount in sorted(sums.items()) if amount}


def posted(go: Simulator) -> Lines:
    """Return the lines of the one cash journal that stands in the books, as they were sent."""
    (voucher,) = [voucher for voucher in go.vouchers() if voucher["ExternalImportReference"]]
    numbers, codes = _numbers(go)
    sums: Counter[tuple[int, str]] = Counter()
    for line in voucher["VoucherLines"]:
        sums[numbers[line["AccountId"]], codes[line["VatId"]]] += int(Decimal(str(line["CurrencyAmount"])) * 100)
    return dict(sorted(sums.items()))


def _numbers(go: Simulator) -> tuple[dict[int, int], dict[int, str]]:
    """Return account number and VAT code by id, as any integration reads them."""
    # Without TLS there is nothing to verify, and reading the certificates takes longer than a test.
    with httpx.Client(base_url=go.url, headers={"Ocp-Apim-Subscription-Key": SUBSCRIPTION_KEY}, verify=False) as http:
        keys = (APPLICATION_KEY, CLIENT_KEY)
        token = http.post("/OAuth/Token", auth=keys, data={"grant_type": "client_credentials"}).json()["access_token"]
        http.headers["Authorization"] = f"Bearer {token}"
        accounts = {row["Id"]: row["AccountNo"] for row in http.get("/v2/GeneralLedgerAccounts").json()}
        return accounts, {row["Id"]: row["Code"] for row in http.get("/v2/VatCodes").json()}
