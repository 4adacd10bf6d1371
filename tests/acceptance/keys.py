"""Every key of a simulated PowerOffice and of none, and what is made of them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable

from posplugin.simulator import APPLICATION_KEY, CLIENT_KEY, SUBSCRIPTION_KEY

#: Keys that no PowerOffice accepts, and that stand in no text of ours.
WRONG = {
    "application_key": "Zq7-application-Zq7",
    "client_key": "Zq7-client-Zq7",
    "subscription_key": "Zq7-subscription-Zq7",
}
RIGHT = {"application_key": APPLICATION_KEY, "client_key": CLIENT_KEY, "subscription_key": SUBSCRIPTION_KEY}

Secrets = Callable[[], set[str]]


def made_of(tokens: set[str]) -> set[str]:
    """Return keys, tokens, and the headers that are made of them."""
    pairs = {f"{a}:{c}" for a in _both("application_key") for c in _both("client_key")}
    basic = {b64encode(pair.encode()).decode() for pair in pairs}
    return {*RIGHT.values(), *WRONG.values(), *pairs, *basic, *tokens}


def none_in(text: str, secrets: Secrets) -> None:
    """Fail, with what stands around it, where a secret stands in a text."""
    for secret in secrets():
        place = text.find(secret)
        assert place < 0, f"{secret} in …{text[max(0, place - 200) : place]}"


def _both(name: str) -> tuple[str, str]:
    return RIGHT[name], WRONG[name]
