"""Settings that cannot be read: told by number and in the till's language, and by the lamp of a till that runs."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from posplugin.app import App
from posplugin.domain.payment import Light, Outcome, Terminal
from posplugin.hooks import PosHost
from posplugin.texts import texts
from sample_terminal.web.lamp import Lamp
from tests.conftest import SettingsFile
from tests.integration.cli.conftest import Run

Harm = Callable[[Path], object]

pytestmark = pytest.mark.skipif(os.name != "posix", reason="only POSIX has such modes")


def _is_exposed(path: Path) -> None:
    path.chmod(0o644)


def _is_no_toml(path: Path) -> None:
    path.write_text(path.read_text() + "\n[oops\n")


def _is_no_text(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"# \xe6\xf8\xe5\n")


#: What may happen to a file, and something that is said of it in bokmål and in English.
HARMS = {
    _is_exposed: ("har nøkler", "holds keys"),
    _is_no_toml: ("er ikke skrevet som TOML", "is not written as TOML"),
    _is_no_text: ("er ikke UTF-8", "is not UTF-8"),
}


@pytest.mark.parametrize(("harm", "words"), HARMS.items(), ids=[harm.__name__ for harm in HARMS])
@pytest.mark.parametrize("language", [None, "nb", "en"])
def test_commands_speak_the_tills_language_all_the_same(
    harm: Harm, words: tuple[str, str], language: str | None, run: Run, settings_file: SettingsFile
) -> None:
    path = settings_file(terminal={"language": language} if language else {})
    harm(path)
    nb, en = words
    wanted = en if language == "en" and harm is not _is_no_text else nb

    for command in (("status",), ("send",)):
        code, out, err = run(*command)
        assert (code, out) == (2, "")
        assert wanted in " ".join(err.split()), err
    code, out, err = run("status", "--line")
    assert (code, err) == (1, "")
    assert out.startswith(f"UNKNOWN posplugin: {'kan ikke se etter' if wanted == nb else 'cannot look'}: ")
    assert wanted in out
    code, out, _ = run("check")
    assert (code, out[:4]) == (2, "102 " if harm is _is_exposed else "101 ")
    assert ("innstillinger" in out) is (wanted == nb)


@pytest.mark.parametrize("harm", [*HARMS, Path.unlink], ids=lambda harm: harm.__name__)
def test_the_lamp_of_a_till_that_runs_is_red_until_they_can_be_read_again(harm: Harm, app: App) -> None:
    path = app.settings.path
    whole, before = path.read_bytes(), app.status()
    harm(path)

    for language in ("nb", "en"):
        lamp = app.status(language)
        assert (lamp.light, lamp.text) == (Light.RED, texts(language).channel.settings_unreadable.format(path=path))
        assert "`posplugin check`" in lamp.text
        assert lamp.notices[1:] == app.status(language).notices[1:]

    path.write_bytes(whole)
    path.chmod(0o600)
    assert app.status() == before


def test_a_till_that_starts_with_an_exposed_file_says_whom_to_call_and_why(
    settings_file: SettingsFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As older versions let it stand."""
    path = settings_file()
    _is_exposed(path)
    monkeypatch.setenv("POSPLUGIN_CONFIG", str(path))
    terminal = Terminal(terminal_id="bar-1", department="bar", language="nb")

    host = PosHost.load(terminal, outcome=lambda _: Outcome.UNKNOWN)
    shine = Lamp(host).now()

    assert (host.channels(), shine.light, shine.text) == ((), None, "")  # the page says whom to call
    (notice,) = shine.notices
    assert f"chmod 600 {path}" in notice
