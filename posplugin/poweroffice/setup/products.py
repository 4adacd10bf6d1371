"""Each product that invoices are written on: it is there, once, and posts where its VAT is right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from posplugin.accounting_system import Finding, right, wrong
from posplugin.domain.documents import FEE_VAT_RATE, VatReportedBy
from posplugin.domain.fault import Fault
from posplugin.domain.look import Look, OneOf
from posplugin.poweroffice.catalogue import codes
from posplugin.poweroffice.setup.asking import Row
from posplugin.poweroffice.vat_codes import NO_TURNOVER, TURNOVER
from posplugin.settings.dotted import join
from posplugin.settings.model import Settings


def sales_accounts(products: Sequence[Row]) -> set[int]:
    """Return the numbers of the products' own sales accounts."""
    return {int(product["StandardSalesAccount"]) for product in products if product.get("StandardSalesAccount")}


def verify_products(
    department: str, settings: Settings, products: Sequence[Row], accounts: Mapping[int, Row] | None
) -> Iterator[Finding]:
    """Give one finding for each product of a department. Without `accounts`, what they post to is left out."""
    for role, code in _wanted(department, settings):
        product = _Product(department, role, code, settings)
        found = [row for row in products if code is not None and row.get("Code") == code]
        yield product.wrong_in_itself(found) or product.look(found[0], accounts)


def _wanted(department: str, settings: Settings) -> list[tuple[str, str | None]]:
    """Return role and code of every product set, and of those that cannot be done without."""
    found: dict[str, str | None] = dict(codes(settings.department(department)))
    invoicing = settings.invoicing
    if not invoicing.enabled:  # settlements alone need no products
        return []
    must = {"vat_25", "vat_15"}
    by_invoice = invoicing.vat_reported_by is VatReportedBy.INVOICE
    # The fee carries VAT in both modes; prices with VAT leave no øre over.
    if invoicing.send_amount_excluding_vat and (by_invoice or invoicing.invoice_fee):
        must.add("rounding")
    if invoicing.tips_on_invoice:
        must.add("gratuity")
    if invoicing.invoice_fee:
        must.add("fee")
    return [*found.items(), *((role, None) for role in sorted(must - found.keys()))]


@dataclass(frozen=True, slots=True)
class _Product:
    department: str
    role: str
    code: str | None
    settings: Settings

    def wrong_in_itself(self, found: Sequence[Row]) -> Finding | None:
        """Return why the code leads to no product that can be used."""
        if self.code is None:
            return self._wrong(Fault.PRODUCT_NOT_SET)
        if not found:
            return self._wrong(Fault.PRODUCT_MISSING)
        if len(found) > 1:
            return self._wrong(Fault.PRODUCT_TWICE, times=len(found))
        if found[0].get("IsArchived"):
            return self._wrong(Fault.PRODUCT_ARCHIVED)
        invoicing = self.settings.invoicing
        priced = self.role != "fee" or not invoicing.invoice_fee or invoicing.invoice_fee_amount is not None
        return None if priced or found[0].get("UnitPrice") else self._wrong(Fault.FEE_WITHOUT_PRICE)

    def look(self, row: Row, accounts: Mapping[int, Row] | None) -> Finding:
        """Follow the product to its own sales account and its VAT code."""
        if not row.get("StandardSalesAccount"):
            return self._wrong(Fault.PRODUCT_WITHOUT_ACCOUNT)
        number = int(row["StandardSalesAccount"])
        account = (accounts or {}).get(number)
        if account is None:
            if accounts is None:
                return right(Look.PRODUCT, **self._facts(), name=row.get("Name"), account=number, vat_code="?")
            return self._wrong(Fault.PRODUCT_ACCOUNT_MISSING, account=number)
        vat_code = str(account.get("VatCode"))
        fault = self._account_fault(account) or self._vat_fault(vat_code) or self._clearing_fault(number)
        facts = {"account": number, "vat_code": vat_code, "wanted": OneOf(self._fitting), "rate": self._rate}
        if fault is None:
            return right(Look.PRODUCT, **self._facts(), name=row.get("Name"), **facts)
        return self._wrong(fault, **facts, clearing=self._clearing)

    def _account_fault(self, account: Row) -> Fault | None:
        if account.get("IsActive") is False:
            return Fault.PRODUCT_ACCOUNT_INACTIVE
        if account.get("IsProjectRequired"):
            return Fault.PRODUCT_ACCOUNT_NEEDS_PROJECT
        if account.get("IsDepartmentRequired") and not self.settings.department(self.department).department_code:
            return Fault.PRODUCT_ACCOUNT_NEEDS_DEPARTMENT
        return None

    def _vat_fault(self, vat_code: str) -> Fault | None:
        if vat_code in self._fitting:
            return None
        if self._rate is None:
            return Fault.VAT_REPORTED_TWICE if self._is_sale else Fault.VAT_ON_NO_TURNOVER
        return Fault.VAT_NOT_REPORTED if vat_code in NO_TURNOVER else Fault.VAT_OF_ANOTHER_RATE

    def _clearing_fault(self, number: int) -> Fault | None:
        """What is invoiced stands on the clearing account until it is sent, when the settlement reports VAT."""
        on_clearing = self._is_sale and self._rate is None and self._clearing is not None
        return Fault.PRODUCT_NOT_ON_CLEARING if on_clearing and number != self._clearing else None

    @property
    def _is_sale(self) -> bool:
        return self.role.startswith("vat_")

    @property
    def _rate(self) -> int | None:
        """The rate of the VAT that the product is to report, per cent; None where it is to report none."""
        if self.role == "fee":
            return FEE_VAT_RATE
        by_invoice = self.settings.invoicing.vat_reported_by is VatReportedBy.INVOICE
        return int(self.role.removeprefix("vat_")) if self._is_sale and by_invoice else None

    @property
    def _fitting(self) -> tuple[str, ...]:
        return NO_TURNOVER if self._rate is None else TURNOVER[self._rate]

    @property
    def _clearing(self) -> int | None:
        ledger = self.settings.ledger_of(self.department)
        return ledger.invoice_clearing if ledger else None

    def _facts(self) -> dict[str, object]:
        return {"setting": join("departments", self.department, "products", self.role), "code": self.code}

    def _wrong(self, fault: Fault, **facts: object) -> Finding:
        department_setting = join("departments", self.department, "department_code")
        return wrong(fault, Look.PRODUCT, **self._facts(), department_setting=department_setting, **facts)
