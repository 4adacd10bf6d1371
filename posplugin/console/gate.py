"""Who gets in: a link that works once becomes a session that expires; only our own pages may ask for a change."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

#: The one address that the console is bound to.
ADDRESS = "127.0.0.1"
#: Seconds: a session ends after so long, or after so long unused; a link nobody used, too.
LONGEST_SESSION = 8 * 3600.0
LONGEST_IDLE = 3600.0
LONGEST_LINK = 3600.0


@dataclass(frozen=True, slots=True)
class Message:
    """What became of a change, said once on the next page."""

    text: str
    #: More, in the words of whoever refused.
    detail: str = ""
    refused: bool = False


@dataclass(slots=True)
class Session:
    """One browser that came in. Kept in memory alone: a restart ends it."""

    began: float
    used: float
    #: "nb" or "en", once a person has chosen.
    language: str | None = None
    messages: list[Message] = field(default_factory=list)


class Gate:
    """Lets in who has the link, and nobody twice by the same one. Thread-safe."""

    def __init__(self, port: int, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.port = port
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._link: tuple[str, float] | None = None
        self._sessions: dict[str, Session] = {}

    @property
    def hosts(self) -> frozenset[str]:
        """What a browser may call us."""
        return frozenset({f"{ADDRESS}:{self.port}", f"localhost:{self.port}"})

    @property
    def cookie(self) -> str:
        """The cookie's name: cookies of one machine are shared by all its ports."""
        return f"posplugin-{self.port}"

    def link(self) -> str:
        """Return a new link, which lets one browser in; an earlier one that is unused works no more."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._link = (_hash(token), self._monotonic())
        return f"http://{ADDRESS}:{self.port}/?token={token}"

    def enter(self, token: str) -> str | None:
        """Use a link up: return the value of a new session's cookie, None where the link is not good (any more)."""
        now = self._monotonic()
        with self._lock:
            if self._link is None or self._link[0] != _hash(token) or now - self._link[1] > LONGEST_LINK:
                return None
            self._link = None
            self._sessions = {name: one for name, one in self._sessions.items() if not _is_over(one, now)}
            value = secrets.token_urlsafe(32)
            self._sessions[_hash(value)] = Session(began=now, used=now)
            return value

    def session(self, value: str | None) -> Session | None:
        """Return the session of a cookie, which counts as used now; None when there is none (any more)."""
        name, now = _hash(value or ""), self._monotonic()
        with self._lock:
            found = self._sessions.get(name)
            if found is not None and _is_over(found, now):
                del self._sessions[name]
                return None
            if found is not None:
                found.used = now
            return found

    def leave(self, value: str | None) -> None:
        """End the session of a cookie."""
        with self._lock:
            self._sessions.pop(_hash(value or ""), None)

    def may_change(self, host: str, origin: str | None, fetch_site: str | None) -> bool:
        """Whether a request that changes something comes from a page of ours.

        Browsers write the Origin as "null" where the page sends no referrer, as ours do; Sec-Fetch-Site tells then.
        """
        if origin in (None, "null"):
            return fetch_site == "same-origin"
        return host in self.hosts and origin == f"http://{host}" and fetch_site in (None, "same-origin")


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _is_over(session: Session, now: float) -> bool:
    return now - session.began > LONGEST_SESSION or now - session.used > LONGEST_IDLE
