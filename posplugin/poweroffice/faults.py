"""Every way in which a call can go wrong, mapped in one place to what the sender does about it."""

from __future__ import annotations

import re
import socket
import ssl
from typing import Any, TypeVar

import httpx

from posplugin.accounting_system import AccountingError, Verdict
from posplugin.domain.reasons import Reason
from posplugin.poweroffice.answers import read_json

Caused = TypeVar("Caused", bound=BaseException)

#: The most of PowerOffice's own words that is kept.
_LONGEST_WORDS = 2000

#: Nothing left this machine, or nothing that a server could act on.
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
#: The request itself is wrong: ours to mend.
_OUR_FAULT = (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.InvalidURL, httpx.CookieConflict)

#: PowerOffice's texts are not documented beyond examples; what stands here is what they say or plausibly would.
_REASONS: tuple[tuple[str, Reason], ...] = (
    (r"privilege", Reason.MISSING_PRIVILEGE),
    (r"customer.*archived|archived.*customer", Reason.CUSTOMER_ARCHIVED),
    (r"product.*archived|archived.*product", Reason.PRODUCT_ARCHIVED),
    (r"customer.*not found", Reason.CUSTOMER_UNKNOWN),
    (r"product.*not found", Reason.PRODUCT_MISSING),
    (r"department.*(not found|not active)|requires a department", Reason.DEPARTMENT_MISSING),
    (r"(employee|sales ?person).*(not found|archived)", Reason.EMPLOYEE_MISSING),
    (r"lock(ed)?[ -]?(date|period)|period.*(locked|closed|not found)", Reason.PERIOD_LOCKED),
    (r"not in balance|not balance|unbalanced", Reason.UNBALANCED),
    (r"\b(account|vat ?code)\b.*(not found|not active|locked to|requires a project)", Reason.ACCOUNT_MISSING),
)
_DUPLICATE = re.compile(r"externalimportreference.*(already in use|duplicate|exists)|reference.*already in use", re.I)


def from_exception(error: Exception, *, writes: bool) -> AccountingError:
    """Say what an httpx exception means. After a write that may have arrived, nobody knows: look it up."""
    words = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    if isinstance(error, _NOT_SENT):
        told = _no_name(error) or _no_trust(error) or _no_simulator(error) or words
        return AccountingError(Verdict.STOP, Reason.INTERNAL, f"PowerOffice cannot be reached: {told}")
    if isinstance(error, _OUR_FAULT):
        # Its text may quote a header, and so a key.
        words = f"the request could not be made: {type(error).__name__}"
        return AccountingError(Verdict.ATTENTION, Reason.INTERNAL, words)
    if writes:
        return AccountingError(Verdict.UNKNOWN, Reason.INTERNAL, f"the answer was lost: {words}")
    return AccountingError(Verdict.STOP, Reason.INTERNAL, f"PowerOffice did not answer: {words}")


def _no_name(error: httpx.RequestError) -> str | None:
    """What to do where the name of the host cannot be looked up."""
    cause = _cause(error, socket.gaierror)
    if cause is None:
        return None
    return f"the name {_host(error)} cannot be looked up ({cause.strerror}); is this machine on the network?"


def _no_trust(error: httpx.RequestError) -> str | None:
    """What to do where somebody answers who cannot prove to be PowerOffice: no key has been shown to them."""
    cause = _cause(error, ssl.SSLCertVerificationError)
    if cause is None:
        return None
    return (
        f"the certificate of {_host(error)} is not accepted ({cause.verify_message}), and nothing was sent; is this "
        "machine's clock right, and does nothing stand in between, such as a firewall that opens TLS?"
    )


def _cause(error: BaseException, kind: type[Caused]) -> Caused | None:
    """Return the error of a kind that another came from."""
    found: BaseException | None = error
    while found is not None and not isinstance(found, kind):
        found = found.__cause__ or found.__context__
    return found


def _host(error: httpx.RequestError) -> str:
    try:
        return error.request.url.host
    except RuntimeError:  # it belongs to no request
        return "PowerOffice"


