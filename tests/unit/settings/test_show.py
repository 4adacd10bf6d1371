"""`config show` tells every setting, where it comes from, and no key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from posplugin.settings import Settings, parse_settings, rows

Parse = Callable[[str], Settings]


def test_each_row_tells_its_source(short: str) -> None:
    settings = parse_settings(short, Path("/srv/posplugin.toml"), {"POSPLUGIN_APPLICATION_KEY": "env"})
    shown = {key: (value, source) for key, value, source in rows(settings)}
    assert shown["terminal.id"] == ("bar-1", "file")
    assert shown["terminal.language"] == ("nb", "default")
    assert shown["poweroffice.application_key"] == ("•••• (set)", "environment")
    assert shown["poweroffice.subscription_key"] == ("•••• (set)", "file")
    assert shown["departments.bar.application_key"] == ("(not set)", "default")
    assert shown["schedule.window"] == ("6h", "default")
    assert shown["invoicing.enabled"] == ("true", "default")
    assert shown["settlement.enabled"] == ("(not set)", "default")
    assert shown["settlement.schedule"] == ("(not set)", "default")


def test_values_are_shown_as_the_file_writes_them(parse: Parse, whole: str) -> None:
    shown = {key: value for key, value, _ in rows(parse(whole))}
    assert shown["invoicing.invoice_fee_amount"] == "39.00"
    assert shown["invoicing.enabled_since"] == "2026-11-01"
    assert shown["schedule.times"] == '{"sun": "08:00"}'
    assert shown["settlement.schedule.weekday"] == "mon"
    assert shown["ledger.sales[2].account"] == "3001"
    assert shown["departments.bar.ledger.gratuity"] == "2982"
    assert shown["saft.registers.2.terminal"] == "bar-2"
