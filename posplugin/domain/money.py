"""Money is whole øre in an `int`. Rounding is half up, and shares are by largest remainder."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction

from posplugin.domain.errors import UsageError

#: VAT rates in per cent that Norway has for what these tills sell.
VAT_RATES = (0, 12, 15, 25)
#: The most places on either side of the point that a number from outside may have.
_PLACES = 40


def require_ore(name: str, amount: object) -> int:
    """Return `amount` when it is a whole number of øre; raise `UsageError` for floats and all else."""
    if isinstance(amount, bool) or not isinstance(amount, int):
        raise UsageError(f"{name} is {amount!r}; amounts are whole øre (int), so 12.50 kr is 1250")
    return amount


def require_nok(name: str, currency: str) -> str:
    """Return `currency` when it is NOK; raise `UsageError` otherwise."""
    if currency != "NOK":
        raise UsageError(f"{name} is in {currency!r}; the till's amounts are in NOK")
    return currency


def require_vat_rate(name: str, rate: object) -> int:
    """Return `rate` (per cent) when these products can have it in Norway; raise `UsageError` otherwise."""
    if rate in (Decimal("11.11"), 11.11):
        raise UsageError(f"{name}: 11.11 % is the rate for raw fish sold by fishermen, not for a restaurant")
    if isinstance(rate, bool) or not isinstance(rate, int) or rate not in VAT_RATES:
        raise UsageError(f"{name}: {rate!r} is no Norwegian VAT rate here; use one of 0, 12, 15, 25")
    return rate


def parse_decimal(text: str) -> Decimal:
    """Read a number; raise `ValueError` for what is none, and for one with more places than there is any use for.

    "1e999999999" is a number to Decimal, and everything that writes it out, or reckons with it exactly, takes for ever.
    """
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(text[:_PLACES]) from None
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or abs(exponent) > _PLACES or abs(number.adjusted()) > _PLACES:
        raise ValueError(text[:_PLACES])
    return number


def parse_kroner(text: str) -> int:
    """Read kroner such as "39.00" or "-12.5" as øre; raise `UsageError` for parts of an øre.

    No more than two decimals: somebody may mean ten thousand by "10.000".
    """
    try:
        kroner = parse_decimal(text)
        ore = Fraction(kroner) * 100  # exact: a Decimal product is cut at 28 digits
    except ValueError:
        raise UsageError("{text!r} is no amount; write kroner with a point, such as 39.00", text=text) from None
    if ore.denominator != 1 or int(kroner.as_tuple().exponent) < -2:
        raise UsageError("{text!r} is not a whole number of øre", text=text)
    return int(ore)


def to_kroner(ore: int) -> Decimal:
    """Return øre as kroner with two decimals, exactly."""
    return Decimal(ore).scaleb(-2)


def kroner_text(ore: int) -> str:
    """Write øre as Norwegian paper does: 1 234,50 and −16,40."""
    whole, part = divmod(abs(ore), 100)
    sign = "−" if ore < 0 else ""
    return f"{sign}{whole:,}".replace(",", "\u00a0") + f",{part:02d}"


def quantity_text(quantity: Decimal) -> str:
    """Write a quantity as Norwegian paper does: 3 and 0,5."""
    return f"{quantity.normalize():f}".replace(".", ",").replace("-", "−")


def half_up(value: Fraction | Decimal) -> int:
    """Round to a whole number, halves away from zero (as invoices do)."""
    exact = Fraction(value)
    size = int(abs(exact) + Fraction(1, 2))
    return size if exact >= 0 else -size


def two_decimals(value: Decimal) -> Decimal:
    """Round to two decimals, halves away from zero."""
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def vat_in(gross: int, rate: int) -> int:
    """Return the VAT in øre that a gross amount holds at `rate` per cent."""
    whole, rest = divmod(abs(gross * rate), 100 + rate)
    size = whole + (2 * rest >= 100 + rate)
    return size if gross >= 0 else -size


def allocate(total: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Share `total` øre over `weights` by largest remainder; the shares add up to `total` exactly.

    With weights of one sign and `total` no larger than their sum, no share exceeds its weight. Ties go to the
    earlier weight. Raises `UsageError` when the weights add up to nothing but the total does not.
    """
    whole = sum(weights)
    if whole == 0:
        if total:
            raise UsageError(f"{total} øre cannot be shared over amounts that add up to nothing")
        return tuple(0 for _ in weights)
    if total == whole:
        return tuple(weights)
    sign = -1 if total < 0 else 1
    size = abs(total) if whole > 0 else -abs(total)
    quotas = [divmod(size * weight, abs(whole)) for weight in weights]
    shares = [sign * floor for floor, _ in quotas]
    left = abs(total - sum(shares))
    by_remainder = sorted(range(len(quotas)), key=lambda i: (-quotas[i][1], i))
    for i in by_remainder[:left]:
        shares[i] += sign
    return tuple(shares)
