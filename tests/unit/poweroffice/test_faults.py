"""Everything that can go wrong in a call, and what the sender does about it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest

from posplugin.accounting_system import Verdict
from posplugin.domain.reasons import Reason
from posplugin.poweroffice import faults

ATTENTION, STOP, UNKNOWN, DUPLICATE = Verdict.ATTENTION, Verdict.STOP, Verdict.UNKNOWN, Verdict.DUPLICATE


def _all(kind: type[Exception]) -> Iterator[type[Exception]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _all(below)


EXCEPTIONS = sorted(
    {*_all(httpx.HTTPError), *_all(httpx.StreamError), httpx.InvalidURL, httpx.CookieConflict},
    key=lambda kind: kind.__name__,
)

#: Nothing can have arrived.
NOT_SENT = {"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError"}
#: The request could not even be made.
OURS = {"UnsupportedProtocol", "LocalProtocolError", "InvalidURL", "CookieConflict"}


def _made(kind: type[Exception]) -> Exception:
    if kind is httpx.HTTPStatusError:
        request = httpx.Request("GET", "http://localhost")
        return httpx.HTTPStatusError("x", request=request, response=httpx.Response(500, request=request))
    try:
        return kind("what happened")
    except TypeError:
        return kind()  # those of streams bring their own words


@pytest.mark.parametrize("kind", EXCEPTIONS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("writes", [True, False])
def test_every_exception_of_httpx_means_something(kind: type[Exception], writes: bool) -> None:
    """After a write that may have arrived nobody knows; everything else is safe to try again or a person's."""
    error = faults.from_exception(_made(kind), writes=writes)

    if kind.__name__ in NOT_SENT:
        assert error.verdict is STOP
    elif kind.__name__ in OURS:
        assert error.verdict is ATTENTION
    else:
        assert error.verdict is (UNKNOWN if writes else STOP)
    assert kind.__name__ in error.words


def _answer(status: int, body: str = "", **headers: str) -> httpx.Response:
    return httpx.Response(status, text=body, headers=headers, request=httpx.Request("POST", "http://localhost"))


def _problem(detail: str, title: str = "Sales order validation error(s)") -> str:
    return json.dumps({"title": title, "status": 400, "detail": detail})


GATEWAY_404 = '{"statusCode":404,"message":"Resource not found"}'
THROTTLED = '{"statusCode":"429","message":"Rate limit is exceeded. Try again in 1 seconds."}'
IN_USE = "ExternalImportReference is already in use. 'pp-1' is used on sales order with Id = 7."
AGGREGATED = json.dumps(
    {"title": "Aggregated (multiple) Validation Exception", "errors": {"ExternalImportReference": [IN_USE]}}
)

ANSWERS = [
    # status, body, verdict of a write, reason
    (400, _problem("Quantity is required."), ATTENTION, Reason.REJECTED),
    (400, _problem(IN_USE), DUPLICATE, Reason.REFERENCE_IN_USE),
    (400, AGGREGATED, DUPLICATE, Reason.REFERENCE_IN_USE),
    (409, _problem(IN_USE, "Object conflict"), DUPLICATE, Reason.REFERENCE_IN_USE),
    (400, _problem("The integration does not have the required privileges to send.", "Missing privilege"), ATTENTION,
     Reason.MISSING_PRIVILEGE),
    (400, _problem("Customer with number = 10006 is archived."), ATTENTION, Reason.CUSTOMER_ARCHIVED),
    (404, _problem("Customer with number = 4 not found."), ATTENTION, Reason.CUSTOMER_UNKNOWN),
    (400, _problem("Product with code = 98 is archived."), ATTENTION, Reason.PRODUCT_ARCHIVED),
    (404, _problem("Product with id = 9 not found."), ATTENTION, Reason.PRODUCT_MISSING),
    (404, _problem("Department with code = 'Avdeling10' not found."), ATTENTION, Reason.DEPARTMENT_MISSING),
    (404, _problem("Sales person with SalesPersonEmployeeNumber = '7' not found."), ATTENTION, Reason.EMPLOYEE_MISSING),
    (404, _problem("Sales person with number 7 not found."), ATTENTION, Reason.EMPLOYEE_MISSING),
    (400, _problem("Employee with Number = '7' is archived."), ATTENTION, Reason.EMPLOYEE_MISSING),
    (400, _problem("The date is in a locked period."), ATTENTION, Reason.PERIOD_LOCKED),
    (400, _problem("Posting date 2026-11-20 is in a locked period: the lock date is 2026-11-30."), ATTENTION,
     Reason.PERIOD_LOCKED),
    (404, _problem("Accounting period of 2026-11-20 not found."), ATTENTION, Reason.PERIOD_LOCKED),
    (400, _problem("The voucher is not in balance: the sum of the lines is 40.00."), ATTENTION, Reason.UNBALANCED),
    (400, _problem("Voucher is unbalanced."), ATTENTION, Reason.UNBALANCED),
    (400, _problem("Account with id = 476001 is not active."), ATTENTION, Reason.ACCOUNT_MISSING),
    (404, _problem("Account with id = 476001 not found."), ATTENTION, Reason.ACCOUNT_MISSING),
    (404, _problem("Vat code with id = 201600 not found."), ATTENTION, Reason.ACCOUNT_MISSING),
    (400, _problem("VatCode with id = 201600 is not active."), ATTENTION, Reason.ACCOUNT_MISSING),
    (400, _problem("Account 3000 is locked to VAT code 3."), ATTENTION, Reason.ACCOUNT_MISSING),
    (400, _problem("Account 3000 requires a project."), ATTENTION, Reason.ACCOUNT_MISSING),
    (400, _problem("Account 3000 requires a department."), ATTENTION, Reason.DEPARTMENT_MISSING),
    (400, _problem("Department with id = 522 is not active."), ATTENTION, Reason.DEPARTMENT_MISSING),
    (400, "", ATTENTION, Reason.REJECTED),
    (413, "too large", ATTENTION, Reason.REJECTED),
    (401, "", STOP, Reason.CREDENTIALS),
    (403, "", STOP, Reason.MISSING_PRIVILEGE),
    (404, GATEWAY_404, STOP, Reason.INTERNAL),
    (429, THROTTLED, STOP, Reason.INTERNAL),
    (408, "", UNKNOWN, Reason.INTERNAL),
    (302, "", UNKNOWN, Reason.INTERNAL),
    (500, _problem("An error occurred."), UNKNOWN, Reason.INTERNAL),
    (502, "<html><body><h1>Bad Gateway</h1></body></html>", UNKNOWN, Reason.INTERNAL),
    (503, "", UNKNOWN, Reason.INTERNAL),
]  # fmt: skip


