"""What the integration may do, and whether the settings ask for more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from posplugin.accounting_system import Finding, right, wrong
from posplugin.domain.fault import Fault
from posplugin.domain.look import Look, Need
from posplugin.settings.model import Settings

#: Asked for whatever the settings say.
_ALWAYS = (
    ("GeneralLedgerAccount", Need.ACCOUNTS),
    ("CommonServices", Need.COMMON_SETTINGS),
)
_FOR_INVOICES = (
    ("SalesOrders_Full", Need.DRAFTS),
    ("OutgoingInvoice", Need.SENT_INVOICES),
    ("Customer", Need.CUSTOMERS),
    ("Product", Need.PRODUCTS),
)


class Privileges:
    """What PowerOffice says that a client's integration may do. "X_Full" serves where "X" is asked for."""

    def __init__(self, about: Mapping[str, Any]) -> None:
        self._valid = _plain(about.get("ValidPrivileges") or ())
        self._invalid = _plain(about.get("InvalidPrivileges") or ())

    def held(self, privilege: str) -> bool:
        """Whether it may be used."""
        return bool(self._valid & _enough(privilege))

    def without_subscription(self, privilege: str) -> bool:
        """Whether it has been given, but the client does not pay for what it opens."""
        return bool(self._invalid & _enough(privilege))


def privileges_needed(settings: Settings, departments: Sequence[str]) -> Iterator[tuple[str, Need]]:
    """Yield each privilege that the settings ask for, and what for."""
    invoicing, settlement = settings.invoicing, settings.settlement
    yield from (*_FOR_INVOICES, *_ALWAYS) if invoicing.enabled else _ALWAYS
    if any(settings.department(name).department_code for name in departments):
        yield "Department", Need.DEPARTMENTS
    if invoicing.attach_receipt:
        yield "SalesOrderAttachment_Full", Need.ATTACHMENTS
    if invoicing.include_employee_number:
        yield "Employee", Need.EMPLOYEES
    if invoicing.create_missing_products:
        yield "Product_Full", Need.NEW_PRODUCTS
    if any(settings.settles(name) for name in departments):
        if settlement.posting == "post":
            yield "CashVoucher_Full", Need.SETTLEMENTS
            if settlement.attach_z_report:
                yield "VoucherDocumentation_Full", Need.SETTLEMENTS
        else:
            yield "JournalEntryVoucher_Full", Need.SETTLEMENT_DRAFTS


def verify_privileges(held: Privileges, settings: Settings, departments: Sequence[str]) -> Iterator[Finding]:
    """Give one finding for each privilege that the settings ask for."""
    for privilege, need in privileges_needed(settings, departments):
        facts = {"privilege": privilege, "need": need, "departments": tuple(departments)}
        if held.held(privilege):
            yield right(Look.PRIVILEGE, **facts)
        elif held.without_subscription(privilege):
            yield wrong(Fault.PRIVILEGE_WITHOUT_SUBSCRIPTION, Look.PRIVILEGE, **facts)
        else:
            yield wrong(Fault.PRIVILEGE_MISSING, Look.PRIVILEGE, **facts)


def verify_sending(
    about: Mapping[str, Any], claims: Mapping[str, Any], settings: Settings, departments: Sequence[str]
) -> Iterator[Finding]:
    """Tell whether invoices may be sent, where they are to be: PowerOffice says so here, or else in the token."""
    if settings.invoicing.delivery != "send":
        return
    told = about.get("AllowSendInvoice", claims.get("goAllowSendInvoice"))
    if str(told).lower() == "true":
        yield right(Look.SENDING, departments=tuple(departments))
    else:
        yield wrong(Fault.MAY_NOT_SEND, Look.SENDING, departments=tuple(departments))


def _enough(privilege: str) -> set[str]:
    return _plain([privilege, privilege if privilege.endswith("_Full") else f"{privilege}_Full"])


def _plain(privileges: Iterable[str]) -> set[str]:
    """Both "SalesOrders_Full" and "SalesOrder_Full" have been seen."""
    plain = set()
    for privilege in privileges:
        stem, full, _ = privilege.partition("_Full")
        plain.add(stem.rstrip("s").lower() + full)
    return plain
