"""Local codes are read through the house's rules first, then through the file's own tables."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from posplugin.domain.errors import ConfigError
from posplugin.domain.sale import LineKind
from posplugin.saft import CustomerNumbers, RegisterRule, SaftError, SaftRules
from posplugin.saft.code_lists import PREDEFINED
from posplugin.saft.codes import Codes
from posplugin.saft.entries import Line, Tables, Vat

LISTS = Path(__file__).parents[4] / "shared/saf-t"
TABLES = Tables(
    predefined={("12", "KORT"): "12002", ("12", "ANNET"): "12999", ("12", "POENG"): "12007", ("04", "10"): "04006"},
    names={("04", "18"): "Gavekort", ("04", "19"): "Serviceavgift", ("05", "P"): "Pant"},
    vat_codes={"1": "33", "H": "3", "X": "52"},
)


def codes(**rules: object) -> Codes:
    return Codes(TABLES, SaftRules.from_table(rules))


@pytest.mark.parametrize(
    ("local", "channel"),
    [("KORT", "card"), ("ANNET", "ANNET"), ("POENG", "12007"), ("12001", "cash"), ("Rabb", "Rabb")],
)
def test_a_payment_is_named_by_its_code_and_what_is_merely_other_by_its_own_id(local: str, channel: str) -> None:
    assert codes().channel(local) == channel


def test_the_house_overrides_and_completes_the_files_codes() -> None:
    ruled = codes(codes={"KORT": "12011", "ROM": "12006"}, invoice_payments=["ANNET"])

    assert [ruled.channel(local) for local in ("KORT", "ROM", "ANNET")] == ["mobile", "invoice", "invoice"]


def test_a_payment_that_only_looks_like_one_of_ours_is_refused() -> None:
    with pytest.raises(SaftError, match="the payment Invoice has no predefined code"):
        codes().channel("Invoice")


@pytest.mark.parametrize(
    ("vat", "rate"),
    [
        (None, 0),
        (Vat(amount=1, code="1"), 12),
        (Vat(amount=1, code="H", percent=Decimal("25.00")), 25),
        (Vat(amount=1, code="unlisted", percent=Decimal("15.000")), 15),
        (Vat(amount=1, percent=Decimal(0)), 0),
    ],
)
def test_a_rate_is_told_by_per_cent_or_by_the_standard_code(vat: Vat | None, rate: int) -> None:
    assert codes().rate(vat) == rate


@pytest.mark.parametrize(
    ("vat", "sentence"),
    [
        (Vat(amount=1, code="X"), "tells no rate"),
        (Vat(amount=1, code="3"), "tells no rate"),
        (Vat(amount=1, code="1", percent=Decimal(25)), "12 % by its standard code 33, but 25 % here"),
        (Vat(amount=1, percent=Decimal("11.11")), "raw fish"),
    ],
)
def test_a_rate_that_cannot_be_told_is_refused(vat: Vat, sentence: str) -> None:
    with pytest.raises(SaftError, match=sentence):
        codes().rate(vat)


@pytest.mark.parametrize(
    ("group", "line_type", "kind"),
    [
        ("10", "S", LineKind.GOODS),
        ("18", "S", LineKind.GIFT_CARD),
        ("19", "S", LineKind.SERVICE_CHARGE),
        ("10", "P", LineKind.DEPOSIT),
        ("77", "S", LineKind.GIFT_CARD),
        (None, "S", LineKind.GOODS),
    ],
)
def test_a_line_is_more_than_goods_by_the_houses_rules_or_by_its_name(
    group: str | None, line_type: str, kind: LineKind
) -> None:
    line = Line(line_type=line_type, amount=100, debit=False, article_group=group)

    assert codes(line_kinds={"77": "gift_card"}).line_kind(line) is kind


def test_an_article_group_keeps_its_code_beside_its_own_id() -> None:
    assert codes().article_group("10") == "04006"
    assert codes().article_group("18") is None


def test_the_settings_table_is_read(tmp_path: Path) -> None:
    path = tmp_path / "posplugin.toml"
    path.write_text('[saft]\ncustomer_numbers = "poweroffice"\n[saft.registers]\n"R 1" = { terminal = "bar-1" }\n')

    rules = SaftRules.from_settings(path)

    assert rules.customer_numbers is CustomerNumbers.POWEROFFICE
    assert rules.registers == {"R 1": RegisterRule(terminal="bar-1")}
    assert SaftRules.from_settings(None) == SaftRules()


def test_everything_wrong_in_the_settings_is_told_at_once() -> None:
    table = {
        "customer_numbers": "both",
        "codes": {"A": "12077", "B": 12006},
        "registers": {"R": {"department": "bar"}},
        "line_kinds": {"18": "voucher"},
    }

    with pytest.raises(ConfigError) as raised:
        SaftRules.from_table(table)

    assert [problem.partition(":")[0].split()[0] for problem in raised.value.problems] == [
        "saft.codes",
        "saft.customer_numbers",
        "saft.registers",
        "saft.line_kinds",
    ]


@pytest.mark.skipif(
    not LISTS.exists(), reason="the tax authority's code lists are not beside this checkout (../shared)"
)
@pytest.mark.parametrize("kind", PREDEFINED)
def test_the_code_lists_are_the_tax_authoritys(kind: str) -> None:
    with (LISTS / f"PredefinedBasicID-{kind}.csv").open(encoding="utf-8-sig") as file:
        listed = {row[0].strip() for row in csv.reader(file, delimiter=";")}

    assert {code for code in listed if code.isdigit()} == PREDEFINED[kind]
