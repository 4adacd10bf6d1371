"""Every page speaks one language at a time, and never in the words of the code."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from werkzeug.test import TestResponse

from posplugin.domain.reasons import Reason
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.steps import Step, StepState
from posplugin.simulator import Simulator
from tests.integration.console.visitor import Visitor, words_of
from tests.integration.sender.shop import SETTLES, OpenShop, Shop

#: Words that every text of some length has, and that the other language has not.
TELLTALES = {
    "nb": r"\b(og|ikke|som|er|på|til|av|skal|eller|den|ble)\b",
    "en": r"\b(the|and|not|is|of|to be|was|by|which|what)\b",
}
OTHER = {"nb": "en", "en": "nb"}
PAGES = ["/", "/?hidden=1&amount=x&from=x&customer=x", "/runs", "/settlements", "/customers", "/settings"]
#: Settings that a remedy names are named as they are in the file.
SETTINGS = {"department_code", "vat_reported_by", "period_locked", "first_open_day", "endpoint_mode"}
#: A name as the code has it.
CODE = r"\b[a-z]+_[a-z_]+\b|\bNone\b|\bTrue\b|\{\w*\}|Traceback|Undefined"


@pytest.fixture
def everything(shops: OpenShop, go: Simulator) -> Shop:
    """Records that stand in every way there is, for every reason, with every step; a settlement."""
    shop = shops(**SETTLES)
    shop.evening(6)
    shop.send()
    for number, reason in enumerate(Reason):
        record = shop.sell(f"2{number:02}")
        shop.app.outbox.move(record, Status.NEEDS_ATTENTION, "sender", "taken in hand", reason=reason)
    sent = shop.record("1")
    for step in Step:
        shop.app.outbox.steps.write(sent, step, StepState.FAILED)
    for receipt, status in zip(("2", "3", "4", "5"), ("cancelled", "discarded", "uncertain", "sending"), strict=True):
        shop.app.database.execute("UPDATE records SET status = ? WHERE receipt = ?", (status, receipt))
    shop.app.database.execute("UPDATE records SET hidden = 1 WHERE receipt = '2'")
    shop.close_day(1)
    shop.send()
    return shop


def _words(answer: TestResponse) -> str:
    """Return what we say: what others said, what people wrote and what is typed on a command line left out."""
    theirs = r"<(q|bdi|pre|code|script)\b.*?</\1>|<dd class=\"mono\">.*?</dd>"
    return re.sub(r"/\S+", "", words_of(re.sub(theirs, "", answer.text, flags=re.S)))


def _pages(shop: Shop, visitor: Visitor) -> Iterator[tuple[str, str]]:
    paths = [*PAGES, *(f"/record/{record.id}" for record in shop.records()), "/nowhere"]
    for path in paths:
        yield path, _words(visitor.get(path))


@pytest.mark.parametrize("language", ["nb", "en"])
def test_every_page_speaks_one_language(everything: Shop, language: str) -> None:
    visitor = Visitor(everything.app)
    visitor.does("/language", {"language": language})
    for path, told in _pages(everything, visitor):
        plain = told.replace("Norsk bokmål", "").replace("English", "")
        assert len(plain) > 50
        found = [m[0] for m in re.finditer(f".{{,30}}{TELLTALES[OTHER[language]]}.{{,30}}", plain)]
        assert not found, path


@pytest.mark.parametrize("language", ["nb", "en"])
def test_no_page_speaks_in_the_words_of_the_code(everything: Shop, language: str) -> None:
    visitor = Visitor(everything.app)
    visitor.does("/language", {"language": language})
    for path, told in _pages(everything, visitor):
        found = set(re.findall(CODE, told)) - SETTINGS
        assert not {word for word in found if path != "/settings" or "_" not in word}, path


def test_the_language_of_the_page_is_told_to_the_browser(visitor: Visitor) -> None:
    assert '<html lang="nb">' in visitor.get("/").text
    visitor.does("/language", {"language": "en"})
    assert '<html lang="en">' in visitor.get("/").text
    visitor.does("/language", {"language": "sv"})
    assert '<html lang="en">' in visitor.get("/").text


def test_it_begins_in_the_terminals_language(shop: Shop) -> None:
    text = shop.config.read_text()
    shop.config.write_text(text.replace("[terminal]", '[terminal]\nlanguage = "en"', 1))
    shop.reopen()
    visitor = Visitor(shop.app)
    assert '<html lang="en">' in visitor.get("/").text
    assert '<html lang="en">' in Visitor(shop.app, inside=False).get("/").text


def test_whoever_is_outside_is_told_in_one_language_too(shop: Shop) -> None:
    told = _words(Visitor(shop.app, inside=False).get("/"))
    assert re.findall(TELLTALES["nb"], told)
    assert not re.findall(TELLTALES["en"], told)
