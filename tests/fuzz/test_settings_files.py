"""Settings files that nobody would write: read, or refused with sentences that hold no key; keys go nowhere else.

`--hypothesis-profile=long` puts everything everywhere, some minutes; otherwise a part, another for each setting.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import tomlkit
from hypothesis import example, given, settings
from hypothesis import strategies as st

from posplugin.checking.settings_said import in_file, sentence
from posplugin.domain.errors import ConfigError
from posplugin.poweroffice.connection import POWEROFFICE_HOST, require_known
from posplugin.settings import Problem, Settings, parse_settings, read_settings, rows
from posplugin.settings.write import changed_text
from posplugin.texts import texts
from tests.fixtures.long import IS_LONG
from tests.unit.settings.conftest import KEYS, WHOLE

ONE_IN = 1 if IS_LONG else 11
TABLES = 20_000 if IS_LONG else 2000
FILE = Path("/srv/till/posplugin.toml")
#: As TOML has them.
NASTY = (
    *('""', '" "', '"x"', '"..."', "0", "-1", "1", "1.5", "1e400", "inf", "nan", "true", "false", "[]", "{}", "[[]]"),
    *("2026-11-20", "2026-11-20T10:00:00Z", "10:00:00", "0001-01-01", "9999-12-31", "9" * 30, "0x" + "f" * 5000),
    *('"1e999999999"', '"1E-999999999"', '"NaN"', '"99999999999d"', '"999999d"', '"Europe/../../etc/passwd"', '"/"'),
    *('"\\u0000"', '"\\u202e"', '"~root/x"', '"http://127.0.0.1@evil.example"', '"http://[::1]:99999"', '"production"'),
    *("{ a = { b = [1, { c = 2 }] } }", '["a", 1, {}]', f'"{"å" * 3000}"', '"{0}{path}%s"'),
)


def _problems(text: str) -> tuple[str, ...] | Settings:
    """Read a text; what it is refused with is what people may see."""
    try:
        return parse_settings(text, FILE, {})
    except ConfigError as error:
        return error.problems or ("",)


def _hold(text: str) -> None:
    found = _problems(text)
    if isinstance(found, Settings):
        for url in (found.poweroffice.token_url, found.poweroffice.api_url):
            require_known(url)
            parts = urlsplit(url)
            at_home = parts.scheme == "http" and found.poweroffice.endpoint_mode == "simulator"
            assert at_home or (parts.scheme, parts.netloc) == ("https", POWEROFFICE_HOST)
        list(rows(found))
        repr(found)
        return
    for problem in found:
        for language in ("nb", "en"):
            told = sentence(problem, texts(language).console.settings), in_file(problem, language), str(problem)
            assert all(0 < len(each) < 5000 for each in told)
            assert not any(key in each for key in KEYS for each in told), told
        assert isinstance(problem, Problem)


def _places(tables: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if at:
        yield at
    if isinstance(tables, dict):
        for name, value in tables.items():
            yield from _places(value, (*at, name))
    elif isinstance(tables, list) and tables:
        yield from _places(tables[0], (*at, 0))


def test_every_setting_may_be_anything() -> None:
    whole, tried = tomllib.loads(WHOLE), 0
    for number, place in enumerate(_places(whole)):
        for which, nasty in enumerate(NASTY):
            if (number + which) % ONE_IN:
                continue
            document = tomlkit.parse(WHOLE).unwrap()
            at: Any = document
            for part in place[:-1]:
                at = at[part]
            try:
                at[place[-1]] = tomllib.loads(f"x = {nasty}")["x"]
                text = tomlkit.dumps(document)
            except ValueError:
                continue
            tried += 1
            _hold(text)
    assert tried > 200


def test_every_setting_may_be_missing_and_every_line_twice() -> None:
    lines = WHOLE.splitlines(keepends=True)
    for number in range(len(lines)):
        _hold("".join(lines[:number] + lines[number + 1 :]))
        _hold("".join(lines[:number] + lines[number : number + 1] * 2 + lines[number + 1 :]))


@settings(max_examples=2000 if IS_LONG else 60)
@given(st.text(max_size=60), st.integers(0, len(WHOLE)), st.integers(0, 60))
@example("\ufeff", 0, 0)
def test_any_text_may_stand_anywhere(text: str, at: int, instead_of: int) -> None:
    _hold(WHOLE[:at] + text + WHOLE[at + instead_of :])


@settings(max_examples=1000 if IS_LONG else 40)
@given(st.binary(max_size=200))
def test_any_bytes_may_be_the_file(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError):
        read_settings(path, {})


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "[" * 100_000,
        "x = " + "[" * 5000 + "]" * 5000,
        "x = " + "{a=" * 100_000,
        ".".join("a" * 50_000) + " = 1",
        "[" + ".".join("a" * 50_000) + "]",
        "  [[ " + " . ".join(["'a'", '"a"'] * 20_000) + " ]]",
        "x = { " + ".".join("a" * 5_000) + " = 1 }",
        "x = " + "9" * 100_000,
        "x = 0x" + "f" * 1_000_000,
        'x = """' + "a" * 5_000_000,
        "[[a]]\n" * TABLES,
        "\n".join(f"[a{n}]" for n in range(TABLES)),
        "x = 1979-05-27T07:32:00.99999999999999999999999+99:99",
    ],
    ids=lambda text: text[:12].replace("\n", " "),
)
def test_a_file_made_to_choke_on_is_refused(text: str) -> None:
    for whole in (text, f"{WHOLE}\n{text}", f"{text}\n{WHOLE}"):
        found = _problems(whole)
        assert not isinstance(found, Settings)
        assert all(len(problem) < 5000 for problem in found)
        with pytest.raises(ConfigError):
            changed_text(FILE, whole, {"terminal.language": "en"}, {})


@settings(max_examples=300 if IS_LONG else 25)
@given(
    mode=st.sampled_from(["simulator", "test", "production", "Production", "demo", ""]),
    url=st.one_of(
        st.text(max_size=40),
        st.from_regex(
            r"https?://(localhost|127\.0\.0\.1|\[::1\])[@.:/#?\\]{0,2}(evil\.example)?(:\d{1,6})?", fullmatch=True
        ),
    ),
)
def test_no_address_in_the_file_sends_keys_elsewhere(mode: str, url: str) -> None:
    document = tomlkit.parse(WHOLE)
    document["poweroffice"]["endpoint_mode"] = mode
    try:
        document["poweroffice"]["simulator_url"] = url
        text = document.as_string()
        tomllib.loads(text)
    except ValueError:
        return
    _hold(text)


@settings(max_examples=300 if IS_LONG else 25)
@given(
    key=st.sampled_from(["ledger.rounding", "terminal.id", "departments.x.client_key", "schedule.times.sun"]),
    value=st.one_of(st.none(), st.text(max_size=30), st.integers(), st.booleans(), st.dates(), st.lists(st.integers())),
)
def test_any_change_reads_back_or_is_refused(key: str, value: object) -> None:
    try:
        changed = changed_text(FILE, WHOLE, {key: value}, {})
    except ConfigError:
        return
    parse_settings(changed, FILE, {})
