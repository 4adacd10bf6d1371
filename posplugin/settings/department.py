"""A POS outlet: a client of PowerOffice GO, with product codes of its own."""

from __future__ import annotations

from pydantic import Field

from posplugin.settings.ledger import Ledger
from posplugin.settings.values import Key, Section, Text


class Products(Section):
    """Product codes ("Kode" in PowerOffice's Produkter) that invoice lines are written on."""

    vat_25: Text | None = None
    vat_15: Text | None = None
    vat_12: Text | None = None
    vat_0: Text | None = None
    gratuity: Text | None = None
    fee: Text | None = None
    rounding: Text | None = None
    gift_card: Text | None = None


class Department(Section):
    """What invoices of one outlet need to know."""

    client_key: Key
    #: None: the one of [poweroffice].
    application_key: Key | None = None
    #: PowerOffice's department code; None: no department on the documents.
    department_code: Text | None = None
    products: Products = Field(default_factory=Products)
    #: Where it differs from the default ledger.
    ledger: Ledger | None = None
