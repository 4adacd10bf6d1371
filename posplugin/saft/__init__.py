"""Reads SAF-T Cash Register files (Norwegian schema 1.00): any Norwegian till's sales, events and Z reports."""

from posplugin.saft.days import Day, ZEvent
from posplugin.saft.errors import SaftError
from posplugin.saft.reader import DayEnd, Entry, Reader
from posplugin.saft.rules import CustomerNumbers, RegisterRule, SaftRules
from posplugin.saft.sales import NotASale, Played, Refused, Skipped

__all__ = [
    "CustomerNumbers",
    "Day",
    "DayEnd",
    "Entry",
    "NotASale",
    "Played",
    "Reader",
    "Refused",
    "RegisterRule",
    "SaftError",
    "SaftRules",
    "Skipped",
    "ZEvent",
]
