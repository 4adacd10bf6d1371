"""A split tender: how much of each line was paid at the till, and how much is to be invoiced."""

from __future__ import annotations

from posplugin.domain.shares import invoiced_amount, paid_per_line

__all__ = ["invoiced_amount", "paid_per_line"]
