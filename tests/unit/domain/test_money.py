"""Whole øre, half up, shares that add up."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from posplugin.domain.errors import UsageError
from posplugin.domain.money import (
    VAT_RATES,
    allocate,
    half_up,
    kroner_text,
    parse_kroner,
    require_nok,
    require_ore,
    require_vat_rate,
    to_kroner,
    two_decimals,
    vat_in,
)

ORE = st.integers(-100_000_000_00, 100_000_000_00)
RATES = st.sampled_from(VAT_RATES)


@pytest.mark.parametrize("amount", [12.5, 100.0, Decimal(100), Decimal("12.50"), "100", None, True, Fraction(100), 1j])
def test_an_amount_is_whole_ore_in_an_int_and_nothing_else(amount: object) -> None:
    with pytest.raises(UsageError, match=r"the price is .*whole øre"):
        require_ore("the price", amount)


@pytest.mark.parametrize("amount", [0, 1, -1, 10**12])
def test_whole_ore_are_taken_as_they_are(amount: int) -> None:
    assert require_ore("the price", amount) == amount


@pytest.mark.parametrize("currency", ["SEK", "EUR", "nok", "", "kr"])
def test_other_currencies_are_refused_by_name(currency: str) -> None:
    with pytest.raises(UsageError, match=f"the sale is in '{currency}'"):
        require_nok("the sale", currency)
    assert require_nok("the sale", "NOK") == "NOK"


@pytest.mark.parametrize("rate", [11.11, Decimal("11.11")])
def test_the_rate_for_raw_fish_is_refused_by_name(rate: object) -> None:
    with pytest.raises(UsageError, match=r"cod: 11\.11 % is the rate for raw fish"):
        require_vat_rate("cod", rate)


@pytest.mark.parametrize("rate", [24, -25, 100, 6, 25.0, "25", Decimal(25), True, False, None, 0.25])
def test_rates_that_norway_does_not_have_here_are_refused(rate: object) -> None:
    with pytest.raises(UsageError, match="no Norwegian VAT rate"):
        require_vat_rate("the line", rate)


@pytest.mark.parametrize("rate", [0, 12, 15, 25])
def test_norways_rates_are_taken(rate: int) -> None:
    assert require_vat_rate("the line", rate) == rate


@pytest.mark.parametrize(
    ("text", "ore"),
    [("39.00", 3900), ("39", 3900), ("-12.5", -1250), ("0", 0), ("0.01", 1), ("1000000.00", 10**8)],
)
def test_kroner_are_read_as_ore(text: str, ore: int) -> None:
    assert parse_kroner(text) == ore


@pytest.mark.parametrize(
    "text",
    [
        "",
        "kr 39",
        "39,00",
        "1 000",
        "0.001",
        "12.505",
        "nan",
        "sNaN",
        "inf",
        "-Infinity",
        "39.00 kr",
        "--1",
        "1e-3",
        "10.000",
        "12.500",
    ],
)
def test_what_is_no_whole_number_of_ore_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"no amount|not a whole number of øre"):
        parse_kroner(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("0.01" + "0" * 30 + "1", "not a whole number of øre"),
        ("0.01" + "0" * 46 + "1", "is no amount"),  # more places than any amount has
        ("1e-50", "is no amount"),
        ("1e999999999", "is no amount"),
    ],
)
def test_a_sub_ore_part_is_refused_however_small_it_is(text: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        parse_kroner(text)


@pytest.mark.parametrize(
    ("ore", "text"),
    [
        (0, "0,00"),
        (5, "0,05"),
        (-5, "−0,05"),
        (-1640, "−16,40"),
        (123450, "1\u00a0234,50"),
        (100_000_000, "1\u00a0000\u00a0000,00"),
        (-100_000_000, "−1\u00a0000\u00a0000,00"),
    ],
)
def test_kroner_are_written_as_on_norwegian_paper(ore: int, text: str) -> None:
    assert kroner_text(ore) == text


@given(ORE)
def test_what_is_written_can_be_read_again(ore: int) -> None:
    plain = kroner_text(ore).replace("\u00a0", "").replace("−", "-").replace(",", ".")
    assert parse_kroner(plain) == ore
    assert parse_kroner(str(to_kroner(ore))) == ore
    assert to_kroner(ore) * 100 == ore


@pytest.mark.parametrize(
    ("value", "rounded"),
    [("0.5", 1), ("-0.5", -1), ("1.5", 2), ("2.5", 3), ("-2.5", -3), ("2.4999", 2), ("-2.4999", -2), ("0", 0)],
)
def test_halves_are_rounded_away_from_zero(value: str, rounded: int) -> None:
    assert half_up(Decimal(value)) == rounded
    assert two_decimals(Decimal(value) / 100) == Decimal(rounded) / 100


@given(ORE, RATES)
def test_vat_is_the_nearest_ore_and_a_return_has_the_same_with_the_other_sign(gross: int, rate: int) -> None:
    vat = vat_in(gross, rate)
    assert abs(Fraction(gross * rate, 100 + rate) - vat) <= Fraction(1, 2)
    assert vat_in(-gross, rate) == -vat
    assert vat_in(gross, 0) == 0


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        (300_00, [400_00, 100_00], (240_00, 60_00)),
        (100, [1, 1, 1], (34, 33, 33)),  # a tie goes to the earlier
        (200, [1, 1, 1], (67, 67, 66)),
        (-100, [-1, -1, -1], (-34, -33, -33)),
        (1, [1, 1], (1, 0)),
        (10, [0, 10], (0, 10)),
        (0, [], ()),
        (0, [0, 0], (0, 0)),
        (0, [5, 5], (0, 0)),
        (0, [5, -5], (0, 0)),
        (10, [30, -10], (15, -5)),
    ],
)
def test_shares_are_by_largest_remainder(total: int, weights: list[int], shares: tuple[int, ...]) -> None:
    assert allocate(total, weights) == shares


@pytest.mark.parametrize("weights", [[], [0], [5, -5]])
def test_something_cannot_be_shared_over_nothing(weights: list[int]) -> None:
    with pytest.raises(UsageError, match="add up to nothing"):
        allocate(1, weights)


@given(st.data(), st.lists(st.integers(0, 10**9), min_size=1, max_size=12).filter(any), st.sampled_from([1, -1]))
def test_shares_add_up_exactly_and_none_exceeds_its_weight(data: st.DataObject, weights: list[int], sign: int) -> None:
    total = data.draw(st.integers(0, sum(weights)))
    shares = allocate(sign * total, [sign * weight for weight in weights])
    assert sum(shares) == sign * total
    for share, weight in zip(shares, weights, strict=True):
        assert 0 <= sign * share <= weight
        assert abs(sign * share - Fraction(total * weight, sum(weights))) < 1


@given(ORE, st.lists(ORE, min_size=1, max_size=12))
@example(-7, [30, -10])
def test_shares_add_up_whatever_the_signs(total: int, weights: list[int]) -> None:
    if sum(weights) == 0:
        return
    shares = allocate(total, weights)
    assert sum(shares) == total
    assert len(shares) == len(weights)
    assert all(abs(s - Fraction(total * w, sum(weights))) < 1 for s, w in zip(shares, weights, strict=True))


@given(st.integers(0, 1000), st.integers(1, 50), st.integers(1, 20))
def test_equal_weights_get_equal_shares_but_for_one_ore_to_the_earlier(total: int, weight: int, count: int) -> None:
    shares = allocate(total, [weight] * count)
    assert list(shares) == sorted(shares, reverse=True)
    assert shares[0] - shares[-1] <= 1
