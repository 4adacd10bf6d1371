"""Access tokens: a signed JWT bound to one Go client, with the privileges of the moment it was issued."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from typing import Any

from .answers import Answer, RefusedError, decode, encode, gateway, json_answer
from .office import Office
from .seed import APPLICATION_KEY, CLIENTS


def issue(office: Office, authorization: str, grant_type: str | None) -> Answer:
    """Return a new token for the client whose keys are in the Basic `authorization`."""
    if grant_type != "client_credentials":
        raise RefusedError(json_answer(400, {"error": "unsupported_grant_type"}))
    application, _, client = _basic(authorization).partition(":")
    if application != APPLICATION_KEY or client not in CLIENTS:
        raise _bad_keys(office.switches["U13"])
    claims = {
        "client": office.state.rows("", "client")[client]["Id"],
        "exp": int(office.clock.now().timestamp()) + office.token_seconds,
        "jti": secrets.token_hex(8),
        # A privilege changed in Go takes effect with a new token (FACTS 1).
        "role": office.privileges(),
        "goAllowSendInvoice": str(office.may_send()),
    }
    unsigned = b".".join(_base64(encode(part)) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    token = unsigned + b"." + _base64(_sign(office, unsigned))
    answer = {"access_token": token.decode(), "token_type": "bearer", "expires_in": office.token_seconds}
    return json_answer(200, answer)


def read(office: Office, authorization: str) -> tuple[str, list[str], bool]:
    """Return the Bearer token's client, its privileges, and whether it may send; refuses one that is not good."""
    scheme, _, token = authorization.partition(" ")
    unsigned, _, signature = token.encode().rpartition(b".")
    if scheme.lower() != "bearer" or not hmac.compare_digest(_base64(_sign(office, unsigned)), signature):
        raise RefusedError(Answer(401))
    payload = unsigned.split(b".")[1]
    claims: dict[str, Any] = decode(base64.urlsafe_b64decode(payload + b"=" * (-len(payload) % 4)))
    if claims["exp"] <= office.clock.now().timestamp():
        raise RefusedError(Answer(401))
    clients = office.state.rows("", "client").items()
    client = next(key for key, row in clients if row["Id"] == claims["client"])
    return client, claims["role"], claims["goAllowSendInvoice"] == "True"


def revoke(office: Office) -> None:
    """Make every token issued so far invalid."""
    office.set("token secret", secrets.token_hex(32))


def _sign(office: Office, unsigned: bytes) -> bytes:
    secret = str(office.setting("token secret", ""))
    return hmac.new(secret.encode(), unsigned, hashlib.sha256).digest()


def _basic(authorization: str) -> str:
    scheme, _, keys = authorization.partition(" ")
    try:
        return base64.b64decode(keys, validate=True).decode() if scheme.lower() == "basic" else ""
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _bad_keys(answer: str) -> RefusedError:
    if answer == "b":
        return RefusedError(Answer(401))
    if answer == "c":
        return gateway(401, "Unauthorized")
    text = "Client integration not found. Please ensure the provided keys are matching the desired environment."
    return RefusedError(json_answer(400, {"error": "invalid_client", "error_description": text}))


def _base64(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")
