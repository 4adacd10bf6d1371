"""The fingerprint changes with whatever `check` proves, and with nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from posplugin.settings import Settings, fingerprint

Parse = Callable[[str], Settings]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("app-3f1c", "app-3f1d"),
        ("sub-77aa", "sub-77ab"),
        ("bar-client-0b2d", "bar-client-0b2e"),
        ("bar-app-91ee", "bar-app-91ef"),
        ('endpoint_mode = "simulator"', 'endpoint_mode = "test"'),
        ('vat_25 = "30"', 'vat_25 = "29"'),
        ("2026-11-01", "2026-11-02"),
        ("account = 3000", "account = 3010"),
        ('department_code = "10"', ""),
        ('vat_reported_by = "invoice"', 'vat_reported_by = "settlement"'),
        ('posting = "post"', 'posting = "draft"'),
    ],
)
def test_what_check_proves_changes_it(parse: Parse, whole: str, old: str, new: str) -> None:
    assert old in whole
    assert fingerprint(parse(whole)) != fingerprint(parse(whole.replace(old, new)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('language = "nb"', 'language = "en"'),
        ("outbox.sqlite3", "other.sqlite3"),
        ('time = "06:00"', 'time = "07:00"'),
        ("automatic = true", "automatic = false"),
        ('[settlement.schedule]\nfrequency = "weekly"\nweekday = "mon"\ntime = "07:00"', ""),
        ('time = "07:00"', 'time = "08:00"'),
        ('settle_time = "60s"', 'settle_time = "1m"'),
        ('settle_time = "60s"', 'settle_time = "60s"\nterminals = 5000'),
        ('posting = "post"', ""),
    ],
)
def test_the_rest_does_not(parse: Parse, whole: str, old: str, new: str) -> None:
    assert old in whole
    assert fingerprint(parse(whole)) == fingerprint(parse(whole.replace(old, new)))


def test_it_is_sha_256_in_hex(parse: Parse, short: str) -> None:
    assert len(bytes.fromhex(fingerprint(parse(short)))) == 32
