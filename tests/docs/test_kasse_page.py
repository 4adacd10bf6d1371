"""docs/kasse.md has what the till says to cashiers, word for word, and every light of its lamp."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path

import pytest

from posplugin.domain.payment import LONGEST_FIELD, Light, PaymentField, RefusalCode
from posplugin.hooks import host
from posplugin.texts import texts
from sample_terminal import checkout
from sample_terminal.web.words_nb import NB

PAGE = (Path(__file__).parents[2] / "docs" / "kasse.md").read_text()
TEXTS = texts("nb")
DAY = (NB.count_drawer, NB.see_difference, NB.count_again, NB.close_day)
#: What stands in braces in a sentence, on the page.
EXAMPLE: dict[str, object] = {
    "customer": "Fjellheim Entreprenør AS",
    "number": 10001,
    "amount": "4 800,00",
    "limit": "5 000,00",
    "date": "01.11.2026",
    "department": "bar",
    "receipt": "1042",
    "rate": 25,
    "field": TEXTS.field[PaymentField.NOTE],
}
_OTHERWISE: dict[RefusalCode, dict[str, object]] = {
    RefusalCode.FIELD_TOO_LONG: {"limit": LONGEST_FIELD},
    RefusalCode.RETURN_EXCEEDS_ORIGINAL: {"limit": "300,00"},
}
_WARNED: dict[str, dict[str, object]] = {
    "customers_too_old": {"days": 8},
    "fee_added": {"amount": "39,00"},
    "credit_limit": {"amount": "5 300,00"},
}


@pytest.mark.parametrize("code", RefusalCode)
def test_each_refusal_stands_there_as_the_till_says_it_with_what_to_do(code: RefusalCode) -> None:
    said = TEXTS.refusal[code].format(**EXAMPLE | _OTHERWISE.get(code, {}))

    assert re.search(rf"^\| {re.escape(said)} \| \S.+ \|$", PAGE, re.M)


def test_where_no_plugin_speaks_the_till_says_the_same() -> None:
    said = {code: TEXTS.refusal[code] for code in (RefusalCode.CUSTOMER_REQUIRED, RefusalCode.PLUGIN_FAILED)}
    label = TEXTS.channel_label

    assert checkout._PICK_CUSTOMER["nb"].format(label=label) == said[RefusalCode.CUSTOMER_REQUIRED]
    assert host._SORRY["nb"].format(label=label) == said[RefusalCode.PLUGIN_FAILED]


@pytest.mark.parametrize("name", asdict(TEXTS.warning))
def test_each_warning_stands_there(name: str) -> None:
    said = asdict(TEXTS.warning)[name].format(**EXAMPLE | _WARNED[name])

    assert re.search(rf"^\| {re.escape(said)} \| \S.+ \|$", PAGE, re.M)


@pytest.mark.parametrize("light", Light)
def test_each_light_stands_there_as_the_till_calls_it(light: Light) -> None:
    assert f"**{NB.light[light]}**<br>![" in PAGE
    assert f"(pictures/lamp-{light}.png)" in PAGE


def test_the_buttons_have_the_names_that_they_have_at_the_till() -> None:
    for name in (NB.pay, NB.put_on_invoice, NB.charge_card, NB.returns, NB.day, *DAY):
        assert f"**{name}" in PAGE or f"trykk {name}" in PAGE or f"Trykk {name}" in PAGE, name
    for badge in (NB.linked, NB.not_linked, NB.ehf, NB.vat_free, NB.person, NB.credit_left, NB.no_limit):
        assert re.search(rf"^\| [✓! ]*{badge} \|", PAGE, re.M), badge
    for field in PaymentField:
        assert NB.field[field].lower() in PAGE.lower(), field
