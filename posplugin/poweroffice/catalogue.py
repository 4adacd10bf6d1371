"""Product and department codes → PowerOffice's ids, asked for once a run; a mended set-up mends the record."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from posplugin.accounting_system import AccountingError
from posplugin.domain.documents import InvoiceItem
from posplugin.domain.reasons import Reason
from posplugin.poweroffice.articles import Articles
from posplugin.poweroffice.client import PowerOfficeClient
from posplugin.poweroffice.mapping import missing
from posplugin.poweroffice.reading import whole_or_none
from posplugin.settings.department import Department


def codes(department: Department) -> dict[str, str]:
    """Return the product codes that are set, by role: "vat_25", "gratuity", …"""
    return {role: code for role, code in department.products if code}


class Catalogue:
    """The products and departments that the settings name, as one Go client has them. Thread-safe."""

    def __init__(self, client: PowerOfficeClient, departments: Iterable[Department]) -> None:
        self._client = client
        self._departments = tuple(departments)
        self._lock = threading.Lock()
        self._products: list[dict[str, Any]] | None = None
        self._found: list[dict[str, Any]] | None = None

    def products(self) -> list[dict[str, Any]]:
        """Return the products with the codes in the settings, archived ones too."""
        with self._lock:
            if self._products is None:
                wanted = {code for department in self._departments for code in codes(department).values()}
                asked = {"codes": ",".join(sorted(wanted))}
                self._products = list(self._client.pages("/Products", asked)) if wanted else []
            return self._products

    def departments(self) -> list[dict[str, Any]]:
        """Return the departments with the codes in the settings, inactive ones too."""
        with self._lock:
            if self._found is None:
                wanted = {department.department_code or "" for department in self._departments} - {""}
                asked = {"codes": ",".join(sorted(wanted))}
                self._found = list(self._client.pages("/Departments", asked)) if wanted else []
            return self._found

    def department_id(self, name: str, department: Department) -> int | None:
        """Return the id of a department in PowerOffice, None where the settings name none."""
        code = department.department_code
        if code is None:
            return None
        for found in self.departments():
            if found.get("Code") == code and found.get("IsActive") is not False:
                return _id(found, missing(Reason.DEPARTMENT_MISSING, f"department {code} ({name}) has no id to use"))
        raise missing(Reason.DEPARTMENT_MISSING, f"department {code} ({name}) is not among the active departments")


@dataclass(frozen=True, slots=True)
class DepartmentProducts:
    """The products of one department, by what they are for."""

    name: str
    department: Department
    catalogue: Catalogue
    #: None: articles have no products of their own.
    articles: Articles | None = None

    def product_id(self, role: str) -> int:
        """Return the id of the product for a role; raise `AccountingError` when there is no such product to use."""
        return self._id(self._product(role), role)

    def of_item(self, item: InvoiceItem) -> Mapping[str, int | str]:
        """Return how a line names the article's own product, or else the one for its VAT rate."""
        product = self._product(f"vat_{item.vat_rate}")
        own = self.articles.product(item, product) if self.articles else None
        return own or {"ProductId": self._id(product, f"vat_{item.vat_rate}")}

    def create(self, items: Iterable[InvoiceItem]) -> None:
        """Make the products that articles lack, where that is wanted; one request for each."""
        for item in items:
            if self.articles and self.articles.lacks(item):
                self.articles.create(item, self._product(f"vat_{item.vat_rate}"))

    def _id(self, product: Mapping[str, Any], role: str) -> int:
        absent = Reason.ROUNDING_PRODUCT_MISSING if role == "rounding" else Reason.PRODUCT_MISSING
        words = f"product {product.get('Code')} ({role} of {self.name}) has no id to use"
        return _id(product, missing(absent, words))

    def _product(self, role: str) -> dict[str, Any]:
        code = codes(self.department).get(role)
        absent = Reason.ROUNDING_PRODUCT_MISSING if role == "rounding" else Reason.PRODUCT_MISSING
        if code is None:
            raise missing(absent, f"no product is set for {role} (departments.{self.name}.products.{role})")
        found = [product for product in self.catalogue.products() if product.get("Code") == code]
        if not found:
            raise missing(absent, f"product {code} ({role} of {self.name}) does not exist")
        if len(found) > 1:
            raise missing(
                Reason.PRODUCT_MISSING, f"product code {code} ({role} of {self.name}) exists {len(found)} times"
            )
        if found[0].get("IsArchived"):
            raise missing(Reason.PRODUCT_ARCHIVED, f"product {code} ({role} of {self.name}) is archived")
        return found[0]


def _id(row: Mapping[str, Any], absent: AccountingError) -> int:
    """Return a row's id; raise `absent` for one that cannot be read."""
    found = whole_or_none(row.get("Id"))
    if found is None:
        raise absent
    return found
