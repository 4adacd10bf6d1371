"""docs/check.md has every fault that `check` can name, with its number, its sentence and its remedy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from posplugin.domain.fault import PROVES_NOTHING, WRONG_VAT, Fault
from posplugin.texts import texts

PAGE = (Path(__file__).parents[2] / "docs" / "check.md").read_text()


@pytest.mark.parametrize("fault", Fault, ids=lambda fault: fault.name.lower())
def test_each_fault_stands_in_the_table_as_check_says_it(fault: Fault) -> None:
    said = texts("en").check.fault[fault]

    assert f"| {fault.value} | {said.sentence} | {said.remedy} |" in PAGE


def test_the_table_has_no_fault_that_is_not_there() -> None:
    numbers = [int(number) for number in re.findall(r"^\| (\d+) \|", PAGE, re.M)]

    assert numbers == [fault.value for fault in Fault]
    assert len(numbers) >= 30


def test_the_page_names_the_faults_that_are_treated_otherwise() -> None:
    proving_nothing = sorted(fault.value for fault in PROVES_NOTHING)
    wrong_vat = sorted(fault.value for fault in WRONG_VAT)

    assert "Faults {} and {} mean that PowerOffice could not be asked".format(*proving_nothing) in PAGE
    assert f"With faults {wrong_vat[0]} to {wrong_vat[-1]} `posplugin send` refuses" in PAGE
    assert wrong_vat == list(range(wrong_vat[0], wrong_vat[-1] + 1))