def _no_simulator(error: httpx.RequestError) -> str | None:
    """What to do where it is the simulator that does not answer: nothing else is asked over plain HTTP."""
    try:
        url = error.request.url
    except RuntimeError:  # it belongs to no request
        return None
    if url.scheme != "http":
        return None
    where = f"{url.scheme}://{url.netloc.decode()}"
    return f"the simulator does not answer at {where}; start it with `posplugin simulator --port {url.port or 80}`"


def from_response(response: httpx.Response, *, writes: bool) -> AccountingError:
    """Say what an answer outside 2xx means, keeping PowerOffice's own words."""
    status = response.status_code
    gateway, words = _words(response)
    text = f"{status} {words}" if words else f"{status} without a word, to {_asked(response)}"
    if status == 429:
        asked = response.headers.get("Retry-After", "")
        wait = float(asked) if asked.isascii() and asked.isdigit() else 1.0
        return AccountingError(Verdict.STOP, Reason.INTERNAL, text, status=status, retry_after=max(wait, 1.0))
    if status == 401:
        return AccountingError(Verdict.STOP, Reason.CREDENTIALS, text, status=status)
    if status == 403:
        return AccountingError(Verdict.STOP, Reason.MISSING_PRIVILEGE, text, status=status)
    if status == 404 and gateway:
        return AccountingError(Verdict.STOP, Reason.INTERNAL, f"no such address at PowerOffice: {text}", status=status)
    if status >= 500 or status == 408 or status < 400:
        verdict = Verdict.UNKNOWN if writes else Verdict.STOP
        return AccountingError(verdict, Reason.INTERNAL, text, status=status)
    if _DUPLICATE.search(words) or (status == 409 and writes):
        return AccountingError(Verdict.DUPLICATE, Reason.REFERENCE_IN_USE, text, status=status)
    reason = next((why for pattern, why in _REASONS if re.search(pattern, words, re.I | re.S)), Reason.REJECTED)
    return AccountingError(Verdict.ATTENTION, reason, text, status=status)


def from_token_answer(response: httpx.Response) -> AccountingError:
    """Say what a token request that failed means; 400 and 401 both mean keys that do not fit."""
    if response.status_code in (400, 401, 403):
        _, words = _words(response)
        text = f"PowerOffice does not accept the keys: {response.status_code} {words}".strip()
        return AccountingError(Verdict.STOP, Reason.CREDENTIALS, text, status=response.status_code)
    return from_response(response, writes=False)


def cut_answer(response: httpx.Response, *, writes: bool) -> AccountingError:
    """Say what a 2xx means whose body is not what it should be."""
    verdict = Verdict.UNKNOWN if writes else Verdict.STOP
    return AccountingError(verdict, Reason.INTERNAL, "the answer cannot be read", status=response.status_code)


def not_there(error: AccountingError) -> bool:
    """Whether PowerOffice has no such document (or not yet, where reads lag); the gateway's 404 is another matter."""
    return error.status == 404 and error.verdict is Verdict.ATTENTION


def already_reversed(error: AccountingError) -> bool:
    """Whether a voucher was not reversed because it has been."""
    return error.status == 400 and "already reversed" in error.words


def _asked(response: httpx.Response) -> str:
    return f"{response.request.method} {response.request.url.path}"


def _words(response: httpx.Response) -> tuple[bool, str]:
    """Return whether the gateway speaks (its errors have "statusCode"), and what was said."""
    try:
        body: Any = read_json(response.content)
    except ValueError:
        plain = re.sub(r"<[^>]*>|\s+", " ", response.text).strip()
        return False, plain[:_LONGEST_WORDS]
    if not isinstance(body, dict):
        return False, response.text[:_LONGEST_WORDS]
    lower = {str(key).lower(): value for key, value in body.items()}
    said = [str(lower[key]) for key in ("title", "detail", "message", "error", "error_description") if lower.get(key)]
    errors = lower.get("errors")
    for field, texts in (errors if isinstance(errors, dict) else {"errors": errors or []}).items():
        said += [f"{field}: {text}" for text in (texts if isinstance(texts, list) else [texts])]
    return "statuscode" in lower, " – ".join(said)[:_LONGEST_WORDS]
