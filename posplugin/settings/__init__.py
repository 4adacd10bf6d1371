"""The settings: one TOML file, read whole and checked whole, changed without losing its comments."""

from posplugin.settings.department import Department, Products
from posplugin.settings.fingerprint import fingerprint
from posplugin.settings.invoicing import InvoicingSettings
from posplugin.settings.ledger import Ledger, SalesAccount
from posplugin.settings.model import (
    OutboxSettings,
    SaftRegister,
    SaftSettings,
    Settings,
    TerminalSettings,
)
from posplugin.settings.poweroffice import PowerOfficeSettings
from posplugin.settings.problem import Problem
from posplugin.settings.read import find_settings, parse_settings, read_settings
from posplugin.settings.schedule import ScheduleSettings, Timetable
from posplugin.settings.settlement import SettlementSettings
from posplugin.settings.show import rows

__all__ = [
    "Department",
    "InvoicingSettings",
    "Ledger",
    "OutboxSettings",
    "PowerOfficeSettings",
    "Problem",
    "Products",
    "SaftRegister",
    "SaftSettings",
    "SalesAccount",
    "ScheduleSettings",
    "Settings",
    "SettlementSettings",
    "TerminalSettings",
    "Timetable",
    "find_settings",
    "fingerprint",
    "parse_settings",
    "read_settings",
    "rows",
]
