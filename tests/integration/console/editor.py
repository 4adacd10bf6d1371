"""A technician at the page of the settings, and a file worth editing."""

from __future__ import annotations

import tomllib
from typing import Any

from werkzeug.datastructures import MultiDict

from tests.integration.console.filled import form_of, found
from tests.integration.console.visitor import Visitor, seen
from tests.integration.sender.shop import CAFE, LEDGER, OpenShop, Shop

#: What a tick sends that is on.
ON = "1"


def commented(shops: OpenShop) -> Shop:
    """Open a till with a ledger and two departments, its file commented, that sends by itself."""
    opened = shops(ledger=LEDGER, settlement="attach_z_report = false", more=CAFE)
    text = opened.config.read_text()
    text = text.replace('vat_code = "3" },', 'vat_code = "3" },  # mat og drikke')
    text = text.replace('id = "bar-1"', 'id = "bar-1"   # på lappen under kassen')
    opened.config.write_text(text)
    return opened


class Editor:
    """A technician at the page of the settings."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.visitor = Visitor(shop.app)
        self.open()

    def open(self) -> MultiDict[str, str]:
        """Open the page anew."""
        self.page = self.visitor.get("/settings").text
        self.form = form_of(self.page, "/settings")
        return self.form

    def press(self, act: str = "save", **entered: str | None) -> str:
        """Enter things (None: a tick taken off), press a button, and return the words of the page that comes."""
        for name, value in entered.items():
            self.enter(name, value)
        answer = self.visitor.post("/settings", {**self.form.to_dict(flat=False), "act": act})
        if answer.status_code == 303:
            answer = self.visitor.get(answer.headers["Location"])
        self.page = answer.text
        return seen(answer)

    def enter(self, name: str, value: str | None) -> None:
        """Enter a value in a field that the page has, or had."""
        if value is None:
            del self.form[name]
        else:
            self.form[name] = value

    def does(self, entered: dict[str, str | None], act: str = "save") -> str:
        """As `press`, for names with dots."""
        return self.press(act, **entered)

    def wrong_at(self, name: str) -> list[str]:
        """Return what is said at a field, which must be marked as wrong."""
        ids = found(self.page, f'//*[@name="{name}" and @aria-invalid="true"]/@aria-describedby')
        told = [each for each in " ".join(ids).split() if each.endswith("-wrong")]
        return [" ".join(found(self.page, f'//*[@id="{each}"]/text()')).strip() for each in told]

    @property
    def text(self) -> str:
        """The file."""
        return self.shop.config.read_text()

    @property
    def tables(self) -> dict[str, Any]:
        """The file as tables."""
        return tomllib.loads(self.text)
