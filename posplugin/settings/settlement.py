"""What becomes of a Z report."""

from __future__ import annotations

from typing import Literal

from posplugin.settings.schedule import Timetable
from posplugin.settings.values import Section


class SettlementSettings(Section):
    """Whether, when and how the day's settlement is posted."""

    #: None: for every department that has a ledger.
    enabled: bool | None = None
    posting: Literal["post", "draft"] = "post"
    #: Wait for the day's invoices that are still on their way.
    after_invoices: bool = False
    period_locked: Literal["attention", "first_open_day"] = "attention"
    #: The Z report as PDF on the voucher; needs the extra posplugin[pdf].
    attach_z_report: bool = True
    #: None: settlements are sent with the invoices, by [schedule].
    schedule: Timetable | None = None
