"""Which VAT codes are for which turnover. By code and never by rate: 5 and 6 are turnover at 0 %, 0 and 7 are none."""

from __future__ import annotations

from collections.abc import Mapping

#: SAF-T standard VAT codes of sales, by rate.
TURNOVER: Mapping[int, tuple[str, ...]] = {25: ("3",), 15: ("31",), 12: ("33",), 0: ("5", "6", "52")}
#: What is no turnover: payments, clearing, tips, gift cards, rounding.
NO_TURNOVER: tuple[str, ...] = ("0", "7")
