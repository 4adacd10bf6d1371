"""HTTP to PowerOffice GO: token and subscription key on every call, paced, one refresh on 401, a deadline."""

from __future__ import annotations

import json
import threading
from base64 import b64encode, urlsafe_b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from posplugin.accounting_system import AccountingError, Verdict
from posplugin.domain.reasons import Reason
from posplugin.poweroffice import faults
from posplugin.poweroffice.answers import read_json
from posplugin.poweroffice.auth import Token, TokenKeeper
from posplugin.poweroffice.connection import open_http, require_known
from posplugin.poweroffice.deadline import Deadline
from posplugin.poweroffice.pace import Pacer

#: Seconds from a request's beginning to the end of its answer; httpx's own limits are per operation.
DEADLINE_SECONDS = 60.0
#: More than any page of PowerOffice's comes to: what is larger does not fill the till's memory.
LARGEST_ANSWER_BYTES = 128 << 20
#: How often a request that was answered 429 is sent again; the gateway did not carry it out.
_AFTER_429 = 4
#: Seconds: asked to wait longer, we give up for now; a till that closes waits for no pause.
_LONGEST_PAUSE = 5.0
#: Headers that tell how the body was carried; it has been unpacked by then.
_OF_THE_WIRE = frozenset({"content-encoding", "content-length", "transfer-encoding"})
#: What may be carried out without a word; a read or a POST of a document may not.
_MAY_ANSWER_NOTHING = frozenset({"DELETE", "PATCH"})
_TIMEOUT = httpx.Timeout(connect=10.0, read=30.0, write=30.0, pool=30.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Where to call, and the three keys. Never shown.

    Raises `UsageError` for an address that is neither PowerOffice's nor a simulator's on this machine.
    """

    token_url: str
    api_url: str
    application_key: str = field(repr=False)
    client_key: str = field(repr=False)
    subscription_key: str = field(repr=False)

    def __post_init__(self) -> None:
        require_known(self.token_url)
        require_known(self.api_url)

    def basic(self) -> str:
        """Return the header that a token is asked for with."""
        return "Basic " + b64encode(f"{self.application_key}:{self.client_key}".encode()).decode()


class PowerOfficeClient:
    """One Go client (client key). Thread-safe; closed with `close`."""

    def __init__(
        self,
        keys: Keys,
        pacer: Pacer,
        *,
        stop: threading.Event | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """`stop`, once set, ends every call before its next request; `transport` takes the place of the network."""
        self._keys = keys
        self._stop = stop or threading.Event()
        self._pacer = pacer
        self._http = open_http(keys.api_url, _TIMEOUT, transport)
        self._deadline = Deadline()
        self._deadline.bind(self._http)
        self._tokens = TokenKeeper(self._new_token)
        #: How many requests have been sent, tokens with them.
        self.requests = 0
        #: What PowerOffice's clock said in its last answer, to the second; None where it did not tell.
        self.server_time: datetime | None = None

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def pause(self, seconds: float) -> None:
        """Wait, unless everything is to come to an end."""
        self._stop.wait(seconds)

    def claims(self) -> Mapping[str, Any]:
        """Return what the access token says of itself; empty when it is not of the kind that does."""
        try:
            payload = self._tokens.token().split(".")[1]
            claims = read_json(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        except (IndexError, ValueError):
            return {}
        return claims if isinstance(claims, dict) else {}

    def get(self, path: str, parameters: Mapping[str, str] | None = None) -> Any:
        """Return the body of a read, numbers as Decimal; None for 204. Raises `AccountingError`."""
        return self._call("GET", path, parameters=parameters)[0]

    def pages(self, path: str, parameters: Mapping[str, str] | None = None) -> Iterator[dict[str, Any]]:
        """Return every element of a list, page by page (X-Pagination; 204 is an empty list)."""
        asked = {**(parameters or {}), "PageNumber": "1", "PageSize": "5000"}
        while True:
            body, headers = self._call("GET", path, parameters=asked)
            if body is None:
                return
            if not isinstance(body, list) or not all(isinstance(row, dict) for row in body):
                raise AccountingError(Verdict.STOP, Reason.INTERNAL, f"{path}: the answer is no list of documents")
            yield from body
            if not body or not _has_more(headers.get("X-Pagination"), len(body), int(asked["PageSize"])):
                return
            asked["PageNumber"] = str(int(asked["PageNumber"]) + 1)

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """Send a document; the fate is unknown when `AccountingError` says so."""
        return self._call("POST", path, content=encode(body).encode())[0]

    def patch(self, path: str, changes: Mapping[str, Any]) -> Any:
        """Set members of a document (JSON Patch, RFC 6902)."""
        operations = [{"op": "replace", "path": f"/{name}", "value": value} for name, value in changes.items()]
        content = json.dumps(operations, ensure_ascii=False).encode()
        return self._call("PATCH", path, content=content, media="application/json-patch+json")[0]

    def request(self, path: str) -> None:
        """Ask for something to be done that takes no body, and may be answered by none."""
        self._call("POST", path, quiet=True)

    def upload(
        self, path: str, name: str, pdf: bytes, *, method: str = "POST", parameters: Mapping[str, str] | None = None
    ) -> None:
        """Send a PDF as the part "file" of a form; it may be answered without a body."""
        form = httpx.Request(method, self._keys.api_url + path, files={"file": (name, pdf, "application/pdf")})
        media = form.headers["Content-Type"]
        self._call(method, path, parameters=parameters, content=form.read(), media=media, quiet=True)

    def delete(self, path: str) -> None:
        """Delete a document."""
        self._call("DELETE", path)

    # -- inside ----------------------------------------------------------------------------------------------------

    def _call(
        self,
        method: str,
        path: str,
        *,
        parameters: Mapping[str, str] | None = None,
        content: bytes | None = None,
        media: str = "application/json",
        quiet: bool = False,
    ) -> tuple[Any, httpx.Headers]:
        writes, quiet = method != "GET", quiet or method in _MAY_ANSWER_NOTHING
        try:
            request = httpx.Request(
                method,
                self._keys.api_url + path,
                params=parameters,
                content=content,
                headers={"Content-Type": media} if content else None,
            )
        except httpx.InvalidURL as error:  # an id that PowerOffice gave is in it
            raise faults.from_exception(error, writes=False) from error
        response = self._authorized(request, writes=writes)
        if not response.is_success:
            raise faults.from_response(response, writes=writes)
        if response.status_code == 204 or (not response.content and (response.status_code == 202 or quiet)):
            return None, response.headers
        try:
            return read_json(response.content), response.headers
        except ValueError:
            raise faults.cut_answer(response, writes=writes) from None

    def _authorized(self, request: httpx.Request, *, writes: bool) -> httpx.Response:
        request.headers["Authorization"] = f"Bearer {self._tokens.token()}"
        response = self._paced(request, writes=writes)
        if response.status_code == 401:  # carried out by nobody: one new token, one more try
            self._tokens.refused(request.headers["Authorization"].removeprefix("Bearer "))
            request.headers["Authorization"] = f"Bearer {self._tokens.token()}"
            response = self._paced(request, writes=writes)
        return response

    def _paced(self, request: httpx.Request, *, writes: bool) -> httpx.Response:
        request.headers["Ocp-Apim-Subscription-Key"] = self._keys.subscription_key
        for _ in range(_AFTER_429):
            response = self._once(request, writes=writes)
            if response.status_code != 429:
                return response
            asked = faults.from_response(response, writes=writes).retry_after or 1.0
            if asked > _LONGEST_PAUSE:
                break
            self._pacer.pause(asked)
        return response

    def _once(self, request: httpx.Request, *, writes: bool) -> httpx.Response:
        self._pacer.wait()
        if self._stop.is_set():
            raise AccountingError(Verdict.STOP, Reason.INTERNAL, "stopped before it was sent")
        self.requests += 1
        self._deadline.begin(DEADLINE_SECONDS)
        try:
            with_body = self._http.send(request, stream=True, follow_redirects=False)
            try:
                chunks, size = [], 0
                for chunk in with_body.iter_bytes():
                    chunks.append(chunk)
                    size += len(chunk)
                    if size > LARGEST_ANSWER_BYTES:
                        raise httpx.ReadError(f"the answer is larger than {LARGEST_ANSWER_BYTES >> 20} MB")
                    if self._deadline.has_passed():
                        raise httpx.ReadTimeout("too late")
            finally:
                with_body.close()
            plain = {name: value for name, value in with_body.headers.items() if name not in _OF_THE_WIRE}
            self.server_time = _moment(with_body.headers.get("Date"))
            content = b"".join(chunks)
            if with_body.is_error:
                content = self._without_keys(content, request)
            return httpx.Response(with_body.status_code, headers=plain, content=content, request=request)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            if isinstance(error, httpx.ReadTimeout) and self._deadline.has_passed():
                words = f"no whole answer within {DEADLINE_SECONDS:g} seconds"
                raise faults.from_exception(httpx.ReadTimeout(words), writes=writes) from error
            raise faults.from_exception(error, writes=writes) from error

    def _without_keys(self, content: bytes, request: httpx.Request) -> bytes:
        """What an error says is kept and shown; it may quote what we sent."""
        keys = self._keys
        sent = request.headers.get("Authorization", "").partition(" ")[2]
        secrets = {keys.application_key, keys.client_key, keys.subscription_key, sent} - {""}
        for secret in sorted(secrets, key=len, reverse=True):
            content = content.replace(secret.encode(), b"***")
        return content

    def _new_token(self) -> Token:
        request = httpx.Request(
            "POST",
            self._keys.token_url,
            data={"grant_type": "client_credentials"},
            headers={"Authorization": self._keys.basic()},
        )
        response = self._paced(request, writes=False)
        if response.status_code != 200:
            raise faults.from_token_answer(response)
        try:
            answer = read_json(response.content)
            return Token(_header_value(answer["access_token"]), float(answer["expires_in"]))
        except (ValueError, KeyError, TypeError, OverflowError):
            raise faults.cut_answer(response, writes=False) from None


def encode(body: Mapping[str, Any]) -> str:
    """Write a body as JSON; amounts are exact as the doubles that PowerOffice's schema asks for."""
    return json.dumps(body, ensure_ascii=False, default=_number)


def _number(value: object) -> float:
    if isinstance(value, Decimal) and Decimal(repr(float(value))) == value:
        return float(value)
    raise TypeError(f"{value!r} cannot be sent exactly")


def _header_value(token: object) -> str:
    """Return a token that can stand in a header; raise `ValueError` for one that cannot."""
    if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token.strip():
        raise ValueError("token")
    return token


def _moment(date: str | None) -> datetime | None:
    """Read a Date header; one that cannot be read is none."""
    try:
        return parsedate_to_datetime(date).astimezone(UTC) if date else None
    except (ValueError, OverflowError):
        return None


def _has_more(pagination: str | None, got: int, size: int) -> bool:
    """Whether another page follows. Nobody documents the header whole, so each known form is understood."""
    if not pagination:
        return got >= size
    try:
        told = {str(key).lower(): value for key, value in read_json(pagination.encode()).items()}
        if "nextpagelink" in told:
            return bool(told["nextpagelink"])
        if "currentpage" in told and "totalpages" in told:
            return int(told["currentpage"]) < int(told["totalpages"])
    except (ValueError, AttributeError, TypeError):
        pass
    return got >= size
