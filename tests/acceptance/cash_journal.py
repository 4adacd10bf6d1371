"""A day's settlement as a cash journal: made of the Z by hand, as an accountant would, and posted over HTTP."""

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
GIFT_CARDS, TIPS, ROUNDING, CLEARING = 2901, 2981, 7745, 1990
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
    sums[TIPS, NO_VAT] -= z.cash.tips
    sums[ROUNDING, NO_VAT] -= z.cash.rounding
    return {key: amount for key, amount in sorted(sums.items()) if amount}


def post(go: Simulator, z: ZReport, lines: Lines) -> None:
    """Post the journal as an integration does."""
    # Without TLS there is nothing to verify, and reading the certificates takes longer than a test.
    with httpx.Client(base_url=go.url, headers={"Ocp-Apim-Subscription-Key": SUBSCRIPTION_KEY}, verify=False) as http:
        keys = (APPLICATION_KEY, CLIENT_KEY)
        token = http.post("/OAuth/Token", auth=keys, data={"grant_type": "client_credentials"}).json()["access_token"]
        http.headers["Authorization"] = f"Bearer {token}"
        accounts = {row["AccountNo"]: row["Id"] for row in http.get("/v2/GeneralLedgerAccounts").json()}
        codes = {row["Code"]: row["Id"] for row in http.get("/v2/VatCodes").json()}
        day = z.business_date.isoformat()
        body = {
            "CurrencyCode": "NOK",
            "VoucherDate": day,
            "Description": f"Kasseoppgjør Z {z.number}",
            "ExternalImportReference": f"z-{z.number}",
            "SaftSourceId": z.terminal_id,
            "SaftBatchId": str(z.number),
            "VoucherLines": [
                {
                    "AccountId": accounts[account],
                    "VatId": codes[code],
                    "PostingDate": day,
                    "CurrencyAmount": float(Decimal(ore) / 100),
                }
                for (account, code), ore in lines.items()
            ],
        }
        answer = http.post("/v2/Vouchers/CashJournals", json=body)
        assert answer.status_code == 201, answer.text
