"""The tax authority's predefined codes, by basic type: what local codes are mapped to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ARTICLE_GROUP: Final = "04"
RAISE: Final = "10"
TRANSACTION: Final = "11"
PAYMENT: Final = "12"
EVENT: Final = "13"

TIP: Final = "10001"
CASH_SALE: Final = "11001"
CREDIT_SALE: Final = "11002"
RECEIVING_PAYMENT: Final = "11005"
RETURN_PAYMENT: Final = "11006"
FLOAT: Final = "11007"
CASH_DIFFERENCE: Final = "11008"
CASH_AND_CREDIT_SALE: Final = "11015"
CREDIT_SALE_AND_RETURN: Final = "11017"
CASH_PAYMENT: Final = "12001"
CUSTOMER_ACCOUNT: Final = "12006"
X_REPORT: Final = "13008"
Z_REPORT: Final = "13009"
VOID_RECEIPT: Final = "13028"

#: Transactions in which goods may come back: a positive amount marked D is negated in these alone.
WITH_RETURNS: Final = frozenset({RETURN_PAYMENT, "11012", "11013", "11016", CREDIT_SALE_AND_RETURN})

#: Transactions that are no sales, with what they are.
NO_SALES: Final[Mapping[str, str]] = {
    "11003": "a purchase",
    "11004": "a payment to somebody",
    RECEIVING_PAYMENT: "payment of an open invoice",
    FLOAT: "the opening float",
    CASH_DIFFERENCE: "a cash difference",
    "11009": "a correction",
    "11010": "money taken out",
    "11011": "money put in",
    "11014": "a stock movement",
    "11999": "something other than a sale",
}

SALES: Final = frozenset({CASH_SALE, CREDIT_SALE, CASH_AND_CREDIT_SALE}) | WITH_RETURNS


def _numbered(kind: str, last: int) -> frozenset[str]:
    return frozenset(f"{kind}{number:03d}" for number in (*range(1, last + 1), 999))


#: Every predefined code of the types that we read.
PREDEFINED: Final[Mapping[str, frozenset[str]]] = {
    ARTICLE_GROUP: _numbered(ARTICLE_GROUP, 21),
    RAISE: _numbered(RAISE, 1),
    TRANSACTION: _numbered(TRANSACTION, 17),
    PAYMENT: _numbered(PAYMENT, 11),
    EVENT: _numbered(EVENT, 30),
}
