"""What a form shows as default and offers as choices is what the reader of the file takes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from posplugin.settings import parse_settings, rows
from posplugin.settings.defaults import choices_of, default_of
from tests.unit.settings.conftest import SHORT


def test_every_default_is_what_a_file_without_it_gives() -> None:
    settings = parse_settings(SHORT, Path("/srv/till/posplugin.toml"), {})
    left_out = {key: value for key, value, source in rows(settings) if source == "default"}
    assert len(left_out) > 40
    for key, value in left_out.items():
        default = default_of(*key.split("."))
        written = default if isinstance(default, str) else "(not set)" if default is None else json.dumps(default)
        if value != "{}" and key != "outbox.path":
            assert written == value, key


@pytest.mark.parametrize(
    ("key", "choices"),
    [
        ("poweroffice.endpoint_mode", ("simulator", "test", "production")),
        ("invoicing.vat_reported_by", ("invoice", "settlement")),
        ("settlement.schedule.frequency", ("daily", "weekly", "monthly")),
        ("saft.line_kinds", ("goods", "gift_card", "service_charge", "deposit")),
        ("departments.ledger.products.fee", ()),
        ("terminal.id", ()),
        ("schedule.times.sun", ()),
    ],
)
def test_choices_are_the_words_that_are_taken(key: str, choices: tuple[str, ...]) -> None:
    assert choices_of(*key.split(".")) == choices


def test_what_is_no_setting_has_no_default() -> None:
    for key in ("terminal.name", "quux", "terminal.id.x"):
        with pytest.raises(KeyError):
            default_of(*key.split("."))
