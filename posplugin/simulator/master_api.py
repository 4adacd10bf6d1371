"""The endpoints of products that are made and of the client's settings; what is only read is in lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from . import products, settings
from .answers import Answer, json_answer
from .call import Call, Endpoint
from .office import Office
from .state import Record

_SETTINGS: dict[str, Callable[[Office, str], Record]] = {
    "lockdatesettings": settings.lock_dates,
    "financialsettings": settings.financial,
    "vatsettings": settings.vat,
    "organizationsettings": settings.organization,
}


def _create_product(call: Call) -> Answer:
    posted = call.posted("ProductPostDto", products.TITLE)
    # 200, not 201 (FACTS 6).
    return json_answer(200, products.create(call.office, call.client, posted))


def _settings() -> Iterator[Endpoint]:
    for name, read in _SETTINGS.items():

        def show(call: Call, read: Callable[[Office, str], Record] = read) -> Answer:
            return json_answer(200, read(call.office, call.client))

        yield Endpoint("GET", f"/v2/{name}", show, ("CommonServices", "CommonServices_Full"))


ENDPOINTS = (Endpoint("POST", "/v2/products", _create_product, ["Product_Full"]), *_settings())
