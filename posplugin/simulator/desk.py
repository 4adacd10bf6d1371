"""What a person, or a test, does in the simulated Go besides calling its API."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from . import invoices, orders, tokens
from .answers import RefusedError, decode
from .faults import Fault, Faults
from .office import PRIVILEGES, Office
from .seed import CLIENT_KEY, CLIENTS
from .state import Record


class Desk:
    """Look into Go and change it by hand; each change is in force for the next request.

    Where a method takes `client`, it is the client key of the Go client meant. What is not there
    raises LookupError; what Go would refuse raises ValueError with its text.
    """

    def __init__(self, office: Office, faults: Faults, log: Sequence[dict[str, object]]) -> None:
        self._office = office
        self._faults = faults
        self._log = log

    def switch(self, name: str, answer: str) -> None:
        """Choose how Go answers one of the unknowns, such as `switch("U1", "b")`."""
        self._office.switches.choose(name, answer)

    @property
    def switches(self) -> dict[str, str]:
        """The answer being played for every switch."""
        return self._office.switches.chosen()

    def fault(
        self,
        kind: str,
        *,
        path: str | None = None,
        method: str | None = None,
        every: int = 1,
        times: int | None = None,
        seconds: float = 1.0,
    ) -> None:
        """Let something go wrong: a kind of `FAULTS`, for matching requests, every n-th or n times in all."""
        self._faults.add(Fault(kind, path, method, every, times, seconds))

    def clear_faults(self) -> None:
        """Let nothing go wrong any more."""
        self._faults.clear()

    @property
    def faults(self) -> list[dict[str, object]]:
        """The faults that are set, with how many requests they matched and hit."""
        return self._faults.listed()

    @property
    def requests(self) -> list[dict[str, object]]:
        """Every request since the start: method, path, query, body, time, status, acted, faults.

        `status` is None when no answer was sent; `acted` tells that Go did what was asked, whatever
        the client got to see. Headers and keys are not kept.
        """
        return [dict(entry) for entry in list(self._log)]

    def orders(self, client: str = CLIENT_KEY) -> list[Record]:
        """Return all sales orders with their lines, readable or not."""
        return self._all(client, "order")

    def invoices(self, client: str = CLIENT_KEY) -> list[Record]:
        """Return all outgoing invoices."""
        return self._all(client, "invoice")

    def send_order(self, order_id: str, total_changed: Decimal | int = 0, *, client: str = CLIENT_KEY) -> Record:
        """Send a draft as a person does and return the invoice; `total_changed` kroner are added first."""
        with _as_error(), self._office.state.lock:
            return _copy(invoices.send(self._office, _known(client), order_id, Decimal(total_changed)))

    def edit_order(self, order_id: str, *, client: str = CLIENT_KEY, **members: Any) -> Record:
        """Set members of a draft, such as `CustomerReference="x"` or `SalesOrderLines=[…]`, and return it."""
        with _as_error(), self._office.state.lock:
            return _copy(orders.edit(self._office, _known(client), order_id, members))

    def delete_order(self, order_id: str, *, client: str = CLIENT_KEY) -> None:
        """Delete a draft."""
        with _as_error(), self._office.state.lock:
            orders.delete(self._office, _known(client), order_id)

    def archive_customer(self, number: int, *, client: str = CLIENT_KEY) -> None:
        """Archive the customer with this number."""
        self._update(client, "customer", "Number", number, {"IsArchived": True, "IsActive": False})

    def archive_product(self, code: str, *, client: str = CLIENT_KEY) -> None:
        """Archive the product with this code."""
        self._update(client, "product", "Code", code, {"IsArchived": True})

    def set_vat_registered(self, registered: bool, *, client: str = CLIENT_KEY) -> None:
        """Set VatSettings.IsVatRegistered: without it orders have no VAT."""
        self._office.set(f"vat registered {_known(client)}", registered)

    def set_privilege(self, name: str, held: bool) -> None:
        """Give or take a privilege such as "SalesOrders_Full"; tokens issued before keep what they had."""
        if name not in PRIVILEGES:
            raise ValueError(f"There is no privilege {name}: the simulator has {', '.join(PRIVILEGES)}.")
        self._office.set(f"privilege {name}", held)

    @property
    def allow_send_invoice(self) -> bool:
        """Whether the integration may send invoices (goAllowSendInvoice); False unless set."""
        return self._office.may_send()

    @allow_send_invoice.setter
    def allow_send_invoice(self, allowed: bool) -> None:
        self._office.set("allow send invoice", allowed)

    def revoke_tokens(self) -> None:
        """Make all tokens invalid: the next call with one is a 401."""
        tokens.revoke(self._office)

    def advance(self, seconds: float) -> None:
        """Push Go's clock ahead, for tokens to expire and lagging writes to become readable."""
        self._office.clock.advance(seconds)

    def _all(self, client: str, kind: str) -> list[Record]:
        with self._office.state.lock:
            return [_copy(row) for row in self._office.state.rows(_known(client), kind).values()]

    def _update(self, client: str, kind: str, member: str, value: object, changes: Record) -> None:
        state = self._office.state
        with state.change():
            rows = state.rows(_known(client), kind).items()
            found = next(((key, row) for key, row in rows if row[member] == value), None)
            if found is None:
                raise LookupError(f"There is no {kind} {value}.")
            stamp = {"LastChangedDateTimeOffset": self._office.clock.stamp()}
            state.put(client, kind, found[0], {**found[1], **changes, **stamp})


@contextmanager
def _as_error() -> Iterator[None]:
    """Turn a refusal of the API into an exception for the caller in Python."""
    try:
        yield
    except RefusedError as error:
        text = decode(error.answer.body)["detail"]
        raise (LookupError if error.answer.status == 404 else ValueError)(text) from None


def _known(client: str) -> str:
    if client not in CLIENTS:
        raise LookupError("There is no Go client with that client key.")
    return client


def _copy(row: Record) -> Record:
    """Return a record whose changes reach nothing here; amounts stay Decimal."""
    return {name: [dict(part) for part in value] if name == "SalesOrderLines" else value for name, value in row.items()}