@pytest.mark.parametrize(("status", "body", "verdict", "reason"), ANSWERS)
def test_each_answer_means_something_and_poweroffices_words_are_kept(
    status: int, body: str, verdict: Verdict, reason: Reason
) -> None:
    error = faults.from_response(_answer(status, body), writes=True)

    assert (error.verdict, error.reason, error.status) == (verdict, reason, status)
    for told in ("Quantity is required", "already in use", "Bad Gateway", "Rate limit is exceeded"):
        assert (told in body) == (told in error.words)
    assert "<" not in error.words


@pytest.mark.parametrize(
    ("status", "detail", "done"),
    [
        (400, "Voucher with id 7 is already reversed.", True),
        (400, "Voucher with id 7 is already posted.", False),
        (404, "Voucher with id = 7 not found.", False),
        (500, "Voucher with id 7 is already reversed.", False),
    ],
)
def test_what_has_been_reversed_is_told_from_what_cannot_be(status: int, detail: str, done: bool) -> None:
    error = faults.from_response(_answer(status, _problem(detail, "Reverse voucher validation error(s)")), writes=True)

    assert faults.already_reversed(error) is done


@pytest.mark.parametrize("status", range(300, 600))
def test_no_status_is_ever_taken_for_a_delivery_or_sent_again_unseen(status: int) -> None:
    """A write is only ever sent again where it certainly was not carried out."""
    write = faults.from_response(_answer(status), writes=True)
    read = faults.from_response(_answer(status), writes=False)

    assert read.verdict in {STOP, ATTENTION}
    if status in {401, 403, 429}:
        assert write.verdict is STOP
    elif status >= 500 or status < 400 or status == 408:
        assert write.verdict is UNKNOWN
    else:
        assert write.verdict in {ATTENTION, DUPLICATE}


@pytest.mark.parametrize(("header", "seconds"), [("7", 7.0), ("0", 1.0), (None, 1.0), ("soon", 1.0)])
def test_retry_after_is_respected_and_never_less_than_a_second(header: str | None, seconds: float) -> None:
    headers = {"Retry-After": header} if header else {}

    assert faults.from_response(_answer(429, **headers), writes=True).retry_after == seconds


@pytest.mark.parametrize(
    ("status", "body"),
    [(400, '{"error":"invalid_client","error_description":"Client integration not found."}'), (401, ""),
     (401, '{"statusCode":401,"message":"Access denied"}')],
)  # fmt: skip
def test_every_way_to_refuse_the_keys_is_about_the_keys(status: int, body: str) -> None:
    """U13: 400 invalid_client, 401 empty, 401 of the gateway."""
    error = faults.from_token_answer(_answer(status, body))

    assert (error.verdict, error.reason) == (STOP, Reason.CREDENTIALS)
