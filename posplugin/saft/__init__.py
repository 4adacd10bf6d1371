"""Reads SAF-T Cash Register files (Norwegian schema 1.00): any Norwegian till's sales, events and Z reports."""

from posplugin.saft.days import Day, ZEvent
from posplugin.saft.errors import SaftError
from posplugin.saft.own_report import Figure
from posplugin.saft.reader import DayEnd, Entry, Progress, Reader
from posplugin.saft.rules import CustomerNumbers, RegisterRule, SaftRules
from posplugin.saft.sales import NotASale, Played, Refused, Skipped
from posplugin.saft.settlements import DayCounts, DayRead, Waiting, read_days

__all__ = [
    "CustomerNumbers",
    "Day",
    "DayCounts",
    "DayEnd",
    "DayRead",
    "Entry",
    "Figure",
    "NotASale",
    "Played",
    "Progress",
    "Reader",
    "Refused",
    "RegisterRule",
    "SaftError",
    "SaftRules",
    "Skipped",
    "Waiting",
    "ZEvent",
    "read_days",
]
