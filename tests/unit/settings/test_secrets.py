"""No key leaves the settings but on purpose."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable

from posplugin.settings import Settings, fingerprint, rows
from posplugin.settings.new_file import Answers

Parse = Callable[[str], Settings]


def test_no_key_is_in_anything_that_is_printed(parse: Parse, whole: str, keys: tuple[str, ...]) -> None:
    settings = parse(whole)
    shown = [
        repr(settings),
        str(settings),
        str(settings.model_dump()),
        settings.model_dump_json(),
        repr(settings.department("bar")),
        json.dumps(rows(settings)),
        fingerprint(settings),
    ]
    for key in keys:
        assert key in whole
        for text in shown:
            assert key not in text


def test_answers_do_not_print_their_keys() -> None:
    answers = Answers(
        terminal_id="1", department="bar", application_key="KEY", subscription_key="KEY", client_key="KEY"
    )
    assert "KEY" not in repr(answers)


def test_settings_compare_by_value_and_cross_processes(parse: Parse, whole: str) -> None:
    settings = parse(whole)
    assert settings == parse(whole)
    assert pickle.loads(pickle.dumps(settings)) == settings
