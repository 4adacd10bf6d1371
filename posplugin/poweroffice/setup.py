"""Whether PowerOffice has what the invoices need: keys, privileges, products and what they post to, departments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from posplugin.accounting_system import Finding
from posplugin.domain.documents import VatReportedBy
from posplugin.domain.reasons import Reason
from posplugin.poweroffice.catalogue import Catalogue, codes
from posplugin.poweroffice.client import PowerOfficeClient
from posplugin.settings.model import Settings

#: Privilege → what it is for. "X_Full" serves where "X" is asked for, never the other way round.
PRIVILEGES = {
    "SalesOrders_Full": "to make invoice drafts",
    "OutgoingInvoice": "to find invoices that have been sent",
    "Customer": "to read customers",
    "Product": "to read products",
    "Department": "to read departments",
    "GeneralLedgerAccount": "to see which VAT code a product posts with",
}

#: SAF-T standard VAT codes by rate: 5 and 6 are turnover at 0 %; 0 and 7 are no turnover at all.
_TURNOVER = {25: {"3"}, 15: {"31"}, 12: {"33"}, 0: {"5", "6", "52"}}
_NO_TURNOVER = {"0", "7"}


def verify_setup(
    client: PowerOfficeClient, catalogue: Catalogue, settings: Settings, departments: Sequence[str]
) -> list[Finding]:
    """Return one finding for each thing looked at. Raises `AccountingError` when PowerOffice cannot be asked."""
    about = client.get("/ClientIntegrationInformation") or {}
    findings = [Finding(what="connection", ok=True, text=f"{about.get('ClientName')} (client {about.get('ClientId')})")]
    findings += _privileges(about)
    products = catalogue.products()
    accounts = _accounts(client, products)
    for name in departments:
        findings += _department(name, catalogue, settings)
        findings += [
            _product(name, role, code, products=products, accounts=accounts, settings=settings)
            for role, code in _needed(name, settings)
        ]
    return findings


def _privileges(about: dict[str, Any]) -> Iterator[Finding]:
    held = {_plain(privilege) for privilege in about.get("ValidPrivileges") or []}
    for privilege, purpose in PRIVILEGES.items():
        ok = _plain(privilege) in held or _plain(f"{privilege}_Full") in held
        yield Finding(
            what=f"privilege {privilege}",
            ok=ok,
            text=purpose if ok else f"missing: it is needed {purpose}",
            remedy=None
            if ok
            else "ask PowerOffice (go-api@poweroffice.no) to give it to the application key; "
            "it works from the next token, within 20 minutes",
        )


def _plain(privilege: str) -> str:
    """Both "SalesOrders_Full" and "SalesOrder_Full" have been seen."""
    stem, full, _ = privilege.partition("_Full")
    return stem.rstrip("s").lower() + full


def _department(name: str, catalogue: Catalogue, settings: Settings) -> Iterator[Finding]:
    code = settings.department(name).department_code
    if code is None:
        return
    found = [d for d in catalogue.departments() if d.get("Code") == code]
    active = [d for d in found if d.get("IsActive") is not False]
    what = f"department {name}"
    if active:
        yield Finding(what=what, ok=True, text=f"{code} {active[0].get('Name')}")
    else:
        wrong = "is not active" if found else "does not exist"
        remedy = "Innstillinger > Avdelinger in PowerOffice, or departments.*.department_code in the settings"
        yield Finding(what=what, ok=False, text=f"{code} {wrong}", remedy=remedy)


def _needed(name: str, settings: Settings) -> list[tuple[str, str | None]]:
    """Return role and code of every product set, and of those that cannot be done without."""
    found: dict[str, str | None] = dict(codes(settings.department(name)))
    must = {"vat_25", "vat_15"}
    by_invoice = settings.invoicing.vat_reported_by is VatReportedBy.INVOICE
    # The fee carries VAT in both modes; prices with VAT leave no øre over.
    if settings.invoicing.send_amount_excluding_vat if by_invoice else settings.invoicing.invoice_fee:
        must.add("rounding")
    if settings.invoicing.tips_on_invoice:
        must.add("gratuity")
    if settings.invoicing.invoice_fee:
        must.add("fee")
    return [*found.items(), *((role, None) for role in sorted(must - found.keys()))]


def _accounts(client: PowerOfficeClient, products: Sequence[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    numbers = sorted({int(p["StandardSalesAccount"]) for p in products if p.get("StandardSalesAccount")})
    if not numbers:
        return {}
    rows = client.pages("/GeneralLedgerAccounts", {"accountNos": ",".join(map(str, numbers))})
    return {int(row["AccountNo"]): row for row in rows}


def _product(
    name: str,
    role: str,
    code: str | None,
    *,
    products: Sequence[dict[str, Any]],
    accounts: dict[int, dict[str, Any]],
    settings: Settings,
) -> Finding:
    what = f"product {role} of {name}"
    if code is None:
        remedy = f"make the product in PowerOffice (Produkter) and set departments.{name}.products.{role}"
        return Finding(what=what, ok=False, text="not set", remedy=remedy)
    found = [product for product in products if product.get("Code") == code]
    if len(found) != 1 or found[0].get("IsArchived"):
        wrong = "is archived" if len(found) == 1 else f"exists {len(found)} times" if found else "does not exist"
        remedy = f"look at Produkter in PowerOffice (column Kode), or set departments.{name}.products.{role}"
        return Finding(what=what, ok=False, text=f"{code} {wrong}", remedy=remedy)
    number = found[0].get("StandardSalesAccount")
    account = accounts.get(int(number)) if number else None
    if account is None:
        remedy = "give the product a sales account of its own (Salgskonto), so that its VAT is certain"
        return Finding(what=what, ok=False, text=f"{code} has no sales account of its own", remedy=remedy)
    vat_code, wanted = str(account.get("VatCode")), _codes_for(role, settings)
    if vat_code not in wanted:
        return Finding(
            what=what,
            ok=False,
            text=f"vat_reported_twice: {code} posts to {number} with VAT code {vat_code}; with vat_reported_by = "
            f'"{settings.invoicing.vat_reported_by}" it must be {" or ".join(sorted(wanted))}',
            remedy="choose another account for the product, or another product; ask the accountant",
            reason=Reason.VAT_REPORTED_TWICE,
        )
    return Finding(what=what, ok=True, text=f"{code} {found[0].get('Name')} → {number}, VAT code {vat_code}")


def _codes_for(role: str, settings: Settings) -> set[str]:
    if role == "fee":
        return _TURNOVER[25]
    if role.startswith("vat_") and settings.invoicing.vat_reported_by is VatReportedBy.INVOICE:
        return _TURNOVER[int(role.removeprefix("vat_"))]
    return _NO_TURNOVER
