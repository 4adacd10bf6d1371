"""Both languages say everything, with the same things filled in, and name only what exists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from string import Formatter

import pytest

from posplugin.bookkeeping.ledger import PAYMENT_CODES
from posplugin.domain.errors import UsageError
from posplugin.domain.payment import PaymentField, RefusalCode
from posplugin.domain.reasons import SET_UP_REASONS, Reason
from posplugin.domain.sale import INVOICE, LineKind
from posplugin.domain.settlement import JournalLine, Settlement
from posplugin.domain.zreport import CashSales, ZReport
from posplugin.texts import Texts, texts
from tests.fixtures.clocks import EVENING
from tests.fixtures.sales import DAY

LANGUAGES = ("nb", "en")
STATUSES = {
    "authorized",
    "pending",
    "sending",
    "uncertain",
    "delivered",
    "needs_attention",
    "cancelled",
    "discarded",
    "reversed",
}
FOR_THE_CASHIER = {"customer", "number", "receipt", "rate", "amount", "limit", "field", "date", "department"}


def every_text(said: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Give each text with the name that leads to it."""
    if isinstance(said, str):
        yield name, said
    elif isinstance(said, Mapping):
        for key, value in said.items():
            yield from every_text(value, f"{name}[{key}]")
    elif is_dataclass(said):
        for field in fields(said):
            yield from every_text(getattr(said, field.name), f"{name}.{field.name}")


def parts(said: Texts) -> tuple[object, ...]:
    """Return what is said at the till, by `check`, and in the console."""
    return said, said.check, said.console


def filled_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_value_has_words(language: str) -> None:
    said = texts(language)
    assert said.language == language
    assert set(said.refusal) == set(RefusalCode)
    assert set(said.reason) == set(Reason)
    assert set(said.field) == set(PaymentField)
    assert set(said.status) == STATUSES
    assert all(
        text.strip() == text and text for part in (said, said.check, said.console) for _, text in every_text(part)
    )


def test_both_languages_fill_in_the_same() -> None:
    for ours, theirs in zip(*(parts(texts(language)) for language in LANGUAGES), strict=True):
        nb, en = dict(every_text(ours)), dict(every_text(theirs))
        assert nb.keys() == en.keys()
        assert {name: filled_in(text) for name, text in nb.items()} == {name: filled_in(en[name]) for name in en}


@pytest.mark.parametrize("language", LANGUAGES)
def test_refusals_are_sentences_that_fill_in_only_what_the_till_gives(language: str) -> None:
    for code, text in texts(language).refusal.items():
        assert filled_in(text) <= FOR_THE_CASHIER, code
        assert text.endswith("."), code
        assert text.format_map(dict.fromkeys(FOR_THE_CASHIER, "x"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_reasons_have_a_sentence_and_a_remedy_with_nothing_to_fill_in(language: str) -> None:
    for reason, said in texts(language).reason.items():
        assert not filled_in(said.sentence + said.remedy), reason
        assert said.sentence.endswith("."), reason
        assert said.remedy.endswith("."), reason
        assert "posplugin " in said.remedy, reason


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_goes_on_once_the_set_up_is_mended_says_so(language: str) -> None:
    for reason in SET_UP_REASONS:
        assert "`posplugin check`" in texts(language).reason[reason].remedy, reason


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_settlement_has_words_for_what_is_no_goods_and_what_is_no_sale(language: str) -> None:
    said = texts(language).settlement
    assert set(said.kind) == set(LineKind) - {LineKind.GOODS}
    assert set(said.line) == {"tips", "rounding", "gift_cards_sold", "cash_difference", "clearing"}
    assert set(said.channel) == {*PAYMENT_CODES, INVOICE}
    assert said.channel_name("vipps") == "vipps"


NAMES_OF_A_LINE = [
    (None, ("cash", "bank deposit", "tips"), ("Kontant", "bank deposit", "Tips")),
    (None, ("gift_card", "gift_cards_sold"), ("Gavekort", "Gavekort solgt")),
    (25, ("øl", "vin"), ("Salg øl, vin, 25 %",)),
    (25, ("a", "b", "c", "d", "e"), ("Salg a, b, c og 2 til, 25 %",)),
    (15, ("", "mat"), ("Salg mat, 15 %",)),
    (0, ("",), ("Salg 0 %",)),
]


@pytest.mark.parametrize(("rate", "names", "words"), NAMES_OF_A_LINE)
def test_a_line_of_the_journal_is_put_into_words(
    rate: int | None, names: tuple[str, ...], words: tuple[str, ...]
) -> None:
    line = JournalLine(account=3000, amount=-100, vat_code="3" if rate else None, vat_rate=rate, names=names)
    assert texts("nb").settlement.worded([line]) == (replace(line, names=words),)


def test_the_journal_is_called_by_its_z_and_its_till() -> None:
    z = ZReport(terminal_id="bar-1", number=26324, business_date=DAY, closed_at=EVENING, cash=CashSales())
    settlement = Settlement(z=z, department="bar")
    assert texts("nb").settlement.description_of(settlement) == "Kasseoppgjør Z 26324, bar-1"
    assert texts("en").settlement.description_of(settlement) == "Settlement Z 26324, bar-1"


#: What can befall settlements as well as invoices.
OF_EVERY_DOCUMENT = (
    Reason.ACCOUNT_MISSING,
    Reason.TOTALS_DIFFER,
    Reason.REFERENCE_BLOCKED,
    Reason.REJECTED,
    Reason.ATTEMPTS_EXHAUSTED,
    Reason.CONTENT_DAMAGED,
    Reason.ATTACHMENT_FAILED,
    Reason.GONE,
    Reason.CHANGED,
)


@pytest.mark.parametrize("reason", OF_EVERY_DOCUMENT)
def test_what_befalls_every_document_is_not_said_of_invoices_alone(reason: Reason) -> None:
    for language, invoices in (("nb", "faktura"), ("en", "invoice")):
        said = texts(language).reason[reason]
        assert invoices not in (said.sentence + said.remedy).lower()


def test_both_languages_name_the_same_commands() -> None:
    commands = [re.findall(r"`posplugin [^`]*`", "".join(t for _, t in every_text(texts(x)))) for x in LANGUAGES]
    assert set(commands[0]) == set(commands[1])


def test_languages_differ_and_an_unknown_one_is_refused() -> None:
    assert isinstance(texts("nb"), Texts)
    assert texts("nb").channel_label == "Faktura"
    assert texts("en").channel_label == "Invoice"
    with pytest.raises(UsageError, match="'sv' is not known; use one of nb, en"):
        texts("sv")
