"""A browser at the console without a browser: it has the cookie, and says where its requests come from."""

from __future__ import annotations

import html
import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from posplugin.app import App
from posplugin.console.gate import Gate
from posplugin.console.site import make_site

PORT = 8901
HOST = f"127.0.0.1:{PORT}"
BASE = f"http://{HOST}"


class Visitor:
    """One technician, inside unless told otherwise."""

    def __init__(self, app: App, gate: Gate | None = None, *, inside: bool = True) -> None:
        self.gate = gate or Gate(PORT)
        self.site = make_site(app, self.gate)
        self.client: FlaskClient = self.site.test_client()
        if inside:
            assert self.enter().status_code == 200

    def enter(self) -> TestResponse:
        """Open a new link."""
        return self.get(self.gate.link().removeprefix(BASE))

    def get(self, path: str, **how: Any) -> TestResponse:
        """Ask for a page."""
        return self.client.get(path, **{"base_url": BASE, "buffered": True, **how})

    def post(self, path: str, data: dict[str, Any] | None = None, **how: Any) -> TestResponse:
        """Send a form, as one of our pages does."""
        headers = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
        return self.client.post(
            path, data=data or {}, **{"base_url": BASE, "headers": headers, "buffered": True, **how}
        )

    def sees(self, path: str) -> str:
        """Return the words on a page, which must be there."""
        return seen(self.get(path))

    def does(self, path: str, data: dict[str, Any] | None = None) -> str:
        """Send a form and return the words on the page that it leads to."""
        answer = self.post(path, data)
        assert answer.status_code == 303, (answer.status_code, seen(answer, status=answer.status_code))
        return self.sees(answer.headers["Location"])


def seen(answer: TestResponse, status: int = 200) -> str:
    """Return what a person reads on a page: no tags, single spaces."""
    assert answer.status_code == status, (answer.status_code, answer.text)
    return words_of(answer.text)


def words_of(page: str) -> str:
    """Return what a person reads of some HTML."""
    body = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())
