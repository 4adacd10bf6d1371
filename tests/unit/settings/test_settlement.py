"""Where the day's settlement is posted, and what the ledgers must have for it: told when the settings are read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from posplugin.domain.errors import ConfigError
from posplugin.settings import Settings

Parse = Callable[[str], Settings]
Problems = Callable[[str], tuple[str, ...]]

#: Each entry that a settlement needs, a line for each.
LEDGER = {
    "tenders": "tenders = { cash = 1900 }",
    "sales": 'sales = [{ article_group = "*", vat = 25, account = 3000, vat_code = "3" }]',
    "gratuity": "gratuity = 2981",
    "gift_card": "gift_card = 2901",
    "rounding": "rounding = 7745",
    "cash_difference": "cash_difference = 7746",
}
TERRACE = '[departments.terrace]\nclient_key = "terrace-key"\n'
ON = "[settlement]\nenabled = true\n"
OFF = "[settlement]\nenabled = false\n"


def ledger(*left_out: str, of: str = "") -> str:
    """Return the default ledger, or a department's own, without some of its entries."""
    table = f"[departments.{of}.ledger]" if of else "[ledger]"
    return "\n".join([table, *(line for name, line in LEDGER.items() if name not in left_out)]) + "\n"


def only(*names: str, of: str = "") -> str:
    """Return a ledger with some entries alone."""
    return ledger(*(LEDGER.keys() - set(names)), of=of)


# What the file has beside a short one, and whether the settlements of bar and of the terrace are posted.
SETTLES = {
    "no ledger": ("", False, False),
    "switched off": (OFF + ledger(), False, False),
    "switched off, and a ledger that lacks nearly everything": (OFF + only("rounding"), False, False),
    "a default ledger": (ledger(), True, True),
    "switched on": (ON + ledger(), True, True),
    "a ledger of one department": (ledger(of="terrace"), False, True),
    "a ledger of two halves": (
        ledger(of="bar") + only("sales", "rounding", of="terrace"),
        None,
        None,
    ),
    "halves that make a whole": (
        ledger("sales", "rounding") + only("sales", "rounding", of="bar") + only("sales", "rounding", of="terrace"),
        True,
        True,
    ),
}


@pytest.mark.parametrize(("text", "bar", "terrace"), SETTLES.values(), ids=SETTLES)
def test_settlements_are_on_for_whoever_has_a_ledger_unless_switched_off(
    parse: Parse, short: str, text: str, bar: bool | None, terrace: bool | None
) -> None:
    whole = short + TERRACE + text
    if bar is None:
        with pytest.raises(ConfigError, match=r"departments\.terrace\.ledger\.tenders is missing"):
            parse(whole)
        return
    settings = parse(whole)
    assert (settings.settles("bar"), settings.settles("terrace")) == (bar, terrace)


def test_settlements_of_an_unknown_department_are_nobodys(parse: Parse, short: str) -> None:
    with pytest.raises(ConfigError, match='"kitchen" is not in'):
        parse(short + ledger()).settles("kitchen")


def test_switched_on_every_department_must_have_a_ledger(problems: Problems, parse: Parse, short: str) -> None:
    assert [problem.split(";")[0] for problem in problems(short + TERRACE + ON)] == [
        'settlement.enabled is true, but department "bar" has no ledger',
        'settlement.enabled is true, but department "terrace" has no ledger',
    ]
    (problem,) = problems(short + TERRACE + ON + ledger(of="bar"))
    assert problem == (
        'settlement.enabled is true, but department "terrace" has no ledger; write [ledger] with the accountant\'s '
        "accounts, or take settlement.enabled out"
    )
    assert parse(short + ledger(of="bar")).settles("bar")


@pytest.mark.parametrize("switch", ["", ON])
def test_a_settlement_that_is_to_report_vat_must_be_posted(
    problems: Problems, parse: Parse, short: str, switch: str
) -> None:
    """By whoever makes the invoices, or by another system: which one, the settings say in so many words."""
    by_settlement = '[invoicing]\nvat_reported_by = "settlement"\n'
    text = short + TERRACE + by_settlement
    assert [problem.split(":")[0] for problem in problems(text + switch)] == [
        'invoicing.vat_reported_by is "settlement", but department "bar" has no ledger',
        'invoicing.vat_reported_by is "settlement", but department "terrace" has no ledger',
    ]
    (problem,) = problems(text + switch + ledger(of="bar") + "invoice_clearing = 1990\n")
    assert problem == (
        'invoicing.vat_reported_by is "settlement", but department "terrace" has no ledger: the settlement is to '
        "report the VAT, and nothing is posted; give it a [ledger], or set settlement.enabled = false where another "
        "system posts the day's settlement against the clearing account"
    )
    assert parse(text + switch + ledger() + "invoice_clearing = 1990\n").settles("terrace")
    assert not parse(text + OFF).settles("bar")


@pytest.mark.parametrize("name", LEDGER)
@pytest.mark.parametrize("switch", ["", ON])
def test_each_missing_entry_is_one_sentence(problems: Problems, short: str, name: str, switch: str) -> None:
    """Once for all departments that follow the default ledger: what it is, and who knows it."""
    (problem,) = problems(short + TERRACE + switch + ledger(name))
    assert problem.startswith(f"ledger.{name} is missing: ")
    assert "ask the accountant for it" in problem


@pytest.mark.parametrize("nothing", ["tenders = {}", "sales = []"])
def test_an_empty_table_is_as_good_as_none(problems: Problems, short: str, nothing: str) -> None:
    name = nothing.split(maxsplit=1)[0]
    (problem,) = problems(short + ledger(name) + nothing + "\n")
    assert problem.startswith(f"ledger.{name} is missing: at least one ")


def test_what_is_blank_is_said_once(problems: Problems, short: str) -> None:
    (problem,) = problems(short + ledger("rounding") + 'rounding = ""\n')
    assert problem.startswith('ledger.rounding is ""; give the number of an account')


def test_all_that_is_missing_comes_at_once(problems: Problems, short: str) -> None:
    assert [problem.split(" is missing")[0] for problem in problems(short + "[ledger]\n")] == [
        f"ledger.{name}" for name in LEDGER
    ]


def test_what_is_missing_is_asked_for_where_it_is_missing(problems: Problems, short: str) -> None:
    """Under the department that has entries of its own, unless another follows the default ledger all the way."""
    own = only("gratuity", of="terrace")
    (in_default,) = problems(short + TERRACE + ledger("rounding") + own)
    assert in_default.startswith("ledger.rounding is missing")
    (in_own,) = problems(short + TERRACE + ledger("rounding") + own + only("rounding", of="bar"))
    assert in_own.startswith("departments.terrace.ledger.rounding is missing")
    (in_its_only,) = problems(short + TERRACE + ledger("gift_card", of="terrace"))
    assert in_its_only.startswith("departments.terrace.ledger.gift_card is missing")


def test_a_ledger_that_is_none_is_one_problem(problems: Problems, short: str) -> None:
    (problem,) = problems(f"ledger = 5\n{short}")
    assert problem.startswith("ledger is a single value")
