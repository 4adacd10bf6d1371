"""What stands before the API: the subscription key and the limit of requests a second."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Mapping

from werkzeug.datastructures import Headers

from .answers import Answer, RefusedError, encode, gateway
from .office import Office
from .seed import SUBSCRIPTION_KEY

HEADER = "Ocp-Apim-Subscription-Key"
PARAMETER = "subscription-key"
TOKEN_PATH = "/oauth/token"


class Gateway:
    """Lets a request through or refuses it; the limit holds for all Go clients together (FACTS 2)."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._recent: deque[float] = deque()

    def admit(self, path: str, headers: Headers, query: Mapping[str, str]) -> None:
        """Count the request, or raise the 401 or 429 it gets."""
        key = headers.get(HEADER) or query.get(PARAMETER)
        if key != SUBSCRIPTION_KEY:
            raise gateway(401, f"Access denied due to {'invalid' if key else 'missing'} subscription key.")
        now = time.monotonic()
        with self._office.state.lock:
            while self._recent and self._recent[0] <= now - 1:
                self._recent.popleft()
            if len(self._recent) >= self._office.requests_per_second:
                raise RefusedError(throttled(self._office, path))
            self._recent.append(now)


def throttled(office: Office, path: str) -> Answer:
    """Return the 429 of this path: U5 for data, the documented one for the token."""
    answer = "a" if path == TOKEN_PATH else office.switches["U5"]
    # The status is text in the documented answer (FACTS 1).
    body = encode({"statusCode": "429", "message": "Rate limit is exceeded. Try again in 1 seconds."})
    headers = {"Content-Type": "application/json"}
    if answer == "c":
        return Answer(429)
    return Answer(429, body, {**headers, "Retry-After": "1"} if answer == "b" else headers)


def failed(office: Office, status: int) -> Answer:
    """Return a 5xx with the body U12 says."""
    answer = office.switches["U12"]
    if answer == "b":
        html = b"<html><head><title>Server Error</title></head><body><h1>Server Error</h1></body></html>"
        return Answer(status, html, {"Content-Type": "text/html"})
    if answer == "c":
        return Answer(status)
    body = {"title": "An error occurred while processing your request.", "status": status, "detail": None}
    return Answer(status, encode(body), {"Content-Type": "application/json; charset=utf-8"})
