"""What a person, or a test, does in the simulated Go besides calling its API."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

from . import attachments, drafts, invoices, orders, payments, registers, reports, sending, tokens, vouchers
from .answers import RefusedError, decode
from .faults import Fault, Faults
from .office import PRIVILEGES, Office
from .reports import Reported
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
        """Let nothing go wrong any more; what is held up goes on."""
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
        with _as_error(), self._now():
            orders.changeable(self._office, _known(client), order_id)
            how = invoices.Delivery(total_changed=Decimal(total_changed))
            return _copy(invoices.send(self._office, client, order_id, how))

    def edit_order(self, order_id: str, *, client: str = CLIENT_KEY, **members: Any) -> Record:
        """Set members of a draft, such as `CustomerReference="x"` or `SalesOrderLines=[…]`, and return it."""
        with _as_error(), self._now():
            return _copy(orders.edit(self._office, _known(client), order_id, members))

    def confirm_order(self, order_id: str, *, client: str = CLIENT_KEY) -> Record:
        """Confirm a draft, which locks it, and return it."""
        return self.edit_order(order_id, client=client, SalesOrderStatus="Confirmed")

    def merge_orders(self, order_id: str, other_id: str, *, client: str = CLIENT_KEY) -> Record:
        """Move the other draft's lines to the first, delete the other, and return the first."""
        with _as_error(), self._now():
            return _copy(orders.merge(self._office, _known(client), order_id, other_id))

    def attachments(self, key: str, *, client: str = CLIENT_KEY) -> list[Record]:
        """Return the files attached to an order, or to the invoice it became, with their Content as bytes."""
        with self._now():
            return attachments.complete(self._office, _known(client), key)

    def fail_sending(self, text: str, times: int = 1) -> None:
        """Let the next orders the integration sends fail with this LastErrorMessage; they stay orders."""
        with self._now():
            sending.fail(self._office, text, times)

    def delete_order(self, order_id: str, *, client: str = CLIENT_KEY) -> None:
        """Delete a draft."""
        with _as_error(), self._now():
            orders.delete(self._office, _known(client), order_id)

    def pay(self, invoice_no: int, amount: Decimal | int | None = None, *, client: str = CLIENT_KEY) -> Record:
        """Let a payment arrive in the bank, all that is left unless told otherwise, and return the invoice."""
        with _as_error(), self._now():
            paid = None if amount is None else Decimal(amount)
            return dict(payments.pay(self._office, _known(client), invoice_no, paid))

    def vouchers(self, client: str = CLIENT_KEY) -> list[Record]:
        """Return the vouchers that were posted directly, reversed ones included."""
        return [row for kind in vouchers.KINDS for row in self._all(client, kind)]

    def reverse_voucher(self, voucher_id: str, *, client: str = CLIENT_KEY) -> None:
        """Reverse a voucher that was posted directly."""
        with _as_error(), self._now():
            vouchers.reverse(self._office, _known(client), voucher_id)

    def drafts(self, client: str = CLIENT_KEY) -> list[Record]:
        """Return the journal entry vouchers, with IsPosted and the other flags of their list."""
        with self._now():
            items = self._office.state.rows(_known(client), "draft item")
            return [row | items[row["Id"]] for row in self._all(client, "draft")]

    def post_draft(self, draft_id: str, *, client: str = CLIENT_KEY) -> int:
        """Post a journal entry voucher and return its VoucherNo."""
        with _as_error(), self._now():
            return drafts.post(self._office, _known(client), draft_id)

    def delete_draft(self, draft_id: str, *, client: str = CLIENT_KEY) -> None:
        """Delete a journal entry voucher that is not posted."""
        with _as_error(), self._now():
            drafts.delete(self._office, _known(client), draft_id)

    def trial_balance(self, client: str = CLIENT_KEY) -> dict[int, Decimal]:
        """Return the balance of every account that was posted on, debit positive; they add up to nothing."""
        with self._now():
            return reports.trial_balance(self._office, _known(client))

    def vat_return(self, client: str = CLIENT_KEY) -> dict[str, Reported]:
        """Return base and VAT by VAT code, turnover positive; codes 0 and 7 are not reported."""
        with self._now():
            return reports.vat_return(self._office, _known(client))

    def customer_ledger(self, client: str = CLIENT_KEY) -> dict[int, Decimal]:
        """Return what each customer owes, by customer number, for those who have been posted on."""
        with self._now():
            return reports.customer_ledger(self._office, _known(client))

    def postings(self, client: str = CLIENT_KEY) -> list[Record]:
        """Return all that was posted, as account transactions: credit negative, Amount without VAT."""
        return self._all(client, "transaction")

    def change(
        self, kind: str, member: str, value: object, /, *, client: str = CLIENT_KEY, **changes: object
    ) -> Record:
        """Set members of a record as a person does, such as `change("account", "AccountNo", 3000, IsActive=False)`.

        The kinds are customer, product, department, employee, account and vat. No rule of Go's is kept, so
        that a product can get another's Code; an account's VatCode takes its VatCodeId with it.
        """
        with self._now():
            return dict(registers.change(self._office, _known(client), kind, (member, value), changes))

    def archive_customer(self, number: int, *, client: str = CLIENT_KEY) -> None:
        """Archive the customer with this number."""
        self.change("customer", "Number", number, client=client, IsArchived=True, IsActive=False)

    def archive_product(self, code: str, *, client: str = CLIENT_KEY) -> None:
        """Archive the product with this code."""
        self.change("product", "Code", code, client=client, IsArchived=True)

    def set_lock_date(self, day: date | None, *, client: str = CLIENT_KEY) -> None:
        """Lock the books up to and including a day; None unlocks them."""
        self._office.set(f"lock date {_known(client)}", day and day.isoformat())

    def set_conversion_date(self, day: date, *, client: str = CLIENT_KEY) -> None:
        """Set the day the client's books begin."""
        self._office.set(f"conversion date {_known(client)}", day.isoformat())

    def set_vat_registered(self, registered: bool, *, client: str = CLIENT_KEY) -> None:
        """Set VatSettings.IsVatRegistered: without it orders have no VAT."""
        self._office.set(f"vat registered {_known(client)}", registered)

    def set_privilege(self, name: str, held: bool) -> None:
        """Give or take a privilege such as "SalesOrders_Full"; tokens issued before keep what they had."""
        self._office.set(f"privilege {_privilege(name)}", held)

    def set_covered(self, name: str, covered: bool) -> None:
        """Let the client's subscriptions cover a privilege, or not: then it opens nothing, and is told as invalid."""
        self._office.set(f"uncovered {_privilege(name)}", not covered)

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

    @property
    def today(self) -> date:
        """The date in Norway by Go's clock."""
        return self._office.clock.today()

    def advance(self, seconds: float) -> None:
        """Push Go's clock ahead, for tokens to expire and lagging writes to become readable."""
        self._office.clock.advance(seconds)

    def _all(self, client: str, kind: str) -> list[Record]:
        with self._now():
            return [_copy(row) for row in self._office.state.rows(_known(client), kind).values()]

    @contextmanager
    def _now(self) -> Iterator[None]:
        """Hold the lock, when all that time has brought about has happened."""
        with self._office.state.lock:
            sending.settle(self._office)
            yield


@contextmanager
def _as_error() -> Iterator[None]:
    """Turn a refusal of the API into an exception for the caller in Python."""
    try:
        yield
    except RefusedError as error:
        text = decode(error.answer.body)["detail"]
        raise (LookupError if error.answer.status == 404 else ValueError)(text) from None


def _privilege(name: str) -> str:
    if name not in PRIVILEGES:
        raise ValueError(f"There is no privilege {name}: the simulator has {', '.join(PRIVILEGES)}.")
    return name


def _known(client: str) -> str:
    if client not in CLIENTS:
        raise LookupError("There is no Go client with that client key.")
    return client


def _copy(row: Record) -> Record:
    """Return a record whose changes reach nothing here; amounts stay Decimal."""
    return {name: [dict(part) for part in value] if name.endswith("Lines") else value for name, value in row.items()}
